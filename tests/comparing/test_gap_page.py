"""The difference between two teams in time: when it changed, or that nothing points to a change."""

import pytest

from jobs import workflow as jobs
from metrics.models import Study
from tests.comparing import making
from tests.metrics import making as plain

pytestmark = pytest.mark.django_db
NOISE = [0, 1, -1, 0.5, -0.5, 1, 0, -1, 0.5, 0, -0.5, 1, -1, 0, 0.5, -0.5, 1, 0, -1, 0.5]


def two_teams(side, gap):
    """North and South on one level; the gap is added to North."""
    metric = plain.metric(side.department, "Minutes", kind="duration", direction=-1)
    plain.series(metric, side.team, [50 + noise + more for noise, more in zip(NOISE, gap, strict=True)])
    plain.series(metric, side.other_team, [50 - noise for noise in NOISE])
    return metric


def asked(world, client, metric, **more):
    query = {"metric": metric.pk, "by": "unit", "one": world.a.team.pk, "other": world.a.other_team.pk, **more}
    answer = client.post("/gap", query)
    jobs.run_pending()
    return client.get(answer["Location"])


def test_a_gap_that_opens_is_told_with_its_month(world, client_of):
    metric = two_teams(world.a, [0] * 10 + [20] * 10)

    text = asked(world, client_of(world.a.supervisor), metric).content.decode()

    assert "the gap between Alder Team North and Alder Team South changed in November 2024" in text
    assert "it was 0.1 before and has been 20.0 since" in text.replace("\u202f", " ")


def test_two_that_move_together_have_no_change_of_their_gap(world, client_of):
    metric = two_teams(world.a, [0] * 20)

    text = asked(world, client_of(world.a.supervisor), metric).content.decode()

    assert "Minutes: nothing points to a change of the gap between Alder Team North and Alder Team South" in text
    assert "the two cannot be told apart" in text


def test_a_team_out_of_sight_cannot_be_half_of_a_gap(world, client_of):
    metric = two_teams(world.a, [0] * 20)
    query = {"metric": metric.pk, "by": "unit", "one": world.a.team.pk, "other": world.a.other_team.pk}

    answer = client_of(world.a.team_lead).post("/gap", query)

    assert (answer.status_code, Study.objects.count()) == (422, 0)


def test_periods_of_one_alone_are_left_out_and_counted(world, client_of):
    metric = making.share(world.a.department)
    making.counted(metric, world.a.team, [80, 81, 82, 80, 79], [100] * 5)
    making.counted(metric, world.a.other_team, [70, None, 72, 70, 69], [100] * 5)

    page = asked(world, client_of(world.a.supervisor), metric)

    assert "1 period in which only one of them has a value is left out." in page.content.decode()
    assert len(page.context["lines"]) == 4


@pytest.mark.parametrize(
    ("hits", "said"),
    [([80], "Too few periods"), ([80, None, 79], "Too few periods"), ([0] * 15, "nothing points to a change")],
)
def test_little_or_flat_data_are_said_to_be_so(world, client_of, hits, said):
    metric = making.share(world.a.department)
    making.counted(metric, world.a.team, hits, [100] * len(hits))
    making.counted(metric, world.a.other_team, hits, [100] * len(hits))

    page = asked(world, client_of(world.a.supervisor), metric)

    assert (page.status_code, said in page.content.decode()) == (200, True)

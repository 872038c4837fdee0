"""Performance against quality scores: corrected by the agreement that was measured, and warned where samples are small."""

import numpy as np
import pytest
from django.utils import translation

from jobs import workflow as jobs
from metrics.comparing.reliability import spread_of
from metrics.models import Metric, Observation, Series, Study
from metrics.wording.pairs import narrate_correlation, teams_warning
from tests.comparing import making
from tests.importing.conftest import desk
from tests.importing.test_scorings import bring, of, text_of
from tests.metrics import making as plain
from tests.narration.checking import faults_of
from tests.narration.paired import correlation_facts

__all__ = ["desk"]
pytestmark = pytest.mark.django_db
MONTHS = 30
TEAMS = ("Alder Team North", "Alder Team South")


def scored(desk, contacts=12, people=("Ann", "Bo"), teams=TEAMS[:1], error=4.0, spread=6.0, follows=None):
    """Scores of every month; their level follows the values ``follows`` where these are given."""
    rng = np.random.default_rng(12)
    lines = []
    for month in range(MONTHS):
        level = 75.0 if follows is None else 75.0 + 2.5 * follows[month]
        day = f"{2024 + month // 12}-{month % 12 + 1:02d}-03"
        for number in range(contacts):
            true = level + rng.normal(0, spread)
            for person in people:
                score = true + rng.normal(0, error)
                lines.append(f"{month}-{number},{person},{score:.1f},{day},{teams[number % len(teams)]}")
    bring(desk, text_of(lines))
    return Metric.objects.get(derived="quality_score")


def waited(side, values):
    metric = plain.metric(side.department, "Minutes waited", kind="duration", direction=-1)
    plain.series(metric, side.department, values)
    return metric


def asked(client, one, other, **more):
    answer = client.post("/correlate", {"metric": one.pk, "other": other.pk, **more})
    assert answer.status_code == 302, answer.content.decode()
    jobs.run_pending()
    return client.get(answer["Location"])


@pytest.fixture
def ups():
    return np.random.default_rng(4).normal(0, 2, MONTHS)


def test_the_measured_agreement_takes_the_error_out(desk, world, client_of, ups):
    score, one = scored(desk, follows=ups), waited(world.a, (10 - ups).tolist())
    page = asked(client_of(world.a.supervisor), one, score)
    facts, series = page.context["facts"], of(desk, "agreement")
    rows = Observation.objects.filter(series=series).values_list("numerator", "n")
    agreed = sum(value * n for value, n in rows) / sum(n for _value, n in rows)
    assert facts["measured"] == {"value": pytest.approx(agreed), "items": 360, "wider": False}
    best = max(facts["lag"], 0)
    assert facts["without_error"] == pytest.approx(max(-1.0, facts["r"][best] / agreed**0.5))
    text = page.content.decode()
    assert f"(measured agreement {agreed:.2f} over 360 contacts), it could be as strong as about" in text


@pytest.mark.parametrize("language", ["en-gb", "de"])
def test_every_number_of_it_is_in_the_data(desk, world, client_of, ups, language):
    score, one = scored(desk, follows=ups), waited(world.a, (10 - ups).tolist())
    facts = asked(client_of(world.a.supervisor), one, score).context["facts"]
    rows = Observation.objects.filter(series=of(desk, "agreement")).values_list("numerator", "n")
    agreed = sum(value * n for value, n in rows) / sum(n for _value, n in rows)
    series = Series.objects.get(metric=one), of(desk, "quality_score")
    _lag, known = correlation_facts(*series, Study.objects.get().question["seed"], agreed)
    known.numbers += [360, facts["noise"][1] and 100 * facts["noise"][1]]
    with translation.override(language):
        told = narrate_correlation(one, score, facts)
        assert faults_of(told, known) == []
        facts["measured"]["items"] += 11
        assert faults_of(narrate_correlation(one, score, facts), known) != []


def test_what_is_typed_in_goes_before_what_was_measured(desk, world, client_of, ups):
    score, one = scored(desk, follows=ups), waited(world.a, (10 - ups).tolist())
    page = asked(client_of(world.a.supervisor), one, score, reliability="0.64")
    assert (page.context["facts"]["reliability"], page.context["facts"]["measured"]) == (0.64, None)
    assert "(agreement 0.64, typed in)" in page.content.decode()


def test_nobody_has_to_correct(desk, world, client_of, ups):
    score, one = scored(desk, follows=ups), waited(world.a, (10 - ups).tolist())
    page = asked(client_of(world.a.supervisor), one, score, agreement="none")
    assert page.context["facts"]["reliability"] is None
    assert "neither measured nor typed in" in page.content.decode()


def test_scores_from_elsewhere_take_the_agreement_that_is_chosen(desk, world, client_of, ups):
    scored(desk)
    one = waited(world.a, (10 - ups).tolist())
    other = plain.metric(world.a.department, "Score of the wallboard")
    plain.series(other, world.a.department, (70 + ups).tolist())
    client = client_of(world.a.supervisor)
    assert asked(client, one, other).context["facts"]["reliability"] is None
    measure = Metric.objects.get(derived="agreement")
    page = asked(client, one, other, agreement=str(measure.pk))
    assert page.context["facts"]["measured"]["items"] == 360
    assert f'<option value="{measure.pk}" selected>{measure.name}</option>' in page.content.decode()


def test_an_agreement_that_one_may_not_see_is_no_choice(desk, world, client_of, ups):
    scored(desk)
    measure = Metric.objects.get(derived="agreement")
    one, other = (plain.steady(world.b.team, name).metric for name in ("First", "Second"))
    answer = client_of(world.b.supervisor).post(
        "/correlate", {"metric": one.pk, "other": other.pk, "agreement": str(measure.pk)}
    )
    assert (answer.status_code, Study.objects.count()) == (422, 0)


def test_a_team_without_scores_of_two_takes_that_of_the_units_above(desk, world, client_of, ups):
    score = scored(desk, follows=ups)
    Observation.objects.filter(series__metric__derived="agreement", series__unit=world.a.team).delete()
    Series.objects.filter(metric__derived="agreement", unit=world.a.team).update(last_day=None)
    one = plain.metric(world.a.department, "Minutes waited", kind="duration", direction=-1)
    plain.series(one, world.a.team, (10 - ups).tolist())
    page = asked(client_of(world.a.supervisor), one, score, unit=world.a.team.pk)
    assert page.context["facts"]["measured"]["wider"] is True
    assert "That agreement was measured over a wider place than this one." in page.content.decode()


def test_people_who_agree_no_better_than_chance_leave_nothing_to_correct(desk, world, client_of, ups):
    score, one = scored(desk, error=40.0, spread=0.1), waited(world.a, (10 - ups).tolist())
    page = asked(client_of(world.a.supervisor), one, score)
    assert page.context["facts"]["measured"]["value"] < 0.1
    assert page.context["facts"]["without_error"] is None
    assert "agreed hardly better than chance" in page.content.decode()


def test_few_scored_contacts_a_period_are_warned_of(desk, world, client_of, ups):
    score, one = scored(desk, contacts=3), waited(world.a, (10 - ups).tolist())
    page = asked(client_of(world.a.supervisor), one, score)
    assert page.context["facts"]["noise"][1] > 0.5
    assert "is too small to tell" in page.content.decode()
    assert "is what chance does with about 3 a period." in page.content.decode()


def test_few_scored_contacts_a_team_are_warned_of(desk, world, client_of, ups):
    score, one = scored(desk, contacts=2, teams=TEAMS), making.share(world.a.department, "In time")
    for unit in (world.a.team, world.a.other_team):
        hits = np.random.default_rng(unit.pk).binomial(400, 0.8, MONTHS)
        making.counted(one, unit, hits.tolist(), [400] * MONTHS)
    page = asked(client_of(world.a.supervisor), one, score)
    teams = page.context["facts"]["teams"]
    assert (len(teams["ids"]), teams["sizes"][1]) == (2, 30.0)
    # 30 contacts a team that differ by about 6: chance alone puts two teams up to 1.96 x 6 x sqrt(2 / 30) apart.
    assert teams["apart"] == [None, pytest.approx(1.96 * 6.6 * (2 / 30) ** 0.5, rel=0.15)]
    assert "With about 30 for each unit, 100 % of the differences" in (page.context["teams_warning"])
    assert "before it is more than what chance does." in page.content.decode()


@pytest.mark.parametrize(
    ("size", "reliability", "words"),
    [
        (200.0, 0.8, ""),
        (6.0, 0.8, "With about 6 for each unit, the sample of Quality score is too small to tell the units apart."),
        (6.0, 0.2, "With about 6 for each unit, 80 %"),
        (200.0, None, ""),
    ],
)
def test_when_the_sample_of_a_team_is_too_small(size, reliability, words):
    teams = {"ids": [1, 2], "reliability": [0.9, reliability], "sizes": [900.0, size], "apart": [None, 4.2]}
    told = teams_warning(Metric(name="In time"), Metric(name="Quality score", kind="score"), teams)
    assert told.startswith(words)
    assert bool(told) == bool(words) == ("Two units have to lie 4.2 apart" in told)


def test_how_far_single_contacts_differ_is_read_back_from_the_intervals(desk, world):
    scored(desk, contacts=20, error=0.001, spread=6.0)
    assert spread_of([of(desk, "quality_score").pk]) == pytest.approx(36.0, rel=0.12)
    assert spread_of([of(desk, "scored").pk]) is None

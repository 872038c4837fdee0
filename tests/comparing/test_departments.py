"""Departments side by side: each as a whole, and only to those who see all of it."""

import pytest

from jobs import workflow as jobs
from metrics.models import Series
from metrics.queries import studies
from teams.models import Role, Unit
from tests.comparing import making

pytestmark = pytest.mark.django_db
HUNDREDS = [100] * 12


@pytest.fixture
def two(world):
    """A second department with one team far below the two of the first."""
    other = Unit.objects.create(name="Alder Field Service", kind=Unit.Kind.DEPARTMENT, parent=world.a.organisation)
    other.path = f"{world.a.organisation.path}{other.pk}/"
    other.save(update_fields=["path"])
    metric = making.share(world.a.organisation)
    making.counted(metric, world.a.team, [84, 86, 85, 83, 87, 85, 84, 86, 85, 85, 84, 86], HUNDREDS)
    making.counted(metric, world.a.other_team, [85, 84, 86, 85, 85, 86, 84, 83, 87, 85, 86, 84], HUNDREDS)
    making.counted(metric, making.team(other, "Vans"), [60, 62, 61, 59, 60, 61, 62, 60, 58, 61, 60, 59], HUNDREDS)
    Role.objects.create(person=world.a.supervisor, unit=world.a.organisation, name="supervisor")
    return metric, world.a.department, other


def asked(client, metric):
    answer = client.post("/compare", {"metric": metric.pk, "by": "department"})
    if answer.status_code != 302:
        return answer
    jobs.run_pending()
    return client.get(answer["Location"])


def test_departments_are_compared_as_a_whole(world, two, client_of):
    metric, first, other = two
    page = asked(client_of(world.a.supervisor), metric)
    lines = {line.name: (line.value, line.size) for line in page.context["lines"]}
    assert lines[first.name] == ("85.0\u202f%", "2,400")
    assert lines[other.name][1] == "1,200"
    assert f"A ({first.name}); B ({other.name})" in page.content.decode()


def test_a_departments_own_figures_come_before_the_sum_of_its_teams(world, two, client_of):
    """Medians cannot be added up, so only the department knows its own."""
    metric, first, other = two
    whole = making.counted(metric, first, [80] * 12, HUNDREDS)
    asked_now, groups = studies.groups_asked(world.a.supervisor, metric.pk, "department", {}, None, None)
    assert groups[first.pk] == [whole]
    assert [row.unit.name for row in groups[other.pk]] == ["Vans"]
    assert asked_now.names == {first.pk: first.name, other.pk: other.name}


def test_who_sees_one_team_is_told_nothing_of_its_department(world, two, client_of):
    metric = two[0]
    page = client_of(world.a.team_lead).get("/compare", {"metric": metric.pk})
    assert '<option value="department"' not in page.content.decode()
    assert asked(client_of(world.a.team_lead), metric).status_code == 422
    groups = studies.groups_asked(world.a.team_lead, metric.pk, "department", {}, None, None)
    assert groups == (None, {})
    assert Series.objects.filter(metric=metric, unit=world.a.team).exists()


def test_the_gap_of_two_departments_is_followed(world, two, client_of):
    metric, first, other = two
    client = client_of(world.a.supervisor)
    query = {"metric": metric.pk, "by": "department", "one": first.pk, "other": other.pk}
    answer = client.post("/gap", query)
    jobs.run_pending()
    page = client.get(answer["Location"])
    assert first.name in page.context["narration"].fact
    assert other.name in page.context["narration"].fact


def test_the_table_explains_itself(world, two, client_of):
    text = asked(client_of(world.a.supervisor), two[0]).content.decode()
    assert "What the columns mean" in text
    for words in ("Tukey", "empirical Bayes"):
        assert words not in text[: text.index("What the columns mean")]
        assert words in text

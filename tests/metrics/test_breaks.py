"""Change points: proposed with their evidence, taken up by a person with a reason or dismissed with a word."""

import ast
import datetime as dt
import re
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from metrics import analysing
from metrics.analysing import closer
from metrics.models import CloserLook, Dismissal, Metric, Observation, Rebase
from metrics.queries.analyses import analysis_of
from metrics.queries.breaks import proposals
from metrics.wording import breaks as wording
from metrics.workflow import breaks, rebases
from teams.refusals import Refused
from tests.metrics import making

ROOT = Path(__file__).parents[2]
STEP = [50, 52, 49, 51, 50, 53, 48, 50, 51, 49, 52, 50, 51, 56, 55, 57, 54, 56, 55, 57, 56, 55, 56]


def stepped(unit, values=STEP):
    made = making.series(making.metric(unit), unit, values)
    look(made)
    return made


def look(series):
    analysing.analyse_series([series.pk])
    closer.look_at([series.pk])
    series.refresh_from_db()


def open_ones(series):
    return [one.facts["day"] for one in proposals(series, analysis_of(series)) if one.dismissed is None]


def words_of(client, series):
    return re.sub(r"\s+", " ", client.get(series.get_absolute_url()).content.decode())


@pytest.mark.django_db
def test_a_step_is_proposed_with_its_evidence_and_applied_by_nobody(world, client_of):
    one = stepped(world.a.team)
    [found] = CloserLook.objects.get(series=one).facts["breaks"]["found"]
    assert found["day"] == making.month(13)
    assert found["chance"] < 0.001
    page = words_of(client_of(world.a.supervisor), one)
    assert "A step from 50.5 to 55.7 " in page
    assert "A stable series would show this less than 1 time in 4,000." in page
    assert f'href="/series/{one.pk}/rebase?day=2025-02-01"' in page
    assert not Rebase.objects.exists()


@pytest.mark.django_db
def test_the_form_is_filled_with_the_day_and_asks_why(world, client_of):
    one = stepped(world.a.team)
    client = client_of(world.a.supervisor)
    address = f"/series/{one.pk}/rebase?day=2025-02-01"
    assert 'value="2025-02-01"' in client.get(address).content.decode()
    assert client.post(address, {"day": "2025-02-01", "reason": ""}).status_code == 422
    assert not Rebase.objects.exists()
    client.post(address, {"day": "2025-02-01", "reason": "A second desk"})
    assert Rebase.objects.get().person == world.a.supervisor
    look(one)
    assert open_ones(one) == []


@pytest.mark.django_db
def test_who_may_not_set_limits_sees_the_evidence_alone(world, client_of):
    page = words_of(client_of(world.a.colleague), stepped(world.a.team))
    assert "A step from 50.5 to 55.7 " in page
    assert "Begin new limits here" not in page


@pytest.mark.django_db
def test_a_dismissed_proposal_does_not_come_back_for_the_same_values(world, client_of):
    one = stepped(world.a.team)
    address = reverse("dismiss", args=[one.pk, making.month(13)])
    client = client_of(world.a.supervisor)
    assert client.post(address, {"word": " "}).status_code == 422
    client.post(address, {"word": "The survey was changed"})
    page = words_of(client, one)
    assert f"Dismissed by {world.a.supervisor.name}: The survey was changed" in page
    assert "Begin new limits here" not in page
    making.observe(one, [56], first=len(STEP))
    look(one)
    assert open_ones(one) == []
    Observation.objects.filter(series=one, day=making.month(3)).update(numerator=50)
    look(one)
    assert open_ones(one) == [making.month(13)]


@pytest.mark.django_db
def test_what_is_not_proposed_cannot_be_dismissed(world):
    one = stepped(world.a.team)
    with pytest.raises(Refused) as refused:
        breaks.dismiss(world.a.supervisor, one, making.month(5), "No step")
    assert (refused.value.code, Dismissal.objects.count()) == ("not_proposed", 0)


@pytest.mark.django_db
def test_the_metrics_autocorrelation_counts(world):
    one = stepped(world.a.team, [50, 51, 49, 50, 51, 50, 49, 51, 50, 51.2, 52, 51, 52, 51.4, 52, 51, 51.6, 52, 51, 52])
    assert len(open_ones(one)) == 1
    closer.Cycle.objects.create(
        organisation=world.a.organisation, at="2025-01-01T00:00Z", settings_key="x", method="bh", q=0.1,
        phi={str(one.metric_id): 0.85}, series=1, judged=1, confirmed=0, watch=0, chance=0,
    )  # fmt: skip
    CloserLook.objects.all().delete()
    look(one)
    assert open_ones(one) == []


@pytest.mark.django_db
@pytest.mark.parametrize("values", [[5], [5] * 30, [0] * 29 + [3], [None, 5] * 15, [1e300, 2e300] * 15, [1e-300] * 20])
def test_odd_data_make_a_page(world, client_of, values):
    assert "Has the level changed?" not in words_of(client_of(world.a.supervisor), stepped(world.a.team, values))


@pytest.mark.django_db
def test_the_database_takes_no_rebase_without_a_reason_or_a_person(world):
    one = stepped(world.a.team)
    for missing in ({"reason": ""}, {"person": None}):
        given = {"series": one, "day": dt.date(2025, 2, 1), "reason": "Desk", "person": world.a.supervisor} | missing
        with pytest.raises(IntegrityError), transaction.atomic():
            Rebase.objects.create(**given, at="2025-01-01T00:00Z")
    with pytest.raises(Refused):
        rebases.rebase(world.a.supervisor, one, dt.date(2025, 2, 1), "  ")


def test_only_the_verb_of_a_person_makes_a_rebase():
    """No job, import or analysis begins new limits: one file makes rebases, and only pages (and the
    story of the demonstration, in a person's name) call its verb."""
    makers, callers = set(), set()
    for path in ROOT.glob("*/**/*.py"):
        place = path.relative_to(ROOT)
        if place.parts[0].startswith(".") or place.parts[0] in ("tests", "benchmarks") or "migrations" in place.parts:
            continue
        text = path.read_text()
        if "ebase" not in text:
            continue
        for node in ast.walk(ast.parse(text)):
            told = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
            if re.fullmatch(r"Rebase\.objects\.\w*create\w*", told):
                makers.add(str(place))
            if told.endswith("rebases.rebase"):
                callers.add(place.parts[:2])
    assert makers == {"metrics/workflow/rebases.py"}
    assert {part for _app, part in callers} == {"views", "demo"}


def test_a_chance_is_told_in_two_digits():
    """It comes from 4,000 draws: more digits would claim what nobody knows."""
    facts = {"day": 738_000, "first_day": 738_000, "last_day": 738_000, "before": 1.0, "after": 2.0, "sigma": 3.0}
    told = wording.break_told(facts | {"chance": 3 / 4001}, Metric(kind="score", period="week"), None, False, [])
    assert told.meaning == "A stable series would show this about 1 time in 1,300."

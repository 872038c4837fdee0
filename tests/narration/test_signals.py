"""Every number and date that a signal's sentences tell is in the raw data: in the samples here, in the demonstration in
tests/demo, and in a second language's formats; a stored fact that was changed is caught."""

import csv
import datetime as dt
from itertools import pairwise

import pytest
from django.utils import translation

from jobs import workflow as jobs
from metrics import analysing
from metrics.analysing import closer
from metrics.models import Metric, Observation, Series, Signal
from metrics.queries import board
from metrics.queries.comparisons import candidates
from metrics.wording import narrate
from metrics.wording.standing import board_line
from metrics.wording.stretches import compared_told
from metrics.workflow import comparisons
from processes.models import Channel
from teams.models import Workspace
from tests.importing.conftest import Desk
from tests.metrics import making

from . import everywhere
from .boarded import line_facts
from .checking import faults_of, unexplained
from .checking import faults_of_signals as faults
from .recompute import raw_of, signal_facts
from .rules import left_out
from .stretched import side_by_side, stretch_facts
from .unseasoned import told_claims

pytestmark = pytest.mark.django_db
RELATED = ("series__metric", "series__unit", "series__service", "series__product", "series__channel")


@pytest.fixture
def england(world, samples):
    """Attendances within 4 hours of 24 of the sample's organisations, as monthly shares."""
    rows: dict[str, list[dict[str, str]]] = {}
    with (samples / "nhs_ae_type1_monthly.csv").open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            rows.setdefault(row["org_code"], []).append(row)
    metric = making.metric(
        world.a.department, "Within 4 h", kind=Metric.Kind.PROPORTION, scale=100, measure="%", numerator="in 4 h",
        denominator="all",
    )  # fmt: skip
    made = []
    for code in sorted(rows)[:24]:
        series = Series.objects.create(
            metric=metric, unit=world.a.team, channel=Channel.objects.create(unit=world.a.department, name=code)
        )
        Observation.objects.bulk_create(
            Observation(
                series=series,
                day=dt.date.fromisoformat(row["period"]).toordinal(),
                numerator=int(row["attendances"]) - int(row["breaches"]),
                denominator=int(row["attendances"]),
            )
            for row in rows[code]
        )
        made.append(series.pk)
    analysing.analyse_series(made)
    return list(Signal.objects.filter(series__in=made).select_related(*RELATED))


@pytest.mark.parametrize("language", ["en-gb", "de"])
def test_every_sentence_of_a_real_sample_is_in_its_data(england, language):
    """With what is left of each without the season of its series."""
    closer.look_at({one.series_id for one in england})
    with translation.override(language):
        assert faults(england) == []
    claims = told_claims(england)
    assert [pair for pair in claims if pair[1] not in pair[0]] == []
    assert len(claims) >= 3
    assert len(england) > 24
    assert {one.rule for one in england} >= {"outside", "shift", "trend", "two_of_three"}


@pytest.mark.parametrize("language", ["en-gb", "de"])
def test_the_line_of_the_board_over_a_real_sample_is_in_its_data(england, world, language, clock_at):
    clock_at(dt.date.fromordinal(max(one.last_day for one in england) + 40))
    analysing.judge([world.a.organisation.pk])
    summary, facts = board.summary(board.analyses(world.a.supervisor)), line_facts(Series.objects.all())
    with translation.override(language):
        assert unexplained(board_line(summary.watch, summary.chance), facts) == []
    assert summary.watch + summary.confirmed > 5


def test_two_stretches_of_a_real_sample_are_told_from_its_data(england):
    for series in {one.series for one in england}:
        days = [one.day for one in raw_of(series)]
        spans = (days[-16], days[-9]), (days[-8], days[-1])
        analysis, found = side_by_side(series, spans)
        told = compared_told(series.metric, analysis, found, spans)
        apart, facts = stretch_facts(series, analysis.settings["chart"], spans)
        assert (faults_of(told, facts), found.apart) == ([], apart)


def test_what_else_is_told_of_a_real_sample_is_in_its_data(england):
    """Season, drift, steps, what comes next, groups, gaps and correlations of 24 organisations."""
    dated(Series.objects.all())
    rows = everywhere.all_series()
    found = everywhere.looks()
    told = [*everywhere.close(found), *everywhere.compared(rows[0].metric, rows[:8], lambda one: one.channel)]
    told += [pair for one, other in pairwise(rows[:6]) for pair in everywhere.correlated(one, other)]
    assert [fault for one, facts in told for fault in faults_of(one, facts)] == []
    assert [(one.fact, rules) for one, _facts in told if (rules := left_out(one)) and one.turn] == []
    assert [fault for one, facts in everywhere.expected(found) for fault in unexplained(one, facts)] == []
    assert len(told) > 40


def dated(rows):
    """First and last day of each series, as an import would keep them."""
    for one in rows:
        days = [row.day for row in raw_of(one)]
        one.first_day, one.last_day = days[0], days[-1]
        one.save()
    return list(rows)


def test_what_followed_an_action_on_a_real_sample_is_in_its_data(england, world):
    """One that was carried out from September to November 2017, in each of 24 organisations; every other one is set against
    one of those that are most like it."""
    person, rows = world.a.supervisor, dated(Series.objects.order_by("pk"))
    until, day = dt.date(2017, 8, 31), dt.date(2017, 11, 1)
    made = [comparisons.follow(person, one, until, day, "A desk at the door", 7, one) for one in rows]
    for place, one in enumerate(made[::2]):
        comparisons.set_against(person, one, candidates(person, one)[place % 5])
    jobs.run_pending()
    told, seasons = list(everywhere.effects()), list(everywhere.seasons_of_effects())
    assert [fault for one, facts in told for fault in faults_of(one, facts)] == []
    assert [fault for one, facts in everywhere.beside_effects() for fault in unexplained(one, facts)] == []
    assert [(one.fact, rules) for one, _facts in told if (rules := left_out(one)) and one.turn] == []
    assert [pair for pair in seasons if pair[0] != pair[1]] == []
    # Some of them have a season, some none; eleven are told net of another, and one began too late to be compared.
    assert ({has for _told, has in seasons}, len(told)) == ({True, False}, 24)
    assert sum(one.facts["net"] is not None for one in everywhere.compared_by_day()) == 11


def test_every_sentence_after_an_import_is_in_the_file(world, samples):
    """The whole way: the file through the product, and its sums read from the file beside it."""
    Workspace.objects.create(pk=1, zone="UTC")
    path, desk = samples / "nhs_ae_type1_monthly.csv", Desk(world.a.supervisor, world.a.department)
    upload = desk.bring_file(path, "Emergency")
    if upload.state == "received":
        upload = desk.map(upload, upload.mapping, zone="UTC", choices={"other_units": "create"})
    desk.commit(upload)
    with path.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    everywhere = Series.objects.get(unit=desk.unit, metric__code="within-4-hours")
    assert sum(one.size for one in raw_of(everywhere)) == sum(int(row["attendances"]) for row in rows)

    signals = list(Signal.objects.order_by("pk").select_related(*RELATED))

    assert faults(signals) == []
    assert len(signals) > 120


@pytest.mark.parametrize(
    ("changed", "caught"),
    [("mean", "number"), ("last", "number"), ("first_day", "day"), ("span", "length")],
)
def test_a_changed_fact_is_caught(world, changed, caught):
    making.falling(world.a.team, measure="%", period="day")
    signal = Signal.objects.select_related(*RELATED).get(rule="shift", direction=-1)
    assert faults([signal]) == []

    facts = signal_facts(signal)
    if changed == "first_day":
        signal.first_day += 1
    else:
        signal.facts[changed] += 3

    assert {kind for _, kind, _ in faults_of(narrate(signal), facts)} == {caught}


def test_a_run_that_the_data_do_not_hold_explains_nothing(world):
    making.falling(world.a.team)
    signal = Signal.objects.select_related(*RELATED).get(rule="shift", direction=-1)
    signal.first_day = making.month(2)

    assert signal_facts(signal).numbers == []
    assert faults([signal]) != []

"""Each planted cause stands on the board with its sentence; where nothing was planted it is mostly quiet."""

import csv
import datetime as dt
import io

import pytest
from django.utils import translation

from cxreview.demo import data, planted
from improvements import states
from improvements.models import Action
from improvements.queries.outcomes import facts_of, reading_of
from improvements.views.outcomes import told
from metrics.models import Analysis, Series, Signal
from metrics.queries import board, ranks
from metrics.queries.analyses import analysis_of, rows_of
from metrics.queries.standings import standings
from metrics.wording import narrate
from metrics.wording.outlooks import chance_told
from metrics.wording.standing import board_line
from metrics.wording.trajectories import trajectory_told
from teams import clock
from teams.models import Person
from tests.narration import everywhere as told_of
from tests.narration.boarded import line_facts
from tests.narration.checking import faults_of, faults_of_signals, unexplained
from tests.narration.outcomes import outcome_facts, told_words
from tests.narration.rules import left_out
from tests.narration.targets import chance_facts
from tests.narration.unseasoned import told_claims

pytestmark = pytest.mark.django_db
DIMENSIONS = ("service", "product", "channel")


def on_the_board(demo):
    """{(metric, unit, channel): analysis} of the rows that the supervisor of all sees above those that are folded."""
    with clock.at(demo):
        rows = board.analyses(Person.objects.get(name="Ewa Nowak")).exclude(board.CALM)
        return {place(row.series): row for row in rows}


def place(series):
    return series.metric.name, series.unit.name, series.channel.name if series.channel else ""


def planted_places():
    return {(cause.metric, cause.team, cause.channel) for cause in planted.PLANTED}


@pytest.mark.parametrize("cause", planted.PLANTED, ids=lambda cause: f"{cause.metric}, {cause.team}")
def test_each_planted_cause_is_found_on_the_board(demo, cause):
    row = on_the_board(demo)[cause.metric, cause.team, cause.channel]
    better = (cause.size > 0) == (row.series.metric.direction > 0)
    assert row.change == ("improvement" if better else "concern")
    [[signal, *_others]] = board.beside([row]).signals.values()
    assert signal.direction == (1 if cause.size > 0 else -1)
    assert narrate(signal).fact


@pytest.mark.parametrize("cause", planted.PLANTED, ids=lambda cause: f"{cause.metric}, {cause.team}")
def test_its_signal_begins_when_the_cause_began(demo, cause):
    began = data.last_complete_week(demo.date()) - dt.timedelta(weeks=cause.weeks_ago)
    series = Series.objects.get(
        metric__name=cause.metric, unit__name=cause.team, channel__name=cause.channel, unit__kind="team"
    )
    direction = 1 if cause.size > 0 else -1
    found = Signal.objects.filter(series=series, gone=False, current=True, direction=direction)
    first = min(found.values_list("first_day", flat=True))
    # A run may have begun by chance a few points before; a drift is seen only when it has grown.
    late = 20 if cause.kind == planted.DRIFT else 2
    assert -8 <= (first - began.toordinal()) / 7 <= late


def test_unplanted_series_of_teams_are_mostly_quiet(demo):
    seen = on_the_board(demo)
    measured = Series.objects.filter(unit__kind="team", channel__isnull=False).select_related(
        "metric", "unit", "channel"
    )
    others = {place(series) for series in measured if series.metric.name not in planted.SEASONAL} - planted_places()
    loud = {key for key in others & set(seen) if seen[key].variation in ranks.SPECIAL}
    assert len(others) == 54
    assert len(loud) <= 4, sorted(loud)


def test_one_kind_of_repair_cannot_meet_the_target_one_may_and_one_will(demo):
    with clock.at(demo):
        seen = board.analyses(Person.objects.get(name="Ewa Nowak")).filter(series__metric__name=planted.FIRST_VISIT)
        kinds = {
            row.series.product.name: row for row in seen if row.series.product and row.series.unit.name == "Repairs"
        }
    assert {name: (row.assurance, row.target) for name, row in kinds.items()} == {
        "Heating": ("consistent_fail", planted.FIRST_VISIT_TARGET),
        "Plumbing": ("inconsistent", planted.FIRST_VISIT_TARGET),
        "Electrics": ("consistent_pass", planted.FIRST_VISIT_TARGET),
    }
    assert place(kinds["Heating"].series) in on_the_board(demo)


def test_of_its_trajectory_one_kind_is_behind_one_cannot_be_told_apart_and_one_is_ahead(demo):
    with clock.at(demo):
        told = [one for one, facts in told_of.planned() if unexplained(one, facts) == []]
        seen = Series.objects.filter(metric__name=planted.FIRST_VISIT).select_related("product")
        assert len(told) == seen.count()
        words = {}
        for series in seen.filter(product__isnull=False, unit__name="Repairs"):
            analysis = analysis_of(series)
            words[series.product.name] = trajectory_told(analysis, rows_of(analysis)).partition(" the trajectory")[0]
    assert words == {
        "Heating": "The latest value is behind",
        "Plumbing": "The latest value cannot be told apart from",
        "Electrics": "The latest value is ahead of",
    }


def test_what_was_imported_is_what_was_planted(demo):
    """The last value of a series, read from the stored analysis, is the one in the file."""
    rows = [row for row in data.rows(demo.date(), 20_260) if (row["Team"], row["Channel"]) == ("Repairs East", "Phone")]
    expected = 100 * rows[-1]["Satisfied answers"] / rows[-1]["Survey answers"]
    row = on_the_board(demo)[planted.SATISFIED, "Repairs East", "Phone"]
    assert (row.n, row.latest_day) == (data.WEEKS, dt.date.fromisoformat(rows[-1]["Week"]).toordinal())
    assert row.latest == pytest.approx(expected)


def test_figures_depend_on_day_and_seed_alone():
    day = dt.date(2026, 3, 4)
    assert data.as_csv(data.rows(day, 7)) == data.as_csv(data.rows(day, 7))
    assert data.as_csv(data.rows(day, 7)) == data.as_csv(data.rows(day - dt.timedelta(days=2), 7))
    assert data.as_csv(data.rows(day, 7)) != data.as_csv(data.rows(day, 8))
    assert data.as_csv(data.repair_jobs(day, 7)) == data.as_csv(data.repair_jobs(day, 7))


def test_they_are_two_years_that_end_with_the_last_complete_week():
    text = data.as_csv(data.rows(dt.date(2026, 3, 4), 7)).decode()
    weeks = sorted({row["Week"] for row in csv.DictReader(io.StringIO(text))})
    assert (len(weeks), weeks[0], weeks[-1]) == (104, "2024-03-04", "2026-02-23")


@pytest.mark.parametrize("language", ["en-gb", "de"])
def test_every_number_and_date_that_is_told_is_in_the_data(demo, language):
    signals = Signal.objects.filter(gone=False).order_by("pk")
    signals = list(signals.select_related(*(f"series__{name}" for name in ("metric", "unit", *DIMENSIONS))))
    with translation.override(language):
        assert faults_of_signals(signals[:: 1 if language == "en-gb" else 5]) == []
    assert len(signals) > 100


def test_what_the_season_leaves_of_a_signal_is_told_as_the_data_have_it(demo):
    """Of every signal at the latest value whose series has a season: contacts have one, and nobody planted another."""
    signals = Signal.objects.filter(gone=False, current=True).order_by("pk")
    claims = told_claims(signals.select_related(*(f"series__{name}" for name in ("metric", "unit", *DIMENSIONS))))
    assert [pair for pair in claims if pair[1] not in pair[0]] == []
    assert len(claims) > 10
    assert len({claim for _told, claim in claims}) >= 3


def test_every_number_that_is_told_of_a_target_is_in_the_data(demo):
    rows = Analysis.objects.exclude(target_chance=None).order_by("pk")
    rows = list(rows.select_related(*(f"series__{name}" for name in ("metric", "unit", *DIMENSIONS))))
    with clock.at(demo):
        today = clock.today().toordinal()
        told = [(chance_told(one.series, one), chance_facts(one.series, today)[1]) for one in rows[::3]]
    assert [fault for narration, facts in told if narration for fault in faults_of(narration, facts)] == []
    assert len(told) > 10


def test_the_line_of_the_board_is_in_the_data(demo):
    with clock.at(demo):
        summary = board.summary(board.analyses(Person.objects.get(name="Ewa Nowak")))
    facts = line_facts(Series.objects.filter(metric__archived_at=None).select_related("metric"))
    assert unexplained(board_line(summary.watch, summary.chance), facts) == []
    assert summary.watch > 0


def test_every_figure_of_an_outcome_is_in_the_data(demo):
    found = Action.objects.filter(state__in=(states.DONE, states.EFFECTIVE, states.SUSTAINED), series__isnull=False)
    with clock.at(demo):
        for action in found.exclude(rule=Action.Rule.HOLDS):
            facts = facts_of(reading_of(action))
            verdict, _trial, _missed, known = outcome_facts(action)
            words = told_words(told(facts, action.series.metric, action.target))
            assert [fault for one in words for fault in unexplained(one, known)] == []
            assert facts["offered"] == verdict
    assert len(found) > 0


def test_what_else_is_told_is_in_the_data_and_keeps_the_rules(demo):
    """Seasons, drifts, steps, what comes next, splits, groups, gaps, correlations, effects and surveys: every number and
    day, and period, size, chance and what would change the verdict in each."""
    with clock.at(demo):
        found = told_of.looks()
        kinds = {
            "close": list(told_of.close(found)),
            "parted": list(told_of.parted()),
            "side by side": list(told_of.side_by_side()),
            "effects": list(told_of.effects()),
        }
        surveys, seasons = list(told_of.surveys()), list(told_of.seasons_of_effects())
        texts = [*told_of.expected(found), *((one, facts) for told, facts in surveys for one in told)]
        texts += told_of.beside_effects()
    pairs = [pair for kind in kinds.values() for pair in kind]
    assert [fault for told, facts in pairs for fault in faults_of(told, facts)] == []
    assert [fault for told, facts in texts for fault in unexplained(told, facts)] == []
    judged = [told for told, _facts in pairs if told.next_step or told.turn]
    assert [(told.fact, rules) for told in judged if (rules := left_out(told)) and told.turn] == []
    least = {"close": 70, "parted": 70, "side by side": 40, "effects": 5}
    assert {name: len(kind) for name, kind in kinds.items() if len(kind) < least[name]} == {}
    assert len(texts) > 60
    assert [told for told, has in seasons if told != has] == []
    # Both ways of an effect, and both kinds of survey, are among them.
    assert {has for _told, has in seasons} == {True, False}
    assert {one.metric.survey.kind for one in told_of.all_series(metric__survey__isnull=False)} == {"share", "mean"}
    assert any("were asked" in words for told, _facts in surveys for words in told)


def test_every_signal_says_what_would_change_it(demo):
    signals = Signal.objects.filter(gone=False).order_by("pk")
    signals = list(signals.select_related(*(f"series__{name}" for name in ("metric", "unit", *DIMENSIONS))))
    judged = standings({one.series_id for one in signals})
    told = [narrate(one, judged=judged.get(one.series_id)) for one in signals]
    assert [(one.fact, rules) for one in told if (rules := set(left_out(one)) - {"chance"})] == []
    # Whatever stands on the board at its latest value has its chance in words.
    now = [narrate(one, judged=judged[one.series_id]) for one in signals if one.current and one.series_id in judged]
    assert [one.fact for one in now if "chance" in left_out(one)] == []

"""From observations to stored analyses: in bulk, only what changed, with what the chart has to tell."""

import datetime as dt

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jobs import workflow as jobs
from metrics import analysing, bulk, wording
from metrics.models import Analysis, AnalysisPoints, Observation, Signal
from metrics.queries import observations
from metrics.queries.analyses import analysis_of, points_of, rows_of
from metrics.workflow import analyses, rebases, targets
from tests.metrics import making

# England, attendances within 4 hours (samples/EXPECTED.md): these three months' shares are given there.
pytestmark = pytest.mark.django_db


def test_the_limits_are_those_of_the_method(world):
    one = making.series(making.metric(world.a.organisation), world.a.team, [10, 12, 11, 13, 12])

    analysing.analyse_series([one.pk])

    stored = analysis_of(one)
    # Ranges 2, 1, 2, 1: mean moving range 1.5; limits 11.6 ± 2.66 × 1.5.
    assert (stored.mean, stored.amr) == (pytest.approx(11.6), pytest.approx(1.5))
    assert (stored.lower, stored.upper) == (pytest.approx(7.61), pytest.approx(15.59))
    assert (stored.n, stored.latest, stored.latest_day) == (5, 12, making.month(4))
    assert stored.notes == ["trial_limits"]


def test_a_value_is_numerator_over_denominator_times_scale(world):
    one = making.series(making.metric(world.a.organisation, scale=100), world.a.team, [])
    Observation.objects.create(series=one, day=making.month(0), numerator=3, denominator=4)
    Observation.objects.create(series=one, day=making.month(1), numerator=0.5)
    Observation.objects.create(series=one, day=making.month(2), numerator=1, denominator=0)

    analysing.analyse_series([one.pk])

    assert [row.value for row in rows_of(analysis_of(one))] == [75, 50, None]
    assert "missing_values" in analysis_of(one).notes


def test_inputs_carry_what_each_value_was_made_of(world):
    one = making.series(making.metric(world.a.organisation, kind="proportion", scale=100), world.a.team, [])
    Observation.objects.create(series=one, day=making.month(0), numerator=3, denominator=4, n=4)
    Observation.objects.create(series=one, day=making.month(1), numerator=5)

    given = analysing.read([one.pk])

    np.testing.assert_array_equal(given.numerators, [3, 5])
    np.testing.assert_array_equal(given.denominators, [4, np.nan])
    np.testing.assert_array_equal(given.contacts, [4, np.nan])
    np.testing.assert_array_equal(given.values, [75, 500])
    (place,) = given.series
    assert (place.kind, place.scale, place.derived, place.line[-1]) == ("proportion", 100, "", world.a.team.pk)


def test_reading_the_inputs_takes_five_queries(world):
    ids = [making.steady(world.a.team, name).pk for name in ("One", "Two", "Three")]

    with CaptureQueriesContext(connection) as asked:
        analysing.read(ids)

    assert len(asked) == 5


@pytest.mark.parametrize("counted", [{"numerator": 30, "denominator": 40}, {"n": 8}])
def test_another_number_behind_the_same_value_is_another_input(world, counted):
    one = making.series(making.metric(world.a.organisation, kind="proportion"), world.a.team, [])
    Observation.objects.create(series=one, day=making.month(0), numerator=3, denominator=4, n=4)
    before = analysing.read([one.pk])
    Observation.objects.filter(series=one).update(**counted)

    after = analysing.read([one.pk])

    assert after.values.tolist() == before.values.tolist()
    assert after.hash_of(0, "key") != before.hash_of(0, "key")


def counted(world, kind, pairs, scale=100):
    one = making.series(making.metric(world.a.organisation, kind=kind, scale=scale), world.a.team, [])
    for place, (above, below) in enumerate(pairs):
        Observation.objects.create(series=one, day=making.month(place), numerator=above, denominator=below)
    analysing.analyse_series([one.pk])
    return analysis_of(one)


def test_a_share_is_judged_by_how_much_was_counted(world):
    stored = counted(world, "proportion", [(80, 100), (8, 10), (79, 100), (41, 50), (82, 100)])

    rows = rows_of(stored)
    assert stored.settings["chart"] == "p"
    assert rows[1].upper > rows[0].upper
    assert [row.n for row in rows] == [100, 10, 100, 50, 100]
    assert (stored.lower, stored.upper) == (rows[-1].lower, rows[-1].upper)
    assert wording.settings_line(stored).startswith("p′ chart for a share of counted things: limits widen where")


def test_a_share_without_its_counts_is_drawn_as_a_number_and_says_why(world):
    stored = counted(world, "proportion", [(80, 100), (0.8, None), (79, 100)], scale=1)

    assert stored.settings["chart"] == "xmr"
    assert wording.settings_line(stored).startswith(
        "XmR chart because not every value comes with the counts behind it ·"
    )


def test_times_are_judged_by_their_logarithms(world):
    stored = counted(world, "duration", [(30, None), (45, None), (38, None), (52, None)], scale=1)

    assert stored.settings["chart"] == "log"
    assert stored.lower > 0


def test_a_signal_of_a_share_names_the_limit_of_its_own_period(world):
    pairs = [(50, 100), (52, 100), (49, 100), (51, 100), (48, 100), (50, 100), (52, 100), (49, 100)] * 2
    stored = counted(world, "proportion", [*pairs, (40, 400), (50, 100)])

    signal = Signal.objects.get(rule="outside")
    assert signal.facts["lower"] == rows_of(stored)[16].lower
    assert rows_of(stored)[16].lower > rows_of(stored)[15].lower


def test_a_missing_period_is_no_point_and_no_zero(world):
    one = making.series(making.metric(world.a.organisation), world.a.team, [10, None, 12])

    analysing.analyse_series([one.pk])

    assert [(row.day, row.value) for row in rows_of(analysis_of(one))] == [
        (making.month(0), 10),
        (making.month(2), 12),
    ]


def test_unchanged_inputs_are_not_computed_again(world):
    one = making.steady(world.a.team)
    before = analysis_of(one)

    done = analysing.analyse_series([one.pk])

    assert (done.series, done.computed) == (1, 0)
    assert analysis_of(one).computed_at == before.computed_at


def test_only_the_series_that_changed_is_computed(world):
    one, other = making.steady(world.a.team, "One"), making.steady(world.a.team, "Other")
    making.observe(other, [55], first=13)

    done = analysing.analyse_series([one.pk, other.pk])

    assert done.computed == 1
    assert (analysis_of(one).n, analysis_of(other).n) == (13, 14)


def test_the_number_of_queries_does_not_grow_with_the_series(world):
    metric = making.metric(world.a.organisation)
    few = [making.series(metric, world.a.team, making.STEADY).pk]
    many = [
        making.series(making.metric(world.a.organisation, f"M {number}"), world.a.team, making.STEADY).pk
        for number in range(20)
    ]

    with CaptureQueriesContext(
        connection,
    ) as with_few:
        analysing.analyse_series(few)
    with CaptureQueriesContext(connection) as with_many:
        analysing.analyse_series(many)

    assert len(with_many) == len(with_few)


def test_a_target_of_the_nearest_unit_above_holds(world, clock_at):
    clock_at(dt.date(2025, 6, 1))
    one = making.steady(world.a.team)
    targets.set_target(world.a.supervisor, one.metric, world.a.department, 45, dt.date(2024, 1, 1), "Plan")
    jobs.run_pending()
    assert (analysis_of(one).target, analysis_of(one).assurance) == (45, "inconsistent")

    targets.set_target(world.a.supervisor, one.metric, world.a.team, 30, dt.date(2024, 6, 1), "The team's own")
    jobs.run_pending()

    assert (analysis_of(one).target, analysis_of(one).assurance) == (30, "consistent_pass")
    assert [row.target for row in rows_of(analysis_of(one))][:6] == [45, 45, 45, 45, 45, 30]


def test_a_target_for_a_later_day_waits_for_it(world, clock_at):
    one = making.steady(world.a.team)
    clock_at(dt.date(2025, 6, 1))
    targets.set_target(world.a.supervisor, one.metric, world.a.team, 45, dt.date(2024, 1, 1), "Now")
    targets.set_target(world.a.supervisor, one.metric, world.a.team, 70, dt.date(2025, 9, 1), "Autumn")
    jobs.run_pending()
    assert analysis_of(one).target == 45

    clock_at(dt.date(2025, 9, 2))
    jobs.enqueue("metrics.analyse_all", {})
    jobs.run_pending()

    assert analysis_of(one).target == 70
    states = one.metric.targets.order_by("value").values_list("value", "state")
    assert list(states) == [(45, "superseded"), (70, "in_force")]


def test_a_rebase_begins_a_phase_and_can_be_withdrawn(world):
    one = making.falling(world.a.team)
    made = rebases.rebase(world.a.supervisor, one, dt.date(2025, 2, 1), "New rota")
    jobs.run_pending()
    assert sorted({row.phase for row in rows_of(analysis_of(one))}) == [0, 1]
    assert analysis_of(one).mean == pytest.approx(40.25)

    rebases.withdraw(world.a.supervisor, made)
    jobs.run_pending()

    assert {row.phase for row in rows_of(analysis_of(one))} == {0}


def test_a_series_without_values_is_told_so(world):
    one = making.series(making.metric(world.a.organisation), world.a.team, [])

    analysing.analyse_series([one.pk])

    assert (analysis_of(one).n, analysis_of(one).variation) == (0, "")
    assert "no_values" in analysis_of(one).notes
    assert len(points_of(analysis_of(one))) == 0


def test_when_all_values_are_taken_back_the_signals_go(world):
    one = making.falling(world.a.team)
    assert Signal.objects.filter(series=one).exists()
    Observation.objects.filter(series=one).delete()

    analysing.analyse_series([one.pk])

    assert not Signal.objects.filter(series=one).exists()
    assert Analysis.objects.get(series=one).n == 0


def test_the_job_analyses_what_was_asked_for(world):
    one = making.series(making.metric(world.a.organisation), world.a.team, making.STEADY)
    other = making.series(making.metric(world.a.organisation, "Other"), world.a.team, making.STEADY)
    analyses.enqueue([one.pk])

    (job,) = jobs.run_pending()

    assert (job.state, job.done, job.total) == ("done", 1, 1)
    assert analysis_of(one) is not None
    assert analysis_of(other) is None


def test_nothing_to_analyse_makes_no_job():
    assert analyses.enqueue([]) is None


def test_one_series_at_the_edge_of_what_a_number_holds_stops_nobody_elses_analysis(world):
    """The sum of a run is more than a float holds, its average is not."""
    metric = making.metric(world.a.department)
    edge = making.series(metric, world.a.team, [1.7e308] * 10 + [-1.7e308] * 10)
    ordinary = making.series(metric, world.a.other_team, [*making.STEADY, 40, 41, 39, 40, 42, 40, 39, 41])

    analysing.analyse_series([edge.pk, ordinary.pk])

    assert Signal.objects.filter(series=ordinary, rule="shift", direction=-1).count() == 1
    assert Analysis.objects.get(series=edge).n == 20


def test_values_are_read_exactly_and_in_order_of_their_days(world):
    one, other = (
        making.series(making.metric(world.a.organisation, name), world.a.team, []) for name in ("One", "Other")
    )
    rows = [(one, 3, 0.1, None, 7), (one, 1, -1e300, 3.0, None), (other, 2, 5e-324, 1.5, 2**40), (one, 2, 0.0, 0.0, 0)]
    for series, month, above, below, n in rows:
        Observation.objects.create(series=series, day=making.month(month), numerator=above, denominator=below, n=n)

    given = observations.arrays([other.pk, one.pk])

    assert given.starts.tolist() == [0, 3, 4]
    assert given.days.tolist() == [making.month(month) for month in (1, 2, 3, 2)]
    np.testing.assert_array_equal(given.numerators, [-1e300, 0.0, 0.1, 5e-324])
    np.testing.assert_array_equal(given.denominators, [3.0, 0.0, np.nan, 1.5])
    np.testing.assert_array_equal(given.contacts, [np.nan, 0, 7, 2**40])


def test_no_series_have_no_values(db):
    assert observations.arrays([]).starts.tolist() == [0]


def test_a_series_without_values_lies_between_others(world):
    metric = making.metric(world.a.organisation)
    one, none, other = (
        making.series(metric, unit, values)
        for unit, values in ((world.a.team, [1, 2]), (world.a.other_team, []), (world.a.department, [3]))
    )

    given = observations.arrays([other.pk, none.pk, one.pk])

    assert (given.starts.tolist(), given.values.tolist()) == ([0, 2, 2, 3], [1, 2, 3])


def test_rows_that_come_as_they_lie_are_put_in_order_of_their_days():
    rows = np.array([[3, 30.0], [1, 10.0], [2, 20.0]])

    assert observations.in_order(rows).tolist() == [[1, 10], [2, 20], [3, 30]]
    assert observations.in_order(rows[:0]).tolist() == []


def test_what_is_stored_does_not_depend_on_how_many_go_at_once(world, monkeypatch):
    metric = making.metric(world.a.organisation, kind="proportion", scale=100)
    units = (world.a.team, world.a.other_team, world.a.department)
    ids = [making.series(metric, unit, [9, 12, 10 + place, 14, 30, 11]).pk for place, unit in enumerate(units)]
    Observation.objects.filter(series=ids[0]).update(denominator=40)

    def stored():
        columns = [name for name in (field.attname for field in Analysis._meta.fields) if name != "computed_at"]
        rows = Analysis.objects.order_by("series").values_list(*columns, "drawn__tail", "drawn__content")
        return [[bytes(value) if isinstance(value, memoryview) else value for value in row] for row in rows]

    analysing.analyse_series(ids)
    together = stored()
    # As of many: by a table to copy into (PostgreSQL), the observations read in parts.
    monkeypatch.setattr(bulk, "FEW", 0)
    monkeypatch.setattr(observations, "AT_ONCE", 1)
    Analysis.objects.update(inputs_hash="stale", mean=None)
    AnalysisPoints.objects.update(content=b"")
    analysing.analyse_series(ids)

    assert len(together) == 3
    assert stored() == together

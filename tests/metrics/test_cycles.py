"""Confirmed, Watch, Quiet: judged over all series of an organisation, announced once."""

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jobs import workflow as jobs
from metrics import analysing
from metrics.models import Analysis, Cycle, NullTable, Observation, Signal
from metrics.workflow import analyses, signals
from tests.metrics import making

pytestmark = pytest.mark.django_db
NOISE = np.random.default_rng(7).normal(50, 2, (40, 30)).round(2).tolist()
OUTLIER = [*making.STEADY, 50, 52, 49, 51, 50, 53, 61]


def noise(world, count=12):
    """Series of one metric that only chance moves; analysed."""
    metric = making.metric(world.a.organisation, "Noise")
    made = [making.series(metric, unit, NOISE[place]) for place, unit in enumerate([world.a.team])]
    made += [
        making.series(making.metric(world.a.organisation, f"Noise {place}"), world.a.team, NOISE[place])
        for place in range(1, count)
    ]
    analysing.analyse_series([one.pk for one in made])
    return made


def judged(world):
    (cycle,) = analysing.judge([world.a.organisation.pk])
    return cycle


def standing(series):
    return Analysis.objects.get(series=series).standing


def test_a_lasting_drop_among_noise_is_confirmed_and_the_noise_is_not(world):
    others = noise(world)
    one = making.falling(world.a.team)

    cycle = judged(world)

    assert standing(one) == "confirmed"
    assert {standing(other) for other in others} <= {"quiet", "watch"}
    assert (cycle.series, cycle.judged, cycle.confirmed) == (13, 13, 1)
    told = Signal.objects.get(rule="scan")
    # The last eight months are 40.25 on average, the thirteen before 50.46.
    assert (told.series, told.direction, told.points, told.point_type) == (one, -1, 8, "concern")
    assert (told.first_day, told.last_day) == (making.month(13), making.month(20))
    assert (told.facts["level"], told.facts["before"]) == (pytest.approx(40.25), pytest.approx(656 / 13))


def test_a_mark_that_chance_explains_is_on_watch(world):
    noise(world)
    one = making.series(making.metric(world.a.organisation), world.a.team, [*NOISE[30][:29], 57])
    analysing.analyse_series([one.pk])

    cycle = judged(world)

    stored = Analysis.objects.get(series=one)
    assert (stored.variation, stored.standing) == ("improvement", "watch")
    assert 0.001 < stored.p < 0.2
    assert cycle.watch >= 1
    # Thirteen stable series of 30 values: each shows an icon in about 1.7 of 100 cycles, more if they hang together.
    assert cycle.chance == pytest.approx(sum(Analysis.objects.values_list("chance", flat=True)))
    assert 0.2 < cycle.chance < 1.0


def test_a_short_series_has_too_few_values(world):
    one = making.series(making.metric(world.a.organisation), world.a.team, [10, 12, 11, 13])
    analysing.analyse_series([one.pk])

    cycle = judged(world)

    assert (standing(one), Analysis.objects.get(series=one).p) == ("too_few", None)
    assert (cycle.series, cycle.judged) == (1, 0)


def test_judged_again_nothing_is_written_or_announced_anew(world):
    making.falling(world.a.team)
    judged(world)
    before = Signal.objects.get(rule="scan")

    with CaptureQueriesContext(connection) as seen:
        judged(world)

    after = Signal.objects.get(rule="scan")
    assert (after.pk, after.first_seen_at, after.state) == (before.pk, before.first_seen_at, "open")
    written = [each["sql"] for each in seen if each["sql"].startswith(("UPDATE", "INSERT"))]
    assert [sql.split('"')[1] for sql in written] == ["metrics_cycle"]


def test_a_confirmed_signal_stays_open_until_somebody_says_what_is_known(world):
    one = making.falling(world.a.team)
    judged(world)
    making.observe(one, [40, 42], first=21)
    analysing.analyse_series([one.pk])
    judged(world)
    grown = Signal.objects.get(rule="scan")
    assert (grown.state, grown.first_day, grown.last_day) == ("open", making.month(13), making.month(22))

    signals.acknowledge(world.a.supervisor, grown, "The new rota")
    making.observe(one, [41], first=23)
    analysing.analyse_series([one.pk])
    judged(world)

    known = Signal.objects.get(rule="scan")
    assert (known.pk, known.state, known.word) == (grown.pk, "acknowledged", "The new rota")


def test_a_change_that_ended_stays_open_but_is_not_current(world):
    one = making.falling(world.a.team)
    judged(world)
    making.observe(one, [50, 52, 49, 51, 50, 53, 48, 50, 51, 49, 52, 50, 51] * 2, first=21)
    analysing.analyse_series([one.pk])

    judged(world)

    kept = Signal.objects.get(rule="scan", direction=-1)
    assert (kept.state, kept.current, kept.gone) == ("open", False, False)


def test_a_change_whose_values_were_taken_back_is_no_signal(world):
    one = making.falling(world.a.team)
    judged(world)
    Observation.objects.filter(series=one, day__gte=making.month(13)).delete()
    analysing.analyse_series([one.pk])

    judged(world)

    assert list(Signal.objects.filter(rule="scan")) == []


def test_an_import_that_touches_one_series_computes_one_and_refreshes_the_others(world):
    others = noise(world)
    one = making.steady(world.a.team)
    judged(world)
    stamps = dict(Analysis.objects.values_list("series_id", "computed_at"))
    making.observe(one, [40, 41, 39, 40, 42, 40, 39, 41], first=13)

    analyses.enqueue([one.pk])
    jobs.run_pending()

    fresh = dict(Analysis.objects.values_list("series_id", "computed_at"))
    assert {pk for pk in fresh if fresh[pk] != stamps[pk]} == {one.pk}
    assert standing(one) == "confirmed"
    assert Cycle.objects.first().series == len(others) + 1


def test_many_series_cost_as_many_queries_as_few(world):
    noise(world, 3)
    making.falling(world.a.team)
    judged(world)
    with CaptureQueriesContext(connection) as few:
        judged(world)

    noise_more = making.metric(world.a.organisation, "More")
    assert noise_more.pk
    for place in range(20):
        unit = making.metric(world.a.organisation, f"More {place}")
        analysing.analyse_series([making.series(unit, world.a.team, NOISE[place + 5]).pk])
    judged(world)
    with CaptureQueriesContext(connection) as many:
        judged(world)

    assert len(many) == len(few) <= 15


def test_each_organisation_is_judged_for_itself(world):
    making.falling(world.a.team)
    making.falling(world.b.team)

    judged(world)

    assert [signal.series.unit for signal in Signal.objects.filter(rule="scan")] == [world.a.team]


def test_null_tables_are_kept_with_their_seed(world, monkeypatch):
    from metrics.analysing import nulls

    monkeypatch.setattr(nulls, "_known", {})
    making.falling(world.a.team)
    judged(world)

    tables = list(NullTable.objects.order_by("n").values_list("n", "phi", "draws", "seed"))
    # 21 values lie between the lengths 20 and 26 of the grid.
    assert tables == [(20, 0, 60_000, 20261121), (26, 0, 60_000, 20261121)]

"""What people add to a sample: a target with its trajectory, and a day to compare before and after. Each sentence on them is
worked out again from the rows that the file became."""

import datetime as dt
import math
import statistics

import pytest
from django.utils import translation

from jobs import workflow as jobs
from metrics import analysing
from metrics.models import Analysis, Metric, Target
from metrics.queries.agreements import possible
from metrics.trajectories import Planned
from metrics.wording.outlooks import chance_told
from metrics.workflow import comparisons, targets
from teams import clock

from . import everywhere
from .beforeafter import FEWEST
from .checking import faults_of, unexplained
from .recompute import raw_of
from .targets import chance_facts

pytestmark = pytest.mark.django_db
SHOWN, LOOKED = 12, 4  # series of a sample, whose targets or days of change are looked at
LONG = dt.timedelta(days=400)


def values_of(series):
    return [one.value for one in raw_of(series) if math.isfinite(one.value)]


def agree(desk, series):
    """What is a little better than the middle of its values, from a day in their midst, with a way to it."""
    metric, raw = series.metric, [one for one in raw_of(series) if math.isfinite(one.value)]
    middle = statistics.median(one.value for one in raw)
    goal = middle + metric.direction * statistics.stdev(one.value for one in raw) / 4
    least, most = possible(metric.kind, metric.scale, metric.derived)
    if not least < goal < most:
        return None
    day = dt.date.fromordinal(raw[len(raw) // 2].day)
    by = dt.date.fromordinal(raw[-1].day) + LONG / 2
    trajectory = Planned(middle, day, by) if by - day < 10 * LONG / 2 else None
    return targets.set_target(
        desk.person, metric, series.unit, goal, day, "Agreed", source="Plan", agreed_with="", trajectory=trajectory
    )


@pytest.mark.parametrize("way", [1, -1])
def test_every_sentence_on_a_target_is_in_the_data(sample, way):
    desk, _rows, chosen, _of = sample
    Metric.objects.filter(pk__in={one.metric_id for one in chosen}).update(direction=way)
    by_pk = {one.pk: one for one in everywhere.all_series(pk__in=[one.pk for one in chosen])}
    agreed = {}
    for one in chosen:
        series = by_pk[one.pk]
        if len(set(values_of(series))) > 2 and (series.metric_id, series.unit_id) not in agreed and len(agreed) < SHOWN:
            agreed[series.metric_id, series.unit_id] = agree(desk, series) and series
    some = [one for one in agreed.values() if one]
    analysing.analyse_series([one.pk for one in some])
    told = 0
    for series in some:
        analysis = Analysis.objects.select_related("series__metric", "series__unit").get(series=series)
        chance, facts = chance_facts(series, clock.today().toordinal())
        for language in ("en-gb", "de"):
            with translation.override(language):
                said = chance_told(series, analysis)
                assert faults_of(said, facts) == [], said
        assert analysis.target_chance is None or analysis.target_chance == pytest.approx(chance, rel=1e-9)
        told += analysis.target_chance is not None
    ways = list(everywhere.planned())
    assert [(one, *fault) for one, facts in ways for fault in unexplained(one, facts)] == []
    assert told > 0 and (ways or not Target.objects.filter(start_value__isnull=False).exists())


def test_every_sentence_on_before_and_after_is_in_the_data(sample):
    desk, _rows, chosen, _of = sample
    chosen = [one for one in chosen if len(values_of(one)) > FEWEST + 4 and len(set(values_of(one))) > 2][:LOOKED]
    for one in chosen:
        raw = raw_of(one)
        comparisons.compare(desk.person, one, dt.date.fromordinal(raw[2 * len(raw) // 3].day), "The new rota")
    jobs.run_pending()
    told = list(everywhere.effects())
    assert [(str(one.fact), *fault) for one, facts in told for fault in faults_of(one, facts)] == []
    assert [fault for one, facts in everywhere.beside_effects() for fault in unexplained(one, facts)] == []
    seasons = list(everywhere.seasons_of_effects())
    assert [pair for pair in seasons if pair[0] != pair[1]] == []
    assert len(told) == len(chosen)

"""Has the level of a series moved lately? The scan of all series, with what its sentence needs, ready to be stored."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from metrics import bulk
from metrics.analysing.inputs import Inputs
from metrics.models import Metric
from metrics.trends import Result, codes, scales
from metrics.trends.scan import Scan, scan

# By the chart that a series is drawn on (metrics.trends.choice); without one of these the kind of its metric decides:
# a time or a rate whose counts are not known is skewed to the right.
SCALES = {
    codes.P: scales.SHARE,
    codes.U: scales.RATE,
    codes.C: scales.COUNT,
    codes.LOG: scales.LOG,
    codes.T: scales.WAIT,
    codes.G: scales.WAIT,
}
SKEWED = (Metric.Kind.DURATION.value, Metric.Kind.RATE.value)


def columns(given: Inputs, chosen: Sequence[int], result: Result) -> list[bulk.Column]:
    """What an analysis keeps of its scan: of the chosen series of the inputs, over the latest phase of each."""
    last = result.first_phase[1:] - 1
    drawn = last >= result.first_phase[:-1]
    begins = np.where(drawn, result.phase_starts[np.maximum(last, 0)], result.starts[:-1])
    found = scan(_scaled(given, chosen, result, begins), result.starts, begins)
    known = found.window > 0
    days = result.days[np.maximum(found.first, 0)] if len(result.days) else np.zeros(len(chosen), np.int64)
    after, before = _levels(result, found, begins)
    # Ranks may rise where a few long ones make the mean fall; the sentence tells means, and says nothing of a change
    # that they do not show.
    with np.errstate(invalid="ignore"):
        shown = np.sign(after - before) == found.direction
    return [
        bulk.Column("scan", np.where(known, np.where(shown, found.statistic * found.direction, 0.0), np.nan)),
        bulk.Column("scan_n", found.n),
        bulk.Column("window", found.window),
        bulk.Column("window_day", np.where(known, days, 0), null=~known),
        bulk.Column("level", after),
        bulk.Column("level_before", before),
        bulk.Column("own_phi", found.own_phi),
        bulk.Column("rest_phi", found.rest_phi),
    ]


def _scaled(given: Inputs, chosen: Sequence[int], result: Result, begins: np.ndarray) -> np.ndarray:
    parts = [slice(given.starts[index], given.starts[index + 1]) for index in chosen]
    nothing = np.zeros(0)
    above, below = (
        np.concatenate([nothing, *(of[part] for part in parts)]) for of in (given.numerators, given.denominators)
    )
    bare = [scales.LOG if given.series[index].kind in SKEWED else scales.PLAIN for index in chosen]
    scale = [SCALES.get(chart, plain) for chart, plain in zip(result.chart.tolist(), bare, strict=True)]
    return scales.scanned(result.values, above, below, result.starts, begins, np.array(scale, np.int8))


def _levels(result: Result, found: Scan, begins: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The means of the window and of what lies before it in the phase, in the metric's unit (nan without a window)."""
    owner = np.repeat(np.arange(len(begins)), np.diff(result.starts))
    place = np.arange(len(result.values))
    used = ~np.isnan(result.values) & (place >= begins[owner]) & (found.first >= 0)[owner]
    inside = used & (place >= found.first[owner])
    return _means(result.values, inside, owner, len(begins)), _means(result.values, used & ~inside, owner, len(begins))


def _means(values: np.ndarray, chosen: np.ndarray, owner: np.ndarray, size: int) -> np.ndarray:
    with np.errstate(all="ignore"):
        sums = np.bincount(owner[chosen], values[chosen], size)
        return sums / np.bincount(owner[chosen], minlength=size)

"""Ordinary data on which statistics often fail, and the register of every public method of metrics/trends with a way
to give it such data. A new public function without a row here, or a reason in APART, fails the build."""

import importlib
import inspect
import math
import pkgutil

import numpy as np

import metrics.trends
from metrics.trends import (
    Batch,
    Settings,
    agreement,
    analyse,
    anhoej,
    breaks,
    chance,
    codes,
    completed,
    correlating,
    counts,
    differences,
    drift,
    effect,
    fleet,
    funnels,
    gradual,
    intervals,
    limits,
    maximal,
    mixing,
    nulls,
    outcome,
    outlook,
    packing,
    phases,
    scales,
    scan,
    season,
    seasonal,
    shrinking,
    steps,
    stretches,
    suggestion,
)

NAN, INF = math.nan, math.inf
WOBBLE = [83.0, 85.5, 82.0, 86.5, 84.0, 81.0, 87.5, 83.5, 84.5, 82.5, 85.0, 86.0, 80.5, 84.0, 83.0, 85.0, 88.0, 82.0]

SERIES = {
    "nothing": [],
    "one point": [4.0],
    "two points": [4.0, 6.0],
    "two equal points": [4.0, 4.0],
    "ordinary": WOBBLE * 2,
    "constant": [7.0] * 24,
    "all zero": [0.0] * 24,
    "nearly all zero": [0.0] * 12 + [3.0] + [0.0] * 11,
    "one missing inside": [*WOBBLE[:9], NAN, *WOBBLE[10:]],
    "missing in a row": [*WOBBLE[:5], NAN, NAN, NAN, *WOBBLE[8:]],
    "missing at both ends": [NAN, *WOBBLE[1:-1], NAN],
    "every second missing": [value if place % 2 else NAN for place, value in enumerate(WOBBLE * 2)],
    "all missing": [NAN] * 12,
    "one value among missing": [NAN] * 5 + [3.0] + [NAN] * 5,
    "infinite inside": [*WOBBLE[:9], INF, *WOBBLE[10:14], -INF, *WOBBLE[15:]],
    "ties": [float(place // 4 % 3) for place in range(36)],
    "two values only": [0.0, 1.0] * 14,
    "two rises in a row": [*WOBBLE, *(value + 12 for value in WOBBLE), *(value + 30 for value in WOBBLE)],
    "a rise that ends at the last point": [float(place) for place in range(9)],
    "below zero": [value - 100 for value in WOBBLE],
    "both signs": [value - 84 for value in WOBBLE],
    "huge": [value * 1e12 for value in WOBBLE],
    "tiny": [value * 1e-12 for value in WOBBLE],
    "enormous": [value * 1e200 for value in WOBBLE],
    "vanishing": [value * 1e-200 for value in WOBBLE],
    "beyond squares": [value * 1e200 for value in WOBBLE],
    "below squares": [value * 1e-200 for value in WOBBLE],
    "huge level, small change": [1e9 + value * 1e-3 for value in WOBBLE],
    "one huge among small": [*WOBBLE[:9], 1e15, *WOBBLE[9:]],
}


def days_of(values):
    return 738_000 + 7 * np.arange(len(values))


def batch_of(values, **options):
    return Batch.build(values, [0, len(values)], days_of(values), direction=[1], target=[80.0], **options)


def on_every_chart(values):
    """As a number, a share, a rate, a count, a time; the counts whole and the ready-made number as it is."""
    whole = as_counts(values)
    with np.errstate(all="ignore"):
        for chart in (codes.XMR, codes.P, codes.U, codes.C, codes.LOG, codes.T, codes.G):
            below = whole + 20 if chart in (codes.P, codes.U) else np.full(len(whole), NAN)
            made = np.where(np.isnan(below), whole, whole / below)
            for flat in (values, made):
                yield batch_of(flat, chart=[chart], numerators=whole, denominators=below)


def halves(values):
    """Two raters, or two columns, out of one list."""
    middle = len(values) // 2
    return np.array([values[:middle], values[middle : 2 * middle]], np.float64)


def as_counts(values):
    """Whole numbers that are not negative; what is missing or infinite stays so."""
    array = np.array(values, np.float64)
    return np.where(np.isnan(array), NAN, np.round(np.abs(array)))


def _halved(values):
    early = np.arange(len(values)) < len(values) // 2
    return early, ~early


def read_outcome(values, **options):
    days = days_of(values)
    middle = int(days[len(days) // 2]) if len(days) else 738_000
    return outcome.read_outcome(values, days, middle - 1, middle, 1, **options)


def limits_of(values):
    block = limits.take_block(
        np.array(values, np.float64), np.array([0, len(values)]), np.zeros(1, np.int64), np.ones(1, np.bool_)
    )
    with np.errstate(all="ignore"):  # as analyse calls it
        return limits.find_limits(block, Settings())


def finite(values):
    """For methods whose promise is about values without gaps."""
    return [value for value in values if math.isfinite(value)]


KINDS = ("p", "p'", "u", "u'", "c", "g", "t")
NULLS = {key: nulls.table(*key, draws=200) for key in nulls.keys([30], [0.1])}


def whole_of(values):
    return np.array([0, len(values)])


def chances_from(values):
    """Numbers within 0 to 1, missing where the values are."""
    return 1 / (1 + np.abs(np.array(values, np.float64)))


def of_units(values):
    """Means and counts of units are made from finite values; the largest here have squares."""
    array = np.array(values, np.float64)
    return np.where((np.abs(array) < 1e150) & ((np.abs(array) > 1e-150) | (array == 0)), array, NAN)


def mean_limits(values):
    means, errors = halves(of_units(values))
    return differences.mean_limits(means, errors, as_counts(means), 3.0)


def rate_limits(values):
    events, exposure = halves(as_counts(of_units(values)))
    return differences.rate_limits(events, exposure, 3.0)


def shrunk(values):
    means, errors = halves(values)
    return suggestion.shrink(means, errors, 1)


def phase_of(values):
    return outlook.phase_in_force(analyse(batch_of(values)), [False])


def effects(values):
    days = days_of(values)
    middle = int(days[len(days) // 2]) if len(days) else 738_000
    return [
        effect.read_effect(values, days, middle - 1, middle, "week", 1, logarithmic=logarithmic)
        for logarithmic in (False, True)
    ]


def cohens(values):
    return [agreement.cohen(*halves(values), weights=weights) for weights in ("none", "linear", "quadratic")]


def count_charts(values):
    return [
        counts.count_chart(kind, values, size, screen=screen)
        for kind in KINDS
        for size in ([50.0] * len(values), values, values[::-1])
        for screen in (True, False)
    ]


# Method -> one or more ways to call it with a list of values.
METHODS = {
    "agreement.cohen": cohens,
    "agreement.fleiss": lambda values: agreement.fleiss(halves(values)),
    "agreement.krippendorff": lambda values: [
        agreement.krippendorff(halves(values), scale) for scale in ("nominal", "ordinal", "interval")
    ],
    "analysis.analyse": lambda values: drawn(analyse(batch_of(values))),
    "anhoej.anhoej": lambda values: anhoej.anhoej(values, [1.0] * len(values)),
    "choice.choose": lambda values: [drawn(analyse(batch)) for batch in on_every_chart(values)],
    "breaks.find_breaks": lambda values: [breaks.find_breaks(values, phi) for phi in (0.0, 0.3)],
    "chance.icon_rate": lambda values: chance.icon_rate(len(values), [0.0, 0.3, NAN]),
    "effect.read_effect": effects,
    "fleet.passing": lambda values: [fleet.passing(chances_from(values), method=name) for name in ("bh", "by")],
    "fleet.shared_phi": lambda values: fleet.shared_phi(
        np.arange(len(values)) % 2, chances_from(values), chances_from(values[::-1])
    ),
    "nulls.chances": lambda values: nulls.chances(
        np.array(as_counts(values)), np.full(len(values), 30), np.full(len(values), 0.1), NULLS, draws=200
    ),
    "outlook.chance_of": lambda values: outlook.chance_of(phase_of(values), [80.0], [1]),
    "outlook.hits_of": lambda values: outlook.hits_of(
        np.array(values, np.float64), np.full(len(values), 80.0), whole_of(values), [1]
    ),
    "outlook.met_by": lambda values: outlook.met_by(
        np.array(finite(values)), np.full(len(finite(values)), 80.0), np.ones(len(finite(values)))
    ),
    "outlook.moving": lambda values: outlook.moving(analyse(batch_of(values))),
    "outlook.next_values": lambda values: outlook.next_values(phase_of(values)),
    "outlook.phase_in_force": lambda values: [
        outlook.phase_in_force(analyse(batch_of(values)), [times]) for times in (False, True)
    ],
    "outlook.reached_with": lambda values: outlook.reached_with(phase_of(values), (0.3, 0.9), [1]),
    "scales.scanned": lambda values: [
        scales.scanned(
            np.array(values), as_counts(values), np.full(len(values), 50.0), whole_of(values), np.array([0]), code
        )
        for code in np.arange(4, dtype=np.int8)[:, None]
    ],
    "scan.scan": lambda values: scan.scan(np.array(values, np.float64), whole_of(values)),
    "season.find_season": lambda values: [
        season.find_season(values, days_of(values), cycle) for cycle in (365.25, 7.0)
    ],
    "seasonal.seasonal_naive": lambda values: [
        seasonal.seasonal_naive(values, days_of(values), 738_000, cycle) for cycle in (365.25, 7.0)
    ],
    "suggestion.advise": lambda values: suggestion.advise(days_of(values), chances_from(values)),
    "suggestion.best_sustained": lambda values: [suggestion.best_sustained(values, way) for way in (1, -1, 0)],
    "suggestion.shrink": shrunk,
    "steps.steps_of": lambda values: [steps.steps_of(days_of(values), period) for period in ("day", "week", "month")],
    "completed.nelson": completed.nelson,
    "completed.weco": completed.weco,
    "completed.z_scores": completed.z_scores,
    "counts.count_chart": count_charts,
    "counts.mean_range": lambda values: [
        counts.mean_range(np.array(finite(values)), screen) for screen in (True, False)
    ],
    "correlating.between": lambda values: correlating.between(*halves(values)),
    "correlating.together": lambda values: correlating.together(values, values[::-1], draws=20),
    "correlating.whitened": correlating.whitened,
    "differences.inflation": lambda values: [
        differences.inflation(
            as_counts(of_units(values)), as_counts(of_units(values)) + 9, np.zeros(len(values), np.int64), shares=shares
        )
        for shares in (True, False)
    ],
    "differences.mean_limits": mean_limits,
    "differences.rate_limits": rate_limits,
    "differences.share_limits": lambda values: differences.share_limits(
        as_counts(of_units(values)), as_counts(of_units(values)) + 9, 3.0
    ),
    "differences.told_apart": lambda values: differences.told_apart(
        of_units(values), of_units(values) - 1, of_units(values) + 1
    ),
    "mixing.split": lambda values: [
        mixing.split(*halves(as_counts(of_units(values))), *halves(as_counts(of_units(values))), shares=shares)
        for shares in (True, False)
    ],
    "shrinking.shrink": lambda values: shrinking.shrink(*halves(of_units(values))),
    "shrinking.shrink_rates": lambda values: shrinking.shrink_rates(*halves(as_counts(of_units(values)))),
    "shrinking.shrink_shares": lambda values: shrinking.shrink_shares(
        as_counts(of_units(values)), as_counts(of_units(values)) + 9
    ),
    "drift.autocorrelation": lambda values: drift.autocorrelation(finite(values)),
    "drift.mann_kendall": drift.mann_kendall,
    "drift.mann_kendall_whitened": drift.mann_kendall_whitened,
    "drift.sen_slope": lambda values: [drift.sen_slope(values), drift.sen_slope(values, days_of(values))],
    "funnels.counts_compared": lambda values: funnels.counts_compared(*halves(as_counts(values))),
    "funnels.funnel_rates": lambda values: funnels.funnel_rates(*halves(as_counts(values))),
    "funnels.funnel_ratios": lambda values: [
        funnels.funnel_ratios(*halves(as_counts(values)), method=method) for method in ("SHMI", "CQC")
    ],
    "funnels.funnel_shares": lambda values: [
        funnels.funnel_shares(as_counts(values), as_counts(values) + extra, exact=exact)
        for extra in (0, 9)
        for exact in (True, False)
    ],
    "gradual.cusum": lambda values: [gradual.cusum(values), gradual.cusum(values, baseline=3)],
    "gradual.ewma": lambda values: [gradual.ewma(values), gradual.ewma(values, baseline=3)],
    "gradual.level_of": gradual.level_of,
    "intervals.clopper_pearson": lambda values: intervals.clopper_pearson(*halves(as_counts(values))),
    "intervals.jeffreys": lambda values: intervals.jeffreys(*halves(as_counts(values))),
    "intervals.net_promoter": lambda values: intervals.net_promoter(values, values[::-1], [1.0] * len(values)),
    "intervals.wilson": lambda values: intervals.wilson(*halves(as_counts(values))),
    "limits.find_limits": lambda values: limits_of(finite(values)) if finite(values) else None,
    "maximal.runs": lambda values: maximal.runs(analyse(batch_of(values))),
    "outcome.read_outcome": lambda values: [read_outcome(values), read_outcome(values, target=80.0, needed=3)],
    "packing.pack": lambda values: drawn(packing.unpack(packing.pack(analyse(batch_of(values)), 0))),
    "packing.cut": lambda values: drawn(packing.unpack(packing.cut(packing.pack(analyse(batch_of(values)), 0), 12))),
    "stretches.t_quantile": lambda values: [stretches.t_quantile(degrees) for degrees in (2.0, 2.5, 40.0)],
    "stretches.compared": lambda values: [
        stretches.compared(np.where(np.isfinite(values), values, NAN), np.full(len(values), 9.0), _halved(values), how)
        for how in ("values", "counts")
    ],
    "phases.find_phases": lambda values: phases.find_phases(
        batch_of(values, rebase=[(0, 738_030), (0, 738_031), (0, 1), (0, 900_000)]), Settings()
    ),
}
# Methods that say by a ValueError of their own what they need.
REFUSALS = {"agreement.fleiss": "a rating by every rater"}
# Functions that are no methods on data of their own, each with the reason.
APART = {
    "breaks.chance_of": "called by find_breaks",
    "charting.back": "called by analyse",
    "charting.on_scale": "called by analyse",
    "charting.slack_of": "called by analyse",
    "charting.to_lines": "called by analyse",
    "charting.to_scale": "called by analyse",
    "choice.wanted": "of words alone",
    "nulls.keys": "of lengths alone",
    "nulls.rounded": "of autocorrelations that are known to be numbers",
    "nulls.shares": "of no data",
    "nulls.stable": "makes data",
    "nulls.statistic": "of drawn values alone",
    "outlook.band_of": "of a chance alone",
    "periods.first_day": "of dates alone",
    "periods.later": "of dates alone",
    "periods.whole_between": "of dates alone",
    "placebo.dates": "called by read_effect",
    "placebo.onset": "called by read_effect",
    "prais.autocorrelation": "called by fit",
    "prais.fit": "called by read_effect, which brings values of any size near 1",
    "scan.usable": "called with what scan gave",
    "second.second_opinion": "called by analyse",
    "second.since_of": "called by analyse",
    "sides.bad_start": "called by read_effect",
    "sides.ordinary": "called by read_effect",
    "sides.scale_of": "called by read_effect",
    "sides.sides_of": "called by read_effect",
    "correlating.disattenuated": "of a correlation alone",
    "correlating.smallest_seen": "of a number of pairs alone",
    "differences.critical": "of a number of units alone",
    "funnels.overdispersion": "called by the funnels",
    "funnels.rate_curves": "called with what the funnels gave",
    "funnels.share_curves": "called with what the funnels gave",
    "funnels.poisson_limits": "called by the funnels alone, with their missing units",
    "limits.limits_around": "called by find_limits",
    "limits.take_block": "called by find_limits",
    "packing.pack_all": "pack for every series",
    "packing.unpack": "called with what pack gave",
    "rules.find_marks": "called by analyse",
}


def drawn(found):
    names = ("values", "mean", "amr", "lpl", "upl", "nlpl", "nupl", "marks", "label", "point_type")
    return [getattr(found, name) for name in names]


def public_functions():
    """module.function of everything public in metrics/trends but the tables, whose poor cells have tests of their own."""
    found = set()
    for module in pkgutil.walk_packages(metrics.trends.__path__, "metrics.trends."):
        if ".tables" in module.name:
            continue
        for name, thing in vars(importlib.import_module(module.name)).items():
            if inspect.isfunction(thing) and thing.__module__ == module.name and not name.startswith("_"):
                found.add(f"{module.name.removeprefix('metrics.trends.')}.{name}")
    return found

"""The register of every public method of metrics/trends, with a way to give it ordinary data (``ordinary_series``). A new
public function without a row here, or a reason in ``ordinary_apart``, fails the build."""

import math

import numpy as np

from metrics.trends import (
    Batch,
    Settings,
    agreement,
    analyse,
    anhoej,
    blocks,
    breaks,
    chance,
    codes,
    completed,
    correlating,
    counts,
    decomposing,
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
    prospect,
    raters,
    scales,
    scan,
    season,
    seasonal,
    shrinking,
    steps,
    stretches,
    suggestion,
    usual,
)

from .ordinary_series import NAN


def days_of(values):
    return 738_000 + 7 * np.arange(len(values))


def days_by(period, values):
    """The first days of periods, one after the other."""
    first = np.datetime64("2021-08-01")
    places = np.arange(len(values))
    if period == "month":
        found = (first.astype("datetime64[M]") + places).astype("datetime64[D]")
    else:
        found = first + places * (7 if period == "week" else 1)
    return found.astype(np.int64) + 719_163


def batch_of(values, direction=1, **options):
    return Batch.build(values, [0, len(values)], days_of(values), direction=[direction], target=[80.0], **options)


WAYS = (1, -1, 0)
# As the product analyses, and every other way there is.
SETTINGS = (
    Settings(),
    Settings(mode="compat"),
    Settings(screen=False),
    Settings(ties="skip"),
    Settings(fix_after_n=12),
)


def analysed(values):
    """By all settings, whichever direction is better, screened or not. The other program, which compat answers like,
    knows no infinite values."""
    batches = [batch_of(values, way, screen=[screened]) for way in WAYS for screened in (True, False)]
    known = batch_of([value if math.isfinite(value) else NAN for value in values])
    ways = [(batches[0] if settings.product else known, settings) for settings in SETTINGS]
    return [drawn(analyse(batch, settings)) for batch, settings in (*ways, *((batch, Settings()) for batch in batches))]


def on_every_chart(values):
    """As a number, a share, a rate, a count, a time; the counts whole and the ready-made number as it is."""
    whole = as_counts(values)
    with np.errstate(all="ignore"):
        for chart in (codes.XMR, codes.P, codes.U, codes.C, codes.LOG, codes.T, codes.G):
            below = whole + 20 if chart in (codes.P, codes.U) else np.full(len(whole), NAN)
            made = np.where(np.isnan(below), whole, whole / below)
            for flat in (values, made):
                yield batch_of(flat, chart=[chart], numerators=whole, denominators=below)
        # Beside one of another kind.
        twice, size = np.tile(days_of(values), 2), len(values)
        yield Batch.build(
            np.tile(values, 2), [0, size, 2 * size], twice, chart=[codes.XMR, codes.P],
            numerators=np.tile(whole, 2), denominators=np.tile(whole + 20, 2),
        )  # fmt: skip


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


def read_outcome(values, direction=1, **options):
    days = days_of(values)
    middle = int(days[len(days) // 2]) if len(days) else 738_000
    return outcome.read_outcome(values, days, middle - 1, middle, direction, **options)


def block_of(values):
    return limits.take_block(
        np.array(values, np.float64), np.array([0, len(values)]), np.zeros(1, np.int64), np.ones(1, np.bool_)
    )


def limits_of(values):
    block = block_of(values)
    with np.errstate(all="ignore"):  # as analyse calls it
        return limits.find_limits(block, Settings())


def usual_in(values):
    """The usual value and the points that have it, of what is left when infinite ones are made missing, as analyse does."""
    with np.errstate(all="ignore"):
        clean = np.where(np.isfinite(values), values, NAN)
        found = usual.usual_of(clean, block_of(clean))
        return [found, usual.at_usual(clean, block_of(clean), found)]


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
    return [suggestion.shrink(means, errors, way) for way in WAYS]


def phase_of(values):
    return outlook.phase_in_force(analyse(batch_of(values)), [False])


def effects(values):
    ways = [("week", way, logarithmic) for way in WAYS for logarithmic in (False, True)]
    found = []
    for period, way, logarithmic in [*ways, ("day", 1, False), ("month", 1, False)]:
        days = days_by(period, values)
        middle = int(days[len(days) // 2]) if len(days) else 738_000
        found.append(effect.read_effect(values, days, middle - 1, middle, period, way, logarithmic=logarithmic))
    return found


def cohens(values):
    return [agreement.cohen(*halves(values), weights=weights) for weights in ("none", "linear", "quadratic")]


def scored(values):
    """The halves as scores of two people, and all of them as scores of three, as numbers and as categories."""
    two = halves(values)
    units = two.shape[1]
    found = []
    for statistic in ("cohen", "alpha", "alpha_interval"):
        found.append(raters.agreement(np.tile(np.arange(units), 2), np.repeat([0, 1], units), two.ravel(), statistic))
    places = np.arange(len(values))
    for statistic in ("fleiss", "alpha", "alpha_interval"):
        found.append(raters.agreement(places // 3, places % 3, values, statistic))
    return found


def two_stretches(values):
    """Times are above 0, else the series is none of times."""
    known = np.where(np.isfinite(values), values, NAN)
    with np.errstate(invalid="ignore"):
        times = np.where(known > 0, known, NAN)
    return [
        stretches.compared(times if how == "times" else known, np.full(len(values), 9.0), _halved(values), how)
        for how in ("values", "counts", "times")
    ]


def count_charts(values):
    return [
        counts.count_chart(kind, values, size, screen=screen, widen_only=widen)
        for kind in KINDS
        for size in ([50.0] * len(values), values, values[::-1])
        for screen, widen in ((True, True), (False, True), (False, False))
    ]


# Method -> one or more ways to call it with a list of values.
METHODS = {
    "agreement.cohen": cohens,
    "agreement.fleiss": lambda values: agreement.fleiss(halves(values)),
    "agreement.krippendorff": lambda values: [
        agreement.krippendorff(halves(values), scale) for scale in ("nominal", "ordinal", "interval")
    ],
    "analysis.analyse": analysed,
    "anhoej.anhoej": lambda values: anhoej.anhoej(values, [1.0] * len(values)),
    "choice.choose": lambda values: [drawn(analyse(batch)) for batch in on_every_chart(values)],
    "breaks.find_breaks": lambda values: [breaks.find_breaks(values, phi) for phi in (0.0, 0.3)],
    "blocks.blocks": lambda values: blocks.blocks(np.array([0, len(values)])),
    "chance.icon_rate": lambda values: chance.icon_rate(len(values), [0.0, 0.3, NAN]),
    "decomposing.decompose": lambda values: [decomposing.decompose(values, 4, cycles) for cycles in (2, 5)],
    "effect.read_effect": effects,
    "fleet.passing": lambda values: [fleet.passing(chances_from(values), method=name) for name in ("bh", "by")],
    "fleet.shared_phi": lambda values: fleet.shared_phi(
        np.arange(len(values)) % 2, chances_from(values), chances_from(values[::-1])
    ),
    "nulls.chances": lambda values: nulls.chances(
        np.array(as_counts(values)), np.full(len(values), 30), np.full(len(values), 0.1), NULLS, draws=200
    ),
    "outlook.chance_of": lambda values: [outlook.chance_of(phase_of(values), [80.0], [way]) for way in WAYS],
    "outlook.hits_of": lambda values: [
        outlook.hits_of(np.array(values, np.float64), np.full(len(values), 80.0), whole_of(values), [way])
        for way in WAYS
    ],
    "outlook.met_by": lambda values: outlook.met_by(
        np.array(finite(values)), np.full(len(finite(values)), 80.0), np.ones(len(finite(values)))
    ),
    "outlook.moving": lambda values: outlook.moving(analyse(batch_of(values))),
    "outlook.next_values": lambda values: outlook.next_values(phase_of(values)),
    "outlook.phase_in_force": lambda values: [
        outlook.phase_in_force(analyse(batch_of(values)), [times]) for times in (False, True)
    ],
    "outlook.reached_with": lambda values: [outlook.reached_with(phase_of(values), (0.3, 0.9), [way]) for way in WAYS],
    "prospect.prospect": lambda values: [
        prospect.prospect(analyse(batch_of(values)), [times], [50.0], np.full(len(values), 50.0), [way])
        for times in (False, True)
        for way in WAYS
    ],
    "scales.scanned": lambda values: [
        scales.scanned(
            np.array(values), as_counts(values), np.full(len(values), 50.0), whole_of(values), np.array([0]), code
        )
        for code in np.arange(6, dtype=np.int8)[:, None]
    ],
    "scan.scan": lambda values: scan.scan(np.array(values, np.float64), whole_of(values)),
    "season.find_season": lambda values: [
        season.find_season(values, days_of(values), cycle) for cycle in (365.25, 7.0)
    ],
    "seasonal.seasonal_naive": lambda values: [
        seasonal.seasonal_naive(values, days_of(values), 738_000, cycle) for cycle in (365.25, 7.0)
    ],
    "suggestion.advise": lambda values: suggestion.advise(days_of(values), chances_from(values)),
    "suggestion.best_of_all": lambda values: suggestion.best_of_all(
        np.array(values, np.float64), np.array([0]), np.array([len(values)]), np.array([1])
    ),
    "suggestion.best_sustained": lambda values: [suggestion.best_sustained(values, way) for way in WAYS],
    "suggestion.shrink": shrunk,
    "steps.steps_of": lambda values: [steps.steps_of(days_of(values), period) for period in ("day", "week", "month")],
    "completed.nelson": completed.nelson,
    "completed.weco": completed.weco,
    "completed.z_scores": completed.z_scores,
    "raters.agreement": scored,
    "raters.choose": lambda values: [
        raters.choose(np.arange(len(values)) // 2, np.arange(len(values)) % 2, numbers=numbers)
        for numbers in (True, False)
    ],
    "raters.pairs_only": lambda values: raters.pairs_only(as_counts(finite(values)), np.arange(len(finite(values)))),
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
    "funnels.counts_compared": lambda values: [
        funnels.counts_compared(*halves(as_counts(values)), adjust=adjust) for adjust in (True, False)
    ],
    "funnels.funnel_rates": lambda values: [
        funnels.funnel_rates(*halves(as_counts(values)), adjust=adjust, exact=exact)
        for adjust in (True, False)
        for exact in (True, False)
    ],
    "funnels.funnel_ratios": lambda values: [
        funnels.funnel_ratios(*halves(as_counts(values)), method=method, adjust=adjust)
        for method in ("SHMI", "CQC")
        for adjust in (True, False)
    ],
    "funnels.funnel_shares": lambda values: [
        funnels.funnel_shares(as_counts(values), as_counts(values) + extra, adjust=adjust, exact=exact)
        for extra in (0, 9)
        for adjust in (True, False)
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
    "outcome.read_outcome": lambda values: [
        *(read_outcome(values, way) for way in WAYS),
        read_outcome(values, target=80.0, needed=3),
    ],
    "packing.pack": lambda values: drawn(packing.unpack(packing.pack(analyse(batch_of(values)), 0))),
    "packing.cut": lambda values: drawn(packing.unpack(packing.cut(packing.pack(analyse(batch_of(values)), 0), 12))),
    "stretches.t_quantile": lambda values: [stretches.t_quantile(degrees) for degrees in (2.0, 2.5, 40.0)],
    "stretches.compared": two_stretches,
    "usual.usual_of": lambda values: usual_in(values) if values else None,
    "usual.at_usual": lambda values: usual_in(values)[1] if values else None,
    "usual.usual_on": lambda values: usual.usual_on(tuple(halves(values))),
    "phases.find_phases": lambda values: phases.find_phases(
        batch_of(values, rebase=[(0, 738_030), (0, 738_031), (0, 1), (0, 900_000)]), Settings()
    ),
}
# Methods that say by a ValueError of their own what they need.
REFUSALS = {"agreement.fleiss": "a rating by every rater", "raters.agreement": "equally many scorings"}


def drawn(found):
    names = ("values", "mean", "amr", "lpl", "upl", "nlpl", "nupl", "marks", "label", "point_type")
    return [getattr(found, name) for name in names]

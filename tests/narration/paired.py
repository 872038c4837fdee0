"""Comparisons worked out again: groups, gaps, splits of a total, and two metrics side by side."""

import math
from itertools import combinations, groupby, pairwise

import numpy as np
from scipy import stats

from metrics.models import Observation

from . import charted
from .recompute import Facts, Raw, names_of, raw_of, seconds_of

CONSTANTS = [95, 1, 19, 20]
NAMED = 4  # more are not named but counted


def _about(metric, names):
    told = [name for name in (metric.name, "" if seconds_of(metric) else metric.measure, *names) if name]
    return Facts(names=sorted(told, key=len, reverse=True), seconds=seconds_of(metric))


def _alike(lines):
    """(1 + phi) / (1 - phi), phi the median autocorrelation of the lines, corrected for their length; from 20 on."""
    phis = []
    for line in lines:
        away, size = [value - charted.mean(line) for value in line], len(line)
        square = math.fsum(a * a for a in away)
        if size >= 20:
            r = math.fsum(a * b for a, b in pairwise(away)) / square if square else 0.0
            phis.append((r + 1 / size) / (1 - 3 / size))
    phi = min(0.9, max(0.0, float(np.median(phis)))) if phis else 0.0
    return (1 + phi) / (1 - phi)


def groups_facts(metric, series_of):
    """(names by band from the highest, facts) of shares or rates compared. series_of: {name of the group: its series}."""
    share = metric.kind == "proportion"
    lines = {name: raw_of(one) for name, one in series_of.items()}
    hits = {name: math.fsum(one.count for one in raw) for name, raw in lines.items()}
    sizes = {name: math.fsum(one.size for one in raw) for name, raw in lines.items()}
    middle = math.fsum(hits.values()) / math.fsum(sizes.values())
    ranges = []
    for name, raw in lines.items():
        p = hits[name] / sizes[name]
        if p == 0 or (share and p == 1):
            continue  # nothing varies
        z = [(one.count / one.size - p) / math.sqrt((p * (1 - p) if share else p) / one.size) for one in raw]
        ranges += [abs(b - a) for a, b in pairwise(z)]
    inflation = max(1.0, charted.mean(ranges) / 1.128)
    inflation *= math.sqrt(_alike([[one.value for one in raw] for raw in lines.values()]))
    sigmas = stats.studentized_range.ppf(0.95, len(lines), math.inf) / math.sqrt(2)
    of_counts = _wilson if share else _poisson
    limits = {name: of_counts(hits[name], sizes[name], sigmas, inflation) for name in lines}
    values = {name: hits[name] / sizes[name] for name in lines}
    parted = {frozenset(pair) for pair in combinations(lines, 2) if _parted(*pair, values, limits)}
    return _told_of(metric, lines, values, parted, middle, inflation)


def means_facts(metric, series_of):
    """The same of ready-made numbers: each group by how its own series moves, weighted by what lies behind a value. A
    group of one value counts in what they are together, and is told from none."""
    lines = {name: raw_of(one) for name, one in series_of.items()}
    alike = math.sqrt(_alike([[one.value for one in raw] for raw in lines.values()]))
    moving = {name: raw for name, raw in lines.items() if len(raw) > 1}
    sigmas = stats.studentized_range.ppf(0.95, len(moving), math.inf) / math.sqrt(2)
    values, limits = {}, {}
    behind = {name: _behind(one) for name, one in series_of.items()}
    weighted = all(weight and weight > 0 for weights in behind.values() for weight in weights)
    for name, raw in lines.items():
        weights = behind[name] if weighted else [1.0] * len(raw)
        whole = math.fsum(weights)
        mean = values[name] = math.fsum(w * one.value for w, one in zip(weights, raw, strict=True)) / whole
        if name not in moving:
            continue
        square = math.fsum((w * (one.value - mean)) ** 2 for w, one in zip(weights, raw, strict=True))
        error = math.sqrt(square * len(raw) / (len(raw) - 1)) / whole * alike
        half = stats.t.isf(stats.norm.sf(sigmas), len(raw) - 1) * error
        limits[name] = mean - half, mean + half
    parted = {frozenset(pair) for pair in combinations(moving, 2) if _parted(*pair, values, limits)}
    return _told_of(metric, moving, values, parted, charted.mean(list(values.values())) / metric.scale, 1.0, lines)


def _behind(series):
    rows = Observation.objects.filter(series=series).order_by("day").values_list("denominator", "n")
    return [n if size is None else size for size, n in rows]


def _told_of(metric, lines, values, parted, middle, inflation, everyone=None):
    order = sorted(lines, key=lambda name: -values[name])
    bands = [[order[0]]]
    for place in range(1, len(order)):
        line = all(frozenset((a, b)) in parted for a in order[:place] for b in order[place:])
        bands = [*bands, [order[place]]] if line else [*bands[:-1], [*bands[-1], order[place]]]
    everyone = everyone or lines
    days = [one.day for raw in everyone.values() for one in raw]
    sizes = [len(band) for band in bands if len(band) > NAMED]
    return bands, _about(metric, everyone) + Facts(
        numbers=[middle * metric.scale, len(bands), len(lines), len(parted), inflation, 99.8, *sizes, *CONSTANTS],
        days=[min(days), max(days)],
    )


def _wilson(hits, n, sigmas, inflation):
    hits, n = hits / inflation**2, n / inflation**2
    p, z2 = hits / n, sigmas**2
    middle = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = sigmas * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return middle - half, middle + half


def _poisson(events, size, sigmas, inflation):
    """Garwood's exact limits of a rate: those rates under which so many events, or more, or fewer, are that rare."""
    events, size, tail = events / inflation**2, size / inflation**2, stats.norm.sf(sigmas)
    low = stats.gamma.ppf(tail, events) if events else 0.0
    return low / size, stats.gamma.isf(tail, events + 1) / size


def _parted(one, other, values, limits):
    """Whether the interval of the difference, from the intervals of both, leaves zero out."""
    high, low = (one, other) if values[one] > values[other] else (other, one)
    down, up = values[high] - limits[high][0], limits[low][1] - values[low]
    return values[high] - values[low] > math.hypot(down, up)


def gap_facts(metric, one, other):
    """Facts of the difference of two series in time, from its own XmR chart."""
    left, right = ({row.day: row.value for row in raw_of(each) if math.isfinite(row.value)} for each in (one, other))
    shared = sorted(set(left) & set(right))
    gap = [left[day] - right[day] for day in shared]
    n, mean = len(gap), charted.mean(gap)
    error = float(np.std(gap, ddof=1)) / math.sqrt(n) * math.sqrt(_alike([gap]))
    half = stats.t.ppf(stats.norm.cdf(_pair_sigmas()), n - 1) * error
    points = charted.points_of(
        "xmr", [Raw(day, value, value, None) for day, value in zip(shared, gap, strict=True)], [], 1.0
    )
    run = max(_runs(points), key=lambda run: (run[1] == n - 1, run[1] - run[0], run[1]), default=None)
    facts = Facts(
        numbers=[mean, mean - half, mean + half, n, 13, len(set(left) ^ set(right)), *CONSTANTS],
        days=[shared[place] for place in run] if run else [],
    )
    if run:
        facts.numbers += [charted.mean(gap[: run[0]]), charted.mean(gap[run[0] : run[1] + 1])]
    return _about(metric, [one.place, other.place, one.unit.name, other.unit.name]) + facts


def _pair_sigmas():
    return stats.studentized_range.ppf(0.95, 2, math.inf) / math.sqrt(2)


def _runs(points):
    """(first, last) place of every run of a rule on one side, but those of two of three."""
    found = []
    for rule in ("outside", "shift", "trend"):
        for side, places in groupby(range(len(points)), key=lambda place: points[place].rules.get(rule)):
            if side:
                kept = list(places)
                found.append((kept[0], kept[-1]))
    return found


def mix_facts(metric, parts, split, names, until=math.inf, since=0):
    """Facts of a total that moved: Kitagawa's split. parts: {name: series}; split: the first day after; until: the last; since: the first
    before."""
    sums, first = {}, math.inf
    for name, one in parts.items():
        rows = [row for row in raw_of(one) if since <= row.day <= until]
        first = min([first, *(row.day for row in rows)])
        sides = [[row for row in rows if row.day < split], [row for row in rows if split <= row.day <= until]]
        sums[name] = [(sum(row.count for row in side), sum(row.size for row in side)) for side in sides]
    totals = [[sum(part[side][which] for part in sums.values()) for which in (0, 1)] for side in (0, 1)]
    before, after = (count / size for count, size in totals)
    rates = mix = 0.0
    shares = {}
    for name, ((count0, size0), (count1, size1)) in sums.items():
        if not (size0 or size1):
            continue
        # A part that is there on one side alone keeps its rate: all it does is mix.
        rate0 = count0 / size0 if size0 else count1 / size1
        rate1 = count1 / size1 if size1 else rate0
        share0, share1 = size0 / totals[0][1], size1 / totals[1][1]
        rates += (rate1 - rate0) * (share0 + share1) / 2
        mix += (share1 - share0) * ((rate0 + rate1) / 2 - (before + after) / 2)
        shares[name] = (share0, share1)
    # In the order in which they are given: of two that move alike the first is told, not the one that a set holds first.
    name = max((one for one in names if one in shares), key=lambda one: abs(shares[one][1] - shares[one][0]))
    scaled = [metric.scale * number for number in (before, after, rates, mix)]
    return name, _about(metric, parts) + Facts(
        numbers=[*scaled, *CONSTANTS, *(100 * share for share in shares[name])], days=[split, first]
    )


DRAWS, LAGS = 600, 5  # stored with the answer, with the seed


def correlation_facts(one, other, seed, reliability=None):
    """(lag told, facts) of two monthly series without gaps: line and autoregression taken out, bootstrapped again from
    the stored seed, one draw at a time."""
    x, y = (np.array([row.value for row in raw_of(each)]) for each in (one, other))
    left, right = _rest(x), _rest(y)
    rng = np.random.default_rng(seed)
    sigmas = stats.norm.isf((1 - 0.95 ** (1 / LAGS)) / 2)
    found = []
    for lag in range(LAGS):
        pairs = [(a, b) for a, b in zip(left[: len(left) - lag], right[lag:], strict=True) if not math.isnan(a + b)]
        found.append((*_interval(np.array(pairs), sigmas, rng), len(pairs)))
    clear = [lag for lag, (_r, low, high, _n) in enumerate(found) if low > 0 or high < 0]
    lag = max(clear, key=lambda at: abs(found[at][0]), default=-1)
    r, low, high, pairs = found[max(lag, 0)]
    numbers = [r, low, high, pairs, lag, math.tanh(sigmas / math.sqrt(pairs - 3)), float(np.corrcoef(x, y)[0, 1])]
    if reliability:
        numbers += [reliability, max(-1.0, min(1.0, r / math.sqrt(reliability)))]
    numbers += _noise(one) + _noise(other)
    names = sorted([*names_of(one), *names_of(other)], key=len, reverse=True)
    return lag, Facts(numbers=[*numbers, *CONSTANTS], names=names)


def _rest(values):
    """What a straight line and an autoregression leave; the order (0 to 3) by AICc over the same periods."""
    size = len(values) - 3
    best, chosen = math.inf, None
    for order in range(4):
        lagged = [values[3 - lag : len(values) - lag] for lag in range(1, order + 1)]
        design = np.column_stack([np.ones(size), np.arange(size), *lagged])
        rest = values[3:] - design @ np.linalg.lstsq(design, values[3:], rcond=None)[0]
        score = size * math.log(float(rest @ rest) / size) + 2 * (order + 3) * size / (size - order - 4)
        if score < best - 1e-9:
            best, chosen = score, rest
    return [math.nan] * 3 + chosen.tolist()


def _interval(pairs, sigmas, rng):
    size = len(pairs)
    block = max(2, round(size ** (1 / 3)))
    r = np.corrcoef(pairs.T)[0, 1]
    drawn = []
    for starts in rng.integers(0, size, (DRAWS, -(-size // block))):
        places = [(start + step) % size for start in starts for step in range(block)][:size]
        drawn.append(math.atanh(np.corrcoef(pairs[places].T)[0, 1]))
    error = max(float(np.std(drawn)), 1 / math.sqrt(size - 3))
    return r, math.tanh(math.atanh(r) - sigmas * error), math.tanh(math.atanh(r) + sigmas * error)


def _noise(series):
    """[share of the movement in per cent that is chance, contacts behind a period] of a counted share or rate."""
    raw = raw_of(series)
    if any(one.size is None for one in raw):
        return []
    p = math.fsum(one.count for one in raw) / math.fsum(one.size for one in raw)
    spread = p if series.metric.kind == "rate" else p * (1 - p)
    chance = charted.mean([spread / one.size for one in raw]) * series.metric.scale**2
    time, values = np.arange(len(raw)), np.array([one.value for one in raw])
    rest = values - np.polyval(np.polyfit(time, values, 1), time)
    share = chance / float(rest.var(ddof=2))
    return [100 * min(1.0, share), float(np.median([one.size for one in raw]))]


def teams_facts(metric, other, one_of, other_of):
    """(correlation over the units, facts) of two counted shares of each unit: both drawn to the middle on the arcsine
    scale, as far as chance explains their distance. one_of, other_of: series of the same units in the same order."""
    sides = [_drawn(one_of), _drawn(other_of)]
    r = float(np.corrcoef(sides[0][0], sides[1][0])[0, 1])
    half = stats.norm.ppf(0.975) / math.sqrt(len(one_of) - 3)
    numbers = [len(one_of), r, math.tanh(math.atanh(r) - half), math.tanh(math.atanh(r) + half)]
    for _values, kept, sizes in sides:
        numbers += [float(np.median(sizes)), 100 * (1 - float(np.median(kept)))]
    names = sorted([metric.name, other.name], key=len, reverse=True)
    return r, Facts(numbers=[*numbers, *CONSTANTS], names=names)


def _drawn(series):
    """(values, how much of its own distance each keeps, sizes)."""
    raw = [raw_of(one) for one in series]
    sizes = np.array([math.fsum(row.size for row in rows) for rows in raw])
    shares = np.array([math.fsum(row.count for row in rows) for rows in raw]) / sizes
    y, square = np.arcsin(np.sqrt(shares)), 1 / (4 * sizes)
    z = (y - _pulled_in(y, square)) / np.sqrt(square)
    low, high = np.quantile(z, [0.1, 0.9])
    phi, weights = float((np.clip(z, low, high) ** 2).mean()), 1 / square
    room = weights.sum() - (weights**2).sum() / weights.sum()
    tau2 = max(0.0, (len(y) * phi - (len(y) - 1)) / room)
    kept = tau2 / (tau2 + square)
    middle = _pulled_in(y, tau2 + square)
    return np.sin(middle + kept * (y - middle)) ** 2, kept, sizes


def _pulled_in(y, square):
    """The average by precision, the outer tenths of the distances from the median (in their errors) pulled in."""
    far = sorted((value - np.median(y)) / math.sqrt(one) for value, one in zip(y, square, strict=True))
    low, high = np.quantile(far, [0.1, 0.9])
    error = np.sqrt(square)
    inside = np.minimum(np.maximum(y, np.median(y) + low * error), np.median(y) + high * error)
    return float((inside / square).sum() / (1 / square).sum())

"""Season, drift and steps of a series worked out again: one formula after the other, none of the product's pipeline."""

import datetime as dt
import math
from dataclasses import replace
from itertools import combinations, pairwise

import numpy as np
from scipy import stats

from . import charted
from .recompute import Facts, Raw, names_of, raw_of, seconds_of, steps_of

CONSTANTS = [1, 20, 95]  # "about 1 series in 20", "95 % interval"


def about(series):
    return Facts(names=names_of(series), seconds=seconds_of(series.metric))


def season_facts(series, rebases=(), drawn="", logged=None):
    """(found, (highest, lowest) day of the year, or of the week of daily values, facts): two waves over the cycle, fitted
    by generalised least squares with the covariance of neighbours that are alike, for each lag-1 autocorrelation that may
    be, weighed by its restricted likelihood. Of times the logarithms. drawn: the plain chart, where it is one of counts.
    logged: whether it is one of logarithms; of times without a word of it where all are above 0."""
    raw = [one for one in raw_of(series) if math.isfinite(one.value)]
    if logged is None:
        logged = series.metric.kind == "duration" and all(one.value > 0 for one in raw)
    weekly = series.metric.period == "day"
    y = np.array([math.log(one.value) if logged else one.value for one in raw])
    days = np.array([one.day for one in raw], float)
    found, waved, waves = year_of(y, days, rebases, weekly)
    n = len(y)
    turn = _waves(range(7), 7.0) @ waved if weekly else _waves(range(365)) @ waved
    effect = (waves @ waved).tolist()
    ends = charted.ends_of(series.metric)
    adjusted = [
        replace(one, value=one.value / math.exp(more) if logged else sorted((one.value - more, *ends))[1])
        for one, more in zip(raw, effect, strict=True)
    ]
    plain = drawn or ("log" if logged else "xmr")
    before = charted.points_of(plain, raw, list(rebases), series.metric.scale if plain in ("p", "u") else 1.0)
    after = charted.points_of("log" if logged else "xmr", adjusted, list(rebases), 1.0, ends)
    last = after[-1]
    cycles = (days[-1] - days[0] + float(np.median(np.diff(days)))) / (7 if weekly else 365.25)
    swing = 100 * math.expm1(np.ptp(turn)) if logged else float(np.ptp(turn))
    without_season[series.pk] = adjusted
    numbers = [n, cycles, swing, last.lower, last.upper]
    numbers += [sum(bool(point.rules) for point in points) for points in (before, after)]
    return found, (int(turn.argmax()), int(turn.argmin())), about(series) + Facts(numbers=[*numbers, *CONSTANTS])


def year_of(y, days, begins=(), weekly=False):
    """(whether there is a season, its coefficients, its waves on each day): of levels that change where a phase begins,
    and one slope through all of them. weekly: over the days of the week."""
    dates = [dt.date.fromordinal(int(day)) for day in days]
    phase = np.array([sum(day >= begin for begin in begins) for day in days])
    levels = [(phase == number).astype(float) for number in sorted(set(phase))]
    plain = np.column_stack([*levels, (days - days.mean()) / np.ptp(days)])
    places = (date.weekday() if weekly else date.timetuple().tm_yday - 1 for date in dates)
    waves = _waves(places, 7.0 if weekly else 365.25)
    whole = np.hstack([plain, waves])
    n, k = whole.shape
    apart = np.abs(np.subtract.outer(np.arange(n), np.arange(n)))
    same = phase[:, None] == phase[None, :]
    phis = [step / 20 for step in range(19)]
    likely, chances, waved = [], [], []
    for phi in phis:
        weight = np.linalg.inv(np.where(same, phi**apart, 0.0))
        with_them, without = _generalised(y, whole, weight), _generalised(y, plain, weight)
        chances.append(stats.f.sf((without[1] - with_them[1]) / 4 / (with_them[1] / (n - k)), 4, n - k))
        waved.append(with_them[0][-4:])
        sizes = np.linalg.slogdet(weight)[1] - np.linalg.slogdet(whole.T @ weight @ whole)[1]
        likely.append(sizes / 2 - (n - k) / 2 * math.log(with_them[1]))
    shares = [math.exp(one - max(likely)) for one in likely]
    found = math.fsum(a * b for a, b in zip(shares, chances, strict=True)) / math.fsum(shares) < 0.05
    middle = math.fsum(a * b for a, b in zip(shares, phis, strict=True)) / math.fsum(shares)
    return found, min(zip(phis, waved, strict=True), key=lambda pair: abs(pair[0] - middle))[1], waves


def without_year(raw, logged, begins=(), weekly=False):
    """(the rows less their season, whether there is one): of two whole years or more, with ten values to spare. weekly:
    of the days of the week."""
    size = len(raw) - 1 - 4 - len({sum(one.day >= begin for begin in begins) for one in raw})
    days = np.array([one.day for one in raw], float)
    y = np.array([math.log(one.value) if logged else one.value for one in raw])
    if (
        size < 10
        or (days[-1] - days[0] + float(np.median(np.diff(days)))) / (7 if weekly else 365.25) < 1.98
        or not np.ptp(y)
    ):
        return raw, False
    found, waved, waves = year_of(y, days, begins, weekly)
    if not found:
        return raw, False
    effect = (waves @ waved).tolist()
    return [
        replace(one, value=one.value / math.exp(more) if logged else one.value - more)
        for one, more in zip(raw, effect, strict=True)
    ], True


def _waves(places, cycle=365.25):
    angles = [2 * math.pi * place / cycle for place in places]
    return np.array([[math.sin(a), math.cos(a), math.sin(2 * a), math.cos(2 * a)] for a in angles])


def _generalised(y, design, weight):
    found = np.linalg.solve(design.T @ weight @ design, design.T @ weight @ y)
    left = y - design @ found
    return found, float(left @ weight @ left)


def part_of_year(day):
    """A day of the year (0 = 1 January) as (part of the month, number of the month)."""
    date = dt.date(2001, 1, 1) + dt.timedelta(days=min(day, 364))
    return "early" if date.day <= 10 else "the middle of" if date.day <= 20 else "late", date.month


# {series: its raw values less their season}, as ``season_facts`` found it.
without_season: dict[int, list[Raw]] = {}


def drift_facts(series, raw=None):
    """(found, facts): the median of the slopes of all pairs, its interval, and the test after the likeness of
    neighbours is taken out."""
    raw = [one for one in raw or raw_of(series) if math.isfinite(one.value)]
    y = [one.value for one in raw]
    months = steps_of(one.day for one in raw)
    away = [value - charted.mean(y) for value in y]
    r = math.fsum(a * b for a, b in pairwise(away)) / math.fsum(a * a for a in away)
    rest = [b - r * a for a, b in pairwise(y)]
    score = sum((b > a) - (b < a) for a, b in combinations(rest, 2))
    z = (score - (score > 0) + (score < 0)) / math.sqrt(_variance(rest))
    slopes = sorted((y[j] - y[i]) / (months[j] - months[i]) for i, j in combinations(range(len(y)), 2))
    half = stats.norm.ppf(0.975) * math.sqrt(_variance(y))
    low = slopes[max(round((len(slopes) - half) / 2) - 1, 0)]
    high = slopes[min(round((len(slopes) + half) / 2), len(slopes) - 1)]
    slope = float(np.median(slopes))
    numbers = [abs(slope), abs(low), abs(high), abs(slope) * (months[-1] - months[0]), len(y), *CONSTANTS]
    return 2 * stats.norm.sf(abs(z)) < 0.05, about(series) + Facts(numbers=numbers, days=[raw[0].day])


def _variance(values):
    def of(size):
        return size * (size - 1) * (2 * size + 5) / 18

    return of(len(values)) - sum(of(values.count(one)) for one in set(values))


DRAWS, EDGE, SEED = 4_000, 5, 20  # of the stored table: its seed makes it the same everywhere


def step_facts(series, phi, labels=(), raw=None, between=(0, math.inf)):
    """Facts of the largest step of a series (or of raw, its values without their season) between two of its days: how
    far the means of both sides lie apart at most, where that place is expected to be least far off, where else it may
    lie, and how many of the stored draws of stable series show as much."""
    raw = [one for one in raw or raw_of(series) if math.isfinite(one.value)]
    whole = raw
    raw = [one for one in raw if between[0] <= one.day < between[1]]
    logged = series.metric.kind == "duration" and all(one.value > 0 for one in raw)
    y = np.array([math.log(one.value) if logged else one.value for one in raw])
    z = np.array([math.log(one.value) if logged else one.value for one in whole])
    phi = min(0.95, round(phi / 0.05) * 0.05)
    size, places = len(y), range(EDGE, len(y) - EDGE + 1)
    distances = _distances(y[None, :])[0]
    best = int(distances.argmax())
    place = _least_off(y, phi)
    drop = 6.0 * (1 + phi) / (1 - phi)
    near = [at for at, far in zip(places, distances, strict=True) if far**2 >= distances[best] ** 2 - drop]
    near = [min(near[0], place), max(near[-1], place)]
    means = [float(part.mean()) for part in (y[:place], y[place:])]
    # Lengths share a table where it hardly differs; the shortest is that of the fewest points that are looked at.
    length = max(16, size - size % 2) if size <= 60 else round(60 * 1.1 ** round(math.log(size / 60, 1.1)))
    rng = np.random.default_rng([SEED, length, round(100 * phi)])
    largest = np.concatenate([_distances(_stable(rng, DRAWS // 8, length, phi)).max(1) for _ in range(8)])
    chance = (1 + int((largest >= distances[best]).sum())) / (DRAWS + 1)
    once = [DRAWS] if chance * DRAWS < 1 else [float(f"{1 / chance:.2g}")]
    return about(series) + Facts(
        numbers=[
            *(math.exp(one) if logged else one for one in means), abs(means[1] - means[0]) / _ordinary(z[None, :])[0],
            1, *once,
        ],
        days=[raw[at].day for at in (place, near[0], near[-1])],
        names=list(labels),
    )  # fmt: skip


def _least_off(y, phi):
    """The place of the one step with the least expected distance, by the square up to three points, over all places and
    how likely each is: by the whole matrix of likenesses, where the product whitens the values one by one."""
    size = len(y)
    numbers = np.arange(size)
    weight = np.linalg.inv(phi ** np.abs(numbers[:, None] - numbers[None, :]) if phi else np.eye(size))
    places = list(range(EDGE, size - EDGE + 1))
    left = [
        _generalised(y - y.mean(), np.column_stack([np.ones(size), numbers >= at]).astype(float), weight)[1]
        for at in places
    ]
    likely = [(min(left) / one) ** ((size - 2) / 2) for one in left]
    off = [
        math.fsum(share * min((at - other) ** 2, 9) for other, share in zip(places, likely, strict=True))
        for at in places
    ]
    return places[off.index(min(off))]


def _ordinary(table):
    return np.abs(table[:, 1:] - table[:, :-1]).mean(1) / 1.128


def _distances(table):
    """How far the means of both sides lie apart, in standard errors, for each place; one row per series."""
    size = table.shape[1]
    found = [
        np.abs(table[:, :at].mean(1) - table[:, at:].mean(1)) * math.sqrt(at * (size - at) / size)
        for at in range(EDGE, size - EDGE + 1)
    ]
    return np.array(found).T / _ordinary(table)[:, None]


def _stable(rng, count, size, phi):
    rows = list(rng.standard_normal((size, count)))
    for place in range(1, size):
        rows[place] = phi * rows[place - 1] + math.sqrt(1 - phi**2) * rows[place]
    return np.array(rows).T

"""Before and after worked out again: generalised least squares with the whole covariance matrix, written apart from
the product's regression (which whitens row by row), after the season that the values have by the same means."""

import copy
import datetime as dt
import math

import numpy as np
from scipy import stats

from .closely import without_year
from .recompute import Facts, names_of, raw_of, seconds_of, steps_of

GRID = np.linspace(0.0, 0.95, 96)
FEWEST = 8  # points before a day, below which nothing is compared


def seasoned(series, change):
    """(rows with a value, less their season; whether they have one; whether they are taken as logarithms). The level
    may differ from the change on."""
    raw = [row for row in raw_of(series) if math.isfinite(row.value)]
    logged = series.metric.kind == "duration" and all(row.value > 0 for row in raw)
    return (*without_year(raw, logged, [change], series.metric.period == "day"), logged)


def effect_facts(comparison):
    """Everything that the sentences of a comparison of months or weeks may tell."""
    series = comparison.series
    metric, change, until = series.metric, comparison.day.toordinal(), comparison.until.toordinal()
    raw, _seasonal, logged = seasoned(series, change)
    raw = [row for row in raw if row.day <= until or row.day >= change]
    data = _Data([row.day for row in raw], [math.log(row.value) if logged else row.value for row in raw], change)
    best = data.onset()
    bad = [place for place in data.bad(metric.direction, comparison.reason_days) if not data.stayed(place, best)]
    kept = data.without(bad)
    about = Facts(
        names=[comparison.label, *names_of(series), *([comparison.against.place] if comparison.against else [])],
        days=[change], seconds=seconds_of(metric), numbers=[95, 1],
    )  # fmt: skip
    missing = max(0, max(comparison.needed, 4) - int(kept.after.sum()))
    scarce = max(0, FEWEST - int((~kept.after).sum()))
    if missing and not scarce:
        return about + Facts(numbers=[missing], days=[later(raw[-1].day, missing + 1, metric.period)])
    if scarce:
        return about + Facts(numbers=[scarce, missing])
    every = _Fit(data.y, data.steps, data.step())
    alike = every.rho if bad else None
    simple = _Fit(kept.y, kept.steps, kept.step(), alike)
    drifts = kept.drifts()
    chosen = _Fit(kept.y, kept.steps, np.column_stack([kept.step(), kept.run()]), alike) if drifts else simple
    level = math.exp(simple.found[0]) if logged else simple.found[0]

    def turned(fit):
        if not logged:
            return list(fit.interval())
        shares = [math.expm1(one) for one in fit.interval()]
        return [*(level * one for one in shares), *(100 * one for one in shares)]

    told = turned(chosen)
    numbers = [*told, len(bad)]
    if bad or drifts:
        numbers += turned(every)
    paced, whole = kept, data if bad else None
    if comparison.against:
        told = _net(kept, comparison.against, logged)
        numbers += told
        paced, whole = _apart(kept, comparison.against, logged), None
    numbers += [18, 12, *(one for fit in paced.paced(whole) for one in turned(fit))]
    if metric.kind == "proportion":
        of = math.fsum(row.size for row in raw if row.day >= change)
        numbers += [of, *(one * of / metric.scale for one in told[:3])]
    tried, large = kept.placebos(abs(chosen.found[1]))
    latest = [kept.days[-1], paced.days[-1]]
    steps = data.steps[best] - data.steps[data.first]
    numbers += [tried, large, abs(steps)]
    return about + Facts(numbers=[*numbers, *(abs(one) for one in numbers)], days=[data.days[best], *latest])


def later(day, months, period="month"):
    """The first day of the month (or week, or the day) so many after that of the day; an ordinal."""
    if period != "month":
        return day + {"week": 7, "day": 1}[period] * months
    date = dt.date.fromordinal(day)
    place = 12 * date.year + date.month - 1 + months
    return dt.date(place // 12, place % 12 + 1, 1).toordinal()


def _net(kept, against, logged):
    """The step of the difference to the other series, on the days of both; of logarithms in per cent."""
    apart = _apart(kept, against, logged)
    found = _Fit(apart.y, apart.steps, apart.step()).interval()
    return [100 * math.expm1(one) for one in found] if logged else list(found)


def _apart(kept, against, logged):
    theirs = {row.day: math.log(row.value) if logged else row.value for row in seasoned(against, kept.change)[0]}
    shared = [place for place, day in enumerate(kept.days) if day in theirs]
    y = [kept.y[place] - theirs[kept.days[place]] for place in shared]
    return _Data([kept.days[place] for place in shared], y, kept.change)


class _Data:
    """Days, values and month numbers on both sides of a change."""

    def __init__(self, days, values, change):
        self.days, self.y, self.change = days, np.array(values), change
        self.steps = np.array(steps_of(days))
        self.after = np.array([day >= change for day in days])
        self.first = int(self.after.argmax())

    def without(self, places):
        left = [place for place in range(len(self.days)) if place not in places]
        return _Data([self.days[place] for place in left], self.y[left], self.change)

    def step(self, place=None):
        late = self.after if place is None else np.arange(len(self.y)) >= place
        return np.column_stack([np.ones(len(self.y)), late.astype(float)])

    def run(self):
        return (self.steps - self.steps[0]) / (self.steps[-1] - self.steps[0])

    def paced(self, whole=None):
        """Step and slope together: the change of pace, and the difference at first and in the latest period."""
        late = int(self.after.sum())
        if late < 12 or len(self.y) - late < 18:
            return []
        columns = self._both()
        alike = _rho(whole.y, whole.steps, whole._both()) if whole else None
        fit = _Fit(self.y, self.steps, columns, alike)
        since = self.steps[-1] - self.steps[self.first]
        return [fit.looked([0, 0, 0, 1]), fit.looked([0, 1, 0, 0]), fit.looked([0, 1, 0, since])]

    def _both(self):
        time = (self.steps - self.steps[self.first]).astype(float)
        return np.column_stack([self.step(), time, np.where(time > 0, time, 0)])

    def bad(self, direction, reasons=()):
        """Places before the change that were named as its reason, and those just before it that lie far to the worse."""
        named = [place for place in range(self.first) if self.days[place] in reasons]
        early = self.y[: self.first]
        if len(early) < FEWEST:
            return named
        away = early - np.median(early)
        beside = np.diff(self.steps[: self.first]) == 1
        spread = max(np.abs(np.diff(early))[beside].mean() / 1.128, 1.4826 * float(np.median(np.abs(away))))
        far = [place for place in range(self.first - 8, self.first) if away[place] * direction < -2 * spread]
        return sorted({*named, *(far if direction and len(far) <= 3 else [])})

    def drifts(self):
        early = _Data(self.days[: self.first], self.y[: self.first], self.change)
        if len(early.y) < 12:
            return False
        fit = _Fit(early.y, early.steps, np.column_stack([np.ones(len(early.y)), early.run()]))
        _middle, low, high = fit.interval(0.99)
        return low > 0 or high < 0

    def placebos(self, size):
        """(how many earlier dates, how many of them show as much)."""
        width = int(self.after.sum())
        last = self.first - width
        if last < 8:
            return 0, 0
        y, steps = self.y[: self.first], self.steps[: self.first]
        rho = _Fit(y, steps, np.ones((len(y), 1))).rho
        places = sorted(set(np.linspace(8, last, min(40, last - 7)).astype(int).tolist()))
        ends = [place + width for place in places]
        found = [
            _Fit(y[:end], steps[:end], self.step(place)[:end], rho).found[1]
            for place, end in zip(places, ends, strict=True)
        ]
        return len(found), sum(abs(one) >= size for one in found)

    def onset(self):
        """The place at which a step fits best, that of the change where it fits as well or nothing is sure there."""
        size = len(self.y)
        places = range(max(4, self.first - 8), min(size - 4, self.first + 4) + 1)
        if self.first not in places:
            return self.first
        loose = {place: _Fit(self.y, self.steps, self.step(place), 0.0).rss for place in places}
        rho = min(_Fit(self.y, self.steps, self.step(place)).rho for place in (self.first, min(loose, key=loose.get)))
        fits = {place: _Fit(self.y, self.steps, self.step(place), rho) for place in places}
        best = min(fits, key=lambda place: fits[place].rss)
        _middle, low, high = fits[best].interval(0.99)
        gained = size * math.log(fits[self.first].rss / fits[best].rss)
        return best if gained > 7.5 and (low > 0 or high < 0) else self.first

    def stayed(self, place, best):
        """Whether a point between an earlier beginning and the change lies where the values went."""
        level, went = np.median(self.y[: self.first]), np.median(self.y[self.first :])
        return best <= place < self.first and np.sign(self.y[place] - level) * np.sign(went - level) > 0


class _Fit:
    """Generalised least squares; rho from the residuals, as the one that would give them on average."""

    def __init__(self, y, steps, design, rho=None):
        self.rho = _rho(y, steps, design) if rho is None else rho
        n, k = design.shape
        weight = np.linalg.inv(self.rho ** np.abs(np.subtract.outer(steps, steps)).astype(float))
        spread = np.linalg.inv(design.T @ weight @ design)
        self.found = spread @ design.T @ weight @ y
        left = y - design @ self.found
        self.rss = float(left @ weight @ left)
        self.covariance = spread * self.rss / (n - k)
        self.error = np.sqrt(np.diag(self.covariance))
        self.df = max(2.0, n * (1 - self.rho) / (1 + self.rho) - k)

    def looked(self, weights):
        """A sum of several terms, told as one is."""
        one, weights = copy.copy(self), np.array(weights, float)
        one.found = [0, float(weights @ self.found)]
        one.error = [0, float(np.sqrt(weights @ self.covariance @ weights))]
        return one

    def interval(self, confidence=0.95):
        half = stats.t.ppf(0.5 + confidence / 2, self.df) * self.error[1]
        return self.found[1], self.found[1] - half, self.found[1] + half


def _rho(y, steps, design):
    n = len(y)
    maker = np.eye(n) - design @ np.linalg.pinv(design)
    left = maker @ y
    apart = np.abs(np.subtract.outer(steps, steps))
    beside = (apart == 1) / 2
    expected = [
        np.trace(maker @ beside @ maker @ spread) / np.trace(maker @ spread)
        for spread in (rho ** apart.astype(float) for rho in GRID)
    ]
    found = float(left @ beside @ left) / float(left @ left)
    return min(0.95, float(np.interp(found, np.maximum.accumulate(expected), GRID)) * (1 + 2 / n))

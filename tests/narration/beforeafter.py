"""Before and after worked out again: generalised least squares with the whole covariance matrix, written apart from
the product's regression (which whitens row by row)."""

import datetime as dt
import math

import numpy as np
from scipy import stats

from .recompute import Facts, names_of, raw_of, seconds_of

GRID = np.linspace(0.0, 0.95, 96)


def effect_facts(comparison, facts):
    """Everything that the sentences of a comparison may tell. facts: only to know whether a season was taken out,
    which this does not do."""
    assert not facts["seasonal"]
    series = comparison.series
    metric, change, until = series.metric, comparison.day.toordinal(), comparison.until.toordinal()
    raw = [row for row in raw_of(series) if math.isfinite(row.value) and (row.day <= until or row.day >= change)]
    logged = metric.kind == "duration" and all(row.value > 0 for row in raw)
    data = _Data([row.day for row in raw], [math.log(row.value) if logged else row.value for row in raw], change)
    bad = data.bad(metric.direction)
    kept = data.without(bad)
    about = Facts(
        names=[comparison.label, *names_of(series), *([comparison.against.place] if comparison.against else [])],
        days=[change], seconds=seconds_of(metric), numbers=[95, 1],
    )  # fmt: skip
    missing = max(0, max(comparison.needed, 4) - int(kept.after.sum()))
    if missing:
        return about + Facts(numbers=[missing], days=[later(raw[-1].day, missing + 1)])
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
    if comparison.against:
        told = _net(kept, comparison.against)
        numbers += told
    if metric.kind == "proportion":
        of = math.fsum(row.size for row in raw if row.day >= change)
        numbers += [of, *(one * of / metric.scale for one in told[:3])]
    tried, large = kept.placebos(abs(chosen.found[1]))
    best = kept.onset(simple.rho)
    steps = kept.steps[best] - kept.steps[kept.first]
    numbers += [tried, large, abs(steps)]
    return about + Facts(numbers=[*numbers, *(abs(one) for one in numbers)], days=[kept.days[best]])


def later(day, months):
    """The first day of the month so many months after that of the day; an ordinal."""
    date = dt.date.fromordinal(day)
    place = 12 * date.year + date.month - 1 + months
    return dt.date(place // 12, place % 12 + 1, 1).toordinal()


def _net(kept, against):
    """The step of the difference to the other series, on the days of both."""
    theirs = {row.day: row.value for row in raw_of(against) if math.isfinite(row.value)}
    shared = [place for place, day in enumerate(kept.days) if day in theirs]
    y = np.array([kept.y[place] - theirs[kept.days[place]] for place in shared])
    return list(_Fit(y, kept.steps[shared], kept.step()[shared]).interval())


class _Data:
    """Days, values and month numbers on both sides of a change."""

    def __init__(self, days, values, change):
        self.days, self.y, self.change = days, np.array(values), change
        dates = [dt.date.fromordinal(day) for day in days]
        self.steps = np.array([12 * date.year + date.month for date in dates])
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

    def bad(self, direction):
        """Places just before the change that lie far to the worse."""
        early = self.y[: self.first]
        away = early - np.median(early)
        beside = np.diff(self.steps[: self.first]) == 1
        spread = max(np.abs(np.diff(early))[beside].mean() / 1.128, 1.4826 * float(np.median(np.abs(away))))
        far = [place for place in range(self.first - 8, self.first) if away[place] * direction < -2 * spread]
        return far if direction and len(far) <= 3 else []

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

    def onset(self, rho):
        """The place at which a step fits best, that of the change where it fits as well."""
        size = len(self.y)
        places = range(max(4, self.first - 8), min(size - 4, self.first + 4) + 1)
        fits = {place: _Fit(self.y, self.steps, self.step(place), rho).rss for place in places}
        best = min(fits, key=fits.get)
        return best if size * math.log(fits[self.first] / fits[best]) > 6 else self.first


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
        self.error = np.sqrt(np.diag(spread) * self.rss / (n - k))
        self.df = max(2.0, n * (1 - self.rho) / (1 + self.rho) - k)

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

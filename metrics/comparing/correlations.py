"""Two metrics side by side: in time for one place, and over the units below it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd

from metrics.comparing import frames, reliability, shapes
from metrics.models import Metric
from metrics.trends import correlating, shrinking

Facts = dict[str, Any]
NONE, TOO_FEW, FLAT = "no_values", "too_few_periods", "no_variation"
# Lags of up to four periods are looked at, and each needs its pairs.
LEAST = correlating.FEWEST + 4
WEAK = 0.2
STEP = {"day": 1, "week": 7}


def compare(one: Metric, other: Metric, question: dict[str, Any], series: list[int]) -> Facts:
    """The facts of a correlation; values in each metric's unit, lags in periods of the coarser of the two."""
    table = frames.observations(series, question.get("from"), question.get("to"))
    period = max(one.period, other.period, key=lambda name: frames.FINENESS[name])
    lines, noises, sizes = [], [], []
    for metric, name in ((one, "one"), (other, "other")):
        rows = frames.on_period(table[table["series"].isin(question["place"][name])], metric.period, period)
        whole = frames.by_group(rows, dict.fromkeys(question["place"][name], 0))
        if whole.empty:
            return {"problem": NONE}
        if shapes.cannot_add(metric, whole) and len(question["place"][name]) > 1:
            return {"problem": shapes.CANNOT_ADD}
        lines.append(_in_time(metric, whole))
        spread = reliability.spread_of(question["place"][name]) if metric.period == period else None
        noise, size = _noise(metric, whole, spread)
        noises.append(noise)
        sizes.append(size)
    wide = _grid(pd.concat(lines, axis=1, keys=["one", "other"]).sort_index(), period)
    wide = wide.loc[wide["one"].first_valid_index() : wide["one"].last_valid_index()]
    days = wide.index.to_numpy(np.int64)
    found = correlating.together(wide["one"].to_numpy(), wide["other"].to_numpy(), question["seed"])
    if not found.told:
        both = int(wide.notna().all(axis=1).sum())
        return {"problem": TOO_FEW if both < LEAST else FLAT}
    best = max(found.lag, 0)
    measured = None if question.get("reliability") else reliability.measured(question, table)
    agreed = measured["value"] if measured else question.get("reliability")
    return {
        "period": period,
        "first": int(days[0]),
        "last": int(days[-1]),
        "days": days.tolist(),
        "one": _plain(wide["one"].to_numpy()),
        "other": _plain(wide["other"].to_numpy()),
        "left": _plain(found.one),
        "right": _plain(found.other),
        "r": _plain(found.r),
        "low": _plain(found.low),
        "high": _plain(found.high),
        "pairs": found.pairs.tolist(),
        "lag": found.lag,
        "raw": _number(found.raw),
        "smallest": correlating.smallest_seen(int(found.pairs[best])),
        "draws": correlating.DRAWS,
        "reliability": agreed,
        "measured": measured,
        "without_error": _number(correlating.disattenuated(float(found.r[best]), _usable(agreed, measured))),
        "noise": [_number(_share(noise, line)) for noise, line in zip(noises, lines, strict=True)],
        "sizes": [_number(size) for size in sizes],
        "teams": _teams(one, other, question, table),
    }


def _usable(agreed: float | None, measured: Facts | None) -> float:
    """nan where hardly any agreement was measured: to divide by it would make a correlation up."""
    return math.nan if agreed is None or (measured and agreed < WEAK) else agreed


def _in_time(metric: Metric, whole: pd.DataFrame) -> pd.Series:
    """The values by day. Ready-made numbers of a finer period become the mean of those within the coarser one."""
    value = shapes.values(whole) * metric.scale
    if whole["denominator"].isna().any() and metric.kind != Metric.Kind.COUNT:
        value = value / whole["rows"]
    return pd.Series(value.to_numpy(), index=whole["day"].to_numpy())


def _noise(metric: Metric, whole: pd.DataFrame, spread: float | None) -> tuple[float, float]:
    """The variance that chance alone gives to one value, and how many contacts lie behind it; nan where no counts.
    ``spread``: the variance of single contacts, where these were scored."""
    shape = shapes.shape_of(metric, whole)
    rows = whole[whole["denominator"] > 0]
    if shape == shapes.MEANS and spread is not None and not rows.empty:
        return float((spread / rows["denominator"]).mean()), float(rows["denominator"].median())
    if shape == shapes.MEANS or rows.empty:
        size = whole["n"].median()
        return math.nan, float(size)
    rate = rows["numerator"].sum() / rows["denominator"].sum()
    spread = rate * (1 - rate) if shape == shapes.SHARES else rate
    return float((spread / rows["denominator"]).mean()) * metric.scale**2, float(rows["denominator"].median())


def _share(noise: float, line: pd.Series) -> float:
    """Which share of the movement of a series (about its straight line) is chance; nan where not known."""
    values = line.dropna()
    if len(values) < 3 or not math.isfinite(noise):
        return math.nan
    time = np.arange(len(values), dtype=np.float64)
    rest = values.to_numpy() - np.polyval(np.polyfit(time, values.to_numpy(), 1), time)
    spread = float(rest.var(ddof=2)) if len(rest) > 2 else 0.0
    return min(1.0, noise / spread) if spread > 0 else math.nan


def _grid(wide: pd.DataFrame, period: str) -> pd.DataFrame:
    """One row per period from the first to the last, so that a gap is a gap; days only where there is any value."""
    if wide.empty or period == "day":
        return wide
    first, last = int(wide.index.min()), int(wide.index.max())
    if period == "week":
        return wide.reindex(range(first, last + 1, STEP[period]))
    months = pd.date_range(pd.Timestamp.fromordinal(first), pd.Timestamp.fromordinal(last), freq="MS")
    return wide.reindex([month.toordinal() for month in months])


def _teams(one: Metric, other: Metric, question: dict[str, Any], table: pd.DataFrame) -> Facts:
    """Over the units: each one's values of the whole period, drawn to the middle as far as chance explains them."""
    columns, spreads = [], []
    for metric, name in ((one, "one"), (other, "other")):
        owner = {int(pk): int(unit) for pk, unit in question["teams"][name].items()}
        rows = frames.by_group(table[table["series"].isin(owner)], owner)
        # With one contact a period in each unit only the whole tells how much contacts differ.
        spreads.append(reliability.spread_of(list(owner)) or reliability.spread_of(question["place"][name]))
        columns.append(_shrunk(metric, rows, spreads[-1]))
    both = columns[0].add_suffix("_one").join(columns[1].add_suffix("_other"), how="inner").dropna()
    r, low, high = correlating.between(both["value_one"], both["value_other"])
    sizes = [float(both[f"size_{name}"].median()) for name in ("one", "other")]
    return {
        "ids": [int(unit) for unit in both.index],
        "one": both["value_one"].tolist(),
        "other": both["value_other"].tolist(),
        "r": _number(r),
        "low": _number(low),
        "high": _number(high),
        "reliability": [_number(float(both[f"weight_{name}"].median())) for name in ("one", "other")],
        "sizes": [_number(size) for size in sizes],
        # How far two units of that size lie apart by chance alone, 19 times in 20 at most.
        "apart": [
            _number(1.96 * math.sqrt(2 * spread / size)) if spread and size > 0 else None
            for spread, size in zip(spreads, sizes, strict=True)
        ],
    }


def _shrunk(metric: Metric, rows: pd.DataFrame, spread: float | None) -> pd.DataFrame:
    """value, weight (reliability) and size of each unit. ``spread``: the variance of single contacts, where these were
    scored: then a unit's figure is as sure as it has contacts, not as it has periods."""
    nothing = pd.DataFrame(columns=["value", "weight", "size"], dtype=np.float64)
    if rows.empty or shapes.cannot_add(metric, rows):
        return nothing
    shape = shapes.shape_of(metric, rows)
    if shape == shapes.MEANS and spread is not None and rows["denominator"].notna().all():
        whole = rows[rows["denominator"] > 0].groupby("group")[["numerator", "denominator"]].sum()
        count = whole["denominator"].to_numpy(np.float64)
        means = (whole["numerator"] / whole["denominator"] * metric.scale).to_numpy(np.float64)
        found = shrinking.shrink(means, np.sqrt(spread / count))
        return pd.DataFrame({"value": found.value, "weight": found.weight, "size": count}, index=whole.index)
    if shape == shapes.MEANS:
        told = rows.assign(value=shapes.values(rows) * metric.scale).groupby("group")["value"]
        count = told.count().to_numpy(np.float64)
        found = shrinking.shrink(told.mean().to_numpy(), told.std(ddof=1).to_numpy() / np.sqrt(count))
        return pd.DataFrame(
            {"value": found.value, "weight": found.weight, "size": count},
            index=told.mean().index,
        )
    sums = rows[rows["denominator"] > 0].groupby("group")[["numerator", "denominator"]].sum()
    if sums.empty:
        return nothing
    draw = shrinking.shrink_shares if shape == shapes.SHARES else shrinking.shrink_rates
    found = draw(sums["numerator"], sums["denominator"])
    return pd.DataFrame(
        {"value": found.value * metric.scale, "weight": found.weight, "size": sums["denominator"].to_numpy()},
        index=sums.index,
    )


def _plain(values: np.ndarray) -> list[float | None]:
    return [_number(float(value)) for value in values]


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None

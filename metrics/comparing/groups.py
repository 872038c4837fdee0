"""Groups side by side: funnel, intervals, values drawn to the middle, and which groups can be told apart."""

from __future__ import annotations

import base64
import math
from collections import defaultdict
from typing import Any

import numpy as np
import pandas as pd

from metrics.comparing import frames, shapes
from metrics.comparing.shapes import MEANS, SHARES
from metrics.models import Metric
from metrics.queries.agreements import ends_of
from metrics.trends import Batch, Settings, analyse, choice, differences, funnels, pack_all, shrinking
from metrics.trends.differences import Apart

CURVE_POINTS = 60
NONE, ONE = "no_values", "one_group"
Facts = dict[str, Any]


def compare(metric: Metric, question: dict[str, Any], series: list[int]) -> Facts:
    """The facts of a comparison; numbers in the metric's unit. ``problem`` where there is nothing to compare."""
    group_of = {int(pk): int(group) for pk, group in question["groups"].items()}
    table = frames.by_group(frames.observations(series, question.get("from"), question.get("to")), group_of)
    if table.empty:
        return {"problem": NONE}
    shape = shapes.shape_of(metric, table)
    if shapes.cannot_add(metric, table):
        return {"problem": shapes.CANNOT_ADD}
    table = table.assign(value=shapes.values(table) * metric.scale)
    sums = table.groupby("group").agg(first=("day", "min"), last=("day", "max"), periods=("value", "count"))
    order = [int(pk) for pk in sums.index]
    inflation = 1.0 if shape == MEANS else _inflation(table, shape)
    found = _found(table, order, shape, metric.scale, inflation)
    apart = found.pop("apart")
    facts = {
        "shape": shape,
        "first": int(table["day"].min()),
        "last": int(table["day"].max()),
        "inflation": inflation,
        "sigmas": differences.critical(_counted(found)),
        "bands": apart.bands,
        **found.pop("facts"),
        "groups": _groups(order, sums, found, apart),
        "pairs": _pairs(order, apart),
        "points": _points(table, series, group_of, metric),
    }
    return facts | ({"problem": ONE} if _counted(found) < 2 else {})


def _inflation(table: pd.DataFrame, shape: str) -> float:
    """Spread beyond chance within the groups, and what likeness of neighbouring periods adds to it."""
    within = differences.inflation(table["numerator"], table["denominator"], table["group"], shares=shape == SHARES)
    return within * math.sqrt(_alike(table.assign(value=shapes.values(table))))


def _alike(table: pd.DataFrame) -> float:
    return shapes.alike(rows["value"].to_numpy() for _group, rows in table.groupby("group"))


def _found(table: pd.DataFrame, order: list[int], shape: str, scale: float, inflation: float) -> dict[str, Any]:
    """One number per group in every column, in the metric's unit, and what holds for all of them."""
    if shape == MEANS:
        return _means(table, order, scale)
    sums = table[table["denominator"] > 0].groupby("group")[["numerator", "denominator"]].sum().reindex(order)
    count, size = sums["numerator"].to_numpy(), sums["denominator"].to_numpy()
    share = shape == SHARES
    funnel = funnels.funnel_shares(count, size, exact=True) if share else funnels.funnel_rates(count, size, exact=True)
    shrunk = (shrinking.shrink_shares if share else shrinking.shrink_rates)(count, size, inflation)
    limits = differences.share_limits if share else differences.rate_limits
    known = int(np.isfinite(funnel.value).sum())
    low, high = limits(count, size, differences.critical(known), inflation)
    own_low, own_high = limits(count, size, differences.critical(2), inflation)
    return {
        "apart": differences.told_apart(funnel.value * scale, low * scale, high * scale),
        "value": funnel.value * scale,
        "low": own_low * scale,
        "high": own_high * scale,
        "count": count,
        "size": size,
        "shrunk": shrunk.value * scale,
        "weight": shrunk.weight,
        "outside": funnel.outside,
        "lower": (funnel.odlcl998 if funnel.tau2 > 0 else funnel.lcl998) * scale,
        "upper": (funnel.oducl998 if funnel.tau2 > 0 else funnel.ucl998) * scale,
        "facts": {
            "middle": _number(funnel.target * scale),
            "phi": _number(funnel.phi),
            "tau2": _number(funnel.tau2),
            "curves": _curves(size, funnel, share, scale),
        },
    }


def _curves(size: np.ndarray, funnel: funnels.Funnel, share: bool, scale: float) -> dict[str, list[float | None]]:
    known = size[np.isfinite(size)]
    if len(known) < 2 or not funnel.target > 0:
        return {}
    grid = np.unique(np.round(np.geomspace(max(1, known.min() * 0.8), known.max() * 1.15, CURVE_POINTS)))
    lines = (funnels.share_curves if share else funnels.rate_curves)(grid, funnel.target, funnel.tau2)
    names = ("lower95", "upper95", "lower998", "upper998")
    drawn = {name: [_number(value * scale) for value in line] for name, line in zip(names, lines, strict=True)}
    return {"size": [_number(value) for value in grid], **drawn}


def _means(table: pd.DataFrame, order: list[int], scale: float) -> dict[str, Any]:
    """Each group by its own series: the mean of its periods (weighted by what is behind them) and its standard error
    from their spread, widened where neighbouring periods are alike. No counts, so no funnel."""
    weights = table["denominator"].fillna(table["n"])
    whole = weights.notna().all() and (weights > 0).all()
    table = table.assign(weight=weights if whole else 1.0).dropna(subset=["value"])
    alike = math.sqrt(_alike(table))
    rows: dict[int, tuple[float, float, float]] = defaultdict(lambda: (math.nan, math.nan, 0.0))
    for key, part in table.groupby("group"):
        group: Any = key
        values, weight = part["value"].to_numpy(), part["weight"].to_numpy()
        middle = float(np.average(values, weights=weight))
        size = len(values)
        squares = float((weight**2 * (values - middle) ** 2).sum())
        spread = math.sqrt(squares * size / max(1, size - 1)) / float(weight.sum())
        rows[int(group)] = middle, (spread * alike if size > 1 else math.nan), float(size)
    mean, error, count = (np.array(column) for column in zip(*(rows[group] for group in order), strict=True))
    known = int((np.isfinite(mean) & np.isfinite(error)).sum())
    low, high = differences.mean_limits(mean, error, count, differences.critical(known))
    own_low, own_high = differences.mean_limits(mean, error, count, differences.critical(2))
    shrunk = shrinking.shrink(mean, error)
    nothing = np.full(len(order), np.nan)
    return {
        "apart": differences.told_apart(mean, low, high),
        "value": mean, "low": own_low, "high": own_high, "count": nothing, "size": nothing,
        "shrunk": shrunk.value, "weight": shrunk.weight, "outside": np.zeros(len(order), np.int8),
        "lower": nothing, "upper": nothing,
        "facts": {"middle": _number(float(np.nanmean(mean)) if np.isfinite(mean).any() else math.nan), "tau2": 0.0,
                  "phi": 0.0, "curves": {}},
    }  # fmt: skip


COLUMNS = ("value", "low", "high", "count", "size", "shrunk", "weight", "lower", "upper")


def _counted(found: dict[str, Any]) -> int:
    return int((np.isfinite(found["value"]) & np.isfinite(found["low"])).sum())


def _groups(order: list[int], sums: pd.DataFrame, found: dict[str, Any], apart: Apart) -> list[Facts]:
    return [
        {
            "id": group,
            "periods": int(sums["periods"].iloc[place]),
            **{name: _number(float(found[name][place])) for name in COLUMNS},
            "outside": int(found["outside"][place]),
            "band": int(apart.band[place]),
            "first": int(apart.first[place]),
            "last": int(apart.last[place]),
        }
        for place, group in enumerate(order)
    ]


def _pairs(order: list[int], apart: Apart) -> list[list[Any]]:
    """[one, other, lowest, highest difference, told apart] of every pair, once."""
    return [
        [order[one], order[other], _number(float(apart.low[one, other])), _number(float(apart.high[one, other])),
         int(apart.apart[one, other])]
        for one in range(len(order))
        for other in range(one + 1, len(order))
        if len(order) <= PAIRED
    ]  # fmt: skip


PAIRED = 40


def _points(table: pd.DataFrame, series: list[int], group_of: dict[int, int], metric: Metric) -> dict[str, str]:
    """The chart of each group that has no stored one, because several series were added up for it: packed, base64. It
    is chosen as for a series of the metric, so that all charts of one page have limits of one kind."""
    owners = [group_of[pk] for pk in series if pk in group_of]
    summed = {group for group in owners if owners.count(group) > 1}
    rows = table[table["group"].isin(summed)]
    if rows.empty:
        return {}
    groups = sorted(summed & set(rows["group"]))
    place = rows["group"].map({group: index for index, group in enumerate(groups)})
    least, most = ends_of(metric.derived)
    of_each = {
        "direction": metric.direction,
        "chart": choice.wanted(metric.kind, metric.chart),
        "fixed": metric.chart != choice.NAMES[choice.AUTOMATIC],
        "scale": metric.scale,
        "least": least,
        "most": most,
    }
    batch = Batch.from_rows(
        place, rows["day"], rows["value"], len(groups),
        numerators=rows["numerator"], denominators=rows["denominator"],
        **{name: [one] * len(groups) for name, one in of_each.items()},
    )  # fmt: skip
    packed = pack_all(analyse(batch, Settings()))
    return {str(group): base64.b64encode(blob).decode() for group, blob in zip(groups, packed, strict=True)}


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None

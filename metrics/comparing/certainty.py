"""How sure each point of a survey is: its interval, its n and how many were asked."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.stats import t

from metrics import blocks
from metrics.comparing import frames
from metrics.models import Certainty, Metric, Series, Survey
from metrics.trends.intervals import net_promoter, wilson

COMPANIONS = ("asked", "promoters", "spread")
PLACE = ("unit_id", "service_id", "product_id", "channel_id")
WIDEST, FROM_SERIES, COUNTED = "widest", "from_series", ""
Ends = tuple[np.ndarray, np.ndarray, str]


def settle(series_ids: Sequence[int]) -> int:
    """Compute and keep the intervals of those of these series that are surveys; how many there are."""
    rows = list(Series.objects.filter(pk__in=series_ids, metric__survey__isnull=False).select_related("metric__survey"))
    if not rows:
        return 0
    beside = _companions(rows)
    table = frames.observations([row.pk for row in rows] + [pk for found in beside.values() for pk in found.values()])
    by_series = dict(iter(table.groupby("series")))
    nothing = table.iloc[:0]
    for row in rows:
        own = by_series.get(row.pk, nothing).set_index("day")
        for name, pk in beside[row.pk].items():
            companion = by_series.get(pk, nothing).set_index("day")
            own[name] = _value(companion, 1.0 if name != "spread" else _scale(row.metric.survey, name))
        low, high, basis = _ends(row.metric, row.metric.survey, own)
        content = blocks.pack(
            {
                "day": own.index.to_numpy(np.int64),
                "low": low,
                "high": high,
                "n": _answers(own).to_numpy(np.float64),
                "asked": _column(own, "asked").to_numpy(np.float64),
            }
        )
        Certainty.objects.update_or_create(series=row, defaults={"content": content, "basis": basis})
    return len(rows)


def _scale(survey: Survey, name: str) -> float:
    companion = getattr(survey, name)
    return float(companion.scale) if companion else 1.0


def _companions(rows: Sequence[Series]) -> dict[int, dict[str, int]]:
    """{series: {asked, promoters, spread: the series of that metric in the same place}}."""
    wanted = {getattr(row.metric.survey, f"{name}_id") for row in rows for name in COMPANIONS} - {None}
    found = {
        (row.metric_id, *(getattr(row, name) for name in PLACE)): row.pk
        for row in Series.objects.filter(metric__in=wanted)
    }
    return {
        row.pk: {
            name: pk
            for name in COMPANIONS
            if (pk := found.get((getattr(row.metric.survey, f"{name}_id"), *(getattr(row, one) for one in PLACE))))
        }
        for row in rows
    }


def _column(own: pd.DataFrame, name: str) -> pd.Series:
    return own[name] if name in own else pd.Series(np.nan, index=own.index)


def _value(own: pd.DataFrame, scale: float) -> pd.Series:
    with np.errstate(all="ignore"):
        return own["numerator"].where(own["denominator"].isna(), own["numerator"] / own["denominator"]) * scale


def _answers(own: pd.DataFrame) -> pd.Series:
    """How many answered: the denominator, else the count that came with a ready-made number."""
    return own["denominator"].fillna(own["n"])


def _ends(metric: Metric, survey: Survey, own: pd.DataFrame) -> Ends:
    """Lower and upper ends in the metric's unit, and what they rest on."""
    n = _answers(own).to_numpy(np.float64)
    if survey.kind == Survey.Kind.MEAN:
        return _of_means(metric, own, n)
    whole = own["denominator"].notna()
    # A ready-made figure in per cent is turned back into a count.
    unit = metric.scale if metric.scale != 1 else 100.0 if metric.measure == "%" or survey.kind == "promoters" else 1.0
    factor = np.where(whole, metric.scale, unit)
    count = np.where(whole, own["numerator"], own["numerator"] * metric.scale / unit * n)
    if survey.kind == Survey.Kind.SHARE:
        low, high = wilson(np.minimum(np.round(count, 6), n), n)
        return low * factor, high * factor, COUNTED
    promoters = _column(own, "promoters").to_numpy(np.float64)
    known = np.isfinite(promoters)
    # Without them, the widest split that gives this score: nobody in the middle.
    promoters = np.where(known, promoters, (n + count) / 2)
    detractors = promoters - count
    _score, low, high = net_promoter(promoters, n - promoters - detractors, detractors)
    return low * factor, high * factor, COUNTED if known.all() else WIDEST


def _of_means(metric: Metric, own: pd.DataFrame, n: np.ndarray) -> Ends:
    """Student's t from the spread of the answers; where nobody gave it, from the movement of the series."""
    value = _value(own, metric.scale).to_numpy(np.float64)
    spread = _column(own, "spread").to_numpy(np.float64)
    basis = COUNTED
    if not np.isfinite(spread).all():
        ranges = np.abs(np.diff(value))
        ranges = ranges[np.isfinite(ranges)]
        usual = float(np.nanmean(np.sqrt(n))) if np.isfinite(n).any() else np.nan
        known = float(ranges.mean()) / 1.128 * usual if len(ranges) else np.nan
        spread, basis = np.where(np.isfinite(spread), spread, known), FROM_SERIES
    enough = n >= 2
    with np.errstate(all="ignore"):
        half = np.where(enough, t.ppf(0.975, np.where(enough, n - 1, 1)) * spread / np.sqrt(n), np.nan)
    return value - half, value + half, basis

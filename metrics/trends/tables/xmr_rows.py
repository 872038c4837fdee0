"""The rows of the result tables, in the words and columns of the reference answers."""

import math
from collections.abc import Iterator
from datetime import date

import numpy as np

from .. import codes
from ..limits import TOLERANCE
from ..result import Result
from ..settings import Settings
from .reading import number

POINT_COLUMNS = (
    "series_id", "seq", "date", "value", "phase", "mean", "amr", "lpl", "upl", "nlpl", "nupl",
    "outside_limits", "relative_to_mean", "close_to_limits",
    "rule_outside", "rule_shift7", "rule_trend7", "rule_two_in_three",
    "special_cause_type", "special_cause_flag", "point_type", "target", "short_group_warning", "margin",
)  # fmt: skip
SERIES_COLUMNS = (
    "series_id", "status", "error", "n", "short_group_warning", "variation_icon", "assurance_icon",
    "n_special",
)  # fmt: skip
POINT_TYPES = {
    codes.NO_ICON: "",
    codes.COMMON_CAUSE: "common_cause",
    codes.IMPROVEMENT: "special_cause_improvement",
    codes.CONCERN: "special_cause_concern",
    codes.NEUTRAL_HIGH: "special_cause_neutral_high",
    codes.NEUTRAL_LOW: "special_cause_neutral_low",
}
ASSURANCE = {
    codes.NO_ASSURANCE: "",
    codes.CONSISTENT_PASS: "consistent_pass",
    codes.CONSISTENT_FAIL: "consistent_fail",
    codes.INCONSISTENT: "inconsistent",
}


def label_names(settings: Settings) -> dict[int, str]:
    shift, trend = settings.shift, settings.trend
    return {
        codes.COMMON: "Common Cause",
        codes.OUTSIDE: "Above UCL",
        -codes.OUTSIDE: "Below LCL",
        codes.TREND: f"{trend} Point Trend (Increasing)",
        -codes.TREND: f"{trend} Point Trend (Decreasing)",
        codes.TWO_OF_THREE: "2 in 3 Above CL",
        -codes.TWO_OF_THREE: "2 in 3 Below CL",
        codes.SHIFT: f"{shift} Points Above CL",
        -codes.SHIFT: f"{shift} Points Below CL",
    }


def point_rows(result: Result) -> Iterator[tuple[str, ...]]:
    """One row per point, in the order of POINT_COLUMNS; a missing value or target is empty."""
    batch, labels = result.batch, label_names(result.settings)
    series = np.repeat(np.arange(batch.size), np.diff(batch.starts))
    columns = zip(
        series.tolist(), (np.arange(len(series)) - batch.starts[series] + 1).tolist(), batch.days.tolist(),
        batch.values.tolist(), result.phase.tolist(), _lines(result), _sides(result),
        result.marks.tolist(), result.label.tolist(), result.point_type.tolist(), _short(result).tolist(),
        _margins(result).tolist(), strict=True,
    )  # fmt: skip
    targets = ["" if math.isnan(target) else number(target) for target in batch.target.tolist()]
    for owner, seq, day, value, phase, lines, (side, close), marks, label, kind, short, margin in columns:
        rules = int(codes.RULES_OF_MARKS[marks])
        outside, trend, two, shift = (str(int(rules & rule > 0)) for rule in codes.RULES)
        yield (
            batch.name(owner), str(seq), date.fromordinal(day).isoformat(),
            "" if math.isnan(value) else number(value), str(phase), *lines, outside, side, close,
            outside, shift, trend, two, labels[label], str(int(label != 0)), POINT_TYPES[kind],
            targets[owner], str(int(short)), "" if math.isnan(value) else number(margin),
        )  # fmt: skip


def series_rows(result: Result) -> Iterator[tuple[str, ...]]:
    """One row per series, in the order of SERIES_COLUMNS; n counts missing points too, like the reference."""
    batch = result.batch
    special = np.concatenate([[0], np.cumsum(result.label != 0)])
    short = np.concatenate([[0], np.cumsum(_short(result))])
    for series in range(batch.size):
        first, end = int(batch.starts[series]), int(batch.starts[series + 1])
        yield (
            batch.name(series), "ok", "", str(end - first), str(int(short[end] > short[first])),
            POINT_TYPES[int(result.variation[series])], ASSURANCE[int(result.assurance[series])],
            str(int(special[end] - special[first])),
        )  # fmt: skip


def refused_row(name: str, day: int, size: int) -> tuple[str, ...]:
    message = f"more than one point on {date.fromordinal(day).isoformat()}"
    return (name, "error", message, str(size), "", "", "", "")


def _lines(result: Result) -> Iterator[tuple[str, ...]]:
    names = ("mean", "amr", "lpl", "upl", "nlpl", "nupl")
    per_phase = zip(*(map(number, getattr(result, f"phase_{name}").tolist()) for name in names), strict=True)
    for lines, length in zip(per_phase, np.diff(result.phase_starts).tolist(), strict=True):
        for _ in range(length):
            yield lines


def _sides(result: Result) -> Iterator[tuple[str, str]]:
    """Side of the mean (empty if missing), and beyond the near line without being outside."""
    values, outside = result.values, result.rules & codes.OUTSIDE > 0
    with np.errstate(invalid="ignore"):
        close = ~outside & ((values > result.nupl) | (values < result.nlpl))
        away = values - result.mean
        size = np.fmax(np.abs(values), np.abs(result.mean))
        side = np.where((np.abs(away) <= TOLERANCE * size) & np.isfinite(size), 0, np.sign(away))
    for one, near in zip(side.tolist(), close.tolist(), strict=True):
        yield "" if math.isnan(one) else str(int(one)), str(int(near))


def _margins(result: Result) -> np.ndarray:
    """How far each point is from the nearest of its five lines, as a part of the larger of |value| and |mean|.

    Below 1e-9 two programs may differ about the point's marks by rounding alone; 0 is exactly on a line. NaN where the
    value is missing or the series has no limits.
    """
    lines = np.stack([result.mean, result.lpl, result.upl, result.nlpl, result.nupl])
    with np.errstate(invalid="ignore", over="ignore"):
        away = np.abs(result.values - lines).min(axis=0)
        size = np.fmax(np.abs(result.values), np.abs(result.mean))
        return np.where(away == 0, 0.0, away / np.where(size > 0, size, 1.0))


def _short(result: Result) -> np.ndarray:
    return result.per_point(result.phase_notes & codes.TRIAL_LIMITS > 0)

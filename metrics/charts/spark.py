"""A sparkline as SVG paths, drawn on the server."""

from __future__ import annotations

import math
from dataclasses import dataclass

from django.utils.translation import gettext_lazy, ngettext

from metrics.trends import Points, codes


@dataclass(frozen=True)
class Dots:
    """The marked points of one tone (improvement, concern or neutral): a path of lines without length, whose round ends
    are the dots. One element each was half of the weight of a board whose points are marked, and of the time to write it.
    """

    tone: str
    path: str

    @property
    def count(self) -> int:
        return self.path.count("M")


@dataclass(frozen=True)
class Spark:
    """A sparkline in a box of 120 × 28: the path of the values, the y of the mean, the band of the limits, and the y of
    the target where it lies among them."""

    path: str
    mean: float | None
    band_top: float | None
    band_height: float | None
    dots: list[Dots]
    count: int = 0
    target: float | None = None

    @property
    def words(self) -> str:
        """What the picture shows, for those who do not see it."""
        told = [ngettext("the last %(n)s value", "the last %(n)s values", self.count) % {"n": self.count}]
        for dots in self.dots:
            marked = ngettext("%(n)s marked as %(tone)s", "%(n)s marked as %(tone)s", dots.count)
            told.append(marked % {"n": dots.count, "tone": TONE_WORDS[dots.tone]})
        return ", ".join(told)

    @property
    def upper_at(self) -> float:
        """Where the word of the upper limit stands: just below its line."""
        return round((self.band_top or 0.0) + 3.2, 1)

    @property
    def lower_at(self) -> float:
        return round((self.band_top or 0.0) + (self.band_height or 0.0) - 0.8, 1)

    @property
    def mean_at(self) -> float:
        return round((self.mean or 0.0) - 0.8, 1)


SPARK_POINTS, SPARK_WIDTH, SPARK_HEIGHT = 52, 120.0, 28.0
TONES = {
    codes.IMPROVEMENT: "improvement",
    codes.CONCERN: "concern",
    codes.NEUTRAL_HIGH: "neutral",
    codes.NEUTRAL_LOW: "neutral",
}

TONE_WORDS = {
    "improvement": gettext_lazy("improvement"),
    "concern": gettext_lazy("concern"),
    "neutral": gettext_lazy("neither better nor worse"),
}


def reach(points: Points) -> tuple[float, float] | None:
    """The lowest and the highest of the last 52 values and of the limits, for a scale that several share."""
    seen = [float(value) for value in points.values[-SPARK_POINTS:] if math.isfinite(value)]
    if not seen:
        return None
    lines = [float(line[-1]) for line in (points.phase_upl, points.phase_lpl) if math.isfinite(line[-1])]
    return min(seen + lines), max(seen + lines)


def sparkline(points: Points, scale: tuple[float, float] | None = None, target: float | None = None) -> Spark | None:
    """The last 52 points, drawn small; None without values. ``scale``: lowest and highest of a shared scale."""
    values = points.values[-SPARK_POINTS:].tolist()
    seen = [value for value in values if not math.isnan(value)]
    if not seen:
        return None
    mean, upper, lower = (float(line[-1]) for line in (points.phase_mean, points.phase_upl, points.phase_lpl))
    limits = [line for line in (upper, lower) if not math.isnan(line)]
    low, high = scale or (min(seen + limits), max(seen + limits))
    step = (SPARK_WIDTH - 6) / max(1, len(values) - 1)

    def x(place: int) -> float:
        return round(3 + step * place, 1)

    def y(value: float) -> float:
        return round(SPARK_HEIGHT - 3 - (value - low) / ((high - low) or 1) * (SPARK_HEIGHT - 6), 1)

    path, pen = [], "M"
    for place, value in enumerate(values):
        if math.isnan(value):
            pen = "M"
            continue
        path.append(f"{pen}{x(place)} {y(value)}")
        pen = "L"
    marked: dict[str, list[str]] = {}
    for place, kind in enumerate(points.point_type[-SPARK_POINTS:].tolist()):
        if kind in TONES and not math.isnan(values[place]):
            marked.setdefault(TONES[kind], []).append(f"M{x(place)} {y(values[place])}h0")
    return Spark(
        path="".join(path),
        mean=None if math.isnan(mean) else y(mean),
        band_top=y(upper) if len(limits) == 2 else None,
        band_height=round(y(lower) - y(upper), 1) if len(limits) == 2 else None,
        count=len(seen),
        target=y(target) if target is not None and low <= target <= high else None,
        dots=[Dots(tone, "".join(places)) for tone, places in marked.items()],
    )

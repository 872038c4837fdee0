"""How far raters agree, as the worker kept it: of a series, and of the place beside it."""

from __future__ import annotations

import math

from metrics.models import Agreement, Metric, Series

# ``Metric.derived`` of what is computed from scorings: how far raters agree, the mean score of a contact, how many
# contacts were scored.
AGREEMENT, QUALITY, SCORED = "agreement", "quality_score", "scored"
# ``Certainty.basis`` of intervals that were worked out from single scorings.
SCORINGS = "scorings"
OF_SCORINGS = (AGREEMENT, QUALITY, SCORED)
# Krippendorff's alpha and the kappas: 1 is full agreement, 0 that of chance, below it people agree less than by chance.
LEAST, FULL = -1.0, 1.0


def ends_of(derived: str) -> tuple[float, float]:
    """The ends of the scale of a metric (``Metric.derived``), beyond which no limit is drawn or told: an agreement has
    them. A share has those of its chart, every other figure none (-inf, inf)."""
    return (LEAST, FULL) if derived == AGREEMENT else (-math.inf, math.inf)


def possible(kind: str, scale: float, derived: str) -> tuple[float, float]:
    """What a value of a metric can be at all: no share beyond its whole, no count, rate or time below 0, no agreement
    beyond full."""
    if kind == Metric.Kind.SCORE:
        return ends_of(derived)
    return 0.0, scale if kind == Metric.Kind.PROPORTION else math.inf


def agreement_of(series: Series) -> Agreement | None:
    """The agreement behind a series of any figure from scorings, at the same place; None where nobody scored a contact
    that somebody else scored, too."""
    place = {name: getattr(series, f"{name}_id") for name in ("unit", "service", "product", "channel")}
    rows = Agreement.objects.filter(series__metric__source=series.metric.source_id, series__metric__derived=AGREEMENT)
    return rows.filter(**{f"series__{name}": pk for name, pk in place.items()}).select_related("series__metric").first()

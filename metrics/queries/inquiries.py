"""Questions on signals: those of one signal, all that a person may see, who may be asked."""

from __future__ import annotations

from django.db.models import QuerySet

from metrics.models import Inquiry, Series, Signal
from teams import access
from teams.models import Person

WITH = ("asked_by", "asked_of", "looked_by", "answered_by")
WITH_SIGNAL = tuple(f"signal__series__{name}" for name in ("metric", "unit", "service", "product", "channel"))


def inquiries(person: Person) -> QuerySet[Inquiry]:
    """All questions the person may see, with their signals and people."""
    return access.visible_to(person, Inquiry).select_related(*WITH, *WITH_SIGNAL)


def of_signal(person: Person, signal: Signal) -> list[Inquiry]:
    """The questions on one signal, the newest first."""
    return list(access.visible_to(person, Inquiry).filter(signal=signal).select_related(*WITH))


def of_series(person: Person, series: Series) -> list[Inquiry]:
    """The questions on all signals of a series, the newest first."""
    return list(access.visible_to(person, Inquiry).filter(signal__series=series).select_related(*WITH))


def may_be_asked(signal: Signal) -> QuerySet[Person]:
    """Who can see the signal through a role, by name."""
    return access.holders("metrics.view", signal.series.unit).order_by("name")

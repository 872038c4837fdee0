"""Addresses that pages of metrics lead to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.urls import NoReverseMatch, reverse

from metrics.models import Series, Signal
from teams import access


def point_url(series: Series) -> Callable[[int], str]:
    """Where a point of the series leads: the rows behind it."""
    pattern = reverse("point", args=[series.pk, "2000-01-01"])

    def url_of(day: int) -> str:
        return pattern.replace("2000-01-01", dt.date.fromordinal(day).isoformat())

    return url_of


def finding_url(person: Any, series: Series, instead: str) -> Callable[[int], str] | None:
    """Where a finding begins from a point, for who may raise one there; else ``instead`` (a new review), if any."""
    if access.may(person, "reviews.find", series.unit):
        try:
            pattern = reverse("raise-finding", args=["point", f"{series.pk}:0"])
        except NoReverseMatch:
            return None
        return lambda day: f"{pattern.removesuffix('0')}{day}"
    return (lambda day: instead) if instead else None


def review_url(person: Any, signal: Signal | None) -> str:
    """Where a review of a signal begins, "" for who may not begin one there."""
    if signal is None or not access.may(person, "reviews.create", signal.series.unit):
        return ""
    try:
        return f"{reverse('new-review')}?signal={signal.pk}"
    except NoReverseMatch:
        return ""

"""Numbers of a frozen content as text with the address they came from."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from metrics.models import Metric
from metrics.wording import amount, decimals_of, figure

Number = dict[str, Any]
Cell = dict[str, Any]
NOTHING = "–"


def cell(text: Any, url: str = "", **more: Any) -> Cell:
    """A piece of text, with the address it leads to. ``more``: number, icon, tone, state."""
    return {"text": str(text), "url": url, **more}


def address(source: dict[str, Any]) -> str:
    """The page that shows where a number came from."""
    kind, pk = source["kind"], source["id"]
    if kind == "metrics.series":
        return reverse("series", args=[pk])
    if kind == "reviews.criterion":
        return f"{reverse('review', args=[source['review']])}#criterion-{pk}"
    if kind == "reviews.conclusion":
        return f"{reverse('review-measure', args=[source['review']])}#criterion-{source['criterion']}"
    if kind == "improvements.option":
        return f"{reverse('recommendation', args=[source['of']])}#option-{pk}"
    places = {"reviews.round": "round", "notices.briefing": "briefing", "reviews.review": "review"}
    return reverse(places[kind], args=[pk])


def shown(number: Number | None, metric: Metric | None = None, spread: float | None = None) -> Cell:
    """The cell of a number: right-aligned, linked to its source. ``spread``: the usual change from point to point."""
    if number is None:
        return cell(NOTHING, number=True)
    return cell(text(number, metric, spread), address(number["from"]), number=True)


def text(number: Number, metric: Metric | None = None, spread: float | None = None) -> str:
    """A number in the reader's language, with its unit."""
    value = number["n"]
    if number["as"] == "money":
        return money(value)
    if number["as"] == "hours":
        return _("%(hours)s h") % {"hours": figure(value, 0 if value == int(value) else 1)}
    if number["as"] == "count":
        return figure(value, 0)
    if metric is not None:
        return amount(value, metric, decimals_of(spread, metric.kind))
    words = plain(value)
    return f"{words}\u202f{number['unit']}" if number["unit"] else words


def plain(value: float) -> str:
    """A number as it was typed: no more digits than it has, at most four decimals."""
    rounded = f"{value:.4f}".rstrip("0").rstrip(".")
    return figure(value, len(rounded.partition(".")[2]))


def money(value: float) -> str:
    """An amount of money with its currency; pence only where there are any."""
    sign = "−" if value < 0 else ""
    return f"{sign}{settings.CURRENCY}{figure(abs(value), 0 if value == int(value) else 2)}"


def weeks(number: Number | None) -> Cell:
    if number is None:
        return cell(NOTHING, number=True)
    count = int(number["n"])
    words = ngettext("%(count)s week", "%(count)s weeks", count) % {"count": count}
    return cell(words, address(number["from"]), number=True)


def date(iso: str | None) -> str:
    """A stored day or moment as a date; nothing for none."""
    return formats.date_format(dt.date.fromisoformat(iso[:10]), "DATE_FORMAT") if iso else ""

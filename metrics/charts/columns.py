"""Columns of a chart as they are sent: days by their steps, numbers as whole ones, the rest by its few different values.

The forms, which static/js/charts.js makes whole again (``values`` may stand as ``runs``: value, how often, value …):

- ``{"first": "2026-01-05", "values": [1, 1, 3]}``: days, by the number of days from one to the next;
- ``{"places": 2, "values": [8012, None]}``: numbers, 80.12 and nothing;
- ``{"few": ["circle", "diamond"], "values": [0, 0, 1]}``: anything that repeats;
- a plain list: whatever fits none of them.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from django.utils.formats import get_format

from metrics.wording.figures import NOTHING

# The space for points is 296 pixels high, on a phone three dots each, and some 1,000 wide, two dots each: a step is less
# than half of a dot.
STEPS = {"x": 8_000, "y": 2_000}
LARGEST = 10**12  # whole numbers that a script divides without a rest lost
Column = dict[str, Any]


def runs(values: Sequence[Any]) -> dict[str, Any]:
    """The values one by one, or value and how often in turn where that is shorter."""
    found: list[Any] = []
    for value in values:
        if found and found[-2] == value:
            found[-1] += 1
        else:
            found += [value, 1]
    return {"runs": found} if len(found) < len(values) else {"values": list(values)}


def ordinals(days: Sequence[Any]) -> list[int] | None:
    """The days as ordinals, None where they are anything else than days."""
    try:
        found = [dt.date.fromisoformat(day) for day in days]
    except (TypeError, ValueError):
        return None
    return [day.toordinal() for day in found] if [day.isoformat() for day in found] == list(days) else None


def of_days(days: Sequence[str], numbers: Sequence[int]) -> Column:
    return {"first": days[0], **runs([after - before for before, after in pairwise(numbers)])}


def of_few(values: Sequence[Any]) -> Column | list[Any]:
    """By the different values, where there are few of them."""
    places: dict[tuple[type, Any], int] = {}
    known = [places.setdefault((type(value), value), len(places)) for value in values]
    if len(places) > max(1, len(values) // 3):
        return list(values)
    return {"few": [value for _type, value in places], **runs(known)}


def places_for(axis: str, low: float, high: float) -> int | None:
    """The decimals (below zero: tens, hundreds …) at which a step is invisible on an axis (x, y, y2 …) from low to high;
    None for an axis of no reach, or of one beyond all numbers."""
    reach = high - low
    return math.ceil(math.log10(STEPS[axis[0]]) - math.log10(reach)) if 0 < reach < math.inf else None


def whole(value: float | None, places: int, told: int | None = None) -> int | None:
    """The number in steps of so many places, such that rounded to ``told`` decimals it says what the number itself does:
    80.1496 at two places is 80.14, for with one decimal it is 80.1."""
    if value is None:
        return None
    steps = round(value * 10.0**places)
    if told is None or places <= told:
        return steps
    step = 10 ** (places - told)
    shown = round(round(value, told) * 10**told)
    if shown == 0:
        return max(1 - step // 2, min(step // 2 - 1, steps))
    size = max(abs(shown) * step - step // 2, min(abs(shown) * step + step // 2 - 1, abs(steps)))
    return int(math.copysign(size, shown))


def of_numbers(values: Sequence[float | None], places: int | None, told: int | None = None) -> list[int | None] | None:
    """All of them in steps; None where one is not finite or too large."""
    seen = [abs(value) for value in values if value is not None]
    if places is None or abs(places) > 300 or not all(map(math.isfinite, seen)):
        return None
    if max(seen, default=0.0) * 10.0**places > LARGEST:
        return None
    # The lines of mean and limits stand still for long.
    known = {value: whole(value, places, told) for value in set(values)}
    return [known[value] for value in values]


def least(numbers: Sequence[int | None], places: int, told: int | None = None) -> tuple[list[int | None], int]:
    """The same without the zeros at the end that all of them have."""
    left = list(numbers)
    while places > (told or 0) and all(not number or number % 10 == 0 for number in left):
        left, places = [None if number is None else number // 10 for number in left], places - 1
    return left, places


def marks() -> list[str]:
    """What stands in the reader's language before the decimals and between thousands."""
    return [str(get_format("DECIMAL_SEPARATOR")), str(get_format("THOUSAND_SEPARATOR"))]


def shown(number: int | None, places: int, told: int, signs: Sequence[str]) -> str:
    """A number of so many places with ``told`` decimals, as ``wording.figures.figure`` writes it."""
    if number is None:
        return NOTHING
    step = 10 ** (places - told)
    rounded = (abs(number) + step // 2) // step
    text = str(rounded).rjust(told + 1, "0")
    before, after = (text[:-told], signs[0] + text[-told:]) if told else (text, "")
    return ("−" if number < 0 and rounded else "") + re.sub(r"\B(?=(\d{3})+$)", signs[1], before) + after


def form_of(words: Sequence[str | None], figures: Sequence[str | None]) -> Column | None:
    """What stands before and after each figure, and the few that are told otherwise; None where no form fits."""
    first = next((place for place, told in enumerate(words) if told and told != NOTHING and figures[place]), None)
    if first is None or str(figures[first]) not in str(words[first]):
        return None
    before, _figure, after = str(words[first]).partition(str(figures[first]))
    other = {
        str(place): told
        for place, (told, figure) in enumerate(zip(words, figures, strict=True))
        if told != (figure if figure in (None, NOTHING) else f"{before}{figure}{after}")
    }
    if len(other) > len(words) // 10:
        return None
    return {"form": [before, after], **({"other": other} if other else {})}


def read(words: Sequence[str | None], signs: Sequence[str]) -> tuple[list[int | None], int] | None:
    """The figures in words that differ in nothing else, as whole numbers with their places."""
    found = [re.search(rf"−?\d[\d{re.escape(signs[1])}]*({re.escape(signs[0])}\d+)?", told or "") for told in words]
    places = {len(one[1] or " ") - 1 for one in found if one}
    if len(places) != 1:
        return None
    numbers = [int(re.sub(r"\D", "", one[0])) * (-1 if one[0][0] == "−" else 1) if one else None for one in found]
    return numbers, places.pop()


def of_period_words(words: Sequence[str | None], days: Sequence[int]) -> Column | None:
    """The names of the periods that begin on these days, by one form for each month of the year."""
    dates = [dt.date.fromordinal(day) for day in days]
    months: dict[int, str] = {}
    for month in sorted({day.month for day in dates}):
        own = [(told or "", day) for told, day in zip(words, dates, strict=True) if day.month == month]
        fitting = (form for form in _forms(*own[0]) if all(_filled(form, day) == told for told, day in own))
        form = next(fitting, None)
        if form is None:
            return None
        months[month] = form
    return {"months": months}


def _forms(told: str, day: dt.date) -> list[str]:
    """In how many ways the day may stand in these words."""
    form = told.replace(f"{day.year:04}", "{Y}", 1)
    found = [form]
    for name, number in (("{j}", str(day.day)), ("{d}", f"{day.day:02}")):
        found += [form[: at.start()] + name + form[at.end() :] for at in re.finditer(number, form)]
    return found


def _filled(form: str, day: dt.date) -> str:
    return form.replace("{Y}", f"{day.year:04}").replace("{j}", str(day.day)).replace("{d}", f"{day.day:02}")


def of_addresses(urls: Sequence[str], days: Sequence[int] | None) -> Column | list[Any] | str:
    """One form with the day (or its number) in it, where each leads to its own day."""
    if not urls:
        return []
    if days is not None:
        for name, told in (("{day}", lambda day: dt.date.fromordinal(day).isoformat()), ("{number}", str)):
            form = name.join(urls[0].rsplit(told(days[0]), 1))
            if name in form and [form.replace(name, told(day)) for day in days] == list(urls):
                return form
    return of_few(urls)

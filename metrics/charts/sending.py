"""A figure as a page sends it: what repeats is sent once, and no more digits than a screen can carry.

Exact values stand in the table and the export; static/js/charts.js makes the figure whole again before it draws it.
Whatever does not fit a form is sent as it is, so that nothing can be told otherwise than the figure says.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any

from metrics.charts import columns as forms
from metrics.charts.looks import hover

Figure = dict[str, Any]
Trace = dict[str, Any]
SHORT = 3  # points: a line from here to there is sent as it is


class _Sent:
    """The columns of one figure, each sent once; ``given``: the figure as plotly draws it."""

    def __init__(self, given: Figure) -> None:
        self.given = given
        self.columns: list[Any] = []
        self._known: dict[str, int] = {}
        self.points: Trace = next((one for one in reversed(given["data"]) if one.get("name") == "points"), {})
        x = self.points.get("x", [])
        self.days = forms.ordinals(x) if len(x) >= SHORT else None
        self.hover = [hover(words) for words in given.get("words", {}).get("points", [])]
        self.told: int | None = given.get("words", {}).get("decimals")
        self.places = {axis: self._places(axis) for axis in {*map(_x, given["data"]), *map(_y, given["data"])}}

    def _places(self, axis: str) -> int | None:
        layout = self.given["layout"].get(f"{axis[0]}axis{axis[1:]}", {})
        if "range" in layout:
            return self._fine(axis, forms.places_for(axis, *layout["range"]))
        seen = [
            value
            for trace in self.given["data"]
            if axis in (_x(trace), _y(trace))
            for value in trace.get(axis[0], [])
            if isinstance(value, int | float) and math.isfinite(value)
        ]
        return self._fine(axis, forms.places_for(axis, min(seen, default=0.0), max(seen, default=0.0)))

    def _fine(self, axis: str, places: int | None) -> int | None:
        """At least as many as the words beside the points say."""
        return places if places is None or axis != "y" or self.told is None else max(places, self.told)

    def column(self, content: Any) -> int:
        """The place of a column among those sent."""
        key = json.dumps(content)
        if key not in self._known:
            self._known[key] = len(self.columns)
            self.columns.append(content)
        return self._known[key]

    def trace(self, trace: Trace) -> Trace:
        made, cut = dict(trace), self._cuts(trace)
        for name, axis in (("x", _x(trace)), ("y", _y(trace))):
            if name in trace:
                made[name] = self._values(trace[name], axis, cut)
        for name in ("error_x", "error_y"):
            if name in trace and isinstance(made.get(name[-1]), dict):
                made[name] = self._reach(trace, name)
        if "marker" in trace:
            made["marker"] = {key: self._few(value) for key, value in trace["marker"].items()}
        for name in ("text", "hovertext"):
            if name in trace and trace[name] == self.hover:
                made[name] = {"$": "told"}
        if "customdata" in trace:
            made["customdata"] = forms.of_addresses(trace["customdata"], self.days)
        return made

    def _cuts(self, trace: Trace) -> list[int]:
        """Where a line along the points is broken: the place of each point that stands twice, first without a value."""
        x, y, days = trace.get("x", []), trace.get("y", []), self.points.get("x", [])
        cuts, at = [], 0
        for place, day in enumerate(days):
            if at + 1 < len(x) and x[at] == x[at + 1] == day and y[at] is None:
                cuts.append(place)
                at += 1
            at += 1
        once = [at for at in range(len(x)) if at + 1 == len(x) or x[at] != x[at + 1]]
        return cuts if cuts and at == len(x) and [x[at] for at in once] == days else []

    def _values(self, values: Sequence[Any], axis: str, cut: list[int]) -> Any:
        if len(values) < SHORT:
            return list(values)
        if cut:
            doubled = {place + before for before, place in enumerate(cut)}
            values = [value for at, value in enumerate(values) if at not in doubled]
        more = {"cut": cut} if cut else {}
        days = self.days if values == self.points.get("x") else forms.ordinals(values)
        if days is not None:
            return {"$": self.column(forms.of_days(values, days)), **more}
        numbers = self._numbers(values, axis)
        if numbers is None:
            return {"$": self.column(forms.of_few(values)), **more}
        return {"$": self.column(self._scaled(numbers, axis)), **more}

    def _numbers(self, values: Sequence[Any], axis: str) -> list[int | None] | None:
        if not all(value is None or isinstance(value, int | float) for value in values):
            return None
        return forms.of_numbers(values, self.places[axis], self._told(axis))

    def _told(self, axis: str) -> int | None:
        return self.told if axis == "y" else None

    def _scaled(self, numbers: Sequence[int | None], axis: str) -> forms.Column:
        left, places = forms.least(numbers, self.places[axis] or 0, self._told(axis))
        return {"places": places, **forms.runs(left)}

    def _reach(self, trace: Trace, name: str) -> Trace:
        """Whiskers by their ends, which are the numbers that the words beside the point tell."""
        axis, values, error = (_y if name[-1] == "y" else _x)(trace), trace[name[-1]], dict(trace[name])
        base = self._numbers(values, axis)
        for key, sign in (("array", 1), ("arrayminus", -1)):
            ends = self._numbers(_ends(values, error[key], sign), axis)
            if base is None or ends is None:
                return dict(trace[name])
            reach = [0 if a is None or b is None else sign * (b - a) for a, b in zip(base, ends, strict=True)]
            error[key] = {"$": self.column(self._scaled(reach, axis))}
        return error

    def _few(self, value: Any) -> Any:
        return {"$": self.column(forms.of_few(value))} if isinstance(value, list) and len(value) >= SHORT else value

    def words(self) -> Figure:
        """What is told of each point, by the columns that it is made of where the figure names them."""
        words = dict(self.given["words"])
        made = words.pop("made", None)
        words.pop("decimals", None)
        if "finds" in words:
            words["finds"] = forms.of_addresses(words["finds"], self.days)
        if made is None or self.days is None:
            return words
        signs = forms.marks()
        words["points"] = {
            "parts": made["parts"],
            "signs": signs,
            "columns": {name: self._told_column(name, told, signs) for name, told in made["columns"].items()},
        }
        return words

    def _told_column(self, name: str, told: list[str | None], signs: list[str]) -> Any:
        form = self._day_words(told) if name == "day" else self._drawn(name, told, signs) or _read(told, signs)
        return form or forms.of_few(told)

    def _day_words(self, told: list[str | None]) -> forms.Column | None:
        return forms.of_period_words(told, self.days or [])

    def _drawn(self, name: str, told: list[str | None], signs: list[str]) -> forms.Column | None:
        """From the numbers that are drawn anyway: the value of the point, and the ends of its whisker."""
        numbers, decimals, error = self._numbers(self.points["y"], "y"), self.told, self.points.get("error_y", {})
        sign, key = {"value": (0, ""), "low": (-1, "arrayminus"), "high": (1, "array")}.get(name, (0, None))
        if numbers is None or decimals is None or key is None or (sign and key not in error):
            return None
        if sign:
            ends = self._numbers(_ends(self.points["y"], error[key], sign), "y")
            if ends is None:
                return None
            numbers = ends
        figures = [forms.shown(number, self.places["y"] or 0, decimals, signs) for number in numbers]
        form = forms.form_of(told, figures)
        return form and {"drawn": key, "told": decimals, **form}


def _read(told: list[str | None], signs: list[str]) -> forms.Column | None:
    """Numbers that are in the words alone: how many were counted, how many answered."""
    found = forms.read(told, signs)
    if found is None or any(number is not None and abs(number) > forms.LARGEST for number in found[0]):
        return None
    numbers, places = found
    figures = [None if number is None else forms.shown(number, places, places, signs) for number in numbers]
    form = forms.form_of(told, figures)
    return form and {"places": places, "told": places, **forms.runs(numbers), **form}


def _ends(values: Sequence[Any], reach: Sequence[Any], sign: int) -> list[Any]:
    return [None if value is None else value + sign * far for value, far in zip(values, reach, strict=True)]


def _x(trace: Trace) -> str:
    return str(trace.get("xaxis", "x"))


def _y(trace: Trace) -> str:
    return str(trace.get("yaxis", "y"))


def sent(figure: Figure) -> Figure:
    """The same figure in its shorter form: ``columns``, and ``data`` and ``words`` that point to them."""
    made = _Sent(figure)
    data = [made.trace(trace) for trace in figure["data"]]
    words = {"words": made.words()} if "words" in figure else {}
    return {"columns": made.columns, "data": data, "layout": figure["layout"], "config": figure["config"], **words}

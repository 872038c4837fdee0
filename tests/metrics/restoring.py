"""What a page sends of a chart made whole again, as static/js/charts.js does it."""

import datetime as dt
import re

from metrics.charts.looks import hover
from metrics.wording.figures import NOTHING


def listed(column):
    if "values" in column:
        return column["values"]
    pairs = zip(column["runs"][::2], column["runs"][1::2], strict=True)
    return [value for value, times in pairs for _time in range(times)]


def column_of(column):
    if isinstance(column, list):
        return column
    if "first" in column:
        days = [dt.date.fromisoformat(column["first"])]
        for step in listed(column):
            days.append(days[-1] + dt.timedelta(step))
        return [day.isoformat() for day in days]
    if "few" in column:
        return [column["few"][place] for place in listed(column)]
    return [None if number is None else number / 10 ** column["places"] for number in listed(column)]


def shown(number, places, told, signs):
    """By way of decimal text, not of the whole numbers that the product divides."""
    half_up = (abs(number) * 10**told * 2 + 10**places) // (2 * 10**places)
    text = f"{half_up / 10**told:,.{told}f}".replace(",", "\0").replace(".", signs[0]).replace("\0", signs[1])
    return "−" * (number < 0 and half_up > 0) + text


def _addresses(given, days):
    if not isinstance(given, str):
        return column_of(given)
    named = [(day, str(dt.date.fromisoformat(day).toordinal())) for day in days]
    return [given.replace("{day}", day).replace("{number}", number) for day, number in named]


def _day_words(months, day):
    date = dt.date.fromisoformat(day)
    form = months[str(date.month)]
    return form.replace("{Y}", f"{date.year:04}").replace("{j}", str(date.day)).replace("{d}", f"{date.day:02}")


def _drawn(sent, points, key):
    base = sent["columns"][points["y"]["$"]]
    if not key:
        return listed(base), base["places"]
    reach = sent["columns"][points["error_y"][key]["$"]]
    places = max(base["places"], reach["places"])
    up, along = 10 ** (places - base["places"]), 10 ** (places - reach["places"]) * (1 if key == "array" else -1)
    both = zip(listed(base), listed(reach), strict=True)
    return [None if value is None else value * up + far * along for value, far in both], places


def _told(sent, points, column, days, signs):
    if isinstance(column, dict) and "months" in column:
        return [_day_words(column["months"], day) for day in days]
    if isinstance(column, list) or "form" not in column:
        return column_of(column)
    drawn = "drawn" in column
    numbers, places = _drawn(sent, points, column["drawn"]) if drawn else (listed(column), column["places"])
    before, after = column["form"]
    words = [
        (NOTHING if drawn else None) if one is None else before + shown(one, places, column["told"], signs) + after
        for one in numbers
    ]
    for place, told in column.get("other", {}).items():
        words[int(place)] = told
    return words


def _words(sent, points, days):
    given = sent.get("words", {}).get("points", [])
    if isinstance(given, list):
        return given
    columns = {name: _told(sent, points, column, days, given["signs"]) for name, column in given["columns"].items()}
    words = []
    for place in range(len(days)):
        named = [(part, re.findall(r"\{(\w+)\}", part)) for part in given["parts"]]
        told = [part for part, names in named if all(columns[name][place] is not None for name in names)]
        words.append("; ".join(re.sub(r"\{(\w+)\}", lambda one: columns[one[1]][place], part) for part in told))  # noqa: B023
    return words


def whole(sent):
    """The figure that ``metrics.charts.sent`` has shortened, as plotly draws it."""
    points = next((one for one in reversed(sent["data"]) if one.get("name") == "points"), {})
    x = points.get("x")
    days = column_of(sent["columns"][x["$"]]) if isinstance(x, dict) else []
    words = _words(sent, points, days)

    def restored(trace):
        made = {}
        for key, part in trace.items():
            if key == "customdata":
                made[key] = _addresses(part, days)
            elif isinstance(part, dict) and "$" in part:
                told = part["$"] == "told"
                made[key] = [hover(one) for one in words] if told else list(column_of(sent["columns"][part["$"]]))
            else:
                made[key] = restored(part) if isinstance(part, dict) else part
        cuts = trace["x"].get("cut", []) if isinstance(trace.get("x"), dict) else []
        for place in reversed(cuts):
            made["x"].insert(place, made["x"][place])
            made["y"].insert(place, None)
        return made

    told = {**sent.get("words", {}), "points": words}
    if told.get("finds"):
        told["finds"] = _addresses(told["finds"], days)
    return {**sent, "data": [restored(trace) for trace in sent["data"]], "words": told}

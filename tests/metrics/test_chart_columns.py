"""What a page sends of a chart says the same as the whole figure, whatever the values, the days and the language."""

import datetime as dt
import json

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as some

from metrics.charts import columns, figure_of, groups, looks, seasons, sent
from metrics.models import Metric
from metrics.queries.analyses import PointRow
from metrics.tables import points
from metrics.templatetags.charts import chart_script
from metrics.trends import codes
from metrics.wording import day_of, figure
from tests.metrics import restoring
from tests.metrics.test_chart_weight import assert_same

FIRST = dt.date(2024, 1, 1).toordinal()


def rows_of(values, days=None, **more):
    """Points of two phases, with limits about their values."""
    rows = []
    for place, value in enumerate(values):
        lines = (None, None, None) if value is None else (value, value - abs(value) / 7, value + abs(value) / 7)
        rows.append(
            PointRow(
                day=days[place] if days else FIRST + 2 * place,
                value=value,
                mean=lines[0],
                lower=lines[1],
                upper=lines[2],
                target=None,
                phase=place // 5,
                trial=False,
                rules=codes.OUTSIDE * (place % 4 == 3),
                kind="concern" if place % 4 == 3 else "common_cause",
                n=None if place % 3 == 2 else 1200.0 + place,
                **more,
            )
        )
    return rows


def both(rows, metric=None, **more):
    """The whole figure, and what a browser makes of what is sent of it."""
    made = figure_of(metric or Metric(kind="score", period="day", measure="points"), rows, **more)
    return made, restoring.whole(json.loads(json.dumps(sent(made))))


@given(
    some.floats(-1e6, 1e6),
    some.integers(0, 5),
    some.integers(0, 4),
    some.sampled_from(["en-gb", "de", "fr", "fi", "pl"]),
)
def test_fewer_digits_say_the_same_with_the_decimals_of_the_words(value, told, more, language):
    """As half a step up or down may not: 80.1496 is told as 80.1, its two places 80.15 would be as 80.2."""
    places = told + more
    steps = columns.whole(value, places, told)
    with translation.override(language):
        assert columns.shown(steps, places, told, columns.marks()) == figure(value, told)
    assert abs(steps / 10**places - value) <= 1.0001 / 10**places


@pytest.mark.parametrize(
    ("value", "steps"), [(80.1496, 8014), (80.15, 8015), (-80.1496, -8014), (0.0499, 4), (-0.0499, -4)]
)
def test_a_number_just_below_the_next_figure_stays_below_it(value, steps):
    assert columns.whole(value, 2, 1) == steps


@pytest.mark.parametrize("language", ["en-gb", "de", "fr", "pl", "ja", "fi", "ca"])
@pytest.mark.parametrize("period", ["day", "week", "month"])
def test_names_of_periods_are_made_from_their_days(language, period):
    days = [FIRST + 7 * place for place in range(150)]
    if period == "month":
        days = [dt.date(2020 + place // 12, place % 12 + 1, 1).toordinal() for place in range(60)]
    with translation.override(language):
        words = [day_of(day, period) for day in days]
        assert set(columns.of_period_words(words, days)) == {"months"}
        metric = Metric(kind="score", period=period, measure="")
        whole = both(rows_of([50.0 + place % 9 for place in range(len(days))], days), metric)[1]
    assert [told.split("; ")[0] for told in whole["words"]["points"]] == words


ODD = {
    "nothing": [],
    "one": [5.0],
    "two": [5.0, 6.5],
    "only holes": [None] * 6,
    "zeros": [0.0] * 9,
    "one value": [0.1234567] * 9,
    "tiny": [1e-9 * place for place in range(12)],
    "huge": [1e15 + 1e9 * place for place in range(12)],
    "as large as numbers are": [1e308, -1e308, 0.0, 5.0],
    "below zero": [-5.05, 0.04, -0.04, 3.25, None, -1204.5, 1e4],
    "ties": [0.05, 0.15, 0.25, 0.35, 2.5, 3.5, 40.25],
}


@pytest.mark.parametrize("values", ODD.values(), ids=ODD)
@pytest.mark.parametrize("kind", ["score", "count", "duration"])
def test_odd_values_are_told_as_they_are(values, kind):
    metric = Metric(kind=kind, period="day", measure="min" if kind == "duration" else "of {n} <b>$&</b>; so")
    made, whole = both(rows_of(values), metric, url_of=lambda day: f"/points/{day}", find_of=lambda day: f"/{day}/find")

    assert_same(made, whole)


@pytest.mark.parametrize(
    "address",
    [lambda day: "/new", lambda day: f"/{day % 2}/{day}", lambda day: dt.date.fromordinal(day).strftime("/%Y")],
)
def test_addresses_lead_where_they_did(address):
    made, whole = both(rows_of([50.0 + place for place in range(40)]), url_of=address, find_of=address)

    assert_same(made, whole)


def test_a_whisker_ends_where_the_words_say():
    made, whole = both(rows_of([50 + place / 7 for place in range(30)], low=44.449, high=61.051, asked=4_000.0))

    assert_same(made, whole)
    told = {words for one in whole["words"]["points"] for words in one.split("; ") if "interval" in words}
    assert told == {"95 % interval 44.4\u202fpoints to 61.1\u202fpoints"}


def test_a_language_that_groups_otherwise_has_its_words_sent_one_by_one():
    with translation.override("hi"):
        made, whole = both(rows_of([123456.0 + 1000 * place for place in range(30)]))

    assert "1234" in whole["words"]["points"][0]
    assert_same(made, whole)


def test_a_line_is_broken_where_it_was():
    rows = rows_of([1.0, 2.0, 3.0, 4.0, 5.0, 6.0], [FIRST, FIRST + 1, FIRST + 2, FIRST + 9, FIRST + 10, FIRST + 11])
    made, whole = both(rows)

    lines = {trace["name"]: trace["y"] for trace in whole["data"]}
    assert (lines["line"].index(None), lines["mean"].index(None)) == (3, 5)
    assert_same(made, whole)


def test_intervals_of_many_groups_are_drawn_where_they_were():
    spread = [(place, 70 + place * 0.9371, place % 4 / 3 + 0.2) for place in range(24)]
    rows = [
        {"id": at, "band": at // 8, "value": value, "low": value - far, "high": value + 2 * far, "size": 90 + at, "outside": at % 5 == 4}
        for at, value, far in spread
    ]  # fmt: skip
    facts = {"groups": rows, "bands": 3, "middle": 80.0, "curves": None, "variance": 0.0}
    names = {at: f"Team {at} <North>" for at, _value, _far in spread}
    made = groups.intervals(Metric(kind="score", measure="%", direction=1), facts, names)
    whole = restoring.whole(json.loads(json.dumps(sent(made))))

    (one,), (other,) = whole["data"], made["data"]
    step = 23 / 8_000
    assert one["x"] == pytest.approx(other["x"], abs=step)
    for side in ("array", "arrayminus"):
        assert one["error_x"][side] == pytest.approx(other["error_x"][side], abs=2 * step)
    for name in ("y", "text", "marker", "customdata"):
        assert one[name] == other[name]
    assert (whole["layout"], whole["words"]) == (made["layout"], made["words"])


MINUTES = Metric(kind="duration", measure="minutes", direction=-1, period="week")


def test_lengths_of_time_are_told_alike_beside_a_group_in_its_table_and_at_a_point():
    row = {"id": 1, "band": 0, "value": 134.0, "low": 95.0, "high": 160.0, "size": 40, "outside": 0}
    facts = {"groups": [row], "bands": 1, "middle": 130.0, "curves": None, "variance": 0.0}
    made = groups.intervals(MINUTES, facts, {1: "North"})
    assert made["words"]["points"] == ["North; 2 h 14 min; 95 % interval 1 h 35 min to 2 h 40 min; n = 40"]
    assert made["layout"]["xaxis"]["ticksuffix"] == " min"
    assert _span(95.0, 160.0, MINUTES) == "1 h 35 min to 2 h 40 min"
    assert _span(80.12, 84.5, Metric(kind="proportion", measure="%")) == "80.1 to 84.5\u202f%"


def _span(low, high, metric):
    """The interval of a point as the table of a series tells it."""
    return points.lines(metric, rows_of([low], low=low, high=high), 1.0, None)[0].interval


@pytest.mark.parametrize(
    ("measure", "said"), [("min", " min"), ("Hours", " h"), ("d", ""), ("%", "%"), ("contacts", "")]
)
def test_an_axis_says_in_what_it_is_measured(measure, said):
    assert looks.suffix(Metric(measure=measure)) == said


@pytest.mark.parametrize(("period", "day"), [("day", "%-d %b %Y"), ("week", "%-d %b %Y"), ("month", "%b %Y")])
def test_a_day_beside_a_point_is_written_as_the_axis_writes_it(period, day):
    facts = {"days": [FIRST], "slow": [3.0], "season": [0.5], "percent": False}
    made = seasons.picture(Metric(name="Wait", kind="score", measure="", period=period), facts)
    assert {trace["hovertemplate"] for trace in made["data"]} == {"%{x|" + day + "}: %{text}<extra></extra>"}


@pytest.mark.parametrize(("count", "reach"), [(2, [4.833, -3.833]), (8, [7.833, -0.833]), (9, None), (24, None)])
def test_a_few_groups_stand_together_in_the_middle_of_their_frame(count, reach):
    """The first on top, thirty pixels from one to the next, however many there are; the frame is no lower than 320."""
    row = {"band": 0, "value": 80.0, "low": 70.0, "high": 90.0, "size": None, "outside": 0}
    facts = {
        "groups": [{**row, "id": at} for at in range(count)],
        "bands": 1,
        "middle": 80.0,
        "curves": None,
        "variance": 0,
    }
    axis = groups.intervals(MINUTES, facts, {at: f"Team {at:02d}" for at in range(count)})["layout"]["yaxis"]
    assert axis.get("range") == (pytest.approx(reach, abs=0.001) if reach else None)
    assert axis.get("autorange") == (None if reach else "reversed")


def test_no_word_of_people_ends_the_element():
    made = figure_of(Metric(kind="score", period="day", measure="</script><b>&"), rows_of([1.0, 2.0, 3.0, 5.0]))
    text = chart_script(made, "a-chart")

    assert text.count("<") == 2
    assert "\\u003C/script\\u003E" in text

"""Signals, figures and problems in words: every sentence is made from facts."""

import datetime as dt
import re

import pytest

from metrics import analysing, wording
from metrics.models import Mark, Metric, Observation, Rebase, Signal
from metrics.queries.analyses import analysis_of
from metrics.wording import figures
from metrics.wording.figures import in_period, length, short_day_of
from teams import clock
from tests.metrics import making
from tests.metrics.test_board import rows_of

MONTH = making.month(14)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.4, "0.4 s"),
        (42, "42 s"),
        (125, "2 min 5 s"),
        (720, "12 min"),
        (3_102, "52 min"),
        (3_590, "1 h"),
        (11_520, "3 h 12 min"),
        (3600 * 54.517, "54 h 31 min"),
        (3600 * 148, "6 days\u202f4 h"),
        (-7200, "−2 h"),
    ],
)
def test_a_length_of_time(seconds, words):
    assert length(seconds) == words


@pytest.mark.parametrize(
    ("spread", "kind", "decimals"),
    [
        (1.19, "score", 1),
        (0.052, "score", 3),
        (230, "count", 0),
        (0.4, "count", 2),
        (None, "score", 1),
        (0, "count", 0),
    ],
)
def test_as_many_decimals_as_say_something(spread, kind, decimals):
    assert wording.decimals_of(spread, kind) == decimals


def test_an_amount_has_its_unit():
    assert wording.amount(82.456, Metric(measure="%", kind="proportion"), 1) == "82.5\u202f%"
    assert wording.amount(1204, Metric(measure="contacts", kind="count"), 0) == "1,204\u202fcontacts"
    assert wording.amount(3.2, Metric(measure="hours", kind="duration"), 1) == "3 h 12 min"
    assert wording.amount(-0.5, Metric(measure="", kind="score"), 1) == "−0.5"
    assert wording.amount(None, Metric(measure="%"), 1) == "–"


def test_shares_lie_points_apart():
    share, wait = Metric(measure="%", kind="proportion"), Metric(measure="hours", kind="duration")
    assert figures.difference(3.14, share, 1) == "3.1\u202fpercentage points"
    assert figures.difference(-3.14, share, 1, short=True) == "−3.1\u202fpoints"
    assert figures.difference(3.2, wait, 1) == "3 h 12 min"
    assert (figures.end_of_interval(3.14, share, 1), figures.end_of_interval(3.2, wait, 1)) == ("3.1", "3 h 12 min")


@pytest.mark.parametrize(
    ("period", "words", "inside", "short"),
    [
        ("day", "1 March 2025", "on 1 March 2025", "1 Mar 2025"),
        ("week", "the week of 1 March 2025", "in the week of 1 March 2025", "1 Mar 2025"),
        ("month", "March 2025", "in March 2025", "Mar 2025"),
    ],
)
def test_a_period_has_its_name(period, words, inside, short):
    assert (wording.day_of(MONTH, period), in_period(MONTH, period), short_day_of(MONTH, period)) == (
        words,
        inside,
        short,
    )


SENTENCES = {
    ("outside", 1, 1, True): "was 60.0 in March 2025: above the usual range, which ends at 56.0.",
    ("outside", -1, 1, False): "was 60.0 in March 2025: below the usual range, which begins at 44.0.",
    (
        "outside",
        1,
        3,
        True,
    ): "has been above the usual range (44.0 to 56.0) for 3 months, since January 2025 (now 60.0).",
    (
        "outside",
        -1,
        3,
        False,
    ): "was below the usual range (44.0 to 56.0) for 3 months, from January 2025 to March 2025; the furthest was 61.0.",
    ("shift", -1, 8, True): "has been below its average of 50.0 for 3 months, since January 2025 (now 60.0).",
    ("shift", 1, 8, False): "was above its average of 50.0 for 3 months, from January 2025 to March 2025 "
    "(59.0 on average).",
    ("trend", 1, 7, True): "has risen at every step for 3 months, since January 2025: from 58.0 to 60.0.",
    ("trend", -1, 7, False): "fell at every step for 3 months, from 58.0 in January 2025 to 60.0 in March 2025.",
    (
        "two_of_three",
        1,
        2,
        True,
    ): "came close to the upper limit of 56.0 or beyond it at 2 points between January 2025 and March 2025.",
    (
        "two_of_three",
        -1,
        1,
        True,
    ): "came close to the lower limit of 44.0 or beyond it at 1 point between January 2025 and March 2025.",
}


@pytest.mark.django_db
@pytest.mark.parametrize("key", SENTENCES, ids=lambda key: "-".join(str(part) for part in key))
def test_each_rule_has_its_sentence(world, key):
    rule, direction, points, current = key
    one = making.series(making.metric(world.a.organisation), world.a.team, [])
    facts = {"first": 58, "last": 60, "average": 59, "extreme": 61, "mean": 50, "amr": 2.2, "lower": 44, "upper": 56}
    told = Signal(
        series=one,
        rule=rule,
        direction=direction,
        points=points,
        current=current,
        first_day=making.month(12),
        last_day=MONTH,
        facts={**facts, "span": 3, "trial": False},
    )

    assert wording.narrate(told).fact == f"Answered in time, Alder Team North, {SENTENCES[key]}"


@pytest.mark.django_db
@pytest.mark.parametrize(("direction", "side"), [(1, "upper"), (-1, "lower")])
def test_no_single_limit_is_named_where_every_point_has_its_own(world, direction, side):
    """Of shares the limits widen where few were counted: 1,000 here, 100 there."""
    share = making.metric(
        world.a.organisation, kind="proportion", scale=100, measure="%", numerator="in time", denominator="all"
    )
    one = making.series(share, world.a.team, [])
    rest = [50 + direction * far for far in (0, 1, -1, 0, 1, -1, 0, 1, -1, 0, 1, -1, 0, 1, 4.8, 2, 4.8)]
    sizes = [1000 if place % 2 else 800 for place in range(len(rest))]
    Observation.objects.bulk_create(
        Observation(series=one, day=making.month(place), numerator=round(value * size / 100), denominator=size)
        for place, (value, size) in enumerate(zip(rest, sizes, strict=True))
    )
    analysing.analyse_series([one.pk])
    found = Signal.objects.select_related("series__metric", "series__unit")
    signal = found.get(series=one, rule="two_of_three", direction=direction)

    words = (
        f"came close to its {side} limit or beyond it at 2 points between March 2025 and May 2025; the limit differs"
    )
    assert words in wording.narrate(signal).fact
    # One that was stored before this was, and one whose limits are the same everywhere.
    del signal.facts["varying"]
    assert words in wording.narrate(signal).fact
    signal.facts["varying"] = False
    assert f"came close to the {side} limit of " in wording.narrate(signal).fact


@pytest.mark.django_db
def test_every_number_and_day_of_a_sentence_is_in_the_data(world):
    """A checker recomputes what the sentences of real analyses say."""
    one = making.falling(world.a.team)
    analysis = analysis_of(one)
    values = [*making.STEADY, 40, 41, 39, 40, 42, 40, 39, 41]
    allowed = {f"{number:.1f}" for number in [*values, analysis.mean, analysis.lower, analysis.upper]}
    months = {wording.day_of(making.month(place), "month") for place in range(21)}

    for signal in Signal.objects.filter(series=one).select_related("series__metric", "series__unit"):
        sentence = wording.narrate(signal).fact
        average = f"{sum(values[i] for i in places(signal)) / len(places(signal)):.1f}"
        assert set(re.findall(r"\d+\.\d", sentence)) <= allowed | {average}
        assert set(re.findall(r"[A-Z][a-z]+ 20\d\d", sentence)) <= months
        assert not re.search("significant|prove", sentence)


def places(signal):
    return [place for place in range(21) if signal.first_day <= making.month(place) <= signal.last_day]


@pytest.mark.django_db
def test_what_was_recorded_near_the_beginning_is_named(world):
    one = making.falling(world.a.team)
    shift = Signal.objects.get(series=one, rule="shift", direction=-1)
    far = Mark(day=dt.date(2023, 1, 1), label="Long ago")
    near = Mark(day=dt.date(2025, 1, 20), label="New rota")

    assert wording.narrate(shift, [far]).next_step == (
        "Nothing was recorded for February 2025: ask what was different then."
    )
    assert wording.narrate(shift, [far, near]).next_step == (
        "“New rota” was recorded for 20 January 2025: check whether it explains the change."
    )


@pytest.mark.django_db
def test_a_stable_metric_says_what_is_usual(world):
    one = making.steady(world.a.team)

    assert wording.headline(one, analysis_of(one), None) == (
        "Contacts answered, Alder Team North: nothing points to a change. Values from 44.5 to 56.4 are usual."
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "rebased", "words"),
    [
        ([50, 51, 49, 50], None, "too early to tell. There are 4 values so far, and 13 are needed."),
        ([50], None, "too early to tell. There is 1 value so far, and 13 are needed."),
        (
            [50] * 12,
            None,
            "too early to tell. There are 12 values so far, and 13 are needed. All of them are the same: 50.",
        ),
        (
            [*making.STEADY, 60, 61, 59],
            making.month(13),
            "too early to tell. There are 3 values since the limits began anew, and 13 are needed.",
        ),
        ([42.5] * 13, None, "nothing points to a change. All values are the same: 42.5."),
        ([2 / 3] * 13, None, "nothing points to a change. All values are the same: 0.6667."),
        ([1.25e-9] * 13, None, "nothing points to a change. All values are the same: 0.00000000125."),
        ([0] * 20, None, "nothing points to a change. All values are the same: 0."),
        (
            [*making.STEADY, *[60] * 13],
            making.month(13),
            "nothing points to a change. The last 13 values are the same: 60.",
        ),
        ([50, 51] * 7, None, "nothing points to a change. Values from 47.8 to 53.2 are usual."),
    ],
)
def test_what_a_chart_without_a_signal_knows(world, values, rebased, words):
    one = making.series(making.metric(world.a.organisation), world.a.team, values)
    if rebased:
        day = dt.date.fromordinal(rebased)
        Rebase.objects.create(series=one, day=day, reason="New rota", person=world.a.supervisor, at=clock.now())
    analysing.analyse_series([one.pk])

    assert wording.headline(one, analysis_of(one), None) == f"Answered in time, Alder Team North: {words}"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "word"),
    [([50], "Too few values"), (making.STEADY[:12], "Too few values"), (making.STEADY, "Common cause")],
)
def test_the_icon_of_a_series_knows_no_cause_of_few_values(world, client_of, values, word):
    one = making.series(making.metric(world.a.department), world.a.team, values)
    analysing.analyse_series([one.pk])
    analysing.judge([world.a.organisation.pk])
    client = client_of(world.a.supervisor)

    page = client.get(f"/series/{one.pk}")
    [header, row] = rows_of(client.get("/signals", {"export": "csv"}))

    assert page.context["variation"].words == word
    assert ("Common cause" in page.content.decode()) is (word == "Common cause")
    assert dict(zip(header, row, strict=True))["change"] == word


@pytest.mark.django_db
def test_a_frozen_analysis_tells_by_all_its_values(world):
    """One that a paper holds knows no phase: the number of all its values stands for it."""
    one = making.steady(world.a.team)
    analysis = analysis_of(one)
    analysis.scan_n = 0

    assert wording.headline(one, analysis, None).endswith("Values from 44.5 to 56.4 are usual.")


@pytest.mark.django_db
def test_trial_limits_are_said(world):
    one = making.series(making.metric(world.a.organisation), world.a.team, [50, 51, 49, 50])
    analysing.analyse_series([one.pk])

    words = [str(word) for word in wording.notes_of(analysis_of(one))]

    assert words[0] == "Only 4 values so far: with 13 the limits can be trusted."
    assert any("Trial limits" in word for word in words)

"""What a change means among all series: how often chance shows as much, on a page and on the line of the board."""

import re

import pytest

from metrics import analysing, wording
from metrics.models import Signal
from metrics.queries.analyses import analysis_of
from metrics.queries.standings import Judged, standings
from metrics.wording import standing
from tests.metrics import making


def judged(standing, p=0.0033, series=240, chance=4.1, period="week"):
    return Judged(standing, p, 2.2, 44.0, 56.0, period, series, chance)


def scanned(world, point_type="concern", direction=-1, **facts):
    one = making.series(making.metric(world.a.organisation), world.a.team, [])
    told = {"window": 8, "window_day": making.month(13), "level": 40.25, "before": 50.5, "amr": 2.2, **facts}
    return Signal(
        series=one,
        rule="scan",
        direction=direction,
        point_type=point_type,
        points=8,
        first_day=making.month(13),
        last_day=making.month(20),
        facts=told,
    )


@pytest.mark.django_db
def test_a_confirmed_change_says_how_often_a_stable_team_would_look_like_this(world):
    told = wording.narrate(scanned(world), judged=judged("confirmed"))

    assert told.fact == (
        "Answered in time, Alder Team North, was 40.2 on average over the last 8 months (from February 2025 on), lower "
        "than the 50.5 before. The change itself may have begun a little earlier or later."
    )
    assert told.meaning == ("Confirmed change to the worse: a stable team would look like this about 1 time in 300.")


@pytest.mark.django_db
def test_a_change_older_than_what_is_scanned_gets_no_false_date(world):
    """Sixteen values at the new level: the last twelve are compared, and the change began before them."""
    one = making.series(making.metric(world.a.organisation), world.a.team, [*making.STEADY * 2, *[40, 41, 39, 40] * 4])
    analysing.analyse_series([one.pk])
    analysing.judge([world.a.organisation.pk])
    signal = Signal.objects.select_related("series__metric", "series__unit").get(rule="scan")

    now = wording.narrate(signal)
    signal.current = False

    assert signal.facts["window_day"] == making.month(30) > making.month(26)
    assert now.fact == (
        "Answered in time, Alder Team North, was 40.0 on average over the last 12 months (from July 2026 on), lower than the "
        "49.1 before. The change itself may have begun earlier."
    )
    assert now.next_step == (
        "Nothing was recorded about July 2026: see on the chart when it began, and ask what was different then."
    )
    assert wording.narrate(signal).fact.startswith(
        "Answered in time, Alder Team North, was 40.0 on average over the 12 months from July 2026 on, lower than"
    )


@pytest.mark.django_db
def test_a_watch_says_the_usual_range_and_what_chance_does(world):
    told = wording.narrate(scanned(world), judged=judged("watch"))

    assert told.meaning == (
        "Watch: the usual range is 44.0 to 56.0; "
        "among the organisation's 240 weekly series with new values about 4 such marks appear by chance each week."
    )


@pytest.mark.parametrize(
    ("chance", "period", "words"),
    [
        (
            1.2,
            "month",
            "among the organisation's 240 monthly series with new values about 1 such mark appears by chance each month.",
        ),
        (
            0.3,
            "day",
            "among the organisation's daily series with new values (240) less than one such mark appears by chance each day.",
        ),
    ],
)
def test_what_chance_does_in_one_and_in_less_than_one(chance, period, words):
    assert standing.by_chance(judged("watch", chance=chance, period=period)) == words


@pytest.mark.parametrize(
    ("p", "words"),
    [
        (1 / 297, "a stable team would look like this about 1 time in 300."),
        (0.0099, "a stable team would look like this about 1 time in 100."),
        (1 / 60_000, "a stable team would look like this less than 1 time in 60,000."),
    ],
)
def test_how_often_is_said_in_two_digits(p, words):
    assert standing.how_often(p) == words


@pytest.mark.parametrize(
    ("watch", "chance", "words"),
    [
        (31, 18.3, "31 on watch; about 18 would appear even if nothing had changed"),
        (1, 0.24, "1 on watch; about 0.2 would appear even if nothing had changed"),
        (0, 2.0, "None on watch; about 2 would appear even if nothing had changed"),
    ],
)
def test_the_line_of_the_board(watch, chance, words):
    assert standing.board_line(watch, chance) == words


@pytest.mark.django_db
def test_every_number_of_a_confirmed_change_is_in_the_data(world):
    """A checker recomputes the sentence from the values and the stored judgement."""
    one = making.falling(world.a.team)
    analysing.judge([world.a.organisation.pk])
    signal = Signal.objects.select_related("series__metric", "series__unit").get(rule="scan")
    analysis = analysis_of(one)
    values = [*making.STEADY, 40, 41, 39, 40, 42, 40, 39, 41]
    window = analysis.window

    told = wording.narrate(signal, judged=standings([one.pk])[one.pk])

    means = {f"{sum(part) / len(part):.2f}" for part in (values[-window:], values[:-window])}
    assert set(re.findall(r"\d+\.\d+", told.fact)) <= means | {f"{float(mean):.1f}" for mean in means}
    assert f"the last {window} months (from {wording.day_of(making.month(21 - window), 'month')} on)" in told.fact
    assert told.meaning.endswith("about 1 time in 39,000.")

"""Series without a new value for long, on the board."""

import datetime as dt
import html
import re

import pytest

from metrics import analysing
from metrics.models import Analysis, Cycle, Signal
from metrics.queries import ages, board
from tests.metrics import making
from tests.metrics.test_board import judged, names

pytestmark = pytest.mark.django_db


def test_a_series_without_a_new_value_for_long_counts_neither_as_on_watch_nor_for_chance(world, client_of, clock_at):
    """A monthly one from half a year after the end of its last month on; what the line leaves out is said and listed."""
    making.falling(world.a.team, "Falls")
    for name in ("Odd", "Odd as well"):
        one = making.series(making.metric(world.a.team, name), world.a.team, [*making.STEADY, 42])
        analysing.analyse_series([one.pk])
    judged(world)
    client = client_of(world.a.supervisor)

    def line():
        text = client.get("/signals").content.decode()
        return re.search(r'class="chance-line">([^<]+)<', text)[1], re.findall(r'\?data=old">([^<]+)<', text)

    # The last month of the odd ones, February 2025, ended on the 28th: 30 August is the 183rd day after it.
    clock_at(dt.date(2025, 8, 29))
    assert line() == ("2 on watch; about 0 would appear even if nothing had changed", [])
    by_chance = board.summary(board.analyses(world.a.supervisor)).chance
    clock_at(dt.date(2025, 8, 30))
    left = board.summary(board.analyses(world.a.supervisor))
    assert (left.chance / by_chance, left.silent, left.asked) == (pytest.approx(1 / 3, rel=0.1), 2, 1)
    assert line() == (
        "None on watch; about 0 would appear even if nothing had changed",
        ["2 series without new values for long are left out"],
    )
    assert names(client.get("/signals", {"data": "old"})) == ["Odd", "Odd as well"]
    # A change that was confirmed is open however old it is.
    assert names(client.get("/signals"))[0] == "Falls"
    clock_at(dt.date(2026, 6, 1))
    assert line()[1] == ["No series has had a new value lately, so none of them is counted"]


def test_a_signal_s_page_leaves_out_the_same_series_as_the_board(world, client_of, clock_at):
    """Four end in January 2025, the odd one in June 2026: they fall silent one after another, on both pages."""
    for place in range(4):
        making.steady(world.a.team, f"Calls {place}")
    watched = making.series(making.metric(world.a.team, "Odd"), world.a.team, [*making.STEADY * 2, 50, 52, 49, 42])
    analysing.analyse_series([watched.pk])
    told = {}
    for day in (dt.date(2025, 7, 30), dt.date(2026, 7, 15), dt.date(2027, 3, 1)):
        clock_at(day)
        judged(world)
        summary = board.summary(board.analyses(world.a.supervisor))
        [[period, counted]] = Cycle.objects.latest("pk").periods.items() or [["month", {"series": 0, "chance": 0.0}]]
        assert (period, counted["series"], counted["chance"]) == (
            "month",
            summary.asked,
            pytest.approx(summary.chance, abs=1e-4),
        )
        signal = Signal.objects.filter(series=watched, current=True).exclude(rule="scan").get()
        text = html.unescape(client_of(world.a.supervisor).get(signal.get_absolute_url()).content.decode())
        told[day.year] = re.search(r"Watch: [^;]+; ([^.]+\.)", text)[1]
    assert told == {
        2025: "among the organisation's monthly series with new values (5) less than one such mark appears by chance each "
        "month.",
        2026: "among the organisation's monthly series with new values (1) less than one such mark appears by chance each "
        "month.",
        2027: "none of the organisation's series that are measured as often has had a new value lately.",
    }


@pytest.mark.parametrize(
    ("period", "latest", "first_silent"),
    [
        ("day", dt.date(2025, 3, 3), dt.date(2025, 5, 3)),
        ("week", dt.date(2025, 3, 3), dt.date(2025, 6, 9)),
        ("month", dt.date(2025, 3, 1), dt.date(2025, 9, 30)),
        ("month", dt.date(2025, 2, 1), dt.date(2025, 8, 30)),
    ],
)
def test_from_which_day_on_a_series_is_without_new_values_for_long(world, period, latest, first_silent):
    one = making.steady(world.a.team, period=period)
    Analysis.objects.filter(series=one).update(latest_day=latest.toordinal())

    def silent(day):
        return Analysis.objects.filter(ages.silent(day.toordinal())).exists()

    assert (silent(first_silent - dt.timedelta(days=1)), silent(first_silent)) == (False, True)


def test_a_series_without_a_value_for_long_is_stale(world, client_of, clock_at):
    making.falling(world.a.team)
    client = client_of(world.a.supervisor)

    clock_at(dt.date(2025, 10, 31))
    assert 'class="stale"' not in client.get("/signals").content.decode()
    clock_at(dt.date(2025, 12, 1))
    assert 'class="stale"' in client.get("/signals").content.decode()

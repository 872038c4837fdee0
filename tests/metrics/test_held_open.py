"""A confirmed change that is over stays where it stood until somebody says a word; what is seen today is said beside it."""

import datetime as dt
import re

import pytest

from improvements.queries.measured import in_order
from jobs import workflow as jobs
from metrics import analysing
from metrics.models import Analysis, Rebase, Signal
from metrics.queries import board
from metrics.queries import signals as questions
from metrics.wording import standing
from metrics.workflow import rebases
from metrics.workflow import signals as acknowledging
from teams import clock
from tests.metrics import making
from tests.metrics.test_board import names, rows_of

pytestmark = pytest.mark.django_db
NOBODY = "not acknowledged yet"


def judge(world, *series):
    analysing.analyse_series([one.pk for one in series])
    analysing.judge([world.a.organisation.pk])


def over(world, name="Fell and came back", after=(), **more):
    """A confirmed fall whose series is back where it was, or goes on with these values; and its signal."""
    one = making.falling(world.a.team, name, **more)
    judge(world)
    making.observe(one, [*making.STEADY, *making.STEADY, *after], first=21)
    judge(world, one)
    return one, Signal.objects.get(series=one, rule="scan", current=False)


def row_of(page, name):
    """The row of a metric with its sentences, without markup."""
    found = re.search(rf"<tbody>\s*<tr>\s*<th[^>]*><a[^>]*>{name}<.*?</tbody>", page.content.decode(), re.S)[0]
    return " ".join(re.sub(r"<[^>]+>", " ", found).split()), found


def test_a_confirmed_concern_stands_with_the_concerns_until_somebody_speaks(world, client_of):
    one, told = over(world)
    making.series(making.metric(world.a.team, "A rises", direction=0), world.a.team, [*making.STEADY, 70])
    better = making.falling(world.a.team, "B better", direction=-1)
    judge(world, better)
    client = client_of(world.a.supervisor)

    page = client.get("/signals")
    words, markup = row_of(page, "Fell and came back")

    assert one.analyses.get().standing == "quiet"
    assert names(page)[0] == "Fell and came back"
    assert "Confirmed" in words and "quiet now" in words and NOBODY in words
    assert 'aria-label="Concern, downwards"' in markup
    assert names(client.get("/signals", {"standing": "confirmed"})) == ["Fell and came back", "B better"]
    assert names(client.get("/signals", {"standing": "quiet"})) == []
    assert names(client.get("/signals", {"variation": "concern"})) == ["Fell and came back"]
    header, *rows = rows_of(client.get("/signals", {"export": "csv"}))
    file = dict(zip(header, rows[0], strict=True))
    assert [file[key] for key in ("metric", "change", "how sure", "latest values")] == [
        "Fell and came back",
        "Concern, downwards",
        "Confirmed",
        "quiet now",
    ]

    acknowledging.acknowledge(world.a.supervisor, told, "The rota")

    page = client.get("/signals")
    assert names(page)[0] == "B better"
    assert names(client.get("/signals", {"standing": "quiet"})) == ["Fell and came back"]


def test_such_a_concern_comes_first_where_the_target_cannot_be_met(world):
    one, _told = over(world, "Z back")
    other = making.falling(world.a.team, "A falls")
    judge(world, other)
    Analysis.objects.filter(series=one).update(assurance="consistent_fail")

    rows = board.analyses(world.a.supervisor).order_by("rank")

    assert [row.series_id for row in rows] == [one.pk, other.pk]
    assert {row.series_id: (row.change, row.sure) for row in rows}[one.pk] == ("concern", "confirmed")


def test_a_row_says_what_is_seen_today_beside_what_is_over(world, client_of, clock_at):
    clock_at(dt.date(2028, 3, 1))
    _one, told = over(world, "Watched", after=[60])
    page = client_of(world.a.supervisor).get("/signals")

    words, markup = row_of(page, "Watched")

    lead, now = questions.told_of([told.series_id])[told.series_id]
    assert (lead, now.current) == (told, True)
    assert told.series.analyses.get().standing == "watch"
    assert "marked by a rule now" in words
    assert markup.index(f'href="/signals/{told.pk}"') < markup.index(f'href="/signals/{now.pk}"')
    assert "Now: Watched, Alder Team North, has been above its average of" in words
    # One word for how sure, so that a row counts once: it is told as Confirmed, and is not on watch as well.
    summary = board.summary(board.analyses(world.a.supervisor))
    assert (summary.watch, summary.confirmed) == (0, 1)
    assert names(client_of(world.a.supervisor).get("/signals", {"standing": "watch"})) == []


def test_what_is_confirmed_today_leads_and_an_earlier_change_is_named(world, client_of):
    one, told = over(world, "Twice")
    making.observe(one, [62, 61, 63, 62, 60, 61, 63, 62], first=47)
    judge(world, one)
    now = Signal.objects.get(series=one, rule="scan", current=True)

    words, markup = row_of(client_of(world.a.supervisor).get("/signals"), "Twice")

    assert markup.index(f'href="/signals/{now.pk}"') < markup.index(f'href="/signals/{told.pk}"')
    assert "An earlier change is still open: Twice" in words
    assert "over by now" in words and "quiet now" not in words
    assert questions.current_of([one.pk])[one.pk] == now


def test_home_tells_in_the_order_of_the_board_and_says_confirmed(world, client_of):
    over(world, "M back")
    fresh = making.falling(world.a.team, "Z falls")
    judge(world, fresh)
    Analysis.objects.filter(series=fresh).update(assurance="consistent_fail")
    making.series(making.metric(world.a.team, "A once"), world.a.team, [*making.STEADY, 30])
    client = client_of(world.a.supervisor)
    judge(world, *[one.series for one in Analysis.objects.select_related("series").exclude(series=fresh)])

    told, _more = questions.news(world.a.supervisor)

    assert (
        [event.signal.series.metric.name for event in told]
        == names(client.get("/signals"))[:2]
        == ["Z falls", "M back"]
    )
    assert "Confirmed change to the worse: chance did not explain it" in client.get("/").content.decode()


def test_the_page_of_a_confirmed_signal_keeps_the_word_and_says_what_it_is_now(world, client_of):
    _one, told = over(world)
    client = client_of(world.a.supervisor)

    def lede():
        text = client.get(f"/signals/{told.pk}").content.decode()
        found = re.search(r'data-state="confirmed">([^<]+)</span>\s*\(([^)]+)\)', text)
        return found and found.groups(), "stays open until somebody acknowledges it" in text

    assert lede() == (("Confirmed", "quiet now"), True)

    acknowledging.acknowledge(world.a.supervisor, told, "The rota")

    assert lede() == (("Confirmed", "quiet now"), False)


def test_a_paper_lists_its_measures_in_the_order_of_the_board(world):
    back, _told = over(world, "Z back")
    calm = making.steady(world.a.team, "A calm")
    rows = {row.series_id: row for row in Analysis.objects.select_related("series")}
    assert rows[back.pk].variation == rows[calm.pk].variation == "common_cause"

    assert [one.series_id for one in in_order({calm.pk: rows[calm.pk], back.pk: rows[back.pk]})] == [back.pk, calm.pk]


def test_new_limits_that_somebody_began_with_a_reason_are_said_with_it(world, client_of):
    one = making.falling(world.a.team, "Moved")
    judge(world)
    rebases.rebase(world.a.supervisor, one, dt.date(2025, 2, 1), "The team has moved house")
    jobs.run_pending()
    judge(world, one)
    told = Signal.objects.get(series=one, rule="scan")
    client = client_of(world.a.supervisor)

    words, _markup = row_of(client.get("/signals"), "Moved")
    page = client.get(f"/signals/{told.pk}").content.decode()

    assert (told.current, told.state) == (False, "open")
    assert "new limits from 1 February 2025: “The team has moved house”" in words
    assert "obody" not in words
    assert "New limits begin on 1 February 2025: “The team has moved house”." in page


def test_limits_begun_long_before_or_after_say_nothing_of_a_change(world, client_of):
    one, told = over(world)
    for day in (dt.date(2024, 1, 1), dt.date(2026, 9, 1)):
        made = Rebase(series=one, day=day, reason="Other", person=world.a.supervisor)
        assert standing.new_limits([made], told) == ""
    gone = Rebase(
        series=one, day=dt.date(2025, 1, 1), reason="Gone", person=world.a.supervisor, withdrawn_at=clock.now()
    )
    assert standing.new_limits([gone], told) == ""
    near = Rebase(series=one, day=dt.date(2025, 1, 1), reason="Same", person=world.a.supervisor)
    assert standing.new_limits([near], told).endswith("“Same”")

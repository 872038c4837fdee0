"""A signal: what happened, what it means, what weakens it, what to do next, what would end it."""

import datetime as dt

from metrics.models import Mark, Rebase
from metrics.wording.seasons import season_note
from metrics.wording.signals import narrate
from metrics.wording.standing import NOW, acknowledged, besides, board_line, held_since, new_limits, silent_line

from .making import FIRST, judged, metric, signal

NEAR = Mark(day=dt.date(2025, 1, 14), label="New rota")
ENTRY = {
    "rule": "shift",
    "direction": -1,
    "day": FIRST,
    "alone": True,
    "points": 8,
    "left": 8,
    "other": 0,
    "latest": True,
}
SCAN = {**ENTRY, "rule": "scan", "level": 81.5, "before": 84.0}
COUNTED = metric("proportion")


def season(cycle="year", high=60, low=240, **entry):
    return {"cycle": cycle, "high": high, "low": low, "signals": [{**ENTRY, **entry}]}


def scan_season(**entry):
    return {"cycle": "year", "high": 5, "low": 196, "signals": [{**SCAN, **entry}]}


def cases():
    for rule in ("outside", "shift", "trend", "two_of_three", "scan"):
        for direction, way in ((1, "up"), (-1, "down")):
            for current, when in ((True, "now"), (False, "over")):
                yield f"{rule}, {way}, {when}", narrate(signal(rule, direction, current))
    for direction, way in ((1, "up"), (-1, "down")):
        yield f"outside, one point, {way}", narrate(signal("outside", direction, points=1))
        yield f"two of three, one point, {way}", narrate(signal("two_of_three", direction, points=1))
        for points in (1, 2):
            near = signal("two_of_three", direction, points=points, of=COUNTED)
            yield f"two of three where limits vary, {points}, {way}", narrate(near)
        yield f"change of level, one value, {way}", narrate(signal("scan", direction, points=1))
        yield f"change of level over all of its window, {way}", narrate(signal("scan", direction, points=12))
    yield "neither is better", narrate(signal("shift", kind="neutral_high", of=metric(direction=0)))
    yield "no longer seen", narrate(signal("shift", gone=True))
    yield "a mark near it", narrate(signal("shift"), [NEAR])
    yield "trial limits", narrate(signal("shift", trial=True))
    yield "daily values", narrate(signal("shift", of=metric(period="day")))
    yield "a time", narrate(signal("shift", of=metric("duration", "min", -1)))
    for kind in ("improvement", "concern", "neutral_high"):
        yield f"confirmed: {kind}", narrate(signal("scan", kind=kind), judged=judged("confirmed"))
    yield "watch, none with new values", narrate(signal("outside", points=1), judged=judged("watch", many=0, chance=0))
    yield "confirmed, rarer than was drawn", narrate(signal("scan"), judged=judged("confirmed", 1e-7))
    for period in ("day", "week", "month"):
        for chance in (0.4, 1.1, 4.3):
            told = narrate(signal("outside", points=1, of=metric(period=period)),
                           judged=judged("watch", period=period, chance=chance))  # fmt: skip
            yield f"watch, each {period}, about {chance} by chance", told
    yield "board, none on watch", board_line(0, 0.4)
    yield "board, one on watch", board_line(1, 1.0)
    yield "board, many on watch", board_line(31, 18.4)
    for silent, asked in ((0, 31), (1, 31), (4, 31), (4, 0)):
        yield f"board, {silent} silent, {asked} asked", silent_line(silent, asked)
    before = signal("scan", -1, current=False)
    before.first_seen_at = dt.datetime(2025, 1, 2, 9, tzinfo=dt.UTC)
    for standing in NOW:
        yield f"open still, its series is {standing}", held_since(before, standing)
    before.state = "acknowledged"
    yield "confirmed, over, and acknowledged", narrate(before).meaning
    begun = Rebase(day=dt.date(2025, 2, 1), reason="The new rota holds")
    for whole in (True, False):
        yield f"new limits beside it, {'a sentence' if whole else 'a note'}", new_limits([begun], before, whole)
    for also, left in ((0, 0), (1, 0), (3, 0), (0, 1), (3, 3)):
        yield f"acknowledged with {also} others, {left} left", acknowledged(also, left)
    for current in (True, False):
        fact = narrate(signal("scan", -1, current)).fact
        yield f"behind the one that leads, {'now' if current else 'over'}", besides(fact, current)
    yield from _seasons()


def _seasons():
    down = signal("shift", -1)
    for title, found in {
        "all of it is there without the season": {},
        "one of two points, the latest, is": {"left": 1},
        "the latest three points are": {"left": 3},
        "three points are, not the latest": {"left": 3, "latest": False},
        "one point is, not the latest": {"left": 1, "latest": False},
        "nothing is": {"left": 0},
        "one is marked the other way": {"left": 0, "other": 1},
        "two are marked the other way": {"left": 0, "other": 2},
        "the season may be the change itself": {"alone": False},
    }.items():
        yield f"season: {title}", [narrate(down, season=season(**found)).caveat, season_note(down, season(**found))]
    one = signal("outside", -1, points=1)
    for left in (1, 0):
        found = season(rule="outside", points=1, left=left)
        yield f"season: one point, {left} left", [narrate(one, season=found).caveat, season_note(one, found)]
    yield "season: told further down", narrate(down, season=season(), below=True).caveat
    yield "season: of weekdays", narrate(down, season=season("week", 1, 5)).caveat
    level = signal("scan", -1)
    for title, found in {
        "stays": {},
        "stays, the latest is not marked": {"latest": False},
        "is gone": {"level": 84.5},
    }.items():
        told = scan_season(**found)
        yield f"season: the change of level {title}", [narrate(level, season=told).caveat, season_note(level, told)]

"""Sequences of moves: from anywhere on the path, by anybody, through the verbs and through the pages."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.http import Http404
from django.test import Client

from cxreview.wander import laws
from cxreview.wander.company import FIRST_DAY, Company
from cxreview.wander.moves import MOVES, Move, Story, begin
from improvements.workflow import decisions
from teams import access, clock, trail
from teams.models import Person, TrailEntry
from teams.refusals import Refused

MOVES_EACH = 15
# Of ten moves, about so many are tried through their page, and so many by who is likely to be allowed.
BY_PAGE, LIKELY = 0.2, 0.6
DONE, REFUSED = "done", "refused"
ANSWERS = {302: DONE, 403: REFUSED, 404: REFUSED, 409: REFUSED, 422: REFUSED}
# The way that most reviews go, and who goes it.
PATH = (
    ("ask for agreement", "author"),
    ("agree the plan", "decision-maker"),
    ("freeze", "author"),
    ("start the review", "author"),
    ("judge", "author"),
    ("raise a finding", "author"),
    ("agree a finding", "author"),
    ("conclude a criterion", "author"),
    ("conclude", "author"),
    ("recommend", "colleague of the author"),
    ("add an option", "colleague of the author"),
    ("put forward", "colleague of the author"),
    ("decide", "decision-maker"),
    ("propose", "author"),
    ("approve an action", "author"),
    ("start an action", "owner"),
    ("finish an action", "owner"),
    ("verify", "colleague of the author"),
)

# Who usually does what lies beside that way.
USUALLY = (
    *PATH,
    ("withdraw", "colleague of the author"),
    ("prefer", "colleague of the author"),
    ("drop an option", "colleague of the author"),
    ("edit a recommendation", "colleague of the author"),
    ("revoke", "decision-maker"),
    ("decide", "author"),
    ("send the plan back", "decision-maker"),
    ("agree the plan", "author"),
    ("answer", "colleague"),
    ("answer", "other colleague"),
    ("verify", "owner"),
    ("reopen an action", "colleague of the author"),
)

# What is worth trying once something was done.
NEXT = {
    "raise a finding": "merge a finding",
    "write a finding": "merge a finding",
    "give a reason for none": "open a finding again",
    "add an option": "drop an option",
    "prefer": "put forward",
    "edit a recommendation": "put forward",
    "put forward": "withdraw",
    "ask for agreement": "withdraw the request",
    "propose": "approve an action",
    "approve an action": "start an action",
    "start an action": "finish an action",
    "cancel the review": "archive",
    "close the review": "archive",
    "archive": "unarchive",
}


@dataclass
class Walk:
    """What was tried and what came of it. ``faults``: (sequence, step, words)."""

    tried: Counter[tuple[str, str]] = field(default_factory=Counter)
    faults: list[tuple[int, str, str]] = field(default_factory=list)
    sequences: int = 0

    @property
    def moves(self) -> int:
        return sum(self.tried.values())

    def never_done(self) -> list[str]:
        """Moves that nobody ever got through: they were not tested."""
        return sorted(set(MOVES) - {name for name, came in self.tried if came == DONE})


def walk(company: Company, seed: int, sequences: int, told: Callable[[int], None] = lambda number: None) -> Walk:
    """Play so many sequences, as many from each place on the path; each is undone when its laws were read.

    The seed and the number of a sequence make it the same again.
    """
    found, browsers = Walk(), _browsers(company)
    story = Story(company, Random(seed))
    day = FIRST_DAY
    with clock.at(day):
        begin(story, company.people["author"])
    for place in range(len(PATH) + 1):
        for number in range(place, sequences, len(PATH) + 1):
            with transaction.atomic():
                story.chance = Random(f"{seed}:{number}")
                _play(found, story, number, day, browsers)
                transaction.set_rollback(True)
            company.again()
            found.sequences += 1
            told(found.sequences)
        if place < len(PATH):
            day += dt.timedelta(minutes=1)
            _go_on(found, story, day, *PATH[place])
    return found


def _browsers(company: Company) -> dict[str, Client]:
    browsers = {}
    for part, person in company.people.items():
        browsers[part] = Client(SERVER_NAME="localhost")
        browsers[part].force_login(person)
    return browsers


def _go_on(found: Walk, story: Story, day: dt.datetime, name: str, part: str) -> None:
    """One step of the usual path, on all that it can be done to."""
    story.usual = True
    with clock.at(day):
        things = list(story.of(MOVES[name].noun))
        came = {_by_verb(story, MOVES[name], story.company.people[part], thing) for thing in things}
        words = laws.broken(story)
    story.usual = False
    if DONE not in came:
        words.append("the usual path is shut")
    found.faults += [(-1, f"{name} by {part}", each) for each in words]


def _play(found: Walk, story: Story, number: int, day: dt.datetime, browsers: dict[str, Client]) -> None:
    done = ""
    for _move in range(MOVES_EACH):
        name, part = _anything(story, done)
        day = _later(story, day)
        with clock.at(day):
            access.forget(story.company.people[part])
            done = name if _step(found, story, number, name, part, browsers) == DONE else ""
            _pass_time(found, story, number)
    why = trail.verify().why
    if why:
        found.faults.append((number, "at the end", f"the trail is {why}"))


def _anything(story: Story, done: str) -> tuple[str, str]:
    """Anything by anybody, and more often what follows, by who usually does it."""
    name = story.chance.choice(sorted(MOVES))
    if done in NEXT and story.chance.random() < LIKELY:
        name = NEXT[done]
    likely = [part for each, part in USUALLY if each == name] or ["author"]
    parts = likely if story.chance.random() < LIKELY else sorted(story.company.people)
    return name, story.chance.choice(parts)


def _later(story: Story, day: dt.datetime) -> dt.datetime:
    """Mostly the next minute, now and then weeks later."""
    leap = dt.timedelta(days=story.chance.randrange(1, 70)) if story.chance.random() < 0.08 else dt.timedelta(minutes=1)
    return day + leap


def _step(found: Walk, story: Story, number: int, name: str, part: str, browsers: dict[str, Client]) -> str:
    """What came of it; "" where there is nothing to do it to."""
    move, person = MOVES[name], story.company.people[part]
    thing = story.one(move.noun)
    if thing is None:
        return ""
    before, entries = laws.states_of(story), _entries()
    page = bool(move.address) and story.chance.random() < BY_PAGE
    try:
        came = _by_page(story, move, browsers[part], thing) if page else _by_verb(story, move, person, thing)
    except Exception as problem:
        came = f"{type(problem).__name__}: {problem}"
    found.tried[name, came] += 1
    words = [] if came in (DONE, REFUSED) else [came]
    words += _wrong(story, came, before, _entries() - entries)
    found.faults += [(number, f"{name} by {part}{' through the page' if page else ''}", each) for each in words]
    return came


def _wrong(story: Story, came: str, before: laws.States, written: int) -> Iterator[str]:
    after = laws.states_of(story)
    if came != DONE:
        if before != after or written:
            yield f"not done, and yet {written} entries were written and {set(after.items()) ^ set(before.items())}"
        return
    if written != 1:
        yield f"done with {written} entries in the trail"
    yield from laws.strides(before, after)
    yield from laws.broken(story)


def _by_verb(story: Story, move: Move, person: Person, thing: Any) -> str:
    try:
        with transaction.atomic():
            move.verb(story, person, thing)
    except (Refused, PermissionDenied, Http404):
        return REFUSED
    return DONE


def _by_page(story: Story, move: Move, browser: Client, thing: Any) -> str:
    answer: Any = browser.post(move.url(thing), move.data(story, thing))
    return ANSWERS.get(answer.status_code, f"answered {answer.status_code}")


def _pass_time(found: Walk, story: Story, number: int) -> None:
    """What the clock does by itself."""
    if not any(paper.until_day for paper in story.of("submission")):
        return
    before, entries = laws.states_of(story), _entries()
    expired = decisions.expire()
    written = _entries() - entries
    words = [*laws.strides(before, laws.states_of(story))]
    if written != expired:
        words.append(f"{expired} papers ran out with {written} entries in the trail")
    found.faults += [(number, "the day passes", each) for each in words]


def _entries() -> int:
    return TrailEntry.objects.order_by("-number").values_list("number", flat=True).first() or 0


def constraints_hold() -> bool:
    """Every foreign key of every table leads somewhere."""
    connection.check_constraints()
    return True

"""Home: what waits for me, the signals since I last looked, my reviews, what is new."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from cxreview.first_steps import Step, first_steps
from metrics.queries import signals as signal_queries
from metrics.queries import standings
from metrics.queries.signals import Event
from metrics.wording import narrate
from notices.queries import Line, news_for, waiting_for
from reviews.queries.reviews import Strip, mine
from teams import access
from teams.models import Person

NEWS = 8
WAITING = 12


@dataclass(frozen=True)
class Told:
    """One event on home: what happened, how sure that is, and where else it is seen: (place, address)."""

    title: str
    sentence: str
    meaning: str
    url: str
    point_type: str
    review_url: str
    also: list[tuple[str, str]]


@dataclass(frozen=True)
class Home:
    """``more_*`` count what is not listed."""

    waiting: list[Line]
    more_waiting: list[Line]
    signals: list[Told]
    more_signals: int
    reviews: list[Strip]
    first_steps: list[Step]
    news: list[Line]


def compose(person: Person) -> Home:
    """All of it through the doors of the apps below; the number of queries does not grow with what they hold."""
    found, more = signal_queries.news(person)
    judged = standings.standings(event.signal.series_id for event in found)
    starts = access.may(person, "reviews.create")
    waiting = waiting_for(person)
    return Home(
        waiting=waiting[:WAITING],
        more_waiting=waiting[WAITING:],
        signals=[_told(event, starts, judged.get(event.signal.series_id)) for event in found],
        more_signals=more,
        reviews=mine(person),
        first_steps=first_steps(person),
        news=news_for(person, NEWS),
    )


def _told(event: Event, starts: bool, judged: standings.Judged | None) -> Told:
    signal = event.signal
    told = narrate(signal, judged=judged)
    return Told(
        title=str(signal.series),
        sentence=told.fact,
        meaning=told.meaning,
        url=signal.get_absolute_url(),
        point_type=signal.point_type,
        review_url=f"{reverse('new-review')}?signal={signal.pk}" if starts else "",
        also=[(one.series.place, one.get_absolute_url()) for one in event.also],
    )

"""Where the demonstration is played: its days, people, units and series by name; and the director who plays it.

A story is a generator. It yields the moment of its next scene and is resumed with the clock standing there; the
scenes of all stories are played in order of time, so that the trail reads like two real years.
"""

from __future__ import annotations

import datetime as dt
import heapq
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from cxreview.demo import cast, data
from jobs import states as job_states
from jobs.workflow import run_pending
from metrics.models import Metric, Series
from processes.models import Service
from teams import clock
from teams.models import Person, Unit

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
Story = Iterator[dt.datetime]


@dataclass
class Stage:
    """``now`` is the present of the demonstration; ``monday`` begins the week after the last complete one."""

    now: dt.datetime
    seed: int
    rows: list[data.Row] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.zone = ZoneInfo(cast.ZONE)
        today = self.now.astimezone(self.zone).date()
        self.today = today
        self.monday = data.last_complete_week(today) + dt.timedelta(weeks=1)
        self.rows = list(data.rows(today, self.seed))

    def day(self, weeks_ago: int, weekday: str = "Mon") -> dt.date:
        """A day by name, ``weeks_ago`` weeks before the present one (negative: in the future)."""
        return self.monday + dt.timedelta(weeks=-weeks_ago, days=DAYS.index(weekday))

    def on(self, weeks_ago: int, words: str) -> dt.datetime:
        """A moment such as ``on(3, "Tue 10:15")``, never later than the present."""
        weekday, _space, time = words.partition(" ")
        moment = dt.datetime.combine(self.day(weeks_ago, weekday), dt.time.fromisoformat(time), self.zone)
        return min(moment.astimezone(dt.UTC), self.now)

    def person(self, key: str) -> Person:
        """Read anew each time: roles and names may have changed since."""
        return Person.objects.get(email=f"{key}@demo.example")

    def people(self, *keys: str) -> list[Person]:
        return [self.person(key) for key in keys]

    def unit(self, name: str) -> Unit:
        return Unit.objects.get(name=name)

    def metric(self, name: str) -> Metric:
        return Metric.objects.get(name=name)

    def series(self, metric: str, unit: str, channel: str) -> Series:
        found = Series.objects.select_related("metric", "unit", "channel")
        return found.get(metric__name=metric, unit__name=unit, channel__name=channel)

    def service(self, name: str) -> Service:
        return Service.objects.get(name=name)


def play(stage: Stage, stories: Iterable[Callable[[Stage], Story]]) -> int:
    """Play all scenes in order of time; how many there were. Nothing may be written before the first moment."""
    waiting: list[tuple[dt.datetime, int, Story]] = []
    for place, story in enumerate(stories):
        begun = story(stage)
        heapq.heappush(waiting, (next(begun), place, begun))
    scenes, last = 0, dt.datetime.min.replace(tzinfo=dt.UTC)
    while waiting:
        moment, place, story_now = heapq.heappop(waiting)
        if moment < last:
            raise ValueError(f"{story_now} goes back in time to {moment}")
        last, scenes = moment, scenes + 1
        with clock.at(moment):
            following = next(story_now, None)
        if following is not None:
            heapq.heappush(waiting, (following, place, story_now))
    return scenes


def work() -> None:
    """What the worker would do now, here and at once. Raises RuntimeError if any of it failed."""
    failed = [job for job in run_pending() if job.state != job_states.DONE]
    if failed:
        raise RuntimeError("; ".join(f"{job.work}: {job.error_code} {job.error}" for job in failed))

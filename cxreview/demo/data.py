"""The demonstration's figures: two years of weeks with season, drift, noise and planted causes. Seeded, pure numpy."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from cxreview.demo import planted
from cxreview.demo.planted import DRIFT, PLANTED, SHIFT, Planted

WEEKS = 104
CHANNELS = ("Phone", "E-mail", "Chat")
TEAMS = {
    "Customer accounts": ("Billing North", "Billing South", "Moving Home"),
    "Repairs": ("Repairs East", "Repairs West"),
}
SHARE_OF_CHANNEL = {"Phone": 1.0, "E-mail": 0.7, "Chat": 0.45}
JOBS_A_WEEK, JOBS_WEEKS = 24, 10
# Months of calibration, calls heard together in each, calls heard by one alone, and the month from which one of the three
# who listen scores by a reading of the guide of their own.
CALIBRATED, TOGETHER, ALONE, ASTRAY = 18, 10, 4, 14
# Weeks in which tenants were asked how easy it was to get a repair, how many each team asks, and the chance of each answer.
EASE_WEEKS, EASE_ASKED, EASE = 40, 110, (0.04, 0.09, 0.18, 0.38, 0.31)
# Weeks of repairs by kind: how many jobs a week, and how many of them need one visit only.
VISIT_WEEKS = 52
VISITS = {"Heating": (80, 0.68), "Plumbing": (90, 0.9), "Electrics": (85, 0.985)}
Row = dict[str, object]


@dataclass(frozen=True)
class Measure:
    """A proportion of weekly contacts: its level, its swing over the year and the share of contacts it is asked of."""

    name: str
    numerator: str
    denominator: str
    level: float
    season: float
    share: float
    channels: tuple[str, ...] = CHANNELS


MEASURES = (
    Measure(planted.SATISFIED, "Satisfied answers", "Survey answers", 0.84, 0.004, 0.22),
    Measure(planted.FIRST_REPLY, "Replied within 4 h", "Contacts replied to", 0.88, 0.003, 0.95, ("E-mail", "Chat")),
    Measure(planted.CALLS, "Answered within 60 s", "Calls offered", 0.79, 0.003, 1.0, ("Phone",)),
    Measure(planted.REOPENED, "Reopened cases", "Solved cases", 0.07, 0.001, 0.8),
    Measure(planted.COMPLAINTS, "Complaints", "Contacts", 0.012, 0.0003, 1.0),
)


def last_complete_week(day: dt.date) -> dt.date:
    """The Monday of the last week that had ended before ``day`` began."""
    return day - dt.timedelta(days=day.weekday() + 7)


def rows(as_of: dt.date, seed: int) -> Iterator[Row]:
    """One row per week, team and channel with all numerators and denominators."""
    rng = np.random.default_rng(seed)
    first = last_complete_week(as_of) - dt.timedelta(weeks=WEEKS - 1)
    year = _season(first)
    for team in (name for teams in TEAMS.values() for name in teams):
        for channel in CHANNELS:
            columns = _columns(rng, team, channel, year)
            for week in range(WEEKS):
                row: Row = {
                    "Week": (first + dt.timedelta(weeks=week)).isoformat(),
                    "Team": team,
                    "Channel": channel,
                }
                yield row | {name: values[week] for name, values in columns.items()}


def as_csv(table: Iterable[Row]) -> bytes:
    """Rows as a file, ready to be uploaded like any other."""
    table = list(table)
    names = list(dict.fromkeys(name for row in table for name in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, names, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(table)
    return text.getvalue().encode()


def repair_jobs(as_of: dt.date, seed: int) -> Iterator[Row]:
    """One row per repair job of the last weeks: reported, first answered, done (or still open), asked afterwards."""
    rng = np.random.default_rng([seed, 1])
    monday = last_complete_week(as_of) - dt.timedelta(weeks=JOBS_WEEKS - 1)
    end = dt.datetime.combine(as_of, dt.time(0))
    for week in range(JOBS_WEEKS):
        for place in range(JOBS_A_WEEK):
            opened = dt.datetime.combine(monday, dt.time(8)) + dt.timedelta(
                weeks=week, days=int(rng.integers(0, 5)), minutes=int(rng.integers(0, 600))
            )
            answered = opened + dt.timedelta(minutes=int(rng.gamma(2.0, 55)))
            done = opened + dt.timedelta(hours=float(rng.gamma(2.2, 30)))
            said = "Good" if rng.random() < 0.83 else "Bad"
            yield {
                "Job": f"R{week:02}{place:03}",
                "Team": ("Repairs East", "Repairs West")[int(rng.integers(0, 2))],
                "Reported": _moment(opened),
                "First answered": _moment(answered) if answered < end else "",
                "Done": _moment(done) if done < end else "",
                "Reopened": int(rng.random() < 0.07),
                "Asked afterwards": said if done < end and rng.random() < 0.4 else "Not asked",
            }


def calibrations(as_of: dt.date, seed: int) -> Iterator[Row]:
    """One row per invented call and listener: scores of 0 to 100 of the months that had ended before ``as_of``."""
    rng = np.random.default_rng([seed, 3])
    for month in range(CALIBRATED):
        number = as_of.year * 12 + as_of.month - 1 - CALIBRATED + month
        first = dt.date(number // 12, number % 12 + 1, 1)
        true = rng.normal(78, 8, TOGETHER + ALONE)
        heard = true[:, None] + rng.normal(0, 3, (len(true), 3))
        if month >= ASTRAY:
            heard[:, 2] += rng.normal(-8, 8, len(true))
        for call, scores in enumerate(np.clip(heard.round(), 0, 100).astype(int).tolist()):
            for listener in range(3) if call < TOGETHER else (call % 3,):
                yield {
                    "Contact": f"INVENTED-{first:%y%m}-{call:02}",
                    "Scored by": f"Listener {listener + 1}",
                    "Score": scores[listener],
                    "Scored on": (first + dt.timedelta(days=2 * call)).isoformat(),
                }


def ease(as_of: dt.date, seed: int) -> Iterator[Row]:
    """One row per week and repairs team: how many were asked and answered, their answers of 1 to 5 added up, and how
    far these lie apart."""
    rng = np.random.default_rng([seed, 4])
    first = last_complete_week(as_of) - dt.timedelta(weeks=EASE_WEEKS - 1)
    for week in range(EASE_WEEKS):
        for team in TEAMS["Repairs"]:
            asked = int(rng.poisson(EASE_ASKED))
            answers = rng.choice(np.arange(1, 6), size=int(rng.binomial(asked, 0.3)), p=EASE)
            yield {
                "Week": (first + dt.timedelta(weeks=week)).isoformat(),
                "Team": team,
                "Asked": asked,
                "Answers": len(answers),
                "Sum of answers": int(answers.sum()),
                "Standard deviation": round(float(answers.std(ddof=1)), 3),
            }


def first_visits(as_of: dt.date, seed: int) -> Iterator[Row]:
    """One row per week and kind of repair: how many jobs were closed, and how many of them at the first visit."""
    rng = np.random.default_rng([seed, 5])
    first = last_complete_week(as_of) - dt.timedelta(weeks=VISIT_WEEKS - 1)
    for week in range(VISIT_WEEKS):
        for kind, (jobs, share) in VISITS.items():
            closed = int(rng.poisson(jobs))
            yield {
                "Week": (first + dt.timedelta(weeks=week)).isoformat(),
                "Department": "Repairs",
                "Product": kind,
                "Jobs closed": closed,
                "At the first visit": int(rng.binomial(closed, share)),
            }


def _moment(value: dt.datetime) -> str:
    return value.strftime("%Y-%m-%d %H:%M")


def _columns(rng: np.random.Generator, team: str, channel: str, year: np.ndarray) -> dict[str, list[int]]:
    week = np.arange(WEEKS)
    contacts = rng.poisson(620 * (1 + 0.04 * year) * (1 + 0.0006 * week) * SHARE_OF_CHANNEL[channel])
    columns = {"Contacts": contacts}
    for measure in MEASURES:
        if channel not in measure.channels:
            continue
        base = contacts if measure.denominator == "Contacts" else rng.binomial(contacts, measure.share)
        chance = measure.level + measure.season * year
        noise = np.sqrt(measure.level * (1 - measure.level) / max(float(base.mean()), 1.0))
        for cause in PLANTED:
            if (cause.metric, cause.team, cause.channel) == (measure.name, team, channel):
                chance = chance + noise * _effect(cause, week)
        columns[measure.denominator] = base
        columns[measure.numerator] = rng.binomial(base, np.clip(chance, 0.0005, 0.995))
    return {name: [int(value) for value in values] for name, values in columns.items()}


def _season(first: dt.date) -> np.ndarray:
    """1 in the middle of January, -1 in July, for each week."""
    return np.cos(2 * np.pi * (first.timetuple().tm_yday - 15 + 7 * np.arange(WEEKS)) / 365.25)


def _effect(cause: Planted, week: np.ndarray) -> np.ndarray:
    start = WEEKS - 1 - cause.weeks_ago
    if cause.kind == SHIFT:
        return np.where(week >= start, cause.size, 0.0)
    if cause.kind == DRIFT:
        return np.clip((week - start) / (WEEKS - 1 - start), 0, 1) * cause.size
    return np.where((week == start) | (week == start + 1), cause.size, 0.0)

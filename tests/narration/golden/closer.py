"""The closer look: season, slow drift, and steps between two levels."""

import datetime as dt

from metrics.models import Mark
from metrics.wording.breaks import break_told
from metrics.wording.closer import drift_told, season_told
from tests.metrics.making import month

from .making import analysis, metric

SEASON = {
    "cycle": "year", "cycles": 3.5, "n": 42, "enough": True, "found": True, "swing": 6.2, "percent": None, "high": 60,
    "low": 240, "lower": 81.2, "upper": 87.2, "marked": 6, "marked_adjusted": 1,
}  # fmt: skip
DRIFT = {"n": 42, "enough": True, "found": True, "slope": 0.15, "low": 0.08, "high": 0.22, "periods": 41.0, "first_day": month(0),
         "last_day": month(41), "adjusted": False}  # fmt: skip
STEP = {"day": month(16), "first_day": month(15), "last_day": month(18), "before": 81.0, "after": 86.0, "sigma": 3.1,
        "chance": 0.004}  # fmt: skip


def cases():
    found = analysis()
    for cycle in ("year", "week"):
        here = {**SEASON, "cycle": cycle, **({} if cycle == "year" else {"high": 0, "low": 5})}
        yield f"a season of a {cycle}", season_told(found.series, found, here)
        yield f"none of a {cycle}", season_told(found.series, found, {**here, "found": False})
        for n in (1, 9):
            yield f"{n} too short for a {cycle}", season_told(found.series, found, {**here, "enough": False, "n": n})
    yield "a season of times", season_told(found.series, found, {**SEASON, "percent": 45.0, "swing": None})
    for day in (2, 13, 25):
        yield f"day {day} of a year", season_told(found.series, found, {**SEASON, "high": day}).fact
    for direction in (1, -1, 0):
        for slope in (0.15, -0.15):
            of = analysis(metric(direction=direction))
            told = {**DRIFT, "slope": slope, "low": min(slope, 0.5 * slope), "high": max(slope, 0.5 * slope)}
            yield f"a drift of {slope}, better {direction}", drift_told(of.series, of, told)
    yield "a drift without the season", drift_told(found.series, found, {**DRIFT, "adjusted": True}).caveat
    yield "no drift", drift_told(found.series, found, {**DRIFT, "found": False})
    for n in (1, 9):
        yield f"{n} too few for a drift", drift_told(found.series, found, {**DRIFT, "enough": False, "n": n})
    mark = Mark(day=dt.date(2025, 5, 3), label="New desk")
    yield "a step", break_told(STEP, metric(), 1.5, False, [])
    yield "a step with a mark near it", break_told(STEP, metric(), 1.5, False, [mark]).next_step
    exact = {**STEP, "first_day": STEP["day"], "last_day": STEP["day"], "chance": 0.0001}
    yield "a step on one day, without the season", break_told(exact, metric(), 1.5, True, [])

"""A target: how likely the next period meets it, what would make it even odds, what could be a target."""

import datetime as dt

from metrics.models import Target
from metrics.queries.analyses import PointRow
from metrics.wording.outlooks import band_told, band_word, best_told, chance_told, criterion_told, expected_told, offers
from metrics.wording.trajectories import planned_told, trajectory_told

from .making import FIRST, LAST, analysis, metric, series

FACTS = {
    "n": 24, "enough": True, "varies": True, "mostly": False, "moving": False, "target": 90.0, "of": 22, "hits": 9,
    "hits_low": 0.22, "hits_high": 0.61, "p90": 78.0, "p60": 83.0, "p50": 84.2, "p40": 85.4, "p30": 86.6, "p10": 90.4,
    "ceiling": 92.6, "next_low": 74.5, "next_high": 93.9, "best": 87.5, "best_day": FIRST, "advice": "",
}  # fmt: skip
YEAR = {"found": True, "cycle": "year", "next": {"day": FIRST + 730, "low": 79.0, "high": 87.5, "n": 14}}


def told(chance, of=None, n=24, standing="", **facts):
    found = analysis(of, target_chance=chance, standing=standing, outlook={**FACTS, "n": n, **facts})
    return chance_told(found.series, found)


def cases():
    for chance in (0.004, 0.05, 0.25, 0.5, 0.75, 0.95, 0.996):
        yield f"met with {chance}", told(chance, target=90.0 if chance < 0.5 else 80.0)
    for chance in (0.0951, 0.1, 0.3951, 0.4, 0.6, 0.6049, 0.9, 0.9049, 0.906):
        yield f"on a border, {chance}", told(chance, target=90.0 if chance < 0.5 else 80.0)
    for direction, target in ((1, 90.0), (1, 80.0), (-1, 80.0), (-1, 90.0)):
        for measure in ("%", "points"):
            chance = 0.25 if (90 - target) * direction <= 0 and (target - 84.2) * direction > 0 else 0.75
            of = metric(direction=direction, measure=measure)
            yield f"{target:.0f} {measure}, better {'up' if direction > 0 else 'down'}", told(chance, of, target=target)
    for chance, target in ((0.49, 84.2001), (0.51, 84.1999)):
        for direction in (1, -1):
            goal = 84.2 + direction * (target - 84.2)
            yield f"a trifle, {chance}, {direction}", told(chance, metric(direction=direction), target=goal)
    yield "few values", told(0.25, n=9)
    yield "no target kept so far", told(0.25, **{"of": 0})
    yield "out of reach", told(0.01, advice="lower")
    yield "without effort", told(0.99, advice="raise", target=70.0)
    yield "the level is moving", told(0.25, moving=True)
    yield "the change is confirmed", told(0.25, standing="confirmed")
    for n in (1, 5):
        yield f"too few to say: {n}", told(None, n=n, enough=False, of=0)
    yield "no variation", told(None, varies=False)
    yield "most are one value", told(None, mostly=True)
    yield "no target", str(told(0.25, target=None))
    yield from _expected()
    found = analysis(target_chance=0.25, outlook=FACTS)
    yield "beside a criterion", criterion_told(found, 86.0)
    for value in (77.0, 78.0, 78.04, 80.0, 83.0, 84.0, 85.4, 88.0, 90.4, 95.0):
        yield f"a threshold of {value:g}", band_told(found, value)
    yield "bands", [band_word(chance) for chance in (0.05, 0.1, 0.25, 0.4, 0.5, 0.6, 0.75, 0.9, 0.95)]
    yield "could be a target", [f"{one.name}: {one.shown} ({one.means})" for one in offers(series(), found)]
    yield "the best so far", best_told(series(), found)
    yield from _planned()


def _planned():
    """The latest value is that of August 2025; the trajectory leads from 80 % in July 2025 to 90 % in April 2026."""
    begun, ended = LAST - 31, LAST + 243
    cases = {
        "cannot be told apart": (84.0, {}), "ahead": (89.0, {}), "behind": (75.0, {}), "above": (89.0, {"direction": 0}),
        "below": (75.0, {"direction": 0}), "ahead, fewer is better": (75.0, {"direction": -1}),
        "a share near its whole": (99.0, {"kind": "proportion", "scale": 100}),
    }  # fmt: skip
    for title, (value, more) in cases.items():
        high = 97.0 if more.get("kind") else 80.0
        yield f"trajectory: {title}", _kept(value, begun, ended, metric(**more), start=high)
    for title, value, direction in (("behind", 78.0, 1), ("ahead", 78.0, -1), ("above", 84.0, 0), ("below", 78.0, 0)):
        yield f"trajectory: {title} in a row", _kept(value, begun, ended, metric(direction=direction), before=7)
    yield "trajectory: six in a row", _kept(78.0, begun, ended, before=5)
    yield "trajectory: times", _kept(84.0, begun, ended, metric("duration", "min", -1), chart="log")
    yield "trajectory: too early", _kept(84.0, begun, ended, trial=True)
    yield "trajectory: no limits yet", _kept(84.0, begun, ended, mean=None)
    yield "trajectory: nearly all the same", _kept(84.0, begun, ended, notes=["mostly_one_value"])
    yield "trajectory: not begun", _kept(84.0, LAST + 31, ended)
    yield "trajectory: agreed later than planned", _kept(84.0, begun, ended, since=LAST + 61)
    yield "trajectory: over", _kept(84.0, begun - 365, begun)
    days = {"start_day": dt.date(2025, 7, 1), "reach_by": dt.date(2026, 4, 30)}
    yield "trajectory: as planned", planned_told(Target(metric=metric(), value=90.0, start_value=80.0, **days))
    yield "trajectory: none planned", planned_told(Target(metric=metric(), value=90.0))
    yield "trajectory: none", trajectory_told(analysis(), [_row(84.0)])
    yield "trajectory: no value", trajectory_told(analysis(), [])


def _row(value, mean=84.2, trial=False, back=0):
    lower, upper = (None, None) if mean is None else (mean - 4, mean + 4)
    return PointRow(LAST - back, value, mean, lower, upper, 90.0, 0, trial, 0, "common_cause", planned=81.1)


def _kept(value, begun, ended, of=None, chart="xmr", since=0, start=80.0, notes=(), before=0, **more):
    steps = [[since, [begun, start, ended, 90.0, ended + 29]]]
    found = analysis(of, notes=notes, settings={"chart": chart, "trajectories": steps})
    return trajectory_told(found, [_row(value, back=back, **more) for back in range(before, -1, -1)])


def _expected():
    for period in ("day", "week", "month"):
        found = analysis(metric(period=period), target_chance=0.25, outlook=FACTS)
        yield f"the next {period}", expected_told(found.series, found)
        yield f"met next {period}", told(0.25, metric(period=period))
    found = analysis(target_chance=0.25, outlook=FACTS)
    for cycle in ("year", "week"):
        yield f"what comes next, season of a {cycle}", expected_told(found.series, found, {**YEAR, "cycle": cycle})

"""The closer look at a series: what is computed only on Watch or when asked, from the stored analysis.

``LOOKS`` is the register: each look is given the points of one analysis and answers facts (codes and numbers), kept
under its name in ``CloserLook.facts``. Whoever adds one raises ``VERSION``, so that older looks are made anew.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import transaction

from metrics.models import Analysis, CloserLook, Cycle, Metric
from metrics.queries.analyses import DEFAULT_KEY, points_of
from metrics.trends import Batch, Points, Result, analyse, codes, pack, periods
from metrics.trends.arrays import Floats
from metrics.trends.breaks import LEAST, find_breaks
from metrics.trends.drift import mann_kendall_whitened, sen_slope
from metrics.trends.season import WEEK, YEAR, Season, find_season
from metrics.trends.seasonal import seasonal_naive
from teams import clock

VERSION = 3
Facts = dict[str, Any]
# Sen's slope looks at all pairs; more points than these say nothing more about a slow drift.
DRIFT_POINTS = 520
DRIFT_LEAST = 12
DRIFT_LEVEL = 0.05


@dataclass(frozen=True)
class Given:
    """One series to look at: its stored points, how often they come ("day", "week", "month"), its season found
    first, because the other looks go by the values without it (``values``: nan = missing). ``phi``: the autocorrelation
    of such series, judged over all of the metric; ``lasting``: whether the values are lengths of time; ``logged``:
    whether they are drawn, and their season is taken out, on the log scale."""

    points: Points
    period: str
    season: Season
    values: Floats
    phi: float = 0.0
    lasting: bool = False
    logged: bool = False

    @property
    def latest_phase(self) -> slice:
        """The points of the phase in force."""
        starts = self.points.phase_starts
        return slice(int(starts[-2]), int(starts[-1])) if len(starts) > 1 else slice(0, 0)


def look_at(series_ids: Iterable[int]) -> int:
    """Make the closer look of these series anew where it is missing or out of date; how many were made.

    One transaction; safe to run twice. Series without an analysis are left out.
    """
    made = 0
    with transaction.atomic():
        for analysis in _stale(series_ids):
            facts, adjusted = _look(analysis)
            CloserLook.objects.update_or_create(
                series_id=analysis.series_id,
                defaults={
                    "inputs_hash": analysis.inputs_hash,
                    "version": VERSION,
                    "facts": facts,
                    "adjusted": adjusted,
                    "computed_at": clock.now(),
                },
            )
            made += 1
    return made


def unsettled(series_ids: Iterable[int]) -> list[int]:
    """Those of these series whose latest point belongs to a special cause and whose closer look is out of date."""
    rows = Analysis.objects.filter(series__in=list(series_ids), settings_key=DEFAULT_KEY)
    special = rows.exclude(variation__in=("", "common_cause")).values_list("series_id", "inputs_hash")
    known = _known([pk for pk, _hash in special])
    return [pk for pk, inputs_hash in special if known.get(pk) != (inputs_hash, VERSION)]


def _known(series_ids: list[int]) -> dict[int, tuple[str, int]]:
    rows = CloserLook.objects.filter(series__in=series_ids).values_list("series_id", "inputs_hash", "version")
    return {pk: (inputs_hash, version) for pk, inputs_hash, version in rows}


def _stale(series_ids: Iterable[int]) -> list[Analysis]:
    wanted = list(series_ids)
    known = _known(wanted)
    rows = Analysis.objects.filter(series__in=wanted, settings_key=DEFAULT_KEY).select_related(
        "drawn", "series__metric", "series__unit"
    )
    return [one for one in rows.order_by("pk") if known.get(one.series_id) != (one.inputs_hash, VERSION)]


def _look(analysis: Analysis) -> tuple[Facts, bytes | None]:
    points, period = points_of(analysis), analysis.series.metric.period
    cycle = WEEK if period == Metric.Period.DAY else YEAR
    lasting = analysis.series.metric.kind == Metric.Kind.DURATION
    logged = analysis.settings.get("chart") == "log"
    season = find_season(np.log(points.values) if logged else points.values, points.days, cycle, points.phase)
    values = points.values
    if season.found:
        values = values / np.exp(season.effect) if logged else values - season.effect
    values = np.where(np.isfinite(values), values, np.nan)
    given = Given(points, period, season, values, _phi(analysis), lasting, logged)
    facts = {name: look(given) for name, look in LOOKS.items()}
    return facts, pack(_adjusted(given), 0) if season.found else None


def _phi(analysis: Analysis) -> float:
    """The metric's autocorrelation by the latest judgement of all series; before the first the series' own, from what
    lies before its latest change."""
    series = analysis.series
    cycle = Cycle.objects.filter(organisation__in=series.unit.line_ids).order_by("-id").first()
    shared = cycle.phi.get(str(series.metric_id)) if cycle else None
    return max(0.0, shared if shared is not None else analysis.rest_phi or 0.0)


def _adjusted(given: Given) -> Result:
    """The analysis of the values without their season, in the same phases."""
    points = given.points
    rebases = [(0, int(points.days[start])) for start in points.phase_starts[1:-1]]
    return analyse(
        Batch.build(
            given.values, [0, len(points)], points.days, direction=[points.direction], target=[points.target],
            rebase=rebases, chart=[codes.LOG if given.logged else codes.XMR],
        )
    )  # fmt: skip


def season_facts(given: Given) -> Facts:
    """Whether a season was looked for and found, and the lines of the chart without it."""
    season = given.season
    facts = {
        "cycle": "week" if season.cycle == WEEK else "year",
        "cycles": round(season.cycles, 2),
        "n": season.n,
        "enough": season.enough,
        "found": season.found,
        "phi": _finite(season.phi),
        "f": _finite(season.f),
        "p": _finite(season.p),
    }
    if not season.found:
        return facts
    adjusted = _adjusted(given)
    return facts | {
        # On the log scale the highest is so many times the lowest.
        "swing": None if given.logged else _finite(season.swing),
        "percent": _finite(100 * math.expm1(min(season.swing, 700.0))) if given.logged else None,
        "high": season.high,
        "low": season.low,
        "mean": _finite(float(adjusted.phase_mean[-1])),
        "lower": _finite(float(adjusted.phase_lpl[-1])),
        "upper": _finite(float(adjusted.phase_upl[-1])),
        "marked": int((given.points.rules > 0).sum()),
        "marked_adjusted": int((adjusted.rules > 0).sum()),
        "next": _next(given),
    }


def _next(given: Given) -> Facts | None:
    """What the next period may bring if the season goes on; None where too little was seen to say."""
    points = given.points
    present = np.flatnonzero(np.isfinite(points.values))
    day = periods.later(dt.date.fromordinal(int(points.days[present[-1]])), given.period, 1).toordinal()
    values = np.log(points.values) if given.logged else points.values
    found = seasonal_naive(values, points.days, day, given.season.cycle, points.phase)
    low, high = (math.exp(one) if given.logged else one for one in (found.low, found.high))
    if not (math.isfinite(low) and math.isfinite(high)):
        return None
    return {"day": day, "n": found.n, "low": low, "high": high}


def drift_facts(given: Given) -> Facts:
    """Sen's slope over the phase in force, per period, and the pre-whitened Mann-Kendall test of it."""
    part = given.latest_phase
    values, days = given.values[part][-DRIFT_POINTS:], given.points.days[part][-DRIFT_POINTS:]
    present = ~np.isnan(values)
    values, days = values[present], days[present]
    if len(values) < DRIFT_LEAST or np.ptp(values) == 0:
        return {"n": len(values), "enough": False, "found": False}
    times = _periods(days, given.period)
    test, slope = mann_kendall_whitened(values), sen_slope(values, times)
    return {
        "n": len(values),
        "enough": True,
        "found": test.p < DRIFT_LEVEL and slope.slope != 0,
        "p": _finite(test.p),
        "tau": _finite(test.tau),
        "slope": _finite(slope.slope),
        "low": _finite(slope.low),
        "high": _finite(slope.high),
        "periods": float(times[-1] - times[0]),
        "first_day": int(days[0]),
        "last_day": int(days[-1]),
        "adjusted": given.season.found,
    }


def break_facts(given: Given) -> Facts:
    """Steps between two levels in the phase in force, each with the range in which it lies: proposals, no more."""
    part = given.latest_phase
    values, days = given.values[part], given.points.days[part]
    logged = given.lasting and bool((values[~np.isnan(values)] > 0).all())
    found = find_breaks(np.log(values) if logged else values, given.phi)
    return {
        "n": int((~np.isnan(values)).sum()),
        "enough": int((~np.isnan(values)).sum()) >= LEAST,
        "phi": given.phi,
        "adjusted": given.season.found,
        "since": int(days[0]) if len(days) else None,
        "found": [
            {
                "day": int(days[one.place]),
                "first_day": int(days[one.first]),
                "last_day": int(days[one.last]),
                "before": _finite(math.exp(one.before) if logged else one.before),
                "after": _finite(math.exp(one.after) if logged else one.after),
                "sigma": _finite(one.sigma),
                "chance": one.chance,
            }
            for one in found
        ],
    }


def _periods(days: np.ndarray, period: str) -> Floats:
    """The place of each day on a scale of periods."""
    if period == Metric.Period.MONTH:
        return (days - 719_163).astype("datetime64[D]").astype("datetime64[M]").astype(np.float64)
    return days / (7.0 if period == Metric.Period.WEEK else 1.0)


def _finite(number: float) -> float | None:
    return float(number) if np.isfinite(number) else None


LOOKS: dict[str, Callable[[Given], Facts]] = {"season": season_facts, "drift": drift_facts, "breaks": break_facts}

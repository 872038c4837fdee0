"""The closer look at a series: what is computed only on Watch or when asked, from the stored analysis.

``LOOKS`` is the register: each look is given the points of one analysis and answers facts (codes and numbers), kept
under its name in ``CloserLook.facts``. Whoever adds one raises ``VERSION`` (beside the query, which tells by it what is
out of date), so that older looks are made anew.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import Q

from metrics.analysing.unseasoned import Run, change_of, left_of, runs_of
from metrics.models import Analysis, CloserLook, Cycle, Metric, Standing
from metrics.queries.agreements import ends_of, possible
from metrics.queries.analyses import DEFAULT_KEY, points_of
from metrics.queries.closer import VERSION
from metrics.trends import Batch, Points, Result, analyse, codes, pack, periods
from metrics.trends.arrays import Floats
from metrics.trends.breaks import LEAST, find_breaks
from metrics.trends.decomposing import decompose
from metrics.trends.drift import mann_kendall_whitened, sen_slope
from metrics.trends.season import WEEK, YEAR, Season, find_season
from metrics.trends.seasonal import seasonal_naive
from teams import clock
from teams.models import Unit

Facts = dict[str, Any]
# Sen's slope looks at all pairs; more points than these say nothing more about a slow drift.
DRIFT_POINTS = 520
DRIFT_LEAST = 12
DRIFT_LEVEL = 0.05
# Points of the picture of a season: five years of weeks.
PICTURED = 260


@dataclass(frozen=True)
class Given:
    """One series to look at: its stored points, how often they come ("day", "week", "month"), its season found
    first, because the other looks go by the values without it (``values``: nan = missing). ``phi``: the autocorrelation
    of such series, judged over all of the metric; ``lasting``: whether the values are lengths of time; ``logged``:
    whether they are drawn, and their season is taken out, on the log scale. ``runs``: the signals at the latest value.
    ``ends``: of the scale, beyond which no limit is drawn; ``possible``: what a value can be at all."""

    points: Points
    period: str
    season: Season
    values: Floats
    phi: float = 0.0
    lasting: bool = False
    logged: bool = False
    runs: Sequence[Run] = ()
    ends: tuple[float, float] = (-math.inf, math.inf)
    possible: tuple[float, float] = (-math.inf, math.inf)

    @cached_property
    def adjusted(self) -> Result:
        """The analysis of the values without their season, in the same phases."""
        points = self.points
        rebases = [(0, int(points.days[start])) for start in points.phase_starts[1:-1]]
        return analyse(
            Batch.build(
                self.values, [0, len(points)], points.days, direction=[points.direction], target=[points.target],
                rebase=rebases, chart=[codes.LOG if self.logged else codes.XMR],
                least=[self.ends[0]], most=[self.ends[1]],
            )
        )  # fmt: skip

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
        stale = _stale(series_ids)
        runs = runs_of(analysis.series_id for analysis in stale)
        for analysis in stale:
            facts, adjusted = _look(analysis, runs.get(analysis.series_id, []))
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
    """Those of these series whose latest point belongs to a special cause, or whose change is Confirmed, and whose closer
    look is out of date."""
    rows = Analysis.objects.filter(series__in=list(series_ids), settings_key=DEFAULT_KEY)
    told = rows.filter(~Q(variation__in=("", "common_cause", "too_few")) | Q(standing=Standing.CONFIRMED))
    special = told.values_list("series_id", "inputs_hash")
    known = _known([pk for pk, _hash in special])
    return [pk for pk, inputs_hash in special if known.get(pk) != (inputs_hash, VERSION)]


def confirmed(organisations: Iterable[int]) -> list[int]:
    """The series of these organisations whose change is Confirmed: no rule need have marked their latest point."""
    paths = Unit.objects.filter(pk__in=list(organisations)).order_by("pk").values_list("path", flat=True)
    rows = Analysis.objects.filter(
        settings_key=DEFAULT_KEY, standing=Standing.CONFIRMED, series__metric__archived_at=None
    ).order_by("series")
    return [
        pk for path in paths for pk in rows.filter(series__unit__path__startswith=path).values_list("series", flat=True)
    ]


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


def _look(analysis: Analysis, runs: list[Run]) -> tuple[Facts, bytes | None]:
    metric = analysis.series.metric
    points, period, ends = points_of(analysis), metric.period, ends_of(metric.derived)
    cycle = WEEK if period == Metric.Period.DAY else YEAR
    lasting = metric.kind == Metric.Kind.DURATION
    logged = analysis.settings.get("chart") == "log"
    season = find_season(np.log(points.values) if logged else points.values, points.days, cycle, points.phase)
    values = points.values
    if season.found:
        values = values / np.exp(season.effect) if logged else np.clip(values - season.effect, *ends)
    values = np.where(np.isfinite(values), values, np.nan)
    reach = possible(metric.kind, metric.scale, metric.derived)
    runs = [*runs, *change_of(analysis)]
    given = Given(points, period, season, values, _phi(analysis), lasting, logged, runs, ends, reach)
    facts = {name: look(given) for name, look in LOOKS.items()}
    return facts, pack(given.adjusted, 0) if season.found else None


def _phi(analysis: Analysis) -> float:
    """The metric's autocorrelation by the latest judgement of all series; before the first the series' own, from what
    lies before its latest change."""
    series = analysis.series
    cycle = Cycle.objects.filter(organisation__in=series.unit.line_ids).order_by("-id").first()
    shared = cycle.phi.get(str(series.metric_id)) if cycle else None
    return max(0.0, shared if shared is not None else analysis.rest_phi or 0.0)


def season_facts(given: Given) -> Facts:
    """Whether a season was looked for and found, and the lines of the chart without it."""
    season = given.season
    facts = {
        "cycle": "week" if season.cycle == WEEK else "year",
        "cycles": float(season.cycles),
        "n": season.n,
        "enough": season.enough,
        "found": season.found,
        "phi": _finite(season.phi),
        "f": _finite(season.f),
        "p": _finite(season.p),
    }
    if not season.found:
        return facts
    adjusted = given.adjusted
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
        "signals": _left(given),
        "next": _next(given),
        "picture": _picture(given),
    }


def _left(given: Given) -> list[Facts]:
    """What the season leaves of each signal at the latest value."""
    values = np.log(given.points.values) if given.logged else given.points.values
    return [left_of(run, given.points, given.season, values, given.adjusted) for run in given.runs]


def _picture(given: Given) -> Facts | None:
    """Season and slow movement of every point by local lines, for the eye alone; None with a gap or below five cycles."""
    days, values = given.points.days, given.points.values
    size = {Metric.Period.DAY: 7, Metric.Period.WEEK: 52, Metric.Period.MONTH: 12}[Metric.Period(given.period)]
    if (np.abs(np.diff(_periods(days, given.period)) - 1) > 0.01).any():
        return None
    kept = slice(-PICTURED, None)
    parts = decompose((np.log(values) if given.logged else values)[kept], size)
    if parts is None:
        return None
    slow, season = (np.exp(parts.trend), 100 * np.expm1(parts.season)) if given.logged else (parts.trend, parts.season)
    return {"days": days[kept].tolist(), "slow": _plain(slow), "season": _plain(season), "percent": given.logged}


def _plain(values: Floats) -> list[float | None]:
    """Six digits: a picture has no more."""
    return [float(f"{value:.6g}") if np.isfinite(value) else None for value in values.tolist()]


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
    least, most = given.possible
    return {"day": day, "n": found.n, "low": max(low, least), "high": min(high, most)}


def drift_facts(given: Given) -> Facts:
    """Sen's slope over the phase in force, per period, and the pre-whitened Mann-Kendall test of it."""
    part = given.latest_phase
    values, days = given.values[part][-DRIFT_POINTS:], given.points.days[part][-DRIFT_POINTS:]
    present = ~np.isnan(values)
    values, days = values[present], days[present]
    if len(values) < DRIFT_LEAST or (values == values[0]).all():
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
    # Where one value is the rule, a few that differ and happen to lie together would pass for a level.
    mostly = bool(len(values) and given.points.phase_notes[-1] & codes.MOSTLY_ONE_VALUE)
    found = [] if mostly else find_breaks(np.log(values) if logged else values, given.phi)
    return {
        "n": int((~np.isnan(values)).sum()),
        "enough": int((~np.isnan(values)).sum()) >= LEAST and not mostly,
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

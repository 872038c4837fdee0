"""Whether the latest value keeps to the trajectory of its target: one sentence from the stored analysis."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from metrics import trajectories
from metrics.models import Analysis, Metric, Target
from metrics.queries.agreements import possible
from metrics.queries.analyses import PointRow
from metrics.trajectories import Path
from metrics.wording.figures import amount, day_of, decimals_as_given, decimals_of, figure, in_period


def trajectory_told(analysis: Analysis, rows: Sequence[PointRow]) -> str:
    """Whether the latest value is ahead of the path planned for it, behind it, or cannot be told apart from it; "" where no
    target in force has one. ``rows``: the points of the analysis. It says nothing of whether the target itself is met."""
    row = next((one for one in reversed(rows) if one.value is not None), None)
    if row is None:
        return ""
    path = trajectories.told_by(trajectories.paths_of(analysis.settings), row.day)
    if path is None:
        return ""
    metric = analysis.series.metric
    told = {
        "target": amount(path.value, metric, decimals_as_given(path.value)),
        "by": day_of(path.by, Metric.Period.DAY),
        "start": _begins_at(path, analysis),
        "begins": day_of(path.first, Metric.Period.DAY),
        "ended": in_period(path.end, metric.period),
    }
    told |= _figures(path, row, analysis)
    if row.day < path.first:
        words = _(
            "The trajectory to %(target)s by %(by)s begins on %(begins)s at %(start)s: too early to say whether values keep "
            "to it."
        )
    elif row.day > path.last:
        words = _(
            "The trajectory to %(target)s by %(by)s ended %(ended)s: the latest value, %(value)s %(when)s, is read against "
            "the target alone."
        )
    else:
        words = _compared(rows, row, _usual(path, row, analysis), analysis, told)
    return words % told


def _compared(
    rows: Sequence[PointRow],
    row: PointRow,
    usual: tuple[float, float] | None,
    analysis: Analysis,
    told: dict[str, str],
) -> str:
    """The sentence of a value that was planned; what it rests on is put into ``told``: how far the value lies from the
    plan, or how many in a row lie on one side of it, by the rule of shifts."""
    if usual is None:
        return _not_told(row)
    side = trajectories.side_of(float(row.value or 0.0), usual)
    run = trajectories.run([(one.value, one.planned) for one in rows])
    if not side and abs(run) >= int(analysis.settings.get("shift", 7)):
        told["why"] = _("the latest %(n)s values all lie on that side of it") % {"n": figure(abs(run), 0)}
        side = 1 if run > 0 else -1
    else:
        told["why"] = _("chance alone puts single values between %(low)s and %(high)s around that") % told
    return _words(side, analysis.series.metric.direction)


def planned_told(target: Target) -> str:
    """The path that a version of a target plans: "from 78 % on 1 October 2026 to 90 % by 31 March 2027"; "" without one."""
    if target.start_value is None or target.start_day is None or target.reach_by is None:
        return ""
    return _("from %(start)s on %(day)s to %(value)s by %(by)s") % {
        "start": amount(target.start_value, target.metric, decimals_as_given(target.start_value)),
        "day": day_of(target.start_day.toordinal(), Metric.Period.DAY),
        "value": amount(target.value, target.metric, decimals_as_given(target.value)),
        "by": day_of(target.reach_by.toordinal(), Metric.Period.DAY),
    }


def _begins_at(path: Path, analysis: Analysis) -> str:
    """Its value on the day from which on it counts: as it was agreed, unless the target came into force later."""
    metric = analysis.series.metric
    if path.first == path.start:
        return amount(path.start_value, metric, decimals_as_given(path.start_value))
    return amount(path.at(path.first), metric, decimals_of(analysis.amr, metric.kind))


def _figures(path: Path, row: PointRow, analysis: Analysis) -> dict[str, str]:
    """What was counted and planned, and what is usual around that, no further than the scale reaches."""
    metric, planned, usual = analysis.series.metric, path.on(row.day), _usual(path, row, analysis)
    decimals = decimals_of(analysis.amr, metric.kind)
    least, most = possible(metric.kind, metric.scale, metric.derived)
    low, high = usual or (None, None)
    return {
        "value": amount(row.value, metric, decimals),
        "when": in_period(row.day, metric.period),
        "planned": amount(planned, metric, decimals),
        "low": amount(None if low is None else max(low, least), metric, decimals),
        "high": amount(None if high is None else min(high, most), metric, decimals),
    }


def _usual(path: Path, row: PointRow, analysis: Analysis) -> tuple[float, float] | None:
    """Between which values single ones lie by chance around what was planned; None where that is not known."""
    planned = path.on(row.day)
    if planned is None or row.trial or row.mean is None or row.lower is None or row.upper is None:
        return None
    if "mostly_one_value" in analysis.notes:
        return None
    chart = str(analysis.settings.get("chart", "xmr"))
    return trajectories.usual_around(planned, row.mean, row.lower, row.upper, chart)


def _not_told(row: PointRow) -> str:
    if row.trial or row.mean is None or row.lower is None:
        return _(
            "Too early to say whether the latest value keeps to the trajectory to %(target)s by %(by)s: it was %(value)s "
            "%(when)s, %(planned)s was planned, and how far chance alone moves single values is not known yet."
        )
    return _(
        "Whether the latest value keeps to the trajectory to %(target)s by %(by)s cannot be told: it was %(value)s %(when)s, "
        "%(planned)s was planned, and values that are nearly all the same do not say how far chance moves them."
    )


def _words(side: int, direction: int) -> str:
    if not side:
        return _(
            "The latest value cannot be told apart from the trajectory to %(target)s by %(by)s: it was %(value)s %(when)s, "
            "%(planned)s was planned, and %(why)s."
        )
    if side == direction:
        return _(
            "The latest value is ahead of the trajectory to %(target)s by %(by)s: it was %(value)s %(when)s, %(planned)s was "
            "planned, and %(why)s."
        )
    if side == -direction:
        return _(
            "The latest value is behind the trajectory to %(target)s by %(by)s: it was %(value)s %(when)s, %(planned)s was "
            "planned, and %(why)s."
        )
    if side > 0:
        return _(
            "The latest value is above the trajectory to %(target)s by %(by)s: it was %(value)s %(when)s, %(planned)s was "
            "planned, and %(why)s."
        )
    return _(
        "The latest value is below the trajectory to %(target)s by %(by)s: it was %(value)s %(when)s, %(planned)s was "
        "planned, and %(why)s."
    )

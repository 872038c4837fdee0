"""What a trajectory must be before it is kept with its target."""

from __future__ import annotations

import datetime as dt
import math

from django.utils.translation import gettext as _

from metrics.models import Metric, Target
from metrics.queries.agreements import possible
from metrics.trajectories import Planned
from metrics.trends.periods import first_day
from metrics.wording.figures import amount, decimals_as_given
from teams.refusals import Refused

# A longer one leaves the values no room in their own chart.
LONGEST = dt.timedelta(days=3_653)


def plan(target: Target, trajectory: Planned | None) -> None:
    """Put a trajectory beside a target that is not kept yet. Raises Refused (``no_path``)."""
    if trajectory is None:
        return
    _check(target.metric, target.kind, target.from_day, trajectory)
    _check_way(target, trajectory.value)
    target.start_value, target.start_day, target.reach_by = trajectory.value, trajectory.day, trajectory.by


def _check(metric: Metric, kind: str, from_day: dt.date, trajectory: Planned) -> None:
    if kind != Target.Kind.TARGET:
        words = _("Only a target has a trajectory: nothing leads to a benchmark or a tolerance.")
        raise Refused("no_path", words, {"start_value": words})
    if not math.isfinite(trajectory.value):
        raise Refused("no_path", _("Give a number."), {"start_value": _("Give a number.")})
    if words := out_of_reach(metric, trajectory.value):
        raise Refused("no_path", words, {"start_value": words})
    end = first_day(trajectory.by, metric.period)
    if end <= first_day(trajectory.day, metric.period):
        words = _(
            "The target is reached in a later period than that in which the trajectory begins. Choose a later day, or let the "
            "trajectory begin earlier."
        )
        raise Refused("no_path", words, {"reach_by": words})
    if trajectory.by - trajectory.day > LONGEST:
        words = _(
            "A trajectory leads over ten years at most; a longer one leaves no room for the values. Choose days that lie "
            "nearer to each other."
        )
        raise Refused("no_path", words, {"reach_by": words})
    if end < from_day:
        words = _(
            "By then the target is not in force yet: the trajectory would be over before it begins to count. Choose a later "
            "day, or let the target be in force earlier."
        )
        raise Refused("no_path", words, {"reach_by": words})


def _check_way(target: Target, start: float) -> None:
    """A way that begins where it ends, or beyond that, leads nowhere: most likely a slip of the two values. Of a metric
    whose better side is not known both ways are open."""
    told = {"start": _told(start, target.metric), "target": _told(target.value, target.metric)}
    if start == target.value:
        words = _(
            "The trajectory begins at the target itself, %(target)s, so nothing is left to plan. Give the value at which the "
            "way to it begins, or leave the trajectory out."
        )
    elif (start - target.value) * target.metric.direction > 0:
        words = _(
            "The trajectory begins at %(start)s, which is better than the target of %(target)s already. Give the value at "
            "which the way to the target begins, or leave the trajectory out."
        )
    else:
        return
    raise Refused("no_path", words % told, {"start_value": words % told})


def out_of_reach(metric: Metric, value: float) -> str:
    """What to say of a value that nothing measured so can have; "" of one that it can have."""
    least, most = possible(metric.kind, metric.scale, metric.derived)
    if value < least:
        return _("No value of this metric lies below %(end)s. Give one that it can reach.") % {
            "end": _told(least, metric)
        }
    if value > most:
        return _("No value of this metric lies above %(end)s. Give one that it can reach.") % {
            "end": _told(most, metric)
        }
    return ""


def _told(end: float, metric: Metric) -> str:
    return amount(end, metric, decimals_as_given(end))

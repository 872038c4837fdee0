"""Targets in words, and what people are told of proposals."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from metrics.models import Metric, Target
from metrics.queries.targets import Places
from metrics.trends import likeness, suggestion
from metrics.wording.figures import amount, day_of, decimals_as_given, decimals_of, figure
from metrics.wording.outlooks import moved
from notices import kinds

kinds.register(
    "metrics.approve_target",
    sentence=gettext_lazy("%(person)s proposes %(value)s for “%(title)s”, %(unit)s: %(reason)s"),
    button=gettext_lazy("Read the proposal"),
)
kinds.register(
    "metrics.target_approved",
    sentence=gettext_lazy("%(person)s approved %(value)s for “%(title)s”, %(unit)s. %(reason)s"),
    button=gettext_lazy("See the target"),
)
kinds.register(
    "metrics.target_turned_down",
    sentence=gettext_lazy("%(person)s turned down %(value)s for “%(title)s”, %(unit)s: %(reason)s"),
    button=gettext_lazy("Read why"),
)


def told_value(target: Target) -> str:
    """ "target 90 %", "benchmark 4.1", "tolerance 80 % to 95 %", "the end of target 90 %"."""
    words = _told_agreed(target)
    return _("the end of %(what)s") % {"what": words} if target.ends else words


def _told_agreed(target: Target) -> str:
    told = {"value": amount(target.value, target.metric, decimals_as_given(target.value))}
    if target.kind == Target.Kind.TOLERANCE:
        told["upper"] = amount(target.upper, target.metric, decimals_as_given(target.upper))
        return _("tolerance %(value)s to %(upper)s") % told
    return (_("benchmark %(value)s") if target.kind == Target.Kind.BENCHMARK else _("target %(value)s")) % told


def holds_told(one: Target, held: Mapping[str, Target], today: dt.date, versions: Iterable[Target]) -> str:
    """Whether this version judges the chart of a series, and what does in its place; "" of one that is history or that
    nobody has decided on. ``held``: of ``metrics.queries.agreed.holding``; ``versions``: all along the line of units."""
    found = held.get(one.kind)
    if found is not None and found.pk == one.pk:
        return _("judges this chart") if one.kind == Target.Kind.TARGET else _("holds here")
    if one.state != Target.State.IN_FORCE or one.ends:
        return ""
    if one.from_day > today:
        gone = any(_replaces(other, one) for other in versions)
        return _("replaced before it begins") if gone else _("does not hold yet")
    if found is None:
        return ""
    if found.unit_id == one.unit_id:
        return _("does not hold any more")  # superseded by the next nightly run
    return _("does not hold here: that of %(unit)s does") % {"unit": found.unit.name}


def _replaces(other: Target, one: Target) -> bool:
    """What was agreed later takes the place of all that begin on its day or after it."""
    alike = (other.kind, other.unit_id, other.state) == (one.kind, one.unit_id, one.state)
    later = (other.decided_at or other.at, other.pk) > (one.decided_at or one.at, one.pk)
    return alike and later and other.from_day <= one.from_day


def judging_told(targets: Sequence[Target], held: Mapping[str, Target], today: dt.date) -> str:
    """Which of several targets judges the chart, and why; "" where only one could."""
    found = held.get(Target.Kind.TARGET)
    rivals = [
        one for one in targets if one.kind == Target.Kind.TARGET and one.state == Target.State.IN_FORCE and not one.ends
    ]
    if found is None:
        return ""
    # Those above wait behind it, others for their day; one whose day has come and that does not hold was ended or replaced.
    depth = len(found.unit.path)
    others = [one for one in rivals if one.pk != found.pk and (len(one.unit.path) < depth or one.from_day > today)]
    if not others:
        return ""
    told = {"value": told_value(found), "unit": found.unit.name, "day": day_of(found.from_day.toordinal(), "day")}
    if any(one.unit_id == found.unit_id for one in others):
        words = _("The chart is judged by %(value)s (%(unit)s, from %(day)s): what replaces it has not begun yet.")
    elif any(len(one.unit.path) > depth for one in others):
        words = _("The chart is judged by %(value)s (%(unit)s, from %(day)s), until the nearer unit's own begins.")
    else:
        words = _(
            "The chart is judged by %(value)s (%(unit)s, from %(day)s), because the nearest unit's own comes first."
        )
    return words % told


def peers_told(metric: Metric, places: Places) -> str:
    """Where the better quarter of the units lies after shrinkage, and why their best flatters; "" with too few. Only
    stable levels count: how many are left out is said. Times are drawn together on the log scale, as their own limits
    and chances are; one of 0 has none there."""
    known = [row for row in places.rows if row.outlook.get("sd") and row.outlook.get("enough")]
    if metric.kind == Metric.Kind.DURATION:
        known = [row for row in known if row.outlook.get("logged")]
    stable = [row.outlook for row in known if not moved(row)]
    logged = metric.kind == Metric.Kind.DURATION
    levels = np.array([one["level"] for one in stable], np.float64)
    alike = math.sqrt(likeness.widened(places.phi))
    errors = np.array([one["sd"] * alike / math.sqrt(one["n"]) for one in stable], np.float64)
    with np.errstate(divide="ignore"):
        found = suggestion.shrink(np.log(levels) if logged else levels, errors, metric.direction)
    if found is None:
        return ""
    decimals = decimals_of(float((errors * levels if logged else errors).min()), metric.kind)

    def told(value: float) -> str:
        return amount(math.exp(value) if logged else value, metric, decimals)

    facts = {
        "n": len(stable),
        "far": found.far,
        "level": told(found.level),
        "quartile": told(found.quartile),
        "raw": told(found.raw),
        "best": told(found.best),
    }
    return " ".join(part for part in (_peers_fact(found) % facts, _left_out(len(known) - len(stable))) if part)


def _peers_fact(found: suggestion.Peers) -> str:
    if found.tau2 > 0:
        return _(
            "The better quarter of %(n)s places begins at %(quartile)s, after each was pulled towards the average as far "
            "as chance may have helped it (%(raw)s as the averages stand; the best is %(best)s). A raw best flatters."
        )
    if found.far:
        return _(
            "All but %(far)s of the %(n)s places cannot be told apart: their averages differ no more than chance makes "
            "them (about %(level)s). The best of all, %(best)s, is not a target that the others could be held to."
        )
    return _(
        "The %(n)s places cannot be told apart: their averages differ no more than chance makes them (about "
        "%(level)s). The best of them, %(best)s, is not a target that the others could be held to."
    )


def _left_out(count: int) -> str:
    if not count:
        return ""
    return ngettext(
        "%(count)s place is left out, because its level is moving or a change is confirmed.",
        "%(count)s places are left out, because their levels are moving or a change is confirmed.",
        count,
    ) % {"count": figure(count, 0)}

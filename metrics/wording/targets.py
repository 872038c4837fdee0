"""Targets in words, and what people are told of proposals."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from metrics.models import Analysis, Metric, Target
from metrics.trends import suggestion
from metrics.wording.figures import amount, decimals_as_given, decimals_of
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


def peers_told(metric: Metric, rows: Sequence[Analysis]) -> str:
    """Where the better quarter of the units lies after shrinkage, and why their best flatters; "" with too few."""
    known = [
        row.outlook
        for row in rows
        if row.outlook.get("sd") and row.outlook.get("enough") and not row.outlook.get("logged")
    ]
    errors = [one["sd"] / one["n"] ** 0.5 for one in known]
    found = suggestion.shrink([one["level"] for one in known], errors, metric.direction)
    if found is None:
        return ""
    decimals = decimals_of(min(errors), metric.kind)
    if found.tau2 == 0:
        return _(
            "The %(n)s places cannot be told apart: their averages differ no more than chance makes them (about "
            "%(level)s). The best of them, %(best)s, is not a target that the others could be held to."
        ) % {
            "n": len(known),
            "level": amount(found.level, metric, decimals),
            "best": amount(found.best, metric, decimals),
        }
    return _(
        "The better quarter of %(n)s places begins at %(quartile)s, after each was pulled towards the average as far as "
        "chance may have helped it (%(raw)s as the averages stand; the best is %(best)s). A raw best flatters."
    ) % {
        "n": len(known),
        "quartile": amount(found.quartile, metric, decimals),
        "raw": amount(found.raw, metric, decimals),
        "best": amount(found.best, metric, decimals),
    }

"""A proposed change point in words, from the stored facts of the closer look alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from metrics.models import Mark, Metric
from metrics.wording import turning
from metrics.wording.figures import amount, day_of, decimals_of, figure, in_period
from metrics.wording.narration import Narration
from metrics.wording.standing import once_in

RAREST = 4_000  # what is rarer was not drawn and is not known
PERIODS = {Metric.Period.DAY: 1, Metric.Period.WEEK: 7, Metric.Period.MONTH: 31}


def break_told(
    facts: dict[str, Any], metric: Metric, amr: float | None, adjusted: bool, marks: Sequence[Mark]
) -> Narration:
    """The sentences of one step. ``facts``: of ``metrics.analysing.closer.break_facts``; amr: sets the decimals."""
    decimals = decimals_of(amr, metric.kind)
    given = {
        "day": day_of(facts["day"], metric.period),
        "in_day": in_period(facts["day"], metric.period),
        "first": day_of(facts["first_day"], metric.period),
        "last": day_of(facts["last_day"], metric.period),
        "before": amount(facts["before"], metric, decimals),
        "after": amount(facts["after"], metric, decimals),
        "sigma": figure(abs(facts["sigma"] or 0), 1),
    }
    if facts["first_day"] == facts["last_day"]:
        fact = _("A step from %(before)s to %(after)s %(in_day)s: %(sigma)s times the ordinary variation.")
    else:
        fact = _(
            "A step from %(before)s to %(after)s near %(day)s (between %(first)s and %(last)s): %(sigma)s times the "
            "ordinary variation."
        )
    caveat = _("Measured on the values with their season taken out.") if adjusted else ""
    return Narration(fact % given, _chance(facts["chance"]), caveat, _next(facts, metric, marks), turning.of_test(True))


def _chance(chance: float) -> str:
    if chance * RAREST < 1:
        return _("A stable series would show this less than 1 time in %(n)s.") % {"n": figure(RAREST, 0)}
    return _("A stable series would show this about 1 time in %(n)s.") % {"n": figure(once_in(chance), 0)}


def _next(facts: dict[str, Any], metric: Metric, marks: Sequence[Mark]) -> str:
    room = 2 * PERIODS[Metric.Period(metric.period)]
    near = [one for one in marks if facts["first_day"] - room <= one.day.toordinal() <= facts["last_day"] + room]
    if near:
        return _("“%(label)s” was recorded for %(day)s: if that changed the process, begin new limits.") % {
            "label": near[-1].label,
            "day": day_of(near[-1].day.toordinal(), Metric.Period.DAY),
        }
    return _("Nothing was recorded near it: ask what changed before you begin new limits.")

"""A survey in words: how sure its latest point is, who answered, and whether it is weighted."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from metrics.models import Metric, Survey
from metrics.queries.analyses import PointRow
from metrics.wording.figures import amount, decimals_of, figure, in_period

SMALL = 100
METHODS: dict[str, str | Promise] = {
    Survey.Kind.SHARE: gettext_lazy("Wilson interval, 95 %"),
    Survey.Kind.PROMOTERS: gettext_lazy("adjusted Wald interval (three answers added), 95 %"),
    Survey.Kind.MEAN: gettext_lazy("Student's t interval, 95 %"),
}
BASES: dict[str, str | Promise] = {
    "": "",
    "widest": gettext_lazy(
        "How many are promoters is not known, so the interval is the widest that the score allows: nobody in the middle."
    ),
    "from_series": gettext_lazy(
        "How far the answers lie apart is not known, so the interval rests on how the series moves from point to point."
    ),
}


def latest(metric: Metric, survey: Survey, rows: list[PointRow]) -> list[str]:
    """Sentences on the latest point that has an interval."""
    last = next((row for row in reversed(rows) if row.low is not None and row.high is not None), None)
    if last is None or last.low is None or last.high is None:
        return [_("No point has an interval yet: the number of answers is not known.")]
    half = (last.high - last.low) / 2
    decimals = decimals_of(half * 2, metric.kind)
    told = {
        "in_period": in_period(last.day, metric.period),
        "value": amount(last.value, metric, decimals),
        "low": amount(last.low, metric, decimals),
        "high": amount(last.high, metric, decimals),
        "n": figure(last.n, 0),
        "half": figure(half, 0 if half >= 10 else decimals),
    }
    said = [_("%(value)s %(in_period)s, from %(n)s answers: 95 %% interval %(low)s to %(high)s.") % told]
    if last.asked:
        rate = 100 * (last.n or 0) / last.asked
        said.append(
            _("%(asked)s were asked, so %(rate)s %% answered. Those who did not may feel otherwise.")
            % {"asked": figure(last.asked, 0), "rate": figure(rate, 0)}
        )
    else:
        said.append(_("How many were asked is not known, so neither is the response rate."))
    if last.n is not None and last.n < SMALL:
        said.append(
            _("Few answers: with %(n)s of them a single point is known to ±%(half)s only. Read the run, not the point.")
            % told
        )
    return said

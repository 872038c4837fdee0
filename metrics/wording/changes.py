"""A change in words: its size, its interval, and where on the scale it lies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from metrics.models import Metric
from metrics.wording.figures import NOTHING, decimals_of, difference, end_of_interval, figure

Facts = dict[str, Any]


@dataclass(frozen=True)
class Told:
    """What a comparison is about: the metric, what changed, its first day after (ordinal), the comparison series, the
    names of other changes at the same time, and whether the metric counts answers to a survey."""

    metric: Metric
    label: str
    day: int
    against: str = ""
    others: tuple[str, ...] = ()
    answers: bool = False


def change_words(change: Facts | None, told: Told) -> str:
    """A difference with its interval: "+3.1 percentage points (+0.4 to +5.8)"; in per cent where it was so read."""
    if change is None:
        return NOTHING
    decimals = decimals_for(change, told.metric)
    size = plus(difference(change["difference"], told.metric, decimals), change["difference"])
    ends = [signed(change[name], told.metric, decimals) for name in ("low", "high")]
    words = _("%(size)s (%(low)s to %(high)s)") % dict(zip(("size", "low", "high"), (size, *ends), strict=True))
    if change["percent"] is None:
        return words
    return _("%(share)s, that is %(size)s") % {"share": percent_words(change), "size": words}


def percent_words(change: Facts) -> str:
    """The same in per cent: "−20 % (−25 % to −14 %)"; less than 1 % with the digits that its interval leaves it."""
    low, high = change["percent_low"], change["percent_high"]
    decimals = 0 if None in (low, high) or high - low >= 4 else decimals_of((high - low) / 4)
    shares = [share(change[name], decimals) for name in ("percent", "percent_low", "percent_high")]
    return _("%(size)s (%(low)s to %(high)s)") % dict(zip(("size", "low", "high"), shares, strict=True))


def decimals_for(change: Facts, metric: Metric) -> int:
    """Two digits of the doubt: a quarter of the interval is about one standard error."""
    if change["low"] is None or change["high"] is None:
        return 1
    return decimals_of((change["high"] - change["low"]) / 4, metric.kind)


def signed(value: float | None, metric: Metric, decimals: int) -> str:
    return plus(end_of_interval(value, metric, decimals), value)


def share(value: float | None, decimals: int = 0) -> str:
    return plus(_("%(share)s %%") % {"share": figure(value, decimals)}, value)


def plus(words: str, value: float | None) -> str:
    return f"+{words}" if value is not None and value > 0 else words

"""Figures, days and lengths of time as people write them."""

from __future__ import annotations

import datetime as dt
import math
from copy import copy

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from metrics.models import Metric

NOTHING = "–"
THIN = "\u202f"
PLAIN, MOST = 6, 12  # decimals: beyond 6 only of a small number, beyond 12 with a power of ten
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
SECONDS = {
    "s": 1.0, "second": 1.0, "seconds": 1.0, "min": 60.0, "minute": 60.0, "minutes": 60.0,
    "h": 3600.0, "hour": 3600.0, "hours": 3600.0, "day": 86400.0, "days": 86400.0,
}  # fmt: skip


def decimals_of(spread: float | None, kind: str = "") -> int:
    """How many decimals say something: two digits of the ordinary change from point to point (``spread``), however small
    that is; ``figure`` knows how to write them."""
    if not spread or not math.isfinite(spread):
        return 0 if kind == Metric.Kind.COUNT else 1
    wanted = max(0, 1 - math.floor(math.log10(abs(spread))))
    return 0 if kind == Metric.Kind.COUNT and spread >= 1 else wanted


def spread_of(mean: float | None, lower: float | None, upper: float | None) -> float | None:
    """The ordinary change from point to point, by the limit that lies further from the mean: the nearer one may be cut
    where a scale ends."""
    if mean is None or lower is None or upper is None:
        return None
    return max(upper - mean, mean - lower) / 2.66


def decimals_as_given(value: float | None) -> int:
    """As many as the value has, six at most (four digits of a small one): a number is shown as it was agreed."""
    if value is None:
        return 0
    most = max(PLAIN, decimals_of(value) + 2)
    return next((places for places in range(most) if abs(value - round(value, places)) <= 1e-9 * abs(value)), most)


def figure(value: float | None, decimals: int = 1) -> str:
    """A number with grouping in the reader's language; a dash for nothing. With more than 12 decimals 1.3×10⁻¹⁵."""
    if value is None or not math.isfinite(value):
        return NOTHING
    if decimals > PLAIN and value and decimals + _rank(value) > MOST:
        decimals = PLAIN  # What stands so far behind the first digit is what rounding left.
    if decimals > MOST:
        return _with_power(value, decimals)
    rounded = round(value, decimals) + 0.0
    return number_format(rounded, decimals, use_l10n=True, force_grouping=True).replace("-", "−")


def _rank(value: float) -> int:
    """The place of the first digit: 0 of 4.2, −1 of 0.42."""
    return math.floor(math.log10(abs(value)))


def _with_power(value: float, decimals: int) -> str:
    """A number too small to be written out, up to the same decimal: "1.3×10⁻¹⁵"."""
    rounded = round(value, decimals)
    if not rounded:
        return figure(0.0, 0)
    digits = max(0, decimals + _rank(rounded))
    front, power = f"{rounded:.{digits}e}".split("e")
    return f"{figure(float(front), digits)}×10{str(int(power)).translate(_RAISED)}"


def amount(value: float | None, metric: Metric, decimals: int = 1) -> str:
    """A value of a metric with its unit: "82.5 %", "3 h 12 min", "1,204 contacts"."""
    if value is None or not math.isfinite(value):
        return NOTHING
    seconds = SECONDS.get(metric.measure.strip().casefold()) or (1 / metric.scale if 0 < metric.scale < 1 else 0)
    if metric.kind == Metric.Kind.DURATION and seconds:
        return length(value * seconds)
    return f"{figure(value, decimals)}{THIN}{metric.measure}" if metric.measure else figure(value, decimals)


def of_differences(metric: Metric, short: bool = False) -> Metric:
    """The metric as its differences are told: those of percentages are percentage points (short: points)."""
    if metric.measure != "%":
        return metric
    told = copy(metric)
    told.measure = _("points") if short else _("percentage points")
    return told


def difference(value: float | None, metric: Metric, decimals: int = 1, short: bool = False) -> str:
    """How far two values of a metric lie apart: "3.1 percentage points", "12 min"; short in a table: "3.1 points"."""
    return amount(value, of_differences(metric, short), decimals)


def end_of_interval(value: float | None, metric: Metric, decimals: int = 1) -> str:
    """An end of the interval that stands behind a difference, which has said the points already."""
    return figure(value, decimals) if metric.measure == "%" else amount(value, metric, decimals)


def lower_end(value: float | None, metric: Metric, decimals: int = 1) -> str:
    """The lower of two values told together: the other says the unit for both, but each length of time has its own."""
    return amount(value, metric, decimals) if metric.kind == Metric.Kind.DURATION else figure(value, decimals)


def length(seconds: float) -> str:
    """A length of time: "42 s", "12 min 5 s", "3 h 12 min", "6 days 4 h"."""
    if not math.isfinite(seconds):
        return NOTHING
    sign, left = ("−", -seconds) if seconds < 0 else ("", seconds)
    if left < 60:
        return sign + _("%(seconds)s s") % {"seconds": figure(left, 0 if left >= 10 else 1)}
    whole = round(left)
    if whole < 600:
        minutes, rest = divmod(whole, 60)
        words = _("%(minutes)s min %(seconds)s s") if rest else _("%(minutes)s min")
        return sign + words % {"minutes": minutes, "seconds": rest}
    hours, minutes = divmod(round(left / 60), 60)
    if not hours:
        return sign + _("%(minutes)s min") % {"minutes": minutes}
    if hours < 100:
        words = _("%(hours)s h %(minutes)s min") if minutes else _("%(hours)s h")
        return sign + words % {"hours": hours, "minutes": minutes}
    days, hours = divmod(round(left / 3600), 24)
    return sign + (
        ngettext("%(days)s day", "%(days)s days", days) % {"days": figure(days, 0)}
        + (THIN + _("%(hours)s h") % {"hours": hours} if hours else "")
    )


def day_of(ordinal: int | None, period: str) -> str:
    """The period that begins on a day: "3 March 2026", "the week of 3 March 2026", "March 2026"."""
    if ordinal is None:
        return NOTHING
    day = dt.date.fromordinal(ordinal)
    if period == Metric.Period.MONTH:
        return date_format(day, "YEAR_MONTH_FORMAT")
    if period == Metric.Period.WEEK:
        return _("the week of %(day)s") % {"day": date_format(day, "DATE_FORMAT")}
    return date_format(day, "DATE_FORMAT")


def short_day_of(ordinal: int | None, period: str) -> str:
    """The same where there is little room: "3 Mar 2026" (the first day of a week), "Mar 2026"."""
    if ordinal is None:
        return NOTHING
    day = dt.date.fromordinal(ordinal)
    return date_format(day, "M Y" if period == Metric.Period.MONTH else "SHORT_DATE_FORMAT")


def end_of(ordinal: int, period: str) -> int:
    """The last day of the period that begins on a day; ordinals."""
    if period == Metric.Period.MONTH:
        day = dt.date.fromordinal(ordinal)
        following = dt.date(day.year + day.month // 12, day.month % 12 + 1, 1)
        return following.toordinal() - 1
    return ordinal + (6 if period == Metric.Period.WEEK else 0)


def in_period(ordinal: int, period: str) -> str:
    """The same inside a sentence: "on 3 March 2026", "in the week of 3 March 2026", "in March 2026"."""
    words = _("on %(day)s") if period == Metric.Period.DAY else _("in %(day)s")
    return words % {"day": day_of(ordinal, period)}


def stretch(count: int, period: str) -> str:
    """A number of periods: "8 weeks"."""
    if period == Metric.Period.MONTH:
        words = ngettext("%(count)s month", "%(count)s months", count)
    elif period == Metric.Period.WEEK:
        words = ngettext("%(count)s week", "%(count)s weeks", count)
    else:
        words = ngettext("%(count)s day", "%(count)s days", count)
    return words % {"count": count}

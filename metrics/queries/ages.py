"""How old the data of a series are: what has had no new value for long tells nothing of what is on watch today."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q

# Days after the end of the latest period with a value from which on a series is left out where the marks of today are
# counted against chance: several periods, so that who brings the data of a quarter at once still sees all of them.
LONG = {"day": 61, "week": 92, "month": 183}


def silent(today: int) -> Q:
    """Of analyses: their series has had no new value for long. ``today``: an ordinal."""
    found = Q()
    for period, begins in last_begins(today).items():
        found |= Q(series__metric__period=period, latest_day__lte=begins)
    return found


def silent_row(period: str, latest_day: int | None, begins: dict[str, int]) -> bool:
    """The same of an analysis that has been read. ``begins``: of ``last_begins``."""
    return latest_day is not None and latest_day <= begins[period]


def last_begins(today: int) -> dict[str, int]:
    """{period: the last day on which the latest period of a silent series began}."""
    after_month = dt.date.fromordinal(today - LONG["month"] + 1).replace(day=1)
    month = (after_month - dt.timedelta(days=1)).replace(day=1).toordinal()
    return {"day": today - LONG["day"], "week": today - LONG["week"] - 6, "month": month}

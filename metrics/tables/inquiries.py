"""Questions on signals as a list, and the values behind one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from metrics.models import Metric
from metrics.queries.analyses import PointRow
from metrics.wording import amount, day_of, decimals_of
from teams.lists import Column

SHOWN = 52
COLUMNS = [
    Column("question", _("question"), str, link=lambda row: row.get_absolute_url()),
    Column("signal", _("signal"), lambda row: str(row.signal), link=lambda row: row.signal.get_absolute_url()),
    Column(
        "state",
        _("state"),
        "state",
        sort=("state",),
        shown=lambda row: row.get_state_display(),
        code=lambda row: row.state,
    ),
    Column("asked_by", _("asked by"), "asked_by.name", sort=("asked_by__name",)),
    Column("asked_of", _("asked of"), "asked_of.name", sort=("asked_of__name",)),
    Column("asked_at", _("asked on"), lambda row: row.asked_at.date(), sort=("asked_at",)),
    Column("due_on", _("answer by"), "due_on", sort=("due_on",)),
    Column("answer", _("answer"), "answer"),
    Column("leads_to", _("leads to"), lambda row: row.get_leads_to_display()),
]


@dataclass(frozen=True)
class Behind:
    """One value that a signal is made of, in words; ``url`` leads to the rows behind it ("" for who may not)."""

    day: str
    value: str
    url: str


def behind(
    metric: Metric, rows: Iterable[PointRow], spread: float | None, url_of: Callable[[int], str] | None
) -> list[Behind]:
    """The values of a signal, oldest first."""
    decimals = decimals_of(spread, metric.kind)
    return [
        Behind(day_of(row.day, metric.period), amount(row.value, metric, decimals), url_of(row.day) if url_of else "")
        for row in rows
    ]

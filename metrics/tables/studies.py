"""Tables of comparisons: what the charts draw, in rows, by name and never by rank."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from metrics.charts import Spark
from metrics.models import Metric
from metrics.wording import amount, comparing, figure
from metrics.wording.figures import lower_end
from teams.refusals import Refused

Facts = dict[str, Any]
# What a file must not be put in order by: the values do not carry it.
RANKS = ("rank", "-rank", "value", "-value", "place", "-place", "drawn", "-drawn")


@dataclass(frozen=True)
class GroupLine:
    """One group, ready to be shown."""

    id: int
    name: str
    url: str
    value: str
    interval: str
    drawn: str
    size: str
    periods: int
    limits: str
    outside: str | Promise
    special: bool
    band: str
    places: str
    spark: Spark | None = None


def lines(
    metric: Metric, facts: Facts, names: dict[int, str], urls: dict[int, str], sparks: dict[int, Spark | None]
) -> list[GroupLine]:
    """One line per group that the reader sees, by name."""
    decimals = comparing.decimals_for(metric, facts)

    def span(low: float | None, high: float | None) -> str:
        if low is None or high is None:
            return ""
        return _("%(low)s to %(high)s") % {
            "low": lower_end(low, metric, decimals),
            "high": amount(high, metric, decimals),
        }

    found = [
        GroupLine(
            id=row["id"],
            name=names[row["id"]],
            url=urls.get(row["id"], ""),
            value=amount(row["value"], metric, decimals),
            interval=span(row["low"], row["high"]),
            drawn=amount(row["shrunk"], metric, decimals),
            size=figure(row["size"], 0) if row["size"] is not None else "",
            periods=row["periods"],
            limits=span(row["lower"], row["upper"]),
            outside=comparing.OUTSIDE[row["outside"]] if facts["shape"] != "means" else "",
            special=bool(row["outside"]),
            band=comparing.letter(row["band"], facts["bands"]) if row["band"] >= 0 else "",
            places=comparing.places(row, facts, metric.direction),
            spark=sparks.get(row["id"]),
        )
        for row in facts["groups"]
        if row["id"] in names
    ]
    return sorted(found, key=lambda line: (line.name.casefold(), line.id))


HEADER: tuple[tuple[str | Promise, Callable[[Facts], Any]], ...] = (
    (gettext_lazy("value"), lambda row: row["value"]),
    (gettext_lazy("95 % interval from"), lambda row: row["low"]),
    (gettext_lazy("95 % interval to"), lambda row: row["high"]),
    (gettext_lazy("counted"), lambda row: row["count"]),
    (gettext_lazy("of"), lambda row: row["size"]),
    (gettext_lazy("periods"), lambda row: row["periods"]),
    (gettext_lazy("allowing for chance"), lambda row: row["shrunk"]),
    (gettext_lazy("reliability of the value"), lambda row: row["weight"]),
    (gettext_lazy("lower 99.8 % limit"), lambda row: row["lower"]),
    (gettext_lazy("upper 99.8 % limit"), lambda row: row["upper"]),
    (gettext_lazy("outside the limits"), lambda row: bool(row["outside"])),
)


def file_of(facts: Facts, names: dict[int, str], sort: str) -> tuple[list[Any], list[list[Any]]]:
    """Header and rows of the export: by name, with intervals and the group that cannot be told apart.

    Raises Refused (``no_rank``) where an order by value is asked for.
    """
    if sort in RANKS:
        raise Refused(
            "no_rank",
            gettext_lazy(
                "A file in the order of the values would be a ranking that these figures do not carry. The file by "
                "name holds each value with its interval and the group within which nobody can be told apart."
            ),
        )
    header = [_("name"), *(title for title, _value in HEADER), _("group that cannot be told apart")]
    rows = [
        [
            names[row["id"]],
            *(value(row) for _title, value in HEADER),
            comparing.letter(row["band"], facts["bands"]) if row["band"] >= 0 else "",
        ]
        for row in facts["groups"]
        if row["id"] in names
    ]
    return header, sorted(rows, key=lambda row: str(row[0]).casefold())

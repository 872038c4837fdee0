"""Observations as tables: of several series, lined up on one period, added up by group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from django.db import connection

from metrics.bulk import in_list

LEAST, MOST = 0, 10_000_000  # days: before and after any
COLUMNS = ["series", "day", "numerator", "denominator", "n"]
FINENESS = {"day": 0, "week": 1, "month": 2}


def observations(series: Sequence[int], first: int | None = None, last: int | None = None) -> pd.DataFrame:
    """The values of these series as a table (series, day, numerator, denominator, n), ordered; days are proleptic
    ordinals of the first day of a period, first and last included; nan where there is none."""
    condition, given = in_list("series_id", sorted(set(series)))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT series_id, day, numerator, denominator, n FROM metrics_observation"
            f" WHERE {condition} AND day BETWEEN %s AND %s ORDER BY series_id, day",
            [given, LEAST if first is None else first, MOST if last is None else last],
        )
        table = pd.DataFrame(cursor.fetchall(), columns=COLUMNS)
    kinds = dict.fromkeys(COLUMNS[:2], np.int64) | dict.fromkeys(COLUMNS[2:], np.float64)
    return table.astype(kinds)


def coarsened(table: pd.DataFrame, period: str) -> pd.DataFrame:
    """The same with each day moved to the first day of the week or month it belongs to.

    A week belongs to the month that holds its Thursday, so that each week is counted once."""
    if table.empty or period == "day":
        return table
    if period == "week":
        return table.assign(day=table["day"] - (table["day"] - 1) % 7)
    days = pd.Series([pd.Timestamp.fromordinal(int(day)) for day in table["day"]], index=table.index)
    return table.assign(day=[day.replace(day=1).toordinal() for day in days])


def _of_month(table: pd.DataFrame) -> pd.DataFrame:
    """Weeks as days of the month that holds their Thursday."""
    return coarsened(table.assign(day=table["day"] + 3), "month")


def on_period(table: pd.DataFrame, own: str, wanted: str) -> pd.DataFrame:
    """A table of values of period ``own`` (day, week, month) moved to a coarser one, not yet added up. Weeks begin
    on Monday: one that begins on another day is the week of its fourth day."""
    if own == wanted == "week":
        return coarsened(table.assign(day=table["day"] + 3), "week")
    if FINENESS[own] >= FINENESS[wanted]:
        return table
    return _of_month(table) if own == "week" else coarsened(table, wanted)


def by_group(table: pd.DataFrame, group_of: Mapping[int, int]) -> pd.DataFrame:
    """Added up per group and day: (group, day, numerator, denominator, n, rows). A sum in which a denominator is
    missing has none; ``rows`` counts the values behind a sum, so that a caller can refuse to add what cannot be."""
    owned = table.assign(group=table["series"].map(dict(group_of))).dropna(subset=["group"])
    owned = owned.astype({"group": np.int64})
    grouped = owned.groupby(["group", "day"], sort=True)
    sums, known = grouped[["numerator", "denominator", "n"]].sum(), grouped[["denominator", "n"]].count()
    rows = grouped.size()
    whole = sums[["denominator", "n"]].where(known.eq(rows, axis=0))
    return sums[["numerator"]].join(whole).assign(rows=rows).reset_index()


def pivot(table: pd.DataFrame, column: str) -> pd.DataFrame:
    """Days down, groups across, nan where a group has no value."""
    return table.pivot_table(index="day", columns="group", values=column, aggfunc="sum", min_count=1).sort_index()

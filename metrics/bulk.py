"""Write many rows at once: SQLite many to a statement, PostgreSQL by COPY. Inside the caller's transaction.

Rows never become Django objects here; the values are columns (numpy arrays, lists, or one value for all rows).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray
from psycopg import sql

# SQLite takes 32,766 values in a statement; beyond a few hundred more of them gain nothing.
PARAMETERS = 600
# Up to so many rows a statement with values costs PostgreSQL less than a table to copy them into.
FEW = 20
_BINARY = {"i4": ">i4", "i8": ">i8", "f8": ">f8"}
_SIGNATURE = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
_END = b"\xff\xff"


@dataclass(frozen=True)
class Column:
    """One column of the rows. ``values``: an array or list of them all, or a single value for every row.

    ``null`` marks the rows in which it is NULL whatever ``values`` says; nan in a float column is NULL by itself.
    """

    name: str
    values: Any
    null: NDArray[np.bool_] | None = None


def insert(table: str, rows: int, columns: Sequence[Column]) -> None:
    """Insert ``rows`` new rows. Raises IntegrityError where one is there already."""
    if not rows:
        return
    if connection.vendor == "postgresql":
        _copy(table, rows, columns)
        return
    _insert_many(table, rows, columns)


def upsert(
    table: str, rows: int, columns: Sequence[Column], unique: Sequence[str], returning: Sequence[str] = ()
) -> list[tuple[Any, ...]]:
    """Insert, or update all other columns where ``unique`` (a unique key of the table) is there already; what the rows
    hold then in the columns ``returning``, in no order."""
    if not rows:
        return []
    rest = [_quoted(column.name) for column in columns if column.name not in unique]
    action = ", ".join(f"{name} = excluded.{name}" for name in rest)
    tail = f" ON CONFLICT ({', '.join(unique)}) DO UPDATE SET {action}"
    if returning:
        tail += f" RETURNING {', '.join(returning)}"
    if connection.vendor != "postgresql":
        return _insert_many(table, rows, columns, tail)
    names = ", ".join(_quoted(column.name) for column in columns)
    with connection.cursor() as cursor:
        if rows <= FEW:
            one = f"({', '.join(['%s'] * len(columns))})"
            given = [value for row in zip(*(_listed(column, rows) for column in columns), strict=True) for value in row]
            cursor.execute(f"INSERT INTO {table} ({names}) VALUES {', '.join([one] * rows)}{tail}", given)
            return cursor.fetchall() if returning else []
        cursor.execute(f"CREATE TEMP TABLE loading ON COMMIT DROP AS SELECT {names} FROM {table} WITH NO DATA")
        _copy("loading", rows, columns)
        cursor.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM loading{tail}")
        found = cursor.fetchall() if returning else []
        cursor.execute("DROP TABLE loading")
    return found


def put(table: str, rows: int, columns: Sequence[Column]) -> None:
    """Insert, or replace as a whole where the first column (a key to which nothing points) is there already: for rows of
    long values, which an ``upsert`` writes twice on PostgreSQL."""
    if not rows:
        return
    if connection.vendor != "postgresql":
        upsert(table, rows, columns, (columns[0].name,))
        return
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE {_quoted(columns[0].name)} = ANY(%s)", [columns[0].values.tolist()])
    _copy(table, rows, columns)


def update(table: str, ids: list[int], columns: Sequence[tuple[str, str, list[Any]]]) -> None:
    """Give rows (by their id) new values: columns of (name, type in PostgreSQL, values); one statement."""
    if not ids:
        return
    columns = [(_quoted(name), kind, values) for name, kind, values in columns]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            names = ", ".join(f"{name} = v.{name}" for name, _type, _values in columns)
            types = ", ".join(["%s::bigint[]", *(f"%s::{kind}[]" for _name, kind, _values in columns)])
            told = ", ".join(["id", *(name for name, _type, _values in columns)])
            query = f"UPDATE {table} t SET {names} FROM unnest({types}) AS v ({told}) WHERE t.id = v.id"
            cursor.execute(query, [ids, *(values for _name, _type, values in columns)])
            return
        names = ", ".join(
            f"{name} = json_extract(v.value, '$[{place}]')" for place, (name, _type, _values) in enumerate(columns, 1)
        )
        rows = json.dumps(list(zip(ids, *(values for _name, _type, values in columns), strict=True)))
        query = f"UPDATE {table} SET {names} FROM json_each(%s) v WHERE {table}.id = json_extract(v.value, '$[0]')"
        cursor.execute(query, [rows])


def delete_pairs(table: str, names: tuple[str, str], first: NDArray[Any], second: NDArray[Any], where: str = "") -> int:
    """Delete the rows whose two columns are one of these pairs; returns how many."""
    if not len(first):
        return 0
    extra = f" AND {where}" if where else ""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            pairs = f"SELECT * FROM unnest(%s::bigint[], %s::bigint[]) AS p ({names[0]}, {names[1]})"
            match = " AND ".join(f"t.{name} = p.{name}" for name in names)
            query = f"DELETE FROM {table} t USING ({pairs}) p WHERE {match}{extra}"
            cursor.execute(query, [first.tolist(), second.tolist()])
            return int(cursor.rowcount)
        query = f"DELETE FROM {table} WHERE {names[0]} = %s AND {names[1]} = %s{extra}"
        cursor.executemany(query, list(zip(first.tolist(), second.tolist(), strict=True)))
        return int(cursor.rowcount)


def in_list(column: str, ids: list[int]) -> tuple[str, Any]:
    """A condition on any number of integers as one parameter, on both databases: (SQL, parameter)."""
    if connection.vendor == "postgresql":
        # Without the type a driver sends the least that holds them, for which the server looks through the list row by row.
        return f"{column} = ANY(%s::bigint[])", ids
    return f"{column} IN (SELECT value FROM json_each(%s))", json.dumps(ids)


def _quoted(name: str) -> str:
    """A column may be called what the database's language calls something else ("window")."""
    return connection.ops.quote_name(name)


def _insert_many(table: str, rows: int, columns: Sequence[Column], tail: str = "") -> list[tuple[Any, ...]]:
    """SQLite: many rows in one statement, which costs a quarter of one statement a row by ``executemany``; what it returns."""
    found: list[tuple[Any, ...]] = []
    width = len(columns)
    flat: list[Any] = [None] * (rows * width)
    for place, column in enumerate(columns):
        flat[place::width] = _listed(column, rows)
    size = max(1, PARAMETERS // width) * width
    connection.ensure_connection()
    with connection.wrap_database_errors:
        for start in range(0, len(flat), size):
            part = flat[start : start + size]
            found += connection.connection.execute(
                _insert_sql(table, columns, len(part) // width) + tail, part
            ).fetchall()
    return found


def _insert_sql(table: str, columns: Sequence[Column], rows: int) -> str:
    names = ", ".join(_quoted(column.name) for column in columns)
    one = f"({', '.join('?' * len(columns))})"
    return f"INSERT INTO {table} ({names}) VALUES {', '.join([one] * rows)}"


def _listed(column: Column, rows: int) -> Any:
    """The values as Python objects, None where NULL."""
    values = column.values
    if isinstance(values, np.ndarray):
        null = _null_of(column)
        if null is None:
            return values.tolist()
        plain = values.astype(object)
        plain[null] = None
        return plain.tolist()
    return values if isinstance(values, list) else [values] * rows


def _null_of(column: Column) -> NDArray[np.bool_] | None:
    null = column.null
    if isinstance(column.values, np.ndarray) and column.values.dtype.kind == "f":
        missing = np.isnan(column.values)
        null = missing if null is None else null | missing
    return null if null is not None and null.any() else None


def _copy(table: str, rows: int, columns: Sequence[Column]) -> None:
    columns = [_spread(column, rows) for column in columns]
    names = sql.SQL(", ").join(sql.Identifier(column.name) for column in columns)
    binary = all(_is_binary(column) for column in columns)
    kind = sql.SQL(" WITH (FORMAT BINARY)" if binary else "")
    statement = sql.SQL("COPY {} ({}) FROM STDIN{}").format(sql.Identifier(table), names, kind)
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        if binary:
            copy.write(_SIGNATURE)
            for part in (_lengthy if any(_is_bytes(column) for column in columns) else _binary)(rows, columns):
                copy.write(part)
            copy.write(_END)
        else:
            values = [_listed(column, rows) for column in columns]
            for row in zip(*values, strict=True):
                copy.write_row(row)


def _spread(column: Column, rows: int) -> Column:
    return Column(column.name, np.full(rows, column.values, np.int64)) if type(column.values) is int else column


def _is_binary(column: Column) -> bool:
    values = column.values
    known = isinstance(values, np.ndarray) and values.dtype.str[1:] in _BINARY
    return values is None or known or _is_bytes(column)


def _is_bytes(column: Column) -> bool:
    return isinstance(column.values, list) and bool(column.values) and isinstance(column.values[0], bytes)


def _each(values: NDArray[Any]) -> list[bytes]:
    wide, packed = values.dtype.itemsize, values.astype(_BINARY[values.dtype.str[1:]]).tobytes()
    return [packed[place : place + wide] for place in range(0, len(packed), wide)]


def _lengthy(rows: int, columns: Sequence[Column]) -> Any:
    """Rows with bytes of any length among their values, none of which is NULL."""
    count = len(columns).to_bytes(2, "big")
    values = [column.values if _is_bytes(column) else _each(column.values) for column in columns]
    for row in zip(*values, strict=True):
        yield count + b"".join(len(value).to_bytes(4, "big") + value for value in row)


def _binary(rows: int, columns: Sequence[Column]) -> Any:
    """The rows in PostgreSQL's binary format, one group of rows for each pattern of NULLs."""
    nulls = [_null_of(column) for column in columns]
    pattern = np.zeros(rows, np.int64)
    for place, null in enumerate(nulls):
        if null is not None:
            pattern |= null.astype(np.int64) << place
    for found in np.unique(pattern).tolist():
        chosen = slice(None) if not any(null is not None for null in nulls) else pattern == found
        yield _records(columns, found, chosen, rows if isinstance(chosen, slice) else int(chosen.sum()))


def _records(columns: Sequence[Column], pattern: int, chosen: Any, rows: int) -> bytes:
    fields: list[tuple[str, str]] = [("count", ">i2")]
    filled = []
    for place, column in enumerate(columns):
        fields.append((f"length{place}", ">i4"))
        if column.values is not None and not pattern >> place & 1:
            fields.append((f"value{place}", _BINARY[column.values.dtype.str[1:]]))
            filled.append(place)
    records = np.empty(rows, np.dtype(fields))
    records["count"] = len(columns)
    for place in range(len(columns)):
        records[f"length{place}"] = -1
    for place in filled:
        values = columns[place].values
        records[f"length{place}"] = values.dtype.itemsize
        records[f"value{place}"] = values[chosen]
    return records.tobytes()

"""R16: tables whose meaning is known, in many dresses: read as meant, asked about, or refused; never guessed."""

import datetime as dt
import os
import random
from dataclasses import replace

import pytest

from metrics.files import sniff, suggest
from tests.files.desk import outcome

ORDERS = {"ymd": "%Y-%m-%d", "dmy": "%d/%m/%Y", "mdy": "%m/%d/%Y"}
MISSING = ("", "-", "n/a", "?")
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "cp1252")


def written(value, decimal, grouped):
    if value is None:
        return None
    text = f"{value:,.2f}" if grouped else f"{value:.2f}"
    return text.translate({44: ".", 46: ","}) if decimal == "," else text


def table(rng):
    """Days, units and values as meant, and the text that holds them."""
    order, decimal = rng.choice(list(ORDERS)), rng.choice(".,")
    grouped, ending = rng.random() < 0.4, rng.choice(["\n", "\r\n"])
    delimiter = rng.choice(";\t|") if decimal == "," or grouped else rng.choice(",;\t|")
    first = dt.date(rng.choice([2023, 2024]), rng.randint(1, 12), rng.randint(1, 12))
    rows, lines = [], [delimiter.join(("date", "unit", "value"))]
    for number in range(rng.randint(2, 40)):
        day = first + dt.timedelta(days=number if rng.random() < 0.9 else 0)
        value = None if rng.random() < 0.1 else round(rng.uniform(-50, 5_000), 2)
        unit = rng.choice(["007", "Zürich", "NA", "North West", "1e5"])
        cell = rng.choice(MISSING) if value is None else written(value, decimal, grouped)
        lines.append(delimiter.join((day.strftime(ORDERS[order]), unit, cell)))
        rows.append((day.toordinal(), unit, value))
    return order, decimal, rows, ending.join(lines) + ending


TABLES = int(os.environ.get("CXREVIEW_FIDELITY_TABLES", "150"))


@pytest.mark.parametrize("seed", range(TABLES))
def test_stored_is_what_was_meant(tmp_path, seed):
    rng = random.Random(seed)
    order, decimal, rows, text = table(rng)
    path = tmp_path / "table.csv"
    path.write_bytes(text.encode(rng.choice(ENCODINGS)))
    sniffed = sniff(path)
    mapping, questions = suggest(sniffed)
    asked = {question.about for question in questions if question.required}
    assert asked <= {"date_order", "decimal", "period"}
    truth = {"date_order": order, "decimal": decimal, "period": "day"}
    mapping = replace(mapping, period="day", **{name: truth[name] for name in asked if name != "period"})
    found = outcome(path, mapping)
    values = found.column("value" if "value" in found.chunks[0].values else "share") if found.chunks else []
    read = list(zip(found.column("day"), found.units(), values, strict=True))
    assert read == [row for row in rows if row[2] is not None]
    assert found.rejected == []
    assert found.reading.rows == sniffed.rows == len(rows)


def test_the_tables_ask_and_prove_both(tmp_path):
    asked = set()
    for seed in range(TABLES):
        rng = random.Random(seed)
        path = tmp_path / "table.csv"
        path.write_bytes(table(rng)[3].encode())
        asked |= {(question.code, question.required) for question in suggest(sniff(path))[1]}
    assert ("date_order", True) in asked
    assert ("period", True) in asked

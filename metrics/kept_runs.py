"""The runs that were kept: what the page and the docs print, each with its seed and its repeats."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

FILE = Path("metrics") / "simulations" / "stored.json"
HEAD = """# How often each method is wrong

Printed by `manage.py simulate --all --write`; do not edit by hand. Every table comes from data whose truth is known,
because it was made: what is claimed there is right or wrong by construction. Shares are 0 to 1. The same seed gives the
same table; `manage.py simulate NAME --repeats N --seed S` prints one again. The tests run each with few repeats, within
bounds that the textbook method named in a table fails.
"""


@dataclass(frozen=True)
class Run:
    """One kept run. ``full``: the repeats of a full run (``repeats`` are fewer where time was short); ``day``: ISO."""

    source: str
    repeats: int
    full: int
    seed: int
    day: str
    columns: tuple[str, ...]
    rows: list[tuple[str | float | int, ...]]


def read(file: Path) -> dict[str, Run]:
    """The kept runs by name; none where nothing was kept."""
    if not file.is_file():
        return {}
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return {
        name: Run(**{**run, "columns": tuple(run["columns"]), "rows": [tuple(row) for row in run["rows"]]})
        for name, run in found.items()
    }


def write(file: Path, runs: dict[str, Run]) -> None:
    text = json.dumps({name: asdict(runs[name]) for name in sorted(runs)}, ensure_ascii=False, indent=1)
    file.write_text(text + "\n", encoding="utf-8")


def document(runs: dict[str, Run]) -> str:
    """The same as a page of the docs."""
    parts = [HEAD]
    for name in sorted(runs):
        run = runs[name]
        fewer = f" of the {run.full:,} of a full run" if run.repeats < run.full else ""
        parts.append(f"## {name}\n\n{run.source}. {run.repeats:,} repeats{fewer}, seed {run.seed}, {run.day}.\n")
        parts.append("\n".join(_line(row) for row in (run.columns, ["---"] * len(run.columns), *run.rows)) + "\n")
    return "\n".join(parts)


def _line(row: Any) -> str:
    return "| " + " | ".join(str(cell) for cell in row) + " |"

"""Lines to compare with that decide nothing: benchmarks, and the band of a tolerance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from metrics.charts.looks import MUTED, iso
from metrics.queries.analyses import PointRow


def beside(rows: Sequence[PointRow]) -> list[dict[str, Any]]:
    """Traces of the benchmark and of both ends of the tolerance in force on each day; [] where there are none."""
    lines = {
        "benchmark": ([row.benchmark for row in rows], "longdashdot"),
        "tolerance from": ([row.tolerance[0] if row.tolerance else None for row in rows], "4px,6px"),
        "tolerance to": ([row.tolerance[1] if row.tolerance else None for row in rows], "4px,6px"),
    }
    return [
        {
            "type": "scatter", "name": name, "mode": "lines", "x": [iso(row.day) for row in rows], "y": values,
            "line": {"color": MUTED, "width": 1.5, "dash": dash, "shape": "hv"}, "hoverinfo": "skip",
        }
        for name, (values, dash) in lines.items()
        if any(value is not None for value in values)
    ]  # fmt: skip


def levels(rows: Sequence[PointRow]) -> list[float]:
    """The numbers that these lines reach, for the range of the axis."""
    return [number for row in rows for number in (row.benchmark, *(row.tolerance or ())) if number is not None]

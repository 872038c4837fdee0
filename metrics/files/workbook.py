"""A workbook's sheet as text records, read by a child process with limits; the parent never parses it."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from string import ascii_uppercase
from typing import Any, BinaryIO, cast

from metrics.files.found import Sheet
from metrics.files.plan import Limits, Problem, Refused, Where, refusal
from metrics.files.survey import workbook_or_text

CHILD = Path(__file__).with_name("sheet_child.py")
_NESTED = (".zip", ".gz", ".7z", ".rar", ".xlsx", ".xlsm", ".xlsb", ".jar", ".bz2", ".xz", ".tar")
_SMALL = 1024 * 1024
_FIRST_LINE = 1024 * 1024


def check_package(path: Path, limits: Limits) -> bool:
    """Refuse what the directory of the package already gives away; true where it carries macros.

    Reads the directory alone, so the answer takes no longer than opening the file.
    """
    try:
        with zipfile.ZipFile(path) as package:
            members = package.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError) as error:
        raise refusal("workbook_damaged", detail=type(error).__name__) from None
    if len(members) > limits.members:
        raise refusal("workbook_members", members=len(members), limit=limits.members)
    if any(member.flag_bits & 1 for member in members):
        raise refusal("password_protected")
    nested = next((member.filename for member in members if member.filename.lower().endswith(_NESTED)), "")
    if nested:
        raise refusal("workbook_nested", member=nested[:200])
    expanded = sum(member.file_size for member in members)
    if expanded > limits.expanded_bytes:
        raise refusal("workbook_expands", expanded=expanded, limit=limits.expanded_bytes)
    packed = max(sum(member.compress_size for member in members), 1)
    ratio = expanded // packed
    if expanded > _SMALL and ratio > limits.ratio:
        raise refusal("workbook_ratio", ratio=ratio, limit=limits.ratio)
    for member in members:
        if member.file_size > _SMALL and member.file_size > limits.ratio * max(member.compress_size, 1):
            raise refusal("workbook_ratio", ratio=member.file_size // max(member.compress_size, 1), limit=limits.ratio)
    return any(member.filename.lower().endswith("vbaproject.bin") for member in members)


@dataclass(slots=True)
class Workbook:
    """An open sheet. ``stream`` is its CSV text as bytes; ``finish`` proves that the child came to the end."""

    sheets: tuple[Sheet, ...]
    sheet: str
    first_column: int
    stream: BinaryIO
    problems: list[Problem]
    limits: Limits
    child: subprocess.Popen[bytes] = field(repr=False)

    def finish(self) -> None:
        """Raise ``Refused`` unless the child ended well, so that a sheet cut short is never taken for whole."""
        self.stream.close()
        code = self.child.wait()
        if code:
            raise _died(code, self.limits)

    def close(self) -> None:
        self.stream.close()
        _end(self.child)


def open_workbook(
    path: Path, limits: Limits, *, sheet: str = "", decimal: str = ".", serials: tuple[int, ...] = ()
) -> Workbook:
    """Check the package, start the child, return the sheet; raises ``Refused``.

    ``decimal`` is the mark written into true numbers; ``serials`` are column positions whose plain numbers are
    spreadsheet days.
    """
    workbook_or_text(path, limits)
    macros = check_package(path, limits)
    order = {
        "path": str(path),
        "sheet": sheet,
        "decimal": decimal,
        "serials": list(serials),
        "memory": limits.child_bytes,
        "seconds": limits.child_seconds,
        "columns": limits.columns,
    }
    child = subprocess.Popen(
        [sys.executable, "-I", str(CHILD), json.dumps(order)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_environment(),
    )
    try:
        found = _first_line(child, limits)
        stream = child.stdout
        assert stream is not None
        return Workbook(
            sheets=tuple(Sheet(**item) for item in found["sheets"]),
            sheet=found["sheet"],
            first_column=found["first_column"],
            stream=cast(BinaryIO, stream),
            problems=_problems(found, macros),
            limits=limits,
            child=child,
        )
    except BaseException:
        _end(child)
        raise


def _environment() -> dict[str, str]:
    # The child gets nothing of the parent's settings and secrets; one arena keeps its address space small.
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH") if name in os.environ}
    return kept | {"MALLOC_ARENA_MAX": "1", "PYTHONDONTWRITEBYTECODE": "1"}


def _first_line(child: subprocess.Popen[bytes], limits: Limits) -> dict[str, Any]:
    stream = child.stdout
    assert stream is not None
    if hasattr(select, "poll"):
        waiting = select.poll()
        waiting.register(stream, select.POLLIN)
        if not waiting.poll(limits.child_seconds * 1000):
            raise refusal("workbook_time", limit=limits.child_seconds)
    line = stream.readline(_FIRST_LINE)
    if not line:
        raise _died(child.wait(), limits)
    found: dict[str, Any] = json.loads(line)
    if "error" in found:
        raise refusal(found["error"], **found["params"])
    return found


def _died(code: int, limits: Limits) -> Refused:
    if code == -getattr(signal, "SIGXCPU", 24):
        return refusal("workbook_time", limit=limits.child_seconds)
    return refusal("workbook_memory", limit=limits.child_bytes)


def _end(child: subprocess.Popen[bytes]) -> None:
    if child.poll() is None:
        child.kill()
    child.wait()
    if child.stdout:
        child.stdout.close()


def _problems(found: dict[str, Any], macros: bool) -> list[Problem]:
    where = Where(found["sheet"])
    problems = [Problem("macros_ignored", severity="warn")] if macros else []
    hidden = [one["name"] for one in found["sheets"] if not one["visible"] and one["name"] != found["sheet"]]
    if hidden:
        problems.append(Problem("hidden_sheets", params={"sheets": hidden}, severity="warn"))
    if found["hidden_rows"]:
        problems.append(Problem("hidden_cells", where, params={"rows": found["hidden_rows"]}, severity="warn"))
    if found["error_cells"]:
        params = {"count": found["error_cells"]}
        problems.append(Problem("cell_error_missing", where, params=params, severity="warn"))
    if found["empty_formulas"]:
        cell = found["empty_formula_at"]
        letter, row = cell.rstrip("0123456789"), cell.lstrip(ascii_uppercase)
        place = Where(found["sheet"], int(row or 0), letter=letter)
        raise refusal("formulas_without_values", place, cells=found["empty_formulas"], cell=cell or "–")
    if found["uncalculated"]:
        problems.append(Problem("formulas_elsewhere", params={"sheets": found["uncalculated"]}, severity="warn"))
    return problems

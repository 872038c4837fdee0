"""Tables as files: CSV as a stream, XLSX as a workbook; no cell of either can become a formula (teams/cells.py)."""

from __future__ import annotations

import csv
import datetime as dt
import io
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import islice
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.text import get_valid_filename
from django.utils.translation import gettext_lazy as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from teams.cells import defuse
from teams.refusals import Refused

CSV, XLSX = "csv", "xlsx"
CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# A workbook is built in memory by the web process; CSV has no such limit.
XLSX_ROWS = 50_000
XLSX_TEXT = 32_767

# What XML 1.0 cannot hold, a carriage return (which XML would turn into a line feed), and a text that looks like
# the escape itself: written as _xHHHH_, which spreadsheet programs read back.
_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0d\x0e-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")


def cell(value: Any) -> str | int | float | Decimal:
    """A value as it stands in an exported cell: numbers stay numbers, days are ISO, text is defused."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and not math.isfinite(value):
        return ""
    if isinstance(value, (int, float, Decimal)):
        return value
    if isinstance(value, (dt.datetime, dt.date)):
        return value.isoformat()
    return defuse(str(value))


def csv_lines(header: Sequence[Any], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """The lines of a CSV file (UTF-8 with a mark, so that spreadsheet programs read it right), about 64 kB a piece."""
    buffer = io.StringIO()
    buffer.write("\ufeff")
    writer = csv.writer(buffer)
    writer.writerow([cell(title) for title in header])
    for row in rows:
        writer.writerow([cell(value) for value in row])
        if buffer.tell() > 65_536:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def xlsx_bytes(header: Sequence[Any], rows: Iterable[Sequence[Any]], title: str = "") -> bytes:
    """A workbook with one sheet. Raises Refused (``too_many_rows``, ``too_long_text``) where CSV is the way."""
    # All cells are looked at before the book is begun: a book left half written keeps its temporary file.
    lines = [[_xlsx_value(value) for value in row] for row in islice(rows, XLSX_ROWS + 1)]
    if len(lines) > XLSX_ROWS:
        raise Refused(
            "too_many_rows",
            _("A workbook takes at most %(limit)s rows here. Take the CSV file: it has no limit.")
            % {"limit": f"{XLSX_ROWS:,}"},
        )
    book = Workbook(write_only=True)
    sheet = book.create_sheet(re.sub(r"[\\*?:/\[\]]", " ", title)[:31] or None)
    sheet.freeze_panes = "A2"
    sheet.append([_xlsx_cell(sheet, _xlsx_value(heading), bold=True) for heading in header])
    for line in lines:
        sheet.append([_xlsx_cell(sheet, value) for value in line])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _xlsx_value(value: Any) -> Any:
    shown = cell(value)
    if not isinstance(shown, str):
        return shown
    shown = _XML.sub(lambda found: f"_x{ord(found[0]):04X}_", shown)
    if len(shown) > XLSX_TEXT:
        raise Refused(
            "too_long_text",
            _("A cell holds a text too long for a workbook. Take the CSV file: nothing is cut off there."),
        )
    return shown


def _xlsx_cell(sheet: Any, value: Any, bold: bool = False) -> WriteOnlyCell:
    made = WriteOnlyCell(sheet, value=value)
    if isinstance(value, str):
        made.data_type = "s"
    if bold:
        made.font = Font(bold=True)
    return made


def response(name: str, form: str, header: Sequence[Any], rows: Iterable[Sequence[Any]]) -> HttpResponseBase:
    """A download called ``name``.csv or .xlsx; ``form`` is CSV or XLSX."""
    answer: HttpResponseBase
    if form == XLSX:
        answer = HttpResponse(xlsx_bytes(header, rows, name), content_type=XLSX_TYPE)
    else:
        answer = StreamingHttpResponse(csv_lines(header, rows), content_type=CSV_TYPE)
    answer["Content-Disposition"] = f'attachment; filename="{get_valid_filename(name)}.{form}"'
    return answer

"""What was found in a file, in words: what it was, and what to do next. One entry per code of ``metrics.files``."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

# %(value)s is the cell as read; the other names are the params of the code.
FILE = {
    "empty_file": lazy("The file is empty. Export it once more."),
    "header_only": lazy("There is only a header row, no data. Was the period of the export right?"),
    "no_table": lazy("No table was found in the file."),
    "too_large": lazy("The file is too large: %(size)s, and the limit is %(limit)s. Export a shorter period."),
    "not_found": lazy("The file is not there any more. Upload it again."),
    "archive": lazy("This is an archive (%(found)s). Unpack it and upload the table inside."),
    "wrong_type": lazy("This is no table but %(found)s. Save it as CSV or XLSX."),
    "legacy_xls": lazy("This is a workbook of the old kind (.xls). Save it as .xlsx or CSV."),
    "other_workbook": lazy("This is a workbook of another kind (%(found)s). Save it as .xlsx or CSV."),
    "password_protected": lazy("The workbook is protected with a password. Save a copy without one."),
    "binary": lazy("The file holds bytes that are no text (at byte %(offset)s). Was the right file chosen?"),
    "line_too_long": lazy("A line is longer than %(limit)s bytes. Is a quotation mark missing somewhere before?"),
    "cell_too_long": lazy("A cell is longer than %(limit)s characters. Is a quotation mark missing somewhere before?"),
    "too_many_columns": lazy("The file has %(columns)s columns; at most %(limit)s can be read. Leave some out."),
    "too_many_rows": lazy("The file has too many rows: at most %(limit)s can be read at once. Split it by period."),
    "unclosed_quote": lazy("A quotation mark opens in line %(line)s and is never closed. Mend that line."),
    "unreadable_text": lazy("The text cannot be read as %(encoding)s. Save the file as UTF-8."),
    "changed_file": lazy("The file changed while it was being read. Upload it again."),
    "workbook_damaged": lazy("The workbook is damaged. Open it, save it anew and upload that."),
    "workbook_expands": lazy("Unpacked, the workbook would be larger than %(limit)s. Save the sheet as CSV."),
    "workbook_ratio": lazy("The workbook is packed more tightly than any real one. It was not opened."),
    "workbook_members": lazy(
        "The workbook has too many parts (%(members)s, at most %(limit)s). Save the sheet as CSV."
    ),
    "workbook_nested": lazy("The workbook holds another archive. It was not opened."),
    "workbook_lies": lazy("The workbook is larger inside than it says. It was not opened."),
    "workbook_entities": lazy("The workbook holds instructions that no table needs. It was not opened."),
    "workbook_memory": lazy("Reading the workbook took too much memory. Save the sheet as CSV."),
    "workbook_time": lazy("Reading the workbook took too long. Save the sheet as CSV."),
    "sheet_missing": lazy("There is no sheet “%(sheet)s”. The workbook has: %(sheets)s."),
    "formulas_without_values": lazy(
        "Cells hold formulas without values (the first is %(cell)s). Open the workbook once, save it, upload it again."
    ),
    "formulas_elsewhere": lazy("Sheets with formulas that were never calculated were not read: %(sheets)s."),
    "macros_ignored": lazy("The workbook holds macros. They were not run."),
    "hidden_sheets": lazy("Hidden sheets were not read: %(sheets)s."),
    "hidden_cells": lazy("Some rows or columns are hidden; they were read all the same."),
    "two_tables": lazy("A second table seems to begin at row %(row)s."),
    "column_missing": lazy(
        "The column “%(column)s” is not in this file. It has: %(columns)s. Say which column it is now, or export the "
        "file again with it."
    ),
    "person_missing": lazy(
        "“%(column)s”, somebody who scores, has no column in this file. It has: %(columns)s. Read the file without it, "
        "or change the mapping if the column has another name now."
    ),
    "column_repeated": lazy("The column “%(column)s” is there %(times)s times; the others are numbered."),
    "column_without_header": lazy("A column without a header was given a number."),
    "mapping_field": lazy("This part of the mapping cannot be: %(field)s."),
    "header_moved": lazy("The header was expected in row %(expected)s and found in row %(found)s."),
    "too_many_categories": lazy("There are more than %(limit)s different words here. Is this really a dimension?"),
    "scores_are_words": lazy(
        "There are more than %(limit)s different words in the column of scores: they look like remarks. Choose another "
        "column, or say that scores are numbers."
    ),
    "ids_rounded": lazy(
        "The numbers of cases or contacts were rounded by a spreadsheet (%(example)s). Export them as text."
    ),
    "dates_contradict": lazy(
        "“%(dmy)s” in row %(dmy_row)s can only be day first, “%(mdy)s” in row %(mdy_row)s only month first. "
        "Mend the export."
    ),
    "dates_day_first": lazy(
        "“%(value)s” can only be written day first. Change the mapping: dates are written day first."
    ),
    "dates_month_first": lazy(
        "“%(value)s” can only be written month first. Change the mapping: dates are written month first."
    ),
    "metric_period": lazy("“%(value)s” has a value per %(known)s; this file has one per %(period)s."),
    "dimension_unknown": lazy("“%(value)s” is no dimension. There are: %(known)s."),
    "plan_failed": lazy("The plan could not be made. Map the file again, or tell an administrator."),
    "plan_cleared": lazy("The plan was older than %(days)s days and was cleared. The file is here: plan it again."),
    "plan_cancelled": lazy("Planning was stopped. Map the file again to go on."),
    "nothing_wide": lazy("No column has a heading that could be read that way. Map the file again."),
    "numbers_contradict": lazy("Some numbers have a decimal comma, others a decimal point. Mend the export."),
}
ROW = {
    "ragged_row": lazy("The row has %(found)s cells, the header %(expected)s."),
    "date_missing": lazy("The date is missing."),
    "date_unreadable": lazy("“%(value)s” cannot be read as a date."),
    "date_impossible": lazy("There is no such day: “%(value)s”."),
    "date_placeholder": lazy("“%(value)s” stands for “no date” rather than for a day."),
    "date_future": lazy("“%(value)s” lies in the future."),
    "date_too_coarse": lazy("“%(value)s” is less exact than the period asks for."),
    "unit_missing": lazy("The unit is missing."),
    "metric_missing": lazy("The metric is missing."),
    "id_missing": lazy("The number of the case or contact is missing."),
    "id_too_long": lazy("The number of the case or contact is longer than %(limit)s characters."),
    "number_unreadable": lazy("“%(value)s” cannot be read as a number."),
    "number_infinite": lazy("“%(value)s” is no number that can be drawn."),
    "number_censored": lazy("“%(value)s” says only more or less than; it is not a value."),
    "number_grouping": lazy("The grouping of digits in “%(value)s” makes no number."),
    "number_negative": lazy("“%(value)s” is below 0, and a count cannot be."),
    "above_whole": lazy("The part (%(numerator)s) is larger than the whole (%(denominator)s), or below 0."),
    "denominator_zero": lazy("The denominator is 0."),
    "duration_unreadable": lazy("“%(value)s” cannot be read as a length of time."),
    "duration_negative": lazy("The length of time “%(value)s” is below 0."),
    "count_unreadable": lazy("“%(value)s” cannot be read as a count."),
    "flag_unreadable": lazy("“%(value)s” is neither yes nor no."),
    "score_unreadable": lazy("“%(value)s” cannot be read as a score."),
    "score_outside": lazy("“%(value)s” lies outside the scale from %(low)s to %(high)s."),
    "cell_error": lazy("The cell holds an error of the spreadsheet: “%(value)s”."),
    "unit_outside": lazy("“%(value)s” is a unit outside yours."),
    "unit_archived": lazy("“%(value)s” is in the archive. Take the unit out of it first, or leave these rows out."),
    "unit_unknown": lazy("“%(value)s” is no unit that is known."),
    "unit_left_out": lazy("“%(value)s” was left out."),
    "metric_unknown": lazy("“%(value)s” is no metric that is known."),
    "row_twice": lazy("The same unit and period stand in row %(row)s with other figures."),
    "rater_missing": lazy("Who scored is missing."),
    "rater_too_long": lazy("The contact and the name of who scored are together longer than %(limit)s characters."),
    "case_twice": lazy("The same case stands in row %(row)s with other content."),
    "scored_twice": lazy(
        "The same person scored this contact in row %(row)s, too, on the same day and with other content: which is right?"
    ),
}
SAID = {
    "encoding_guessed": lazy("The file is not UTF-8; it was read as %(encoding)s. Do the letters look right?"),
    "bad_bytes": lazy("%(count)s bytes could not be read as text and were marked."),
    "controls_stripped": lazy("%(count)s control characters were taken out."),
    "cells_cut": lazy("%(count)s very long cells were cut."),
    "blank_tail": lazy("Reading stopped after %(rows)s empty rows."),
    "header_joined": lazy("The header lies on several rows; they were joined."),
    "dates_mixed": lazy("Dates are written in two ways in one column."),
    "two_digit_years": lazy("Years have two digits; they were read as %(from)s to %(to)s."),
    "offsets_differ": lazy("Times carry different offsets (%(offsets)s): a clock change lies between them."),
    "period_mixed": lazy("The periods are not all of one length."),
    "last_period_partial": lazy("The last period seems to be incomplete."),
    "personal_column": lazy("These columns look personal and are not kept: %(columns)s."),
    "time_skipped": lazy("A time falls into the hour that the clock change skips in %(zone)s."),
    "time_repeated": lazy("A time falls into the hour that the clock change repeats in %(zone)s."),
    "closed_before_opened": lazy("A case is closed before it was opened; its times are not counted."),
    "resolved_before_opened": lazy("A case is resolved before it was opened; its times are not counted."),
    "response_before_opened": lazy("A response comes before the question; its time is not counted."),
    "columns_unused": lazy("These columns are not used: %(columns)s."),
    "cell_error_missing": lazy("%(count)s cells hold errors of the spreadsheet and count as missing."),
    "truncated": lazy("The file looks cut off: its last row is not complete."),
}
WORDS = {**FILE, **ROW, **SAID}

QUESTIONS = {
    "layout_unknown": lazy("The header names no layout that we know. Which column is what?"),
    "shape": lazy("Is a row one case (a ticket, a call, a response), or a figure for a period?"),
    "date_column": lazy("Which column holds the date?"),
    "date_order": lazy("Is the day or the month written first? Nothing in the column settles it."),
    "dates_contradict": lazy("Some cells can only be day first, others only month first. Which is right?"),
    "date_serials": lazy("The date column holds plain numbers. Are they dates of a spreadsheet?"),
    "zone": lazy("The times carry no time zone. Where did the clock stand?"),
    "decimal": lazy("Is the mark in these numbers a decimal mark, or does it group thousands?"),
    "percent": lazy("A column holds figures up to 1 and figures above 1. Are they shares or percentages?"),
    "period": lazy("Is there one figure per day, per week or per month?"),
    "unit": lazy("Which column names the unit? Or does the whole file belong to one?"),
    "metric": lazy("Which columns make the metric?"),
    "header": lazy("The header does not stand in the first row. Is this the right one?"),
    "sheet": lazy("The workbook has several sheets. Which one is meant?"),
    "encoding": lazy("The file is not UTF-8. Do these letters look right?"),
    "wide": lazy("Periods stand above the columns. Which figure is below them?"),
    "repeated_header": lazy("Two columns have the same name. Which one is meant?"),
    "scale": lazy("Which answers count as satisfied?"),
    "duration": lazy("In which unit is this length of time?"),
    "events": lazy("Case numbers occur more than once. Is a row a case, or an event of a case?"),
    "truncated": lazy("The file looks cut off. Is it whole?"),
    "two_tables": lazy("Two tables lie in this sheet. Which rows are meant?"),
    "units": lazy("Names of units in the file are not known here. Which are they?"),
    "metrics": lazy("Names of metrics in the file are not known here. Which are they?"),
    "direction": lazy("Is more better, is less better, or neither?"),
}


def told(problem: dict[str, Any]) -> str:
    """One problem (``metrics.files.Problem`` as JSON) in a sentence; an unknown code is shown as it is."""
    words = WORDS.get(problem.get("code", ""))
    facts = _Facts({**problem.get("params", {}), "value": problem.get("value", "")})
    return str(words) % facts if words else str(problem.get("code", ""))


def where(problem: dict[str, Any]) -> str:
    """Where it was found: "row 12, column Created (C)", "" for the file as a whole."""
    place = problem.get("where") or {}
    parts = []
    if place.get("sheet"):
        parts.append(_("sheet %(name)s") % {"name": place["sheet"]})
    if place.get("row"):
        parts.append(_("row %(row)s") % {"row": place["row"]})
    if place.get("column") or place.get("letter"):
        letter = f" ({place['letter']})" if place.get("letter") else ""
        parts.append(_("column %(name)s") % {"name": f"{place.get('column', '')}{letter}".strip()})
    return ", ".join(parts)


def asked(question: dict[str, Any]) -> str:
    """One question (``metrics.files.Question`` as JSON) in words."""
    return str(QUESTIONS.get(question.get("code", ""), question.get("code", "")))


class _Facts(dict[str, Any]):
    """Facts for a sentence: sizes in megabytes, lists with commas, a dash for what is not there."""

    def __missing__(self, key: str) -> str:
        return "–"

    def __getitem__(self, key: str) -> Any:
        value = super().__getitem__(key)
        if isinstance(value, (list, tuple)):
            return ", ".join(str(item) for item in value)
        if key in ("size", "limit", "expanded") and isinstance(value, (int, float)) and value >= 1_000_000:
            return _("%(size)s MB") % {"size": round(value / 1024 / 1024)}
        if key in ("low", "high"):
            return _("any") if value is None else f"{value:g}" if isinstance(value, float) else value
        return value

"""Written dates and times to numbers. Every distinct text is parsed once and remembered.

A day is packed as ``ordinal + GRAIN * grain`` (grain 0 day, 1 week, 2 month, 3 coarser); a negative number says
why there is none.
"""

from __future__ import annotations

import datetime as dt
import re

UNREADABLE, IMPOSSIBLE, PLACEHOLDER = -1, -2, -3
WHY = {UNREADABLE: "date_unreadable", IMPOSSIBLE: "date_impossible", PLACEHOLDER: "date_placeholder"}
GRAIN = 10_000_000
DAY, WEEK, MONTH, COARSE = 0, 1, 2, 3
PIVOT = 69
"""Two-digit years below 69 are 20xx, the others 19xx (POSIX)."""

_MONTHS = (
    "jan january januar janvier enero ener ene ionawr қаңтар",
    "feb february februar février fevrier fev févr febrero chwefror ақпан",
    "mar march märz maerz mrz mars marzo mär mawrth наурыз",
    "apr april avril avr abril abr ebrill сәуір",
    "may mai mayo maj mei мамыр",
    "jun june juni juin junio mehefin маусым",
    "jul july juli juillet juil julio gorffennaf шілде",
    "aug august août aout agosto ago awst тамыз",
    "sep sept september septembre septiembre medi қыркүйек",
    "oct october oktober okt octobre octubre hydref қазан",
    "nov november novembre noviembre tachwedd қараша",
    "dec december dezember dez décembre decembre déc diciembre dic rhagfyr желтоқсан",
)
MONTHS = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}

_THREE = re.compile(r"(\d{1,4})([/.\-])(\d{1,2})\2(\d{1,4})\.?\Z")
_COMPACT = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)\Z")
_DAY_NAME = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ \-/.]*([^\W\d_]{3,12})\.?[ \-/.,]*(\d{4}|\d{2})\Z")
_NAME_DAY = re.compile(r"([^\W\d_]{3,12})\.?[ \-/.]*(\d{1,2})(?:st|nd|rd|th)?,?[ \-/.]+(\d{4})\Z")
_NAME_YEAR = re.compile(r"([^\W\d_]{3,12})\.?[ \-/.']*(\d{4}|\d{2})\Z")
_YEAR_NAME = re.compile(r"(\d{4})[ \-/.]*([^\W\d_]{3,12})\Z")
_YEAR_MONTH = re.compile(r"(\d{4})[-.](\d{1,2})\Z")
_MONTH_YEAR = re.compile(r"(\d{1,2})[/.\-](\d{4})\Z")
_YEAR_WEEK = re.compile(r"(\d{4})-?W(\d{1,2})\Z", re.IGNORECASE)
_COARSE = re.compile(r"(?:(?:FY ?)?\d{4}(?:[/\-]\d{2,4})?|Q[1-4][ \-/]*\d{4}|\d{4}[ \-/]*Q[1-4])\Z", re.IGNORECASE)
_WEEKDAY = re.compile(
    r"(?:mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun)(?:day|sday|nesday|rsday|urday)?,?\s+", re.IGNORECASE
)
_TIME = re.compile(
    r"(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?\s*([AaPp]\.?[Mm]\.?)?"
    r"\s*(Z|UTC|GMT|(?:UTC|GMT)?[+\-]\d{1,2}(?::?\d{2})?)?\Z"
)
_SPLIT = re.compile(r"(?<=\S)(?:\s+|T|,\s*)(?=\d{1,2}:\d{2})")
_SERIAL = re.compile(r"\d{1,6}(?:\.\d+)?\Z")
PLACEHOLDERS = {
    (1970, 1, 1),
    (1900, 1, 1),
    (1900, 1, 0),
    (1899, 12, 30),
    (1899, 12, 31),
    (9999, 12, 31),
    (1, 1, 1),
}
"""Days (year, month, day) that programs write for "none"."""
NAIVE = -(10**6)
"""The offset in minutes of a time that carries none."""


def full_year(text: str) -> int:
    """The year a two- or four-digit text means."""
    year = int(text)
    if len(text) == 4:
        return year
    return year + (2000 if year < PIVOT else 1900)


def pack(year: int, month: int, day: int, grain: int = DAY) -> int:
    """The packed day, or why there is none."""
    if (year, month, day) in PLACEHOLDERS or year in (0, 1):
        return PLACEHOLDER
    try:
        ordinal = dt.date(year, month, day).toordinal()
    except ValueError:
        return IMPOSSIBLE
    if not 1901 <= year <= 2199:
        return IMPOSSIBLE
    return ordinal + GRAIN * grain


def three_numbers(text: str) -> tuple[str, str, str] | None:
    """The parts of a date written as three numbers, as written."""
    found = _THREE.match(text)
    return (found[1], found[3], found[4]) if found else None


def parse_day(text: str, order: str) -> int:
    """A packed day from a date without a time. ``order`` matters only for three numbers without the year first."""
    parts = three_numbers(text)
    if parts:
        return _from_three(*parts, order)
    compact = _COMPACT.match(text)
    if compact:
        return pack(int(compact[1]), int(compact[2]), int(compact[3]))
    if order == "serial" and _SERIAL.match(text):
        return _from_serial(float(text))
    return _from_words(_WEEKDAY.sub("", text))


def _from_three(first: str, second: str, third: str, order: str) -> int:
    if len(first) >= 3:
        return pack(int(first), int(second), int(third)) if len(third) <= 2 else UNREADABLE
    if len(third) == 3 or order not in ("dmy", "mdy", "ymd"):
        return UNREADABLE
    if order == "ymd":
        # 25-03-02 is only read so where the mapping says so and the year is not written in full elsewhere.
        return pack(full_year(first), int(second), int(third)) if len(third) <= 2 else UNREADABLE
    if len(third) == 1:
        return UNREADABLE
    day, month = (first, second) if order == "dmy" else (second, first)
    return pack(full_year(third), int(month), int(day))


def _from_serial(serial: float) -> int:
    # Excel's day 60 is 29 February 1900, which never was: counting from 1899-12-30 is right from 61 on.
    if not 61 <= serial < 110_000:
        return PLACEHOLDER if serial < 61 else UNREADABLE
    return dt.date(1899, 12, 30).toordinal() + int(serial)


def _from_words(text: str) -> int:
    low = text.casefold()
    for pattern, places in ((_DAY_NAME, (3, 2, 1)), (_NAME_DAY, (3, 1, 2))):
        found = pattern.match(low)
        if found:
            month = MONTHS.get(found[places[1]])
            return pack(full_year(found[places[0]]), month, int(found[places[2]])) if month else UNREADABLE
    for pattern, year, name in ((_NAME_YEAR, 2, 1), (_YEAR_NAME, 1, 2)):
        found = pattern.match(low)
        if found and found[name] in MONTHS:
            return pack(full_year(found[year]), MONTHS[found[name]], 1, MONTH)
    for pattern, year, number in ((_YEAR_MONTH, 1, 2), (_MONTH_YEAR, 2, 1)):
        found = pattern.match(low)
        if found:
            return pack(int(found[year]), int(found[number]), 1, MONTH)
    return _from_week(low)


def _from_week(text: str) -> int:
    found = _YEAR_WEEK.match(text)
    if found:
        try:
            return dt.date.fromisocalendar(int(found[1]), int(found[2]), 1).toordinal() + GRAIN * WEEK
        except ValueError:
            return IMPOSSIBLE
    if _COARSE.match(text) and len(text) > 4:
        return pack(2000, 1, 1, COARSE)
    return UNREADABLE


def parse_time(text: str) -> tuple[int, int] | None:
    """Seconds since midnight and the offset in minutes (``NAIVE`` without one); None where it is no time.

    24:00 is the midnight at the end of the day; a leap second is the second before.
    """
    found = _TIME.match(text.strip())
    if not found:
        return None
    hour, minute, second = int(found[1]), int(found[2]), min(int(found[3] or 0), 59)
    if found[4]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if found[4][0] in "Pp" else 0)
    if minute > 59 or int(found[3] or 0) > 60 or hour > 24 or (hour == 24 and (minute or second)):
        return None
    return hour * 3600 + minute * 60 + second, _offset(found[5])


def _offset(text: str | None) -> int:
    if not text:
        return NAIVE
    digits = text.removeprefix("UTC").removeprefix("GMT")
    if digits in ("", "Z"):
        return 0
    sign = -1 if digits[0] == "-" else 1
    figures = digits[1:].replace(":", "")
    hours, minutes = (figures[:-2], figures[-2:]) if len(figures) > 2 else (figures, "0")
    return sign * (int(hours) * 60 + int(minutes))


def split_moment(text: str) -> tuple[str, str]:
    """A cell's date and its time ("" where there is none)."""
    parts = _SPLIT.split(text.strip(), maxsplit=1)
    return (parts[0].rstrip(","), parts[1]) if len(parts) == 2 else (parts[0], "")


def parse_format(text: str, form: str) -> tuple[int, int, int]:
    """Packed day, seconds and offset by an explicit strptime format."""
    try:
        moment = dt.datetime.strptime(text.strip(), form)  # noqa: DTZ007
    except ValueError:
        return UNREADABLE, 0, NAIVE
    offset = moment.utcoffset()
    seconds = moment.hour * 3600 + moment.minute * 60 + moment.second
    grain = DAY if any(mark in form for mark in ("%d", "%j", "%x", "%c", "%D", "%u", "%w")) else MONTH
    day = pack(moment.year, moment.month, moment.day, grain)
    return day, seconds, NAIVE if offset is None else int(offset.total_seconds() // 60)


def parse_moment(text: str, order: str) -> tuple[int, int, int]:
    """Packed day, seconds since midnight and offset in minutes of any cell; the day says why where it fails."""
    if "%" in order:
        return parse_format(text, order)
    head, tail = split_moment(text)
    if order == "serial" and not tail and "." in head and _SERIAL.match(head):
        seconds = round(float(head) % 1 * 86_400)
        return _from_serial(float(head)) + seconds // 86_400, seconds % 86_400, NAIVE
    day = parse_day(head, order)
    if not tail or day < 0:
        return day, 0, NAIVE
    time = parse_time(tail)
    return (day, *time) if time else (UNREADABLE, 0, NAIVE)

"""The numbers, lengths of time and dates of a sentence, read back in the reader's language."""

import datetime as dt
import re
from dataclasses import dataclass

from django.utils.dates import MONTHS
from django.utils.formats import get_format

SPACE = "[ \u00a0\u202f]"
RAISED = "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"
UNITS = {"s": 1, "min": 60, "h": 3600, "day": 86_400, "days": 86_400}


@dataclass(frozen=True)
class Number:
    value: float
    half: float  # of the last digit that is written

    def is_one_of(self, numbers):
        return any(abs(self.value - number) <= self.half * (1 + 1e-6) for number in numbers)


def read(sentence):
    """(days, months, numbers, lengths) of the sentence: dates, (year, month), Number, Number in seconds."""
    days, sentence = _days(sentence)
    months, sentence = _months(sentence)
    lengths, sentence = _lengths(sentence)
    return days, months, _numbers(sentence), lengths


def _month_words():
    return {str(name): number for number, name in MONTHS.items()}


def _days(sentence):
    words = _month_words()
    pattern = re.compile(rf"(\d{{1,2}})\.?{SPACE}({'|'.join(words)}){SPACE}(\d{{4}})")
    found = [dt.date(int(year), words[month], int(day)) for day, month, year in pattern.findall(sentence)]
    return found, pattern.sub(" ", sentence)


def _months(sentence):
    words = _month_words()
    pattern = re.compile(rf"({'|'.join(words)}){SPACE}(\d{{4}})")
    return [(int(year), words[month]) for month, year in pattern.findall(sentence)], pattern.sub(" ", sentence)


def _figure():
    group = re.escape(get_format("THOUSAND_SEPARATOR"))
    point = re.escape(get_format("DECIMAL_SEPARATOR"))
    return rf"[−-]?\d+(?:{group}\d{{3}})*(?:{point}\d+)?(?:×10[{RAISED}]+)?"


def _lengths(sentence):
    """Two parts at most, as they are written: "3 h 12 min", "6 days 4 h", "42 s"."""
    part = rf"({_figure()}){SPACE}(days?|h|min|s)(?!\w)"
    pattern = re.compile(rf"{part}(?:{SPACE}{part})?")
    found = []
    for match in pattern.finditer(sentence):
        figures = [(_number(text), UNITS[unit]) for text, unit in (match.group(1, 2), match.group(3, 4)) if text]
        size = sum(abs(number.value) * unit for number, unit in figures)
        last, unit = figures[-1]
        sign = -1 if match.group(1).startswith(("−", "-")) else 1
        # Ninety minutes and more are first rounded to the minute, and then told.
        found.append(Number(sign * size, last.half * unit + (0.5 if unit == 60 else 30 if unit >= 3600 else 0)))
    return found, pattern.sub(" ", sentence)


def _numbers(sentence):
    return [_number(text) for text in re.findall(rf"(?<![\w.,]){_figure()}", sentence)]


def _number(text):
    plain = text.replace(get_format("THOUSAND_SEPARATOR"), "").replace(get_format("DECIMAL_SEPARATOR"), ".")
    plain = plain.replace("−", "-")
    plain, _, power = plain.partition("×10")
    power = int(power.translate(str.maketrans(RAISED, "-0123456789")) or 0)
    decimals = len(plain.partition(".")[2])
    return Number(float(f"{plain}e{power}"), 0.5 * 10.0 ** (power - decimals))

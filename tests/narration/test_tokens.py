import datetime as dt

import pytest
from django.utils import translation

from metrics.wording.figures import figure, length

from . import tokens


def read(sentence):
    days, months, numbers, lengths = tokens.read(sentence)
    return days, months, [one.value for one in numbers], [one.value for one in lengths]


def test_numbers_lengths_and_dates_are_told_apart():
    sentence = "Since the week of 3 March 2026, or in May 2025, −1,204.5 of 13 took 3 h 12 min, then 6 days\u202f4 h."

    assert read(sentence) == ([dt.date(2026, 3, 3)], [(2025, 5)], [-1204.5, 13.0], [11_520.0, 532_800.0])


def test_another_language_is_read_in_its_own_way():
    with translation.override("de"):
        assert read("Seit 3. März 2026: 1.204,5 statt 80,25 \u202f%.") == (
            [dt.date(2026, 3, 3)],
            [],
            [1204.5, 80.25],
            [],
        )


@pytest.mark.parametrize("language", ["en-gb", "de", "fr"])
@pytest.mark.parametrize("value", [0.0, 7.0, -3.25, 1204.5, 1_234_567.891])
def test_what_the_product_writes_is_read_back(language, value):
    with translation.override(language):
        [number] = tokens.read(f"It was {figure(value, 2)} then.")[2]
    assert number.is_one_of([value])
    assert not number.is_one_of([value + 0.02])


@pytest.mark.parametrize("seconds", [3.2, 42, 125, 600, 11_520, 86_400 * 6 + 3_600 * 4, 86_400 * 120])
def test_a_length_of_time_is_read_back(seconds):
    [found] = tokens.read(f"It took {length(seconds)}.")[3]
    assert found.is_one_of([seconds])

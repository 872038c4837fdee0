"""The word for a chance says nothing else than the chance as it is shown."""

import math

import numpy as np
import pytest

from metrics.trends.odds import NAMES, band_of, once_in


@pytest.mark.parametrize(
    ("chance", "word"),
    [
        (0.0, "unlikely"), (0.094, "unlikely"), (0.0951, "doubtful"), (0.1, "doubtful"), (0.394, "doubtful"),
        (0.3951, "even"), (0.4, "even"), (0.5, "even"), (0.6, "even"), (0.6049, "even"), (0.606, "likely"),
        (0.9, "likely"), (0.9049, "likely"), (0.906, "very_likely"), (1.0, "very_likely"),
    ],
)  # fmt: skip
def test_a_border_belongs_to_the_word_nearer_to_even(chance, word):
    assert NAMES[int(band_of(chance))] == word


def test_without_a_chance_there_is_no_word():
    assert band_of([math.nan, 0.5]).tolist() == [-1, 2]


def test_meeting_and_missing_are_told_alike():
    chances = np.arange(100_001) / 100_000
    percent = np.array([int(f"{100 * chance:.0f}") for chance in chances])
    bands = band_of(chances)

    assert (bands[::-1] == 4 - bands).mean() > 0.9999  # what lies half-way between two per cents is rounded to even
    assert {name: (percent[bands == place].min(), percent[bands == place].max()) for place, name in enumerate(NAMES)} == {
        "unlikely": (0, 9), "doubtful": (10, 39), "even": (40, 60), "likely": (61, 90), "very_likely": (91, 100),
    }  # fmt: skip


def test_once_in_so_many_is_of_the_band_of_the_word():
    """ "1 in 11" is less than 10 %, "1 in 3" less than 40."""
    for chance in np.arange(1, 100_000) / 100_000:
        band, often = int(band_of(chance)), once_in(float(chance))
        assert often == 2 if band == 2 else 3 <= often <= 10 if band in (1, 3) else often > 10
        assert abs(often - 1 / min(chance, 1 - chance)) < 0.54

"""Ordinary data in every method: a right answer or a plain "not enough", never a fault, a warning or an infinity."""

import math
import warnings
from dataclasses import fields, is_dataclass

import numpy as np
import pytest

from metrics.trends import Batch, DuplicateDate, analyse
from metrics.trends.outcome import read_outcome

from . import ordinary, ordinary_modes
from .ordinary import METHODS, REFUSALS
from .ordinary_apart import APART, public_functions
from .ordinary_series import SERIES


def numbers_in(found):
    """All numbers of an answer, however deep."""
    if is_dataclass(found):
        return [one for field in fields(found) for one in numbers_in(getattr(found, field.name))]
    if isinstance(found, dict):
        return [one for part in found.values() for one in numbers_in(part)]
    if isinstance(found, (list, tuple)):
        return [one for part in found for one in numbers_in(part)]
    if isinstance(found, np.ndarray):
        return found.ravel().tolist() if found.dtype.kind in "fiub" else []
    return [float(found)] if isinstance(found, (int, float, np.number)) else []


def test_every_public_function_is_registered():
    assert public_functions() == set(METHODS) | set(APART)


def test_every_mode_of_each_method_is_walked(monkeypatch):
    """A new flag, word or code of a public function fails here until ordinary data are given to it."""
    wanted = ordinary_modes.modes()
    seen = ordinary_modes.walked(monkeypatch, [SERIES["ordinary"], SERIES["nearly all zero"]])
    missed = {key: values - seen.get(key, set()) for key, values in wanted.items()}
    assert {key: values for key, values in missed.items() if values} == {}
    assert len(wanted) > 30


def test_no_word_or_code_is_without_its_values():
    assert list(ordinary_modes.nameless()) == []


@pytest.mark.parametrize("method", METHODS)
def test_ordinary_data_get_an_answer_or_a_plain_not_enough(method):
    for name, values in SERIES.items():
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            try:
                found = METHODS[method](list(values))
            except ValueError as refused:
                assert REFUSALS.get(method, "no refusal") in str(refused), name
                continue
        assert not [one for one in numbers_in(found) if math.isinf(one)], name


SAME_AT_ANY_SCALE = {
    "analysis.analyse": lambda values: [found[-3:] for found in METHODS["analysis.analyse"](values)],
    "maximal.runs": lambda values: [
        METHODS["maximal.runs"](values).rule.tolist(),
        METHODS["maximal.runs"](values).first.tolist(),
    ],
    "completed.nelson": METHODS["completed.nelson"],
    "completed.weco": METHODS["completed.weco"],
    "gradual.ewma": lambda values: [found.signal for found in METHODS["gradual.ewma"](values)],
    "gradual.cusum": lambda values: [(found.upper, found.lower) for found in METHODS["gradual.cusum"](values)],
    "drift.mann_kendall": METHODS["drift.mann_kendall"],
    "outcome.read_outcome": lambda values: [
        (found.outside, found.shifted) for found in METHODS["outcome.read_outcome"](values)
    ],
}


@pytest.mark.parametrize("method", SAME_AT_ANY_SCALE)
@pytest.mark.parametrize("scale", [2.0**-100, 2.0**100])
def test_no_mark_depends_on_the_scale(method, scale):
    for name in ("ordinary", "two rises in a row", "one missing inside", "ties", "nearly all zero", "constant"):
        plain, scaled = (
            numbers_in(SAME_AT_ANY_SCALE[method]([value * factor for value in SERIES[name]])) for factor in (1.0, scale)
        )
        assert plain == scaled, name


def test_points_may_come_in_any_order():
    values, days = SERIES["two rises in a row"], ordinary.days_of(SERIES["two rises in a row"])
    turned = np.random.default_rng(4).permutation(len(values))
    mixed = Batch.build(np.array(values)[turned], [0, len(values)], days[turned])

    assert analyse(mixed).marks.tolist() == analyse(Batch.build(values, [0, len(values)], days)).marks.tolist()
    plain, other = (
        read_outcome(np.array(values)[order], days[order], int(days[17]), int(days[18]), 1)
        for order in (np.arange(len(values)), turned)
    )
    assert numbers_in(plain) == numbers_in(other)


def test_two_values_on_one_day_are_refused_in_words_not_averaged():
    days = np.array([738_000, 738_007, 738_007])

    with pytest.raises(DuplicateDate, match="more than one value on 2021-08-"):
        Batch.build([1.0, 2.0, 3.0], [0, 3], days)
    with pytest.raises(DuplicateDate):
        read_outcome([1.0, 2.0, 3.0], days, 738_000, 738_007, 1)

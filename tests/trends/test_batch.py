from datetime import date

import numpy as np
import pytest

from metrics.trends import Batch, BatchError, DuplicateDate, Settings

MONDAY = date(2024, 1, 1).toordinal()


def test_each_series_is_sorted_by_day_and_the_way_back_is_kept():
    batch = Batch.build([3, 1, 2, 9, 8], [0, 3, 5], [30, 10, 20, 2, 1])

    assert batch.values.tolist() == [1, 2, 3, 8, 9]
    assert batch.days.tolist() == [10, 20, 30, 1, 2]
    assert batch.order.tolist() == [1, 2, 0, 4, 3]


def test_sorted_input_is_taken_as_it_is():
    assert Batch.build([1, 2, 3], [0, 2, 3], [10, 20, 5]).order is None


def test_rows_of_several_series_may_be_mixed():
    batch = Batch.from_rows([1, 0, 1, 0], [2, 2, 1, 1], [12, 2, 11, 1], 3, names=["Post", "Phone", "Chat"])

    assert batch.values.tolist() == [1, 2, 11, 12]
    assert batch.starts.tolist() == [0, 2, 4, 4]
    assert batch.order.tolist() == [3, 1, 2, 0]


def test_two_values_on_one_day_are_refused_by_name_and_date():
    with pytest.raises(DuplicateDate) as caught:
        Batch.build([1, 2, 3, 4], [0, 1, 4], [5, MONDAY + 7, MONDAY, MONDAY + 7], names=["Phone", "Chat"])

    assert (caught.value.series, caught.value.name, caught.value.day) == (1, "Chat", MONDAY + 7)
    assert str(caught.value) == "series 'Chat' has more than one value on 2024-01-08"


def test_the_same_day_in_two_series_is_no_duplicate():
    assert Batch.build([1, 2], [0, 1, 2], [MONDAY, MONDAY]).size == 2


@pytest.mark.parametrize(
    ("arguments", "options"),
    [
        (([1, 2], [0, 3], [1, 2]), {}),
        (([1, 2], [1, 2], [1, 2]), {}),
        (([1, 2], [0, 2, 1, 2], [1, 2]), {}),
        (([1, 2], [0, 2], [1]), {}),
        (([1, 2], [0, 2], [1, 2]), {"direction": [2]}),
        (([1, 2], [0, 2], [1, 2]), {"direction": [1, 1]}),
        (([1, 2], [0, 2], [1, 2]), {"target": []}),
        (([1, 2], [0, 2], [1, 2]), {"fix_after": [-1]}),
        (([1, 2], [0, 2], [1, 2]), {"rebase": [(1, 5)]}),
        (([1, 2], [0, 2], [1, 2]), {"least": [1], "most": [-1]}),
        (([1, 2], [0, 2], [1, 2]), {"most": [float("nan")]}),
        (([1, 2], [0, 2], [1, 2]), {"names": ["Phone", "Chat"]}),
    ],
)
def test_arrays_that_do_not_fit_are_refused(arguments, options):
    with pytest.raises(BatchError):
        Batch.build(*arguments, **options)


def test_a_row_of_a_series_that_is_not_there_is_refused():
    with pytest.raises(BatchError):
        Batch.from_rows([0, 3], [1, 2], [1.0, 2.0], 3)


def test_nothing_is_a_batch_too():
    assert Batch.build([], [0], []).size == 0
    assert Batch.from_rows([], [], [], 2).starts.tolist() == [0, 0, 0]


def test_settings_that_differ_have_keys_that_differ():
    changed = [
        Settings(),
        Settings(mode="compat"),
        Settings(shift=8),
        Settings(trend=6),
        Settings(limit=2.6587),
        Settings(cut=3.2665),
        Settings(screen=False),
        Settings(fix_after_n=12),
        Settings(min_points=12),
        Settings(ties="skip"),
    ]

    assert len({settings.key for settings in changed}) == len(changed)
    assert Settings().key == "product-s7-t7-l2.66-x3.267-b0-m13"
    assert Settings(**Settings(shift=8).as_dict()) == Settings(shift=8)


@pytest.mark.parametrize(
    "wrong",
    [{"mode": "exact"}, {"shift": 1}, {"trend": 2}, {"limit": 0}, {"cut": 1}, {"fix_after_n": 5}, {"ties": "bridge"}],
)
def test_settings_that_cannot_be_meant_are_refused(wrong):
    with pytest.raises(ValueError):
        Settings(**wrong)


def test_columns_may_be_numpy_arrays_of_other_kinds():
    batch = Batch.build(np.array([1, 2], np.int32), np.array([0, 2], np.int32), np.array([1, 2], np.int32))

    assert (batch.values.dtype, batch.days.dtype) == (np.float64, np.int64)

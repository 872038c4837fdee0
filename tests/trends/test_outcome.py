import csv
import math
from datetime import date

import pytest

from metrics.trends import BatchError, DuplicateDate, read_outcome

BEFORE = [10, 12] * 10  # mean 11, limits 5.68 to 16.32
LAST, CHANGE = 20, 21
HIGHER, LOWER, NEITHER = 1, -1, 0


def outcome(after, direction=HIGHER, target=None, before=BEFORE, **options):
    values = [*before, *after]
    days = [*range(LAST - len(before) + 1, CHANGE), *range(CHANGE, CHANGE + len(after))]
    return read_outcome(values, days, LAST, CHANGE, direction, target, **options)


@pytest.fixture
def england(samples):
    """Days and the share (%) seen within four hours, over all organisations that reported."""
    months = {}
    with (samples / "nhs_ae_type1_monthly.csv").open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            total = months.setdefault(date.fromisoformat(row["period"]).toordinal(), [0, 0])
            total[0] += int(row["attendances"])
            total[1] += int(row["breaches"])
    return list(months), [100 * (1 - breaches / seen) for seen, breaches in months.values()]


def test_the_limits_told_end_where_the_scale_does_and_the_reading_stays():
    whole, cut = outcome([13, 15, 17, 20], needed=3), outcome([13, 15, 17, 20], needed=3, scale=(8.0, 15.0))
    assert (round(whole.lpl, 2), round(whole.upl, 2)) == (5.68, 16.32)
    assert (cut.lpl, cut.upl) == (8.0, 15.0)
    assert cut.outside.tolist() == whole.outside.tolist() == [0, 0, 1, 1]
    assert (cut.reading, cut.reasons, cut.sigma) == (whole.reading, whole.reasons, whole.sigma)


def test_england_promised_a_rise_and_fell(england):
    days, values = england
    until, change = date(2018, 3, 31).toordinal(), date(2018, 4, 1).toordinal()

    found = read_outcome(values, days, until, change, HIGHER, 90.0)

    assert (round(found.mean, 3), round(found.amr, 3)) == (82.963, 1.190)
    assert (round(found.lpl, 3), round(found.upl, 3)) == (79.798, 86.127)
    assert (found.before, found.after, round(found.mean_after, 3)) == (24, 12, 81.529)
    below = [date.fromordinal(day) for day, side in zip(found.after_days, found.outside, strict=True) if side < 0]
    assert below == [date(2018, 12, 1), date(2019, 1, 1), date(2019, 2, 1), date(2019, 3, 1)]
    assert (found.reading, found.reasons) == ("not_effective", ("no_special_cause", "target_missed"))
    assert (found.improving, found.worsening, found.target_met) == (False, True, False)


def test_a_lasting_rise_is_effective():
    found = outcome([13] * 8)

    assert (found.reading, found.reasons, found.missing_points) == ("effective", (), 0)
    assert found.shifted.tolist() == [1] * 8
    assert (found.difference, found.sigma) == pytest.approx((2.0, 2 / (2.66 * 2 / 3)))


def test_a_fall_is_effective_where_lower_is_better():
    assert outcome([9] * 8, LOWER).reading == "effective"
    assert outcome([9] * 8, HIGHER).reasons == ("no_special_cause",)


def test_six_points_are_too_early_and_one_is_missing():
    found = outcome([19] * 6)

    assert (found.reading, found.missing_points, found.reasons) == ("too_early", 1, ("too_few_after",))
    assert outcome([19] * 6, needed=6).reading == "effective"
    assert outcome([]).missing_points == 7


def test_a_missing_value_is_not_a_point():
    assert outcome([19] * 6 + [math.nan, math.inf]).missing_points == 1


def test_no_special_cause_is_not_effective():
    assert outcome([10, 12] * 4).reasons == ("no_special_cause",)


def test_a_rise_that_turned_into_a_fall_is_not_effective():
    found = outcome([13] * 7 + [9] * 7)

    assert (found.reading, found.reasons) == ("not_effective", ("contradicted",))
    assert (found.improving, found.worsening) == (True, True)


def test_a_fall_that_turned_into_a_rise_is_effective():
    assert outcome([3] + [13] * 7).reading == "effective"


def test_the_target_must_be_met_on_average():
    assert outcome([13] * 8, target=13.0).reading == "effective"
    assert outcome([13] * 8, target=13.5).reasons == ("target_missed",)
    assert outcome([9] * 8, LOWER, target=9.5).target_met is True


def test_a_run_that_began_before_the_change_is_not_credited_to_it():
    before = [*[10, 12] * 10, 12, 12, 12]
    found = outcome([12, 12, 12, 12, 10, 10, 12, 10], before=before[3:])

    assert found.shifted.tolist() == [0] * 8
    assert found.reading == "not_effective"


def test_points_between_the_two_days_belong_to_neither_side():
    values = [*BEFORE, 99, 98, *[13] * 7]
    found = read_outcome(values, range(1, 30), 20, 23, HIGHER)

    assert (found.before, found.after, found.mean_after) == (20, 7, 13.0)


def test_without_a_direction_nothing_is_an_improvement():
    assert outcome([13] * 8, NEITHER, target=12.0).reasons == ("no_direction",)


@pytest.mark.parametrize("before", [[], [11], [math.nan] * 5])
def test_without_a_baseline_there_is_nothing_to_compare_with(before):
    found = outcome([13] * 8, before=before)

    assert found.reading == "not_effective"
    assert "no_baseline" in found.reasons
    assert math.isnan(found.upl)


def test_a_short_baseline_is_said():
    assert outcome([30] * 8, before=BEFORE[:8]).reasons == ("trial_baseline",)
    assert outcome([30] * 8, before=BEFORE[:8]).reading == "effective"


def test_a_constant_baseline_can_be_left():
    found = outcome([6] * 7, before=[5] * 15)

    assert (found.reading, found.amr) == ("effective", 0.0)
    assert math.isnan(found.sigma)


def test_points_may_come_in_any_order():
    found = read_outcome([13, 10, 12], [9, 1, 2], 5, 6, HIGHER, needed=1)

    assert found.after_values.tolist() == [13]


def test_input_that_cannot_be_meant_is_refused():
    with pytest.raises(BatchError):
        read_outcome([1, 2], [1, 2], 2, 2, HIGHER)
    with pytest.raises(BatchError):
        read_outcome([1, 2], [1, 2], 1, 2, 5)
    with pytest.raises(DuplicateDate):
        read_outcome([1, 2], [1, 1], 1, 2, HIGHER)

"""Compat mode gives the reference's answers to the last flag."""

import math

import pytest

from metrics.trends import Settings
from metrics.trends.tables import analyse_folder

from .conftest import rows_of

FLAGS = ("outside_limits", "close_to_limits", "rule_outside", "rule_shift7", "rule_trend7", "rule_two_in_three")
WORDS = ("special_cause_type", "special_cause_flag", "point_type", "phase", "date", "short_group_warning")
NUMBERS = ("value", "mean", "amr", "lpl", "upl", "nlpl", "nupl", "target")


@pytest.fixture
def ours(answers, tmp_path):
    analyse_folder(answers, tmp_path, Settings(mode="compat"))
    return tmp_path


def points_of(folder):
    return {(row["series_id"], row["seq"]): row for row in rows_of(folder / "xmr_expected_points.csv")}


def same_number(first, second):
    if first == second:
        return True
    first, second = float(first or "nan"), float(second or "nan")
    if math.isnan(first) or math.isnan(second):
        return math.isnan(first) and math.isnan(second)
    return first == second or abs(first - second) <= 1e-9 * max(abs(first), abs(second))


def on_the_edge(row):
    """Nearer to a line than the reference can tell, without being on it."""
    return row["margin"] not in ("", "NaN") and 0 < float(row["margin"]) < 1e-9


def test_every_flag_label_and_point_type_is_the_reference_s(answers, ours):
    expected, found = points_of(answers), points_of(ours)
    different = []
    for key, row in expected.items():
        if on_the_edge(row):
            continue
        flags = [name for name in FLAGS if (row[name] or "0") != found[key][name]]
        words = [name for name in (*WORDS, "relative_to_mean") if row[name] != found[key][name]]
        different += [(key, name, row[name], found[key][name]) for name in flags + words]

    assert different == []
    assert len(expected) > 4000


def test_every_number_is_within_a_billionth(answers, ours):
    expected, found = points_of(answers), points_of(ours)
    different = []
    for key, row in expected.items():
        # The reference's amr is derived from (upl - mean): too coarse at 1e12, and nothing when both are infinite.
        derived = key[0].endswith(("huge-values", "infinite-value"))
        names = [name for name in NUMBERS if not (derived and name == "amr")]
        different += [
            (key, name, row[name], found[key][name]) for name in names if not same_number(row[name], found[key][name])
        ]

    assert different == []


def test_every_margin_is_the_reference_s(answers, ours):
    expected, found = points_of(answers), points_of(ours)
    different = [
        (key, row["margin"], found[key]["margin"])
        for key, row in expected.items()
        if abs(float(row["margin"] or "nan") - float(found[key]["margin"] or "nan")) > 1e-9
        or (row["margin"] in ("", "NaN") and row["margin"] != found[key]["margin"])
    ]

    assert different == []


def test_every_icon_and_count_is_the_reference_s(answers, ours):
    expected = rows_of(answers / "xmr_expected_series.csv")
    found = {row["series_id"]: row for row in rows_of(ours / "xmr_expected_series.csv")}
    processed = [row for row in expected if row["status"] == "ok"]

    assert [found[row["series_id"]] for row in processed] == processed
    assert len(found) == len(expected)


def test_points_that_touch_a_line_are_not_beyond_it(answers, ours):
    found = points_of(ours)
    touching = [(row["value"], found[key]) for key, row in points_of(answers).items() if row["margin"] == "0"]
    on_mean = [row for value, row in touching if same_number(value, row["mean"])]

    assert {row["relative_to_mean"] for row in on_mean} <= {"0"}
    assert {row["rule_shift7"] for row in on_mean} <= {"0"}


def test_a_series_with_two_points_on_one_date_is_refused(oracle, tmp_path):
    analyse_folder(oracle / "own", tmp_path, Settings(mode="compat"))

    refused = [row for row in rows_of(tmp_path / "xmr_expected_series.csv") if row["status"] == "error"]

    assert [(row["series_id"], row["error"]) for row in refused] == [
        ("edge1-duplicate-dates", "more than one point on 2023-01-30"),
        ("edge2-duplicate-dates", "more than one point on 2023-01-30"),
    ]

"""Product mode differs from the reference by five rules, and every difference is explained by one of them."""

import math
from datetime import date
from itertools import pairwise

import pytest

from metrics.trends import Settings
from metrics.trends.tables import analyse_folder, read_folder

from .conftest import rows_of
from .plain import analyse_plainly, rule_of
from .test_oracle_compat import on_the_edge, points_of, same_number

RULE_COLUMNS = {"outside": "rule_outside", "trend": "rule_trend7", "two": "rule_two_in_three", "shift": "rule_shift7"}
GOOD = {"increase": 1, "decrease": -1, "neutral": 0}
HIGH_WORDS = ("Above", "Increasing")


@pytest.fixture
def ours(answers, tmp_path):
    analyse_folder(answers, tmp_path, Settings())
    return tmp_path


@pytest.fixture
def plain(answers):
    """Series name -> the answers of the plain implementation, for every series that can be analysed."""
    folder = read_folder(answers)
    return {
        row.name: analyse_plainly(folder.points[index], row.rebase, row.fix_after, row.screen)
        for index, row in enumerate(folder.series)
        if folder.twice(index) is None
    }


def grouped(rows):
    by_series = {}
    for row in rows:
        by_series.setdefault(row["series_id"], []).append(row)
    return by_series


def type_of(label, direction):
    if label == "Common Cause":
        return "common_cause"
    high = any(word in label for word in HIGH_WORDS)
    if GOOD[direction] == 0:
        return "special_cause_neutral_high" if high else "special_cause_neutral_low"
    good = high == (GOOD[direction] > 0)
    return "special_cause_improvement" if good else "special_cause_concern"


def assurance_of(last, target, direction):
    if not target or GOOD[direction] == 0 or math.isnan(last.upl):
        return ""
    above, below = float(target) > last.upl, float(target) < last.lpl
    if not above and not below:
        return "inconsistent"
    return "consistent_pass" if below == (GOOD[direction] > 0) else "consistent_fail"


def test_the_plain_implementation_gives_the_same_flags_labels_and_numbers(ours, plain):
    found = grouped(rows_of(ours / "xmr_expected_points.csv"))
    different = []
    for name, points in plain.items():
        for point, row in zip(points, found.get(name, []), strict=True):
            for line in ("mean", "amr", "lpl", "upl", "nlpl", "nupl"):
                if not same_number(repr(getattr(point, line)), row[line]):
                    different.append((name, row["seq"], line, getattr(point, line), row[line]))
            for rule, column in RULE_COLUMNS.items():
                if int(rule in point.rules) != int(row[column]):
                    different.append((name, row["seq"], column, rule in point.rules, row[column]))
            if (point.label, str(point.phase)) != (row["special_cause_type"], row["phase"]):
                different.append((name, row["seq"], "label or phase", point.label, row["special_cause_type"]))

    assert different == []


def test_icons_follow_from_the_latest_point_and_its_phase(answers, ours, plain):
    settings = {row["series_id"]: row for row in rows_of(answers / "xmr_series.csv")}
    found = {row["series_id"]: row for row in rows_of(ours / "xmr_expected_series.csv")}
    for name, points in plain.items():
        direction = settings[name]["direction"]
        present = [point for point in points if not math.isnan(point.value)]
        variation = type_of(present[-1].label, direction) if present else ""
        assurance = assurance_of(points[-1], settings[name]["target"], direction)

        assert (name, found[name]["variation_icon"], found[name]["assurance_icon"]) == (name, variation, assurance)


class Explained:
    """Why product mode may differ on one series, found from the reference's own lines and rules alone."""

    def __init__(self, rows, series):
        self.rows, self.series = rows, series
        self.by_degenerate = self._degenerate()
        self.by_one_value = self._one_value()

    def _degenerate(self):
        """Rule (iv): no or zero-width limits, a missing or infinite value, a rebase date that is no data date."""
        dates = {row["date"] for row in self.rows}
        rebase = [text for text in self.series["rebase_dates"].split(";") if text]
        return any(
            row["lpl"] in ("NaN", "Inf") or row["lpl"] == row["upl"] or row["value"] in ("", "Inf") for row in self.rows
        ) or any(text not in dates for text in rebase)

    def _one_value(self):
        """Rule (v): phases in which more than half have one value, from beginning to end."""
        phases = {}
        for row in self.rows:
            phases.setdefault(row["phase"], []).append(float(row["value"] or "nan"))
        return {
            phase
            for phase, values in phases.items()
            if len(set(values)) > 1
            and rule_of(values[: len(values) // 2]) == rule_of(values[len(values) // 2 :]) is not None
        }

    def one_value(self, index):
        return self.rows[index]["phase"] in self.by_one_value

    def _near(self, index):
        row = self.rows[index]
        return row["close_to_limits"] == "1" or row["rule_outside"] == "1"

    def _alike(self, indices):
        first = self.rows[indices[0]]
        return first["relative_to_mean"] in ("1", "-1") and all(
            self.rows[index][name] == first[name] for index in indices for name in ("relative_to_mean", "phase")
        )

    def two_of_three(self, index):
        """Rule (i): a window of three in which a point beyond the limit makes up the two. Rule (ii): a last pair."""
        size = len(self.rows)
        for start in range(max(0, index - 2), min(index, size - 3) + 1):
            window = range(start, start + 3)
            near = [place for place in window if self._near(place)]
            outside = any(self.rows[place]["rule_outside"] == "1" for place in near)
            if self._alike(window) and len(near) >= 2 and index in near and outside:
                return "i"
        last = range(size - 2, size)
        if size >= 2 and index in last and self._alike(last) and all(map(self._near, last)):
            return "ii"
        return None

    def trend(self, index):
        """Rule (iii): the point ends a run of seven in one direction and the reference names the other."""
        values = [float(row["value"]) for row in self.rows[max(0, index - 6) : index + 1]]
        falling = all(after < before for before, after in pairwise(values))
        rising = all(after > before for before, after in pairwise(values))
        return "iii" if len(values) == 7 and (rising or falling) else None


def reasons_for(expected, found, index, explained):
    """The columns that differ at a point, each with the rule that explains it (None = unexplained)."""
    names = (*RULE_COLUMNS.values(), "special_cause_type", "special_cause_flag", "point_type")
    for name in names:
        if (expected[name] or "0") == (found[name] or "0"):
            continue
        if explained.one_value(index):
            yield name, "v" if (found[name] or "0") in ("0", "Common Cause", "common_cause") else None
        elif explained.by_degenerate:
            yield name, "iv"
        elif name == "rule_two_in_three":
            yield name, explained.two_of_three(index) if found[name] == "1" else None
        elif name in RULE_COLUMNS.values():
            yield name, None
        elif found["special_cause_type"].startswith("2 in 3"):
            yield name, explained.two_of_three(index)
        elif found["rule_trend7"] == "1":
            yield name, explained.trend(index)
        else:
            yield name, None


def test_every_difference_to_the_reference_has_one_of_the_five_reasons(answers, ours):
    expected, found = grouped(points_of(answers).values()), grouped(points_of(ours).values())
    series = {row["series_id"]: row for row in rows_of(answers / "xmr_series.csv")}
    unexplained, reasons = [], set()
    for name, rows in expected.items():
        explained = Explained(rows, series[name])
        for index, row in enumerate(rows):
            if on_the_edge(row):
                continue
            for column, reason in reasons_for(row, found[name][index], index, explained):
                reasons.add(reason)
                if reason is None:
                    unexplained.append((name, row["seq"], column, row[column], found[name][index][column]))

    assert unexplained == []
    assert reasons == ({"i", "ii", "iii", "iv", "v"} if answers.name == "own" else {"i"})


def test_every_icon_that_differs_has_one_of_the_five_reasons(answers, ours):
    points = grouped(points_of(answers).values())
    found = {row["series_id"]: row for row in rows_of(ours / "xmr_expected_series.csv")}
    series = {row["series_id"]: row for row in rows_of(answers / "xmr_series.csv")}
    unexplained = []
    for row in rows_of(answers / "xmr_expected_series.csv"):
        name = row["series_id"]
        if row["status"] == "error":
            continue
        explained = Explained(points[name], series[name])
        last_point = len(points[name]) - 1
        last_marked = explained.by_degenerate or explained.one_value(last_point) or explained.two_of_three(last_point)
        if row["assurance_icon"] != found[name]["assurance_icon"] and not explained.by_degenerate:
            unexplained.append((name, "assurance_icon"))
        if row["variation_icon"] != found[name]["variation_icon"] and not last_marked:
            unexplained.append((name, "variation_icon"))

    assert unexplained == []


@pytest.mark.parametrize(
    ("series", "seq", "label"),
    [
        ("edge1-trend-sawtooth", "8", "7 Point Trend (Increasing)"),
        ("edge1-trend-shared-peak", "8", "7 Point Trend (Increasing)"),
        ("edge1-two-in-three-at-end", "23", "2 in 3 Above CL"),
        ("edge1-two-in-three-near-out-mid", "22", "2 in 3 Above CL"),
    ],
)
def test_points_that_the_reference_gets_wrong(oracle, tmp_path, series, seq, label):
    analyse_folder(oracle / "own", tmp_path, Settings())

    assert points_of(tmp_path)[series, seq]["special_cause_type"] == label


def test_a_rebase_date_between_two_points_starts_the_phase_at_the_next(oracle, tmp_path):
    analyse_folder(oracle / "own", tmp_path, Settings())

    rows = [row for row in rows_of(tmp_path / "xmr_expected_points.csv") if "rebase-date-absent" in row["series_id"]]

    assert {row["phase"] for row in rows if row["date"] < "2023-03-01"} == {"0"}
    assert {row["phase"] for row in rows if row["date"] >= "2023-03-01"} == {"1"}
    assert date(2023, 3, 1).isoformat() not in {row["date"] for row in rows}

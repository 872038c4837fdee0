"""Scorings of contacts by several people: from the file to the series of their agreement, and back."""

import datetime as dt
import random

import pytest

from metrics.models import Agreement, Case, Certainty, Metric, Observation, RejectedRow, Series
from metrics.trends.agreement import cohen, fleiss, krippendorff
from tests.importing.tables import values
from tests.importing.test_cases import forget_cases

pytestmark = pytest.mark.django_db

HEAD = "Contact,Scored by,Score,Scored on,Team"
PEOPLE = ("Ann", "Bo", "Cai")
TEAM = "Alder Team North"


def rows(table, month="2024-01", team=TEAM, people=PEOPLE, first=1):
    """table: contacts x people ("" not scored) as lines of a file."""
    return [
        f"{month}-C{first + number},{people[place]},{score},{month}-{1 + number:02d},{team}"
        for number, scores in enumerate(table)
        for place, score in enumerate(scores)
        if score != ""
    ]


def text_of(*parts, head=HEAD):
    return "\n".join([head, *(line for part in parts for line in part)]) + "\n"


NUMBERS = [(80, 82, 78), (60, 65, 70), (90, 88, 91), (75, 75, 70), (85, 80, 90)]
WORDS = [("met", "met", "met"), ("partly", "met", "partly"), ("not met", "not met", "partly"), ("met", "met", "met")]


def bring(desk, text, name="scores.csv", known_at=None, source="Desk", **more):
    upload = desk.bring(text, name, source, known_at=known_at)
    assert (upload.state, upload.problems, upload.questions) == ("planned", [], [])
    return desk.commit(upload, accept_truncated=True, accept_valid=True, **more)


def of(desk, derived, unit=None):
    return Series.objects.get(metric__derived=derived, unit=unit or desk.unit, channel=None)


def points(series):
    rows = Observation.objects.filter(series=series).order_by("day")
    return [(dt.date.fromordinal(row.day), row.numerator, row.denominator, row.n) for row in rows]


def test_a_file_of_scores_is_recognised_and_becomes_three_series(desk):
    upload = bring(desk, text_of(rows(NUMBERS), rows(NUMBERS[::-1][:4], "2024-02")))
    assert (upload.state, upload.mapping["layout"]) == ("done", "scorings")
    january, february = dt.date(2024, 1, 1), dt.date(2024, 2, 1)
    alpha = krippendorff(list(zip(*NUMBERS, strict=True)), "interval")
    [(day, value, whole, n), (later, *_rest)] = points(of(desk, "agreement"))
    assert (day, whole, n, later) == (january, None, 5, february)
    assert value == pytest.approx(alpha, rel=1e-12)
    means = [sum(one) / 3 for one in NUMBERS]
    assert points(of(desk, "quality_score"))[0] == (january, pytest.approx(sum(means)), 5.0, 5)
    assert points(of(desk, "scored")) == [(january, 5.0, None, 5), (february, 4.0, None, 4)]
    team = Series.objects.get(metric__derived="agreement", unit__name=TEAM)
    assert points(team) == points(of(desk, "agreement"))


def test_words_are_scored_by_the_statistic_that_fits_all_of_them(desk):
    bring(desk, text_of(rows(WORDS)))
    codes = {"met": 1, "partly": 2, "not met": 3}
    table = [[codes[word] for word in one] for one in zip(*WORDS, strict=True)]
    facts = Agreement.objects.get(series=of(desk, "agreement")).facts
    assert (facts["statistic"], facts["common"]) == ("fleiss", "met")
    assert facts["periods"][0]["value"] == pytest.approx(fleiss(table), rel=1e-12)
    assert facts["periods"][0]["top"] == pytest.approx(7 / 12)
    assert not Metric.objects.filter(derived="quality_score").exists()
    two = [pair[:2] for pair in WORDS]
    bring(desk, text_of(rows(two)), source="Pairs", name="pairs.csv")
    pairs = Series.objects.get(metric__derived="agreement", metric__source__name="Pairs", unit=desk.unit)
    assert Agreement.objects.get(series=pairs).facts["statistic"] == "cohen"
    assert points(pairs)[0][1] == pytest.approx(cohen(*table[:2]), rel=1e-12)


def test_one_more_person_in_one_month_changes_the_statistic_of_the_whole_series(desk):
    bring(desk, text_of(rows([pair[:2] for pair in WORDS])))
    before = points(of(desk, "agreement"))
    holes = [("met", "", "met"), ("", "met", "partly"), ("not met", "partly", ""), ("met", "met", "met")]
    upload = bring(desk, text_of(rows(holes, "2024-02")), name="more.csv")
    facts = Agreement.objects.get(series=of(desk, "agreement")).facts
    assert (upload.plan["counts"]["new"], facts["statistic"]) == (9, "alpha")
    assert points(of(desk, "agreement"))[0] != before[0]
    desk.undo(upload)
    assert points(of(desk, "agreement")) == before
    assert Agreement.objects.get(series=of(desk, "agreement")).facts["statistic"] == "cohen"


def test_one_person_a_contact_gives_a_score_and_no_agreement(desk):
    bring(desk, text_of([line for line in rows(NUMBERS) if ",Ann," in line]))
    assert points(of(desk, "quality_score"))[0][1:] == (pytest.approx(390.0), 5.0, 5)
    assert not Series.objects.filter(metric__derived="agreement").exists()
    assert not Agreement.objects.exists()


def test_the_same_file_again_changes_nothing(desk):
    text = text_of(rows(NUMBERS))
    first = bring(desk, text)
    stands = values()
    again = bring(desk, text, name="again.csv")
    counts = again.plan["counts"]
    assert (first.plan["counts"]["new"], counts["new"], counts["changed"], counts["same"]) == (15, 0, 0, 15)
    assert values() == stands


def test_an_undo_takes_everything_back(desk):
    upload = bring(desk, text_of(rows(NUMBERS)))
    assert Certainty.objects.exists()
    desk.undo(upload)
    assert (Case.objects.count(), Observation.objects.count()) == (0, 0)
    assert (Agreement.objects.count(), Certainty.objects.count()) == (0, 0)


def test_who_scores_once_more_has_the_last_word(desk):
    later = ["2024-01-C1,Ann,95,2024-01-20,Alder Team North"]
    bring(desk, text_of(rows(NUMBERS), later))
    assert Case.objects.get(external_id="2024-01-C1 · Ann").score == 95
    known = dt.datetime(2024, 3, 1, tzinfo=dt.UTC)
    upload = bring(desk, text_of(["2024-01-C1,Ann,50,2024-01-10,Alder Team North"]), name="older.csv", known_at=known)
    assert upload.plan["counts"]["older"] == 1
    assert Case.objects.get(external_id="2024-01-C1 · Ann").score == 95


def test_one_person_two_scores_on_one_day_is_said_with_row_and_column(desk):
    twice = ["2024-01-C1,Ann,95,2024-01-01,Alder Team North"]
    upload = desk.bring(text_of(rows(NUMBERS), twice))
    found = RejectedRow.objects.filter(upload=upload).order_by("row")
    assert [(row.row, row.problems[0]["code"], row.problems[0]["params"]["row"]) for row in found] == [
        (2, "scored_twice", 17),
        (17, "scored_twice", 2),
    ]


@pytest.mark.parametrize("name", ["ann", "  Ann ", "ＡＮＮ", "Ann"])
def test_a_name_spelled_otherwise_is_the_same_person(desk, name):
    table = text_of(rows(NUMBERS)) + f"2024-01-C1,{name},70,2024-01-09,Alder Team North\n"
    bring(desk, table)
    facts = Agreement.objects.get(series=of(desk, "agreement")).facts
    assert (facts["whole"]["raters"], facts["whole"]["ratings"]) == (3, 15)
    assert points(of(desk, "quality_score"))[0][1] == pytest.approx(sum(sum(one) / 3 for one in NUMBERS) - 10 / 3)


def test_a_contact_counts_where_it_was_first_scored(desk):
    late = [line.replace("2024-01-05", "2024-02-01") for line in rows(NUMBERS)[:14]] + rows(NUMBERS)[14:]
    late[-1] = late[-1].replace(",2024-01-05,", ",2024-02-03,")
    bring(desk, text_of(late))
    [(day, _value, _whole, n)] = points(of(desk, "scored"))[-1:]
    assert (day, n) == (dt.date(2024, 2, 1), 1)
    bring(desk, text_of(["2024-01-C5,Di,88,2024-01-31,Alder Team North"]), name="first.csv")
    assert [one[3] for one in points(of(desk, "scored"))] == [5]


def test_each_unit_has_its_own_and_the_one_above_takes_all(desk):
    south = rows(NUMBERS[:4], team="Alder Team South", first=11)
    bring(desk, text_of(rows(NUMBERS), south))
    found = {one.unit.name: one for one in Series.objects.filter(metric__derived="agreement")}
    assert {name: points(one)[0][3] for name, one in found.items()} == {
        TEAM: 5,
        "Alder Team South": 4,
        desk.unit.name: 9,
    }
    whole = krippendorff(list(zip(*NUMBERS, *NUMBERS[:4], strict=True)), "interval")
    assert points(found[desk.unit.name])[0][1] == pytest.approx(whole, rel=1e-12)


def test_what_cannot_be_taken_is_listed_in_words_with_its_place(desk):
    wrong = [
        "2024-01-C9,,80,2024-01-09,Alder Team North",
        ",Ann,80,2024-01-09,Alder Team North",
        "2024-01-C9,Ann,eighty,2024-01-09,Alder Team North",
        "2024-01-C9,Bo,80,32/01/2024,Alder Team North",
        "2024-01-C9,Cai,80,2024-01-09,",
        "2024-01-C9," + "x" * 250 + ",80,2024-01-09,Alder Team North",
    ]
    upload = desk.bring(text_of(rows(NUMBERS), wrong))
    found = {row.row: row.problems[0] for row in RejectedRow.objects.filter(upload=upload)}
    told = {row: (one["code"], one["where"]["column"]) for row, one in found.items()}
    assert told == {
        17: ("rater_missing", "Scored by"),
        18: ("id_missing", "Contact"),
        19: ("number_unreadable", "Score"),
        20: ("date_impossible", "Scored on"),
        21: ("unit_missing", "Team"),
        22: ("rater_too_long", "Scored by"),
    }
    assert upload.plan["counts"]["rejected"] == 6


def test_a_contact_left_unscored_is_no_score(desk):
    unscored = ["2024-01-C9,Ann,N/A,2024-01-09,Alder Team North", "2024-01-C9,Bo,,2024-01-09,Alder Team North"]
    upload = bring(desk, text_of(rows(NUMBERS), unscored))
    assert (upload.plan["counts"]["excluded"], upload.plan["excluded"]) == (2, {"unscored": 2})
    assert Case.objects.count() == 15


def test_a_column_of_remarks_is_refused_as_a_score(desk):
    remarks = [f"2024-01-C{n},Ann,Remark number {n},2024-01-09,Alder Team North" for n in range(40)]
    upload = desk.bring(text_of(remarks))
    assert [one["code"] for one in upload.problems] == ["scores_are_words"]
    assert not Case.objects.exists()


def test_rejected_scorings_are_not_taken_for_vanished(desk):
    bring(desk, text_of(rows(NUMBERS)), known_at=dt.datetime(2024, 2, 1, tzinfo=dt.UTC))
    broken = [rows(NUMBERS)[0].replace(",80,", ",eighty,"), *rows(NUMBERS)[1:-1]]
    upload = desk.bring(text_of(broken), "broken.csv", known_at=dt.datetime(2024, 3, 1, tzinfo=dt.UTC))
    assert (upload.plan["vanished"], upload.plan["counts"]["rejected"]) == (1, 1)


def test_a_name_cannot_pass_for_another_contact(desk):
    strange = ["A · B,C,70,2024-01-02,Alder Team North", "A,B · C,90,2024-01-02,Alder Team North"]
    bring(desk, text_of(strange))
    assert sorted(Case.objects.values_list("external_id", flat=True)) == ["A · B · C", "A · B ‧ C"]
    assert points(of(desk, "scored"))[0][3] == 2


def test_hostile_cells_are_text(desk):
    bring(desk, text_of(['"=HYPERLINK(""x"")",<script>alert(1)</script>,80,2024-01-02,Alder Team North']))
    assert Case.objects.get().external_id == '=HYPERLINK("x") · <script>alert(1)</script>'


@pytest.mark.parametrize("seed", range(3))
def test_any_order_of_files_ends_alike(desk, seed):
    rng = random.Random(seed)
    files = []
    for number in range(3):
        table = [[rng.choice(["met", "partly", "not met", ""]) for _one in PEOPLE] for _two in range(8)]
        known = dt.datetime(2024, 6, 1 + rng.randint(0, 1), tzinfo=dt.UTC)
        files.append((text_of(rows(table, rng.choice(["2024-01", "2024-02"]))), f"{number}.csv", known))
    ends = set()
    for _order in range(3):
        rng.shuffle(files)
        for text, name, known in files:
            bring(desk, text, name, known)
        facts = Agreement.objects.get(series=of(desk, "agreement")).facts if Agreement.objects.exists() else {}
        ends.add(str((values(), sorted(Case.objects.values_list("external_id", "flags"), key=str), facts)))
        forget_cases()
        Agreement.objects.all().delete()
        Certainty.objects.all().delete()
    assert len(ends) == 1

"""Scores with a column for each person: read as one row per person and contact, and no otherwise than such a file."""

import datetime as dt

import pytest

from metrics.files import CELL, HEADING, CaseColumns, Mapping, Scoring, Wide
from metrics.files.mapping import problems_of
from metrics.models import Agreement, Case, RejectedRow, Series, Upload
from tests.importing.test_scorings import NUMBERS, TEAM, WORDS, bring, of, points, rows, text_of

pytestmark = pytest.mark.django_db
HEADED = "Contact,Scored on,Team,Rater A,Rater B,Rater C"
NAMED = "Contact,Scored on,Team,Ann,Bo,Cai"
MEANING = {
    "shape": "cases",
    "zone": "UTC",
    "period": "month",
    "date_order": "ymd",
    "unit_column": "team",
    "wide": {"columns": ["Ann", "Bo", "Cai"]},
    "cases": {"id": "contact", "opened": "scored on", "scoring": {"rater": HEADING, "score": CELL}},
}


def beside(table, month="2024-01", head=NAMED):
    """The same table with a column for each person."""
    lines = [
        ",".join([f"{month}-C{1 + number}", f"{month}-{1 + number:02d}", TEAM, *map(str, scores)])
        for number, scores in enumerate(table)
    ]
    return "\n".join([head, *lines]) + "\n"


def told(source):
    return sorted(
        (one.external_id, one.score, one.unit.name, one.day, str(one.flags))
        for one in Case.objects.filter(source__name=source)
    )


def planned(desk, text, source="Wide", **scoring):
    known = MEANING["cases"]
    meaning = {**MEANING, "cases": {**known, "scoring": {**known["scoring"], **scoring}}}
    return desk.map(desk.bring(text, "wide.csv", source), meaning)


@pytest.mark.parametrize("table", [NUMBERS, WORDS, [(80, "", 78), ("", "", ""), (70, 71, "n/a")]])
def test_a_column_for_each_person_says_what_a_row_for_each_says(desk, table):
    scale = "category" if table is WORDS else "number"
    long = [tuple("" if one == "n/a" else one for one in scores) for scores in table]
    bring(desk, text_of(rows(long)), source="Long")
    upload = planned(desk, beside(table), scale=scale)
    desk.commit(upload, accept_truncated=True, accept_valid=True)

    assert told("Wide") == told("Long") != []
    for derived in ("scored", "agreement"):
        pair = [points(of_source(derived, name)) for name in ("Wide", "Long")]
        assert pair[0] == pair[1]
    assert points(of_source("scored", "Wide")) != []


def of_source(derived, name):
    return Series.objects.get(metric__derived=derived, metric__source__name=name, unit__kind="department", channel=None)


def test_headings_that_are_called_raters_are_recognised(desk):
    upload = bring(desk, beside(NUMBERS, head=HEADED))
    assert (upload.mapping["layout"], upload.mapping["wide"]) == (
        "scorings",
        {"columns": ["rater a", "rater b", "rater c"]},
    )
    assert Agreement.objects.get(series=of(desk, "agreement")).facts["statistic"] == "alpha_interval"
    assert {one.external_id.rpartition(" · ")[2] for one in Case.objects.all()} == {"Rater A", "Rater B", "Rater C"}


@pytest.mark.parametrize("head", ["Contact,Scored on,Team,Rater A,Length,Pauses", NAMED])
def test_other_figures_are_not_taken_for_people(desk, head):
    assert (desk.bring(beside(NUMBERS, head=head)).mapping or {}).get("layout") != "scorings"


def test_next_month_is_read_as_this_one_was_and_a_new_person_is_said(desk, client_of):
    first = desk.commit(planned(desk, beside(NUMBERS)), accept_truncated=True, accept_valid=True)
    again = desk.bring(beside(NUMBERS, "2024-02"), "february.csv", "Wide")
    assert (again.state, again.mapping["wide"], again.plan["counts"]["new"]) == ("planned", first.mapping["wide"], 15)

    text = beside([(*scores, 50) for scores in NUMBERS], "2024-03", NAMED + ",Dee")
    march = desk.bring(text, "march.csv", "Wide")
    assert march.plan["counts"]["new"] == 15
    page = client_of(desk.person).get(march.get_absolute_url()).content.decode()
    assert "Not read: “Dee”. If one of these columns holds a person&#x27;s scores" in page


def test_each_cell_is_checked_and_one_that_is_wrong_leaves_the_others(desk):
    upload = planned(desk, beside([(80, "eighty", 101), (70, 71, 72)]), low=0, high=100)
    assert (upload.plan["counts"]["new"], upload.plan["counts"]["rejected"]) == (4, 2)
    found = [
        (one["code"], one["where"]["column"], one["value"])
        for row in RejectedRow.objects.order_by("pk")
        for one in row.problems
    ]
    assert found == [("number_unreadable", "Bo", "eighty"), ("score_outside", "Cai", "101")]
    assert RejectedRow.objects.first().cells[:3] == ["2024-01-C1", "2024-01-01", TEAM]


def test_scores_of_a_rejected_row_are_not_taken_for_vanished(desk):
    day = dt.datetime(2024, 2, 1, tzinfo=dt.UTC)
    bring(desk, text_of(rows(NUMBERS)), source="Wide", known_at=day)
    text = beside([("eighty", *NUMBERS[0][1:]), *NUMBERS[1:-1], (*NUMBERS[-1][:2], "")])
    upload = desk.map(desk.bring(text, "wide.csv", "Wide", known_at=day + dt.timedelta(days=30)), MEANING)
    # The third score of the last contact is gone; the first of the first is there, if not readable.
    assert (upload.plan["vanished"], upload.plan["counts"]["rejected"], upload.plan["counts"]["same"]) == (1, 1, 13)


def test_the_plan_adds_up_and_an_undo_takes_all_of_it_back(desk):
    upload = planned(desk, beside([(80, "", 78), (70, 71, 72)]))
    counts = upload.plan["counts"]
    assert (counts["new"], counts["without_values"], counts["rejected"]) == (5, 1, 0)
    done = desk.commit(upload, accept_truncated=True, accept_valid=True)
    assert Case.objects.count() == 5
    assert desk.undo(done).state == "undone"
    assert (Case.objects.count(), points(of_source("scored", "Wide"))) == (0, [])


def mapping(wide=("ann", "bo"), rater=HEADING, score=CELL, **cases):
    return Mapping(
        "cases", unit_column="team", wide=None if wide is None else Wide(wide),
        cases=CaseColumns(**{"id": "contact", "opened": "scored on", **cases}, scoring=Scoring(rater, score)),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (mapping(wide=()), "wide.columns"),
        (mapping(wide=None), "scoring"),
        (mapping(rater="scored by"), "scoring"),
        (mapping(score="score"), "scoring"),
        (mapping(id=HEADING), "wide"),
        (mapping(opened=CELL), "wide"),
        (mapping(wide=("ann", "contact")), "wide.columns"),
        (mapping(wide=("ann", "team")), "wide.columns"),
        (Mapping("cases", wide=Wide(("a",)), cases=CaseColumns(id="contact", opened="scored on")), "scoring"),
    ],
)
def test_a_mapping_that_makes_no_sense_is_refused(wrong, field):
    assert field in {problem.params["field"] for problem in problems_of(wrong)}


def test_a_mapping_survives_being_saved():
    assert problems_of(mapping()) == []
    assert Mapping.from_json(mapping().to_json()) == mapping()


def test_the_form_gives_and_takes_it(desk, client_of):
    upload = desk.bring(beside(NUMBERS), "wide.csv", "Wide")
    client, address = client_of(desk.person), f"/imports/{upload.pk}/map?shape=scorings"
    assert 'name="raters"' in client.get(address).content.decode()
    given = {"shape": "scorings", "contact": "contact", "opened": "scored on", "scale": "number", "period": "month",
             "date_order": "ymd", "decimal": ".", "zone": "UTC", "unit_column": "team"}  # fmt: skip
    for more, said in (
        ({}, "or choose a column for each person who scored"),
        ({"raters": ["ann", "bo"], "rater": "cai"}, "its heading says who scored"),
        ({"raters": ["ann", "contact"]}, "is not also the contact"),
        ({"raters": ["ann", "team"]}, "is not also the contact"),
    ):
        answer = client.post(address, given | more)
        assert (answer.status_code, said in answer.content.decode()) == (422, True)

    assert client.post(address, given | {"raters": ["ann", "bo", "cai"]}).status_code == 302
    upload = desk.work(Upload.objects.get(pk=upload.pk))
    assert (upload.state, upload.plan["counts"]["new"]) == ("planned", 15)
    form = client.get(f"/imports/{upload.pk}/map").context["form"]
    assert (form.initial["raters"], form.initial["rater"], form.initial["score"]) == (["ann", "bo", "cai"], "", "")
    assert client.get(f"/imports/{upload.pk}/map?shape=wide").status_code == 200

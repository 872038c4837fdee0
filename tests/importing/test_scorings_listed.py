"""What a plan of people's scores lists: contact, who scored, and the score; and before and after where there is one."""

import pytest

from tests.importing.test_scorings import NUMBERS, WORDS, bring, rows, text_of

pytestmark = pytest.mark.django_db
GONE = ("2024-01-C2,Ann,6", "2024-01-C3,Cai,9")
CASES = "Id,Created,Team\n7,2024-01-03,Alder Team North\n8,2024-01-04,Alder Team North\n"
MEANING = {"shape": "cases", "zone": "UTC", "period": "month", "unit_column": "team", "date_order": "ymd",
           "cases": {"id": "id", "opened": "created"}}  # fmt: skip


def table(client_of, desk, upload, status="new"):
    return client_of(desk.person).get(f"/imports/{upload.pk}/changes/{status}").context["table"]


def cells(found):
    return [(one.where, one.by, one.day, one.old, one.new) for one in found.lines]


@pytest.mark.parametrize("table_of", [NUMBERS, WORDS])
def test_new_scores_name_contact_person_and_score(desk, client_of, table_of):
    upload = desk.bring(text_of(rows(table_of[:1])), "scores.csv")
    found = table(client_of, desk, upload)
    scores = [str(one) for one in table_of[0]]
    assert cells(found) == [
        ("2024-01-C1", person, "1 January 2024", "", score)
        for person, score in zip(("Ann", "Bo", "Cai"), scores, strict=True)
    ]
    assert (found.has_by, found.has_old, found.has_new) == (True, False, True)
    page = client_of(desk.person).get(f"/imports/{upload.pk}/changes/new").content.decode()
    assert ">Scored by</th>" in page and ">Score</th>" in page
    assert ">Before</th>" not in page and "case " not in page


@pytest.mark.parametrize(
    ("first", "second", "before", "after"),
    [((80, 82, 78), (80, 70, 78), "82", "70"), (WORDS[1], WORDS[0], "partly", "met")],
)
def test_a_changed_score_stands_with_the_one_before(desk, client_of, first, second, before, after):
    bring(desk, text_of(rows([first])))
    upload = desk.bring(text_of(rows([second])), "again.csv", known_at=None)
    found = table(client_of, desk, upload, "changed")
    assert (found.lines[0].old, found.lines[0].new) == (before, after)
    assert {one.where for one in found.lines} == {"2024-01-C1"}
    page = client_of(desk.person).get(upload.get_absolute_url()).content.decode()
    assert "Scores that change" in page and ">Before</th>" in page
    done = desk.commit(upload, accept_truncated=True, accept_valid=True)
    assert cells(table(client_of, desk, done, "changed")) == cells(found)


def test_cases_have_no_empty_columns(desk, client_of):
    upload = desk.map(desk.bring(CASES, "cases.csv"), MEANING)
    found = table(client_of, desk, upload)
    assert cells(found) == [("7", "", "3 January 2024", "", ""), ("8", "", "4 January 2024", "", "")]
    page = client_of(desk.person).get(f"/imports/{upload.pk}/changes/new").content.decode()
    assert ">Case</th>" in page and ">Opened on</th>" in page
    assert ">Before</th>" not in page and ">After</th>" not in page and ">Scored by</th>" not in page


def test_values_keep_theirs(desk, client_of):
    text = "Month,Team,Calls\n2024-01-01,Alder Team North,5\n"
    meaning = {"shape": "measured", "date": "month", "date_order": "ymd", "zone": "UTC", "period": "month",
               "unit_column": "team", "metrics": [{"name": "Calls", "value": {"plus": ["calls"]}, "kind": "count"}]}  # fmt: skip
    upload = desk.map(desk.bring(text), meaning, choices={"about": {"Calls": {"direction": 0}}})
    found = table(client_of, desk, upload)
    assert [(one.old, one.new) for one in found.lines] == [("", "5")]
    assert ">After</th>" in client_of(desk.person).get(f"/imports/{upload.pk}/changes/new").content.decode()


def test_scores_that_are_not_in_the_file_are_called_scores(desk, client_of):
    bring(desk, text_of(rows(NUMBERS)))
    newer = desk.bring(text_of([line for line in rows(NUMBERS) if line[:16] not in GONE]), "newer.csv")
    assert newer.plan["vanished"] == 2
    client = client_of(desk.person)
    page = client.get(newer.get_absolute_url()).content.decode()
    assert "Scores that are not in the file any more" in page
    assert "Nothing in it is new, but scores are not in the file any more" in page
    assert "scores that are not in the file</span>" in page and "cases" not in page.split("<main")[1]
    page = client.get(f"/imports/{newer.pk}/vanished").content.decode()
    assert "<h1>Scores that are not in the file</h1>" in page
    assert "were given on days that this file covers" in page and "ases" not in page.split("<main")[1]
    answer = client.get(f"/imports/{newer.pk}/vanished?export=csv")
    assert b"".join(answer).decode("utf-8-sig").splitlines() == [
        "contact,scored by,scored on", "2024-01-C2,Ann,2024-01-02", "2024-01-C3,Cai,2024-01-03",
    ]  # fmt: skip

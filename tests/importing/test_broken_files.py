"""Files broken at random, through plan and commit: each gets an answer, none is imported in part."""

import csv
import io
import os
import random
import time

import pytest

from jobs import workflow as jobs
from jobs.models import Job
from metrics.models import Block, Observation, Upload
from metrics.queries import uploads as questions
from metrics.workflow import uploads
from teams.refusals import Refused
from tests.importing.tables import values
from tests.importing.test_order import MAPPING, forget_everything

pytestmark = pytest.mark.django_db
FILES = int(os.environ.get("CXREVIEW_BROKEN_FILES", "40"))
SECONDS = 10


def whole():
    rows = [["day", "team", "calls", "answered"]]
    rows += [
        [f"2024-01-{day:02}", team, str(day * 10), str(day * 7)]
        for day in range(1, 29)
        for team in ("Alder Team North", "Alder Team South")
    ]
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().encode()


def broken(rng):
    """The file with one to four faults such as the road brings: cut, flipped, doubled, quoted, moved."""
    data = bytearray(whole())
    for _fault in range(rng.randint(1, 4)):
        place = rng.randrange(len(data)) if data else 0
        fault = rng.randrange(9)
        if fault == 0:
            del data[place:]
        elif fault == 1 and data:
            data[place] = rng.randrange(256)
        elif fault == 2:
            data[place:place] = rng.choice([b",", b'"', b"\n", b"\r", b"\x00", b"\xff\xfe", b";", b"\t"])
        elif fault == 3:
            del data[place : place + rng.randint(1, 40)]
        elif fault == 4:
            data[place:place] = data[place : place + rng.randint(1, 400)]
        elif fault == 5:
            data = data.replace(b"10", rng.choice([b"1e400", b"-5", b"NaN", b"52+", b"1,5", b"=1+1"]), 1)
        elif fault == 6:
            data = data.replace(b"2024-01-05", rng.choice([b"2024-13-41", b"05/01/2024", b"1970-01-01", b""]), 1)
        elif fault == 7:
            data = data.replace(b"\n", b"\r\n") if rng.random() < 0.5 else data.rstrip(b"\n")
        else:
            data = bytearray(
                bytes(data).decode("latin-1").encode(rng.choice(["utf-16", "cp1252", "utf-8-sig"]), "replace")
            )
    return bytes(data)


@pytest.mark.parametrize("seed", range(FILES))
def test_a_broken_file_gets_an_answer_and_is_never_imported_in_part(desk, seed):
    began = time.monotonic()
    try:
        upload = desk.bring(broken(random.Random(seed)), "broken.csv")
        if upload.state == "received":
            upload = desk.map(upload, MAPPING, choices={"other_units": "leave_out"})
    except Refused as refused:
        assert refused.message
        return
    assert time.monotonic() - began < SECONDS
    assert values() == []
    if upload.state != "planned":
        assert upload.problems or upload.questions
        return
    account = upload.plan["rows"]
    assert account["balanced"]
    assert questions.rejected(upload).count() == upload.plan["counts"]["rejected"]
    upload = desk.commit(upload, accept_valid=True, accept_truncated=True)
    assert upload.state == "done"
    assert Observation.objects.filter(upload=upload).count() == upload.plan["counts"]["new"]
    assert sum(Block.objects.filter(upload=upload).values_list("rows", flat=True)) == upload.plan["counts"]["new"]


def test_a_truncated_file_always_has_to_be_confirmed(desk):
    data = whole()
    for end in range(len(data) - 60, len(data) - 1):
        upload = desk.bring(data[:end], "cut.csv")
        if upload.state == "received":
            upload = desk.map(upload, MAPPING)
        if upload.state == "planned" and not data[:end].endswith(b"\n"):
            with pytest.raises(Refused) as refused:
                uploads.commit(desk.person, upload, accept_valid=True)
            assert refused.value.code == "truncated"
    assert Observation.objects.count() == 0


def test_a_row_too_short_is_listed_with_its_cells(desk):
    text = "day,team,calls,answered\n2024-01-01,Alder Team North,10\n2024-01-02,Alder Team North,10,8\n"
    upload = desk.bring(text)
    upload = desk.map(upload, MAPPING) if upload.state == "received" else upload
    (row,) = questions.rejected(upload)
    assert (row.row, row.cells, row.problems[0]["code"]) == (2, ["2024-01-01", "Alder Team North", "10"], "ragged_row")


def test_rows_that_contradict_each_other_are_both_rejected(desk):
    text = "day,team,calls,answered\n2024-01-01,Alder Team North,10,8\n2024-01-01,Alder Team North,11,8\n"
    upload = desk.bring(text)
    upload = desk.map(upload, MAPPING) if upload.state == "received" else upload
    assert [row.cells[2] for row in questions.rejected(upload)] == ["10", "11"]
    told = [(row.row, row.problems[0]["code"], row.problems[0]["params"]["row"]) for row in questions.rejected(upload)]
    assert told == [(2, "row_twice", 3), (3, "row_twice", 2)]
    assert upload.plan["counts"]["new"] == 0


def test_a_row_that_says_the_same_twice_counts_once(desk):
    text = "day,team,calls,answered\n" + "2024-01-01,Alder Team North,10,8\n" * 2
    upload = desk.bring(text)
    upload = desk.map(upload, MAPPING) if upload.state == "received" else upload
    assert (upload.plan["counts"]["new"], upload.plan["counts"]["same"]) == (2, 2)


def test_a_fault_of_ours_says_so_on_the_upload(desk, monkeypatch):
    from metrics.importing import planning

    def fail(*_arguments):
        raise ZeroDivisionError("a fault of ours")

    upload = desk.bring("day,team,calls,answered\n2024-01-01,Alder Team North,10,8\n")
    monkeypatch.setattr(planning, "_plan_measured", fail)
    uploads.map(desk.person, upload, MAPPING)
    jobs.run_pending()
    upload = Upload.objects.get(pk=upload.pk)
    assert (upload.state, upload.problems[0]["code"]) == ("received", "plan_failed")
    assert Job.objects.get(state="failed").error_code == "fault"
    monkeypatch.undo()
    assert desk.map(upload, MAPPING).state == "planned"
    forget_everything()

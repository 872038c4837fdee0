"""The same files in any order, some twice, some killed half-way, end in the same table; an undo takes back its own."""

import datetime as dt
import os
import random

import pytest
from django.utils import timezone

from jobs import workflow as jobs
from jobs.models import Job
from metrics import blocks
from metrics.importing import merging, standing, undoing
from metrics.models import Block, Observation, Upload
from metrics.workflow import uploads
from tests.importing.tables import history, table_hash, values

pytestmark = pytest.mark.django_db

ROUNDS = int(os.environ.get("CXREVIEW_IMPORT_ROUNDS", "6"))
MAPPING = {
    "shape": "measured",
    "date": "day",
    "unit_column": "team",
    "metrics": [
        {
            "name": "Answered",
            "kind": "proportion",
            "numerator": {"plus": ["answered"]},
            "denominator": {"plus": ["calls"]},
        },
        {"name": "Calls", "kind": "count", "value": {"plus": ["calls"]}},
    ],
}
TEAMS = ("Alder Team North", "Alder Team South", "Night shift", "Alder Customer Service")


class Killed(BaseException):
    """The worker died here."""


def a_file(rng, number):
    """A few weeks of a few teams; each file covers some of the same days with other figures."""
    teams = rng.sample(TEAMS[:3], rng.randint(1, 3)) + ([TEAMS[3]] if rng.random() < 0.2 else [])
    first = dt.date(2024, 1, 1) + dt.timedelta(days=rng.randint(0, 10))
    lines = ["day,team,calls,answered"]
    for team in teams:
        for day in range(rng.randint(3, 9)):
            calls = rng.choice((rng.randint(1, 40), round(rng.random() * 40 + 1, 3)))
            lines.append(f"{first + dt.timedelta(days=day)},{team},{calls},{round(calls * rng.random(), 4)}")
    rng.shuffle(body := lines[1:])
    known = dt.datetime(2024, 3, 1 + rng.randint(0, 3), tzinfo=dt.UTC)
    return f"file-{number}.csv", "\n".join([lines[0], *body]) + "\n", known


def take_in(desk, name, text, known_at, source="Desk"):
    upload = desk.bring(text, name, source, known_at=known_at)
    if upload.state == "received":
        upload = desk.map(upload, MAPPING, choices={"other_units": "create"})
    assert (upload.state, upload.problems, upload.questions) == ("planned", [], [])
    return desk.commit(upload, accept_truncated=True)


def die_sometimes(monkeypatch, rng, chance):
    """After a slice the worker may die; what it had not committed is lost."""

    def pause():
        if rng.random() < chance:
            raise Killed

    for module in (merging, undoing):
        monkeypatch.setattr(module, "pause", pause)


def until_done(act):
    """Do it, and wake another worker as often as one dies."""
    try:
        result = act()
    except Killed:
        result = None
    while True:
        Job.objects.filter(state="running").update(lease_until=timezone.now() - dt.timedelta(seconds=1))
        dead = Job.objects.filter(state__in=("running", "queued")).first()
        if dead is None:
            assert not Job.objects.filter(state="failed").exists()
            return result
        try:
            jobs.perform(dead.pk)
        except Killed:
            continue


@pytest.fixture
def small_slices(monkeypatch):
    monkeypatch.setattr(blocks, "SLICE", 5)
    # A worker that dies often is no failing worker.
    monkeypatch.setattr(Job._meta.get_field("max_attempts"), "default", 1000)


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_any_order_any_number_of_times_any_crash_ends_alike(seed, desk, small_slices, monkeypatch):
    rng = random.Random(seed)
    files = [a_file(rng, number) for number in range(rng.randint(2, 4))]
    ends = set()
    for _order in range(2):
        line = files + rng.sample(files, rng.randint(0, len(files)))
        rng.shuffle(line)
        die_sometimes(monkeypatch, rng, 0.3)
        for name, text, known_at in line:
            until_done(lambda name=name, text=text, known_at=known_at: take_in(desk, name, text, known_at))
        ends.add(table_hash())
        assert_blocks_agree()
        forget_everything()
    assert len(ends) == 1


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_an_undo_leaves_what_the_others_say(seed, desk, small_slices, monkeypatch):
    rng = random.Random(1000 + seed)
    files = [a_file(rng, number) for number in range(3)]
    away = rng.randrange(3)
    for number, (name, text, known_at) in enumerate(files):
        if number != away:
            take_in(desk, name, text, known_at)
    without = values()
    forget_everything()
    taken = [take_in(desk, *one) for one in files]
    die_sometimes(monkeypatch, rng, 0.3)
    until_done(lambda: desk.undo(taken[away]))
    assert values() == without
    assert Upload.objects.get(pk=taken[away].pk).undone_at is not None


def test_the_same_file_three_times_changes_nothing_after_the_first(desk):
    name, text, known_at = a_file(random.Random(7), 0)
    first = take_in(desk, name, text, known_at)
    before, kept = table_hash(), history()
    for _again in range(2):
        upload = take_in(desk, name, text, known_at)
        counts = upload.plan["counts"]
        assert (counts["new"], counts["changed"], counts["older"]) == (0, 0, 0)
        assert counts["same"] == first.plan["counts"]["new"]
        assert first.pk in upload.facts["same_file"]
    assert (table_hash(), history()) == (before, kept)


def test_each_value_replaced_is_kept(desk):
    head = "day,team,calls,answered\n"
    take_in(desk, "a.csv", head + "2024-01-01,Alder Team North,10,8\n", dt.datetime(2024, 2, 1, tzinfo=dt.UTC))
    take_in(desk, "c.csv", head + "2024-01-01,Alder Team North,30,8\n", dt.datetime(2024, 2, 3, tzinfo=dt.UTC))
    late = take_in(desk, "b.csv", head + "2024-01-01,Alder Team North,20,8\n", dt.datetime(2024, 2, 2, tzinfo=dt.UTC))
    calls = [row[2] for row in history() if row[0][0] == "calls"]
    assert sorted(calls) == [10, 20]
    assert late.plan["counts"]["older"] == 2
    assert [row[2] for row in values() if row[0][:2] == ["calls", "Alder Team North"]] == [30]


def test_undoing_the_first_of_two_equal_files_leaves_the_values(desk):
    name, text, known_at = a_file(random.Random(9), 0)
    first = take_in(desk, name, text, known_at)
    second = take_in(desk, name, text, known_at)
    before = values()
    desk.undo(first)
    assert values() == before
    desk.undo(second)
    assert values() == []


def test_a_file_that_says_the_same_again_later_outlives_one_in_between(desk):
    """Known on day 1 and again on day 3: the word of day 2 is older, in whatever order they come."""
    head = "day,team,calls,answered\n"
    same, other = head + "2024-01-01,Alder Team North,10,8\n", head + "2024-01-01,Alder Team North,99,8\n"
    days = [dt.datetime(2024, 2, day, tzinfo=dt.UTC) for day in (1, 2, 3)]
    take_in(desk, "first.csv", same, days[0])
    last = take_in(desk, "last.csv", same + "\n", days[2])
    between = take_in(desk, "between.csv", other, days[1])
    assert between.plan["counts"]["older"] == 2
    assert [row[2] for row in values() if row[0][:2] == ["calls", "Alder Team North"]] == [10]
    desk.undo(last)
    assert [row[2] for row in values() if row[0][:2] == ["calls", "Alder Team North"]] == [99]


def assert_blocks_agree():
    """Every value that was brought stands as the newest of the uploads says it."""
    newest = {}
    done = sorted(Upload.objects.filter(state="done"), key=lambda one: (one.known_at, one.sha256, one.pk))
    for upload in done:
        for number in Block.objects.filter(upload=upload, number__gt=0).values_list("number", flat=True):
            columns = standing.content_of(upload.pk, number)
            told = zip(*(columns[name].tolist() for name in ("series", "day", "numerator", "denominator")), strict=True)
            for series, day, numerator, denominator in told:
                newest[series, day] = (numerator, denominator if denominator == denominator else None)
    stands = {
        (row.series_id, row.day): (row.numerator, row.denominator)
        for row in Observation.objects.filter(upload__isnull=False)
    }
    assert stands == newest


def forget_everything():
    """As if nothing had ever been imported (the product has no such verb)."""
    from metrics.models import Analysis, Definition, Metric, ObservationReplaced, RejectedRow, Series, Signal, Source
    from teams.models import Unit

    for model in (Analysis, Signal, Observation, ObservationReplaced, Block, RejectedRow, Upload, Source):
        model.objects.all().delete()
    for model in (Series, Definition, Metric, Job):
        model.objects.all().delete()
    Unit.objects.filter(name="Night shift").delete()


def test_uploads_are_sealed_by_one_entry_each(desk):
    from teams.models import TrailEntry

    name, text, known_at = a_file(random.Random(3), 0)
    upload = take_in(desk, name, text, known_at)
    told = TrailEntry.objects.get(verb="commit", kind="metrics.upload", object_id=str(upload.pk))
    assert told.after["hash"] == upload.plan["hash"]
    assert told.after["counts"] == upload.plan["counts"]
    desk.undo(upload)
    assert TrailEntry.objects.filter(verb="undo", object_id=str(upload.pk)).count() == 1
    assert uploads.UNDO == "metrics.undo_upload"

"""Cases: updated by their own time, whatever the order of the files; figures from the cases that stand."""

import datetime as dt
import os
import random

import pytest

from metrics import blocks
from metrics.models import Case, CaseReplaced, Certainty, Metric, Series, Upload
from metrics.queries import observations
from tests.importing.tables import standing_cases, table_hash, values
from tests.importing.test_order import die_sometimes, forget_everything, small_slices, until_done

__all__ = ["small_slices"]
pytestmark = pytest.mark.django_db

ROUNDS = int(os.environ.get("CXREVIEW_IMPORT_ROUNDS", "6")) // 2
MAPPING = {
    "shape": "cases",
    "period": "week",
    "unit_column": "team",
    "dimensions": [{"name": "channel", "column": "by"}],
    "cases": {
        "id": "id",
        "opened": "opened",
        "first_response": "answered",
        "resolved": "resolved",
        "updated": "updated",
        "reopens": "reopens",
        "limit_seconds": 7200,
        "satisfaction": {"column": "rating"},
    },
}
HEAD = "id,team,by,opened,answered,resolved,updated,reopens,rating"


def line(number, team="Alder Team North", by="phone", opened="2024-01-01 08:00", hours=2.0, updated=None, rating=""):
    start = dt.datetime.fromisoformat(opened)
    answered, resolved = start + dt.timedelta(hours=hours / 4), start + dt.timedelta(hours=hours)
    return f"T{number},{team},{by},{start},{answered},{resolved},{updated or resolved},0,{rating}"


def take_in(desk, name, text, known_at):
    upload = desk.bring(text, name, known_at=known_at)
    if upload.state == "received":
        upload = desk.map(upload, MAPPING, zone="UTC", choices={"other_units": "create", "confirmed": ["events"]})
    assert (upload.state, upload.problems, upload.questions) == ("planned", [], [])
    return desk.commit(upload, accept_truncated=True, accept_valid=True)


def a_file(rng, number):
    lines = []
    for one in rng.sample(range(30), rng.randint(5, 20)):
        opened = dt.datetime.fromisoformat("2024-01-01") + dt.timedelta(hours=one * 17)
        updated = opened + dt.timedelta(days=rng.randint(1, 3))
        team = rng.choice(["Alder Team North", "Alder Team South", "Evening"])
        by, rating = rng.choice(["phone", "chat", ""]), rng.choice(["good", "bad", ""])
        lines.append(line(one, team, by, str(opened), rng.randint(1, 400) / 8, updated, rating))
    known = dt.datetime(2024, 6, 1 + rng.randint(0, 3), tzinfo=dt.UTC)
    return f"cases-{number}.csv", "\n".join([HEAD, *lines]) + "\n", known


def figure(desk, derived, unit=None, **dimension):
    series = Series.objects.get(metric__derived=derived, unit=unit or desk.unit, **(dimension or {"channel": None}))
    return observations.arrays([series.pk]).values.tolist()


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_any_order_of_files_of_cases_ends_alike(seed, desk, small_slices, monkeypatch):
    rng = random.Random(seed)
    files = [a_file(rng, number) for number in range(3)]
    ends = set()
    for _order in range(2):
        again = files + rng.sample(files, 1)
        rng.shuffle(again)
        die_sometimes(monkeypatch, rng, 0.2)
        for one in again:
            until_done(lambda one=one: take_in(desk, *one))
        ends.add(table_hash())
        forget_cases()
    assert len(ends) == 1


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_an_undo_of_cases_leaves_what_the_others_say(seed, desk, small_slices, monkeypatch):
    rng = random.Random(500 + seed)
    files = [a_file(rng, number) for number in range(3)]
    away = rng.randrange(3)
    for number, one in enumerate(files):
        if number != away:
            take_in(desk, *one)
    without = standing_cases(), values()
    forget_cases()
    taken = [take_in(desk, *one) for one in files]
    die_sometimes(monkeypatch, rng, 0.2)
    until_done(lambda: desk.undo(taken[away]))
    assert (standing_cases(), values()) == without


def forget_cases():
    from processes.models import Channel
    from teams.models import Unit

    CaseReplaced.objects.all().delete()
    Case.objects.all().delete()
    forget_metrics()
    Channel.objects.all().delete()
    Unit.objects.filter(name="Evening").delete()


def forget_metrics():
    Metric.objects.update(source=None)
    forget_everything()


KNOWN = dt.datetime(2024, 6, 1, tzinfo=dt.UTC)


def test_figures_of_a_unit_come_from_all_cases_below_it(desk, world):
    rows = [
        line(1, hours=1),
        line(2, hours=3),
        line(3, "Alder Team South", "chat", hours=100, rating="good"),
        line(4, "Alder Team South", "chat", hours=2, rating="bad"),
    ]
    take_in(desk, "a.csv", "\n".join([HEAD, *rows]) + "\n", KNOWN)
    north = world.a.team
    assert figure(desk, "volume") == [4]
    assert figure(desk, "volume", channel__name="chat") == [2]
    assert figure(desk, "volume", north) == [2]
    assert figure(desk, "resolution_time:median", north) == pytest.approx([2])
    assert figure(desk, "resolution_time:mean", north) == pytest.approx([2])
    # 1, 2, 3 hours in the first week; the case of 100 hours ends in it, too: a true median, not one of medians.
    assert figure(desk, "resolution_time:median") == pytest.approx([2.5])
    assert figure(desk, "resolution_time:mean") == pytest.approx([26.5])
    assert figure(desk, "within_limit") == pytest.approx([50])
    assert figure(desk, "satisfaction") == pytest.approx([50])


def test_a_case_that_comes_again_is_updated_and_its_old_word_kept(desk):
    take_in(desk, "a.csv", f"{HEAD}\n{line(1, hours=1, updated='2024-01-02 00:00:00')}\n", KNOWN)
    later = take_in(desk, "b.csv", f"{HEAD}\n{line(1, hours=5, updated='2024-01-03 00:00:00')}\n", KNOWN)
    assert later.plan["counts"]["changed"] == 1
    assert figure(desk, "resolution_time:mean") == pytest.approx([5])
    assert (
        CaseReplaced.objects.get().content["resolved"] == 1704099600 and CaseReplaced.objects.get().replaced_by == later
    )


def test_an_older_word_about_a_case_does_not_roll_it_back(desk):
    take_in(desk, "b.csv", f"{HEAD}\n{line(1, hours=5, updated='2024-01-03 00:00:00')}\n", KNOWN)
    newer_file = KNOWN + dt.timedelta(days=9)
    early = take_in(desk, "a.csv", f"{HEAD}\n{line(1, hours=1, updated='2024-01-02 00:00:00')}\n", newer_file)
    assert early.plan["counts"] == {**early.plan["counts"], "older": 1, "changed": 0, "new": 0}
    assert figure(desk, "resolution_time:mean") == pytest.approx([5])


def test_a_case_that_moves_to_another_week_leaves_the_first_one(desk):
    take_in(desk, "a.csv", f"{HEAD}\n{line(1)}\n{line(2)}\n", KNOWN)
    moved = line(1, opened="2024-01-09 08:00", updated="2024-02-01 00:00:00")
    take_in(desk, "b.csv", f"{HEAD}\n{moved}\n", KNOWN)
    assert figure(desk, "volume") == [1, 1]


def test_an_id_twice_in_one_file_newest_word_counts(desk):
    rows = [line(1, hours=1, updated="2024-01-02 00:00:00"), line(1, hours=7, updated="2024-01-05 00:00:00")]
    upload = take_in(desk, "a.csv", "\n".join([HEAD, *rows, line(2)]) + "\n", KNOWN)
    assert upload.plan["counts"]["new"] == 2 and upload.plan["counts"]["older"] == 1
    assert Case.objects.get(external_id="T1").resolved == 1704096000 + 7 * 3600


def test_an_id_twice_with_two_stories_at_one_time_is_rejected(desk):
    rows = [line(1, hours=1, updated="2024-01-02 00:00:00"), line(1, hours=7, updated="2024-01-02 00:00:00")]
    upload = desk.bring("\n".join([HEAD, *rows, line(2)]) + "\n", "a.csv")
    upload = desk.map(upload, MAPPING, zone="UTC", choices={"confirmed": ["events"]})
    assert upload.plan["reasons"] == {"case_twice": 2}
    assert upload.plan["counts"]["new"] == 1


def test_undoing_every_file_leaves_nothing(desk):
    rng = random.Random(4)
    taken = [take_in(desk, *a_file(rng, number)) for number in range(2)]
    for upload in taken:
        desk.undo(upload)
    assert (Case.objects.count(), values(), CaseReplaced.objects.count()) == (0, [], 0)
    assert {one.state for one in Upload.objects.all()} == {"undone"}


def test_satisfaction_from_cases_is_a_survey_with_its_intervals(desk, client_of):
    rows = [line(number, rating="good" if number % 4 else "bad") for number in range(1, 13)]
    take_in(desk, "cases.csv", "\n".join([HEAD, *rows]) + "\n", dt.datetime(2024, 6, 1, tzinfo=dt.UTC))
    metric = Metric.objects.get(derived="satisfaction")
    assert (metric.survey.kind, metric.survey.weighted, metric.survey.asked) == ("share", "no", None)
    series = Series.objects.get(metric=metric, unit=desk.unit, channel=None)
    columns = blocks.unpack(bytes(Certainty.objects.get(series=series).content))
    # Wilson's interval of 9 of 12, in per cent.
    ends = [round(float(columns[name][0]), 1) for name in ("low", "high", "n")]
    assert ends == [46.8, 91.1, 12.0]
    assert "46.8" in client_of(desk.person).get(series.get_absolute_url()).content.decode()

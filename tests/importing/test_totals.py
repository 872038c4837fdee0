"""Figures by service and channel add up to the unit's own, as units do to the one above; where they cannot, none is made."""

import datetime as dt
import os
import random

import pytest

from jobs.workflow import run_pending
from metrics.analysing import storing
from metrics.importing import places, rolling
from metrics.models import Observation, Series, Upload
from metrics.queries import metrics
from teams.models import Unit
from tests.importing.tables import table_hash
from tests.importing.test_order import die_sometimes, forget_everything, small_slices, until_done

__all__ = ["small_slices"]
pytestmark = pytest.mark.django_db

ROUNDS = int(os.environ.get("CXREVIEW_IMPORT_ROUNDS", "12")) // 2
DAY = "2024-01-01"
NORTH, SOUTH, WHOLE = "Alder Team North", "Alder Team South", "Alder Customer Service"


def mapping(*dimensions, whole=True):
    metric = {"name": "Answered", "kind": "proportion", "numerator": {"plus": ["good"]}}
    metric |= {"denominator": {"plus": ["all"]}}
    if not whole:
        metric = {"name": "Wait", "kind": "duration", "value": {"plus": ["good"], "measure": "minutes"}}
    return {
        "shape": "measured",
        "date": "day",
        "unit_column": "team",
        "dimensions": [{"name": name, "column": name} for name in dimensions],
        "metrics": [metric],
    }


def take_in(desk, rows, *dimensions, source="Desk", known_at=None, whole=True):
    """``rows``: (team, each dimension, numerator, denominator)."""
    head = ",".join(["day", "team", *dimensions, "good", "all"])
    lines = [",".join([DAY, *(str(part) for part in row)]) for row in rows]
    upload = desk.bring("\n".join([head, *lines]) + "\n", "figures.csv", source, known_at=known_at)
    if upload.state == "received":
        upload = desk.map(upload, mapping(*dimensions, whole=whole), choices={"other_units": "create"})
    assert (upload.state, upload.problems, upload.questions) == ("planned", [], [])
    return desk.commit(upload, accept_truncated=True)


def figures(unit, service=None, channel=None):
    """[numerator, denominator, parts] of each day of a series, nothing where there is none."""
    place = {"unit__name": unit, "product": None}
    place |= {"service__name": service} if service else {"service": None}
    place |= {"channel__name": channel} if channel else {"channel": None}
    one = Series.objects.filter(**place).first()
    if one is None:
        return []
    rows = Observation.objects.filter(series=one).order_by("day")
    return [[above, below, parts or 0] for above, below, parts in rows.values_list("numerator", "denominator", "parts")]


BOTH = [(NORTH, "phone", 8, 10), (NORTH, "mail", 5, 20), (SOUTH, "phone", 3, 4)]


def test_a_team_has_a_total_over_its_channels_from_numerators_and_denominators(desk):
    take_in(desk, BOTH, "channel")
    assert figures(NORTH) == [[13, 30, 2]]
    assert figures(SOUTH) == [[3, 4, 1]]
    assert figures(WHOLE, channel="phone") == [[11, 14, 2]]
    assert figures(WHOLE) == [[16, 34, 3]]


def test_two_dimensions_are_totalled_each_by_itself_and_together(desk):
    rows = [
        (NORTH, "repairs", "phone", 1, 2),
        (NORTH, "repairs", "mail", 3, 5),
        (NORTH, "rent", "phone", 4, 11),
        (SOUTH, "rent", "mail", 2, 3),
    ]
    take_in(desk, rows, "service", "channel")
    assert figures(NORTH, service="repairs") == [[4, 7, 2]]
    assert figures(NORTH, channel="phone") == [[5, 13, 2]]
    assert figures(NORTH) == [[8, 18, 3]]
    assert figures(WHOLE, service="rent") == [[6, 14, 2]]
    assert figures(WHOLE) == [[10, 21, 4]]


def test_a_single_channel_makes_no_second_series_of_the_same_figures(desk):
    take_in(desk, [(NORTH, "phone", 8, 10), (SOUTH, "phone", 3, 4)], "channel")
    assert not Series.objects.filter(channel=None).exists()


def test_a_total_that_was_brought_stands(desk):
    take_in(desk, BOTH, "channel")
    brought = take_in(desk, [(NORTH, 14, 31)], source="Whole")
    assert figures(NORTH) == [[14, 31, 0]]
    assert figures(WHOLE) == [[17, 35, 2]]
    desk.undo(brought)
    assert figures(NORTH) == [[13, 30, 2]]
    assert figures(WHOLE) == [[16, 34, 3]]


def test_a_team_without_channels_counts_in_the_total_above(desk):
    take_in(desk, [(NORTH, "phone", 8, 10)], "channel")
    take_in(desk, [(SOUTH, 3, 4)], source="Whole")
    assert figures(NORTH) == [[8, 10, 1]]
    assert figures(WHOLE) == [[11, 14, 2]]


def test_a_team_that_is_split_in_two_ways_is_not_added_up_nor_is_what_lies_above(desk):
    take_in(desk, BOTH, "channel")
    second = take_in(desk, [(NORTH, "repairs", 9, 12), (NORTH, "rent", 1, 3)], "service", source="Services")
    assert (figures(NORTH), figures(WHOLE)) == ([], [])
    assert figures(SOUTH) == [[3, 4, 1]]
    desk.undo(second)
    assert (figures(NORTH), figures(WHOLE)) == ([[13, 30, 2]], [[16, 34, 3]])


def test_parts_that_share_a_denominator_are_not_added_up(desk):
    """Complaints by channel, each per customer of the team."""
    take_in(desk, [(NORTH, "phone", 8, 100), (NORTH, "mail", 5, 100)], "channel")
    assert figures(NORTH) == []


def test_what_is_no_sum_has_no_total(desk):
    take_in(desk, BOTH, "channel", whole=False)
    assert (figures(NORTH), figures(WHOLE)) == ([], [])


def test_the_last_channel_undone_takes_the_totals_with_it(desk):
    take_in(desk, [(NORTH, "phone", 8, 10)], "channel")
    mail = take_in(desk, [(NORTH, "mail", 5, 20)], "channel", source="Mail")
    assert figures(NORTH) == [[13, 30, 2]]
    desk.undo(mail)
    assert figures(NORTH) == []
    assert figures(NORTH, channel="phone") == [[8, 10, 0]]


def a_file(rng):
    dimensions = rng.choice([(), ("channel",), ("service",), ("service", "channel")])
    words = {"service": ("repairs", "rent"), "channel": ("phone", "mail", "desk")}
    places = {
        (rng.choice([NORTH, SOUTH, "Night shift", WHOLE]), *(rng.choice(words[name]) for name in dimensions))
        for _row in range(rng.randint(1, 6))
    }
    rows = [(*place, rng.randint(0, 9), rng.choice((9, rng.randint(9, 40)))) for place in sorted(places)]
    known = dt.datetime(2024, 6, rng.randint(1, 3), tzinfo=dt.UTC)
    return rows, dimensions, known


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_any_order_of_files_that_split_in_any_way_ends_alike(seed, desk, small_slices, monkeypatch):
    rng = random.Random(seed)
    files = [a_file(rng) for _file in range(rng.randint(2, 4))]
    spare = a_file(rng)

    def bring(rows, dimensions, known):
        return take_in(desk, rows, *dimensions, source=f"By {dimensions}", known_at=known)

    ends = set()
    for order in range(3):
        line = files + rng.sample(files, rng.randint(0, len(files)))
        rng.shuffle(line)
        if order:
            line.insert(0 if order == 1 else len(line), spare)
        die_sometimes(monkeypatch, rng, 0.2)
        for one in line:
            until_done(lambda one=one: bring(*one))
        if order:
            mine = Upload.objects.order_by("pk")
            extra = mine.first() if order == 1 else mine.last()
            until_done(lambda extra=extra: desk.undo(extra))
        ends.add(table_hash())
        forget_everything()
    assert len(ends) == 1


def test_the_page_of_a_sum_lists_its_parts_and_that_of_the_metric_says_where_no_total_is(desk, client_of):
    take_in(desk, BOTH, "channel")
    client = client_of(desk.person)
    whole = Series.objects.get(unit__name=WHOLE, channel=None)
    parts = metrics.parts_of(desk.person, whole, dt.date(2024, 1, 1).toordinal())
    assert [one.place for one, _row in parts] == [f"{NORTH} · mail", f"{NORTH} · phone", f"{SOUTH} · phone"]
    assert "summed from its parts" in client.get(whole.get_absolute_url()).content.decode()

    take_in(desk, [(SOUTH, 3, 4)], source="Whole")
    parts = metrics.parts_of(desk.person, whole, dt.date(2024, 1, 1).toordinal())
    assert [one.place for one, _row in parts] == [f"{NORTH} · mail", f"{NORTH} · phone", SOUTH]
    assert "No total is made for" not in client.get(whole.metric.get_absolute_url()).content.decode()

    take_in(desk, [(NORTH, "repairs", 9, 12)], "service", source="Services")
    page = client.get(whole.metric.get_absolute_url()).content.decode()
    assert "No total is made for" in page
    assert "split in more than one way" in page
    told = [(unit.name, why) for unit, why in metrics.without_total(desk.person, whole.metric)]
    assert (NORTH, "two_ways") in told
    assert SOUTH not in [name for name, _why in told]


def test_two_imports_at_once_do_not_leave_each_other_out(desk, monkeypatch):
    """While one adds up, another brings a further part: the sum is made again."""
    take_in(desk, [(NORTH, "phone", 8, 10)], "channel")
    real, done = rolling._read, []

    def slow(*given):
        found = real(*given)
        if not done:
            done.append(True)
            other = Series.objects.get(unit__name=NORTH, channel__name="phone")
            late = places.series_at(
                other.metric_id, Unit.objects.get(name=SOUTH).pk, None, None, other.channel_id, rolled_up=False
            )
            Observation.objects.create(
                series_id=late,
                day=dt.date(2024, 1, 1).toordinal(),
                numerator=3,
                denominator=4,
                upload=Upload.objects.first(),
            )
            Series.objects.filter(pk=late).update(
                data_version=2, first_day=dt.date(2024, 1, 1).toordinal(), last_day=dt.date(2024, 1, 1).toordinal()
            )
        return found

    monkeypatch.setattr(rolling, "_read", slow)
    take_in(desk, [(NORTH, "mail", 5, 20)], "channel", source="Mail")
    assert figures(WHOLE) == [[16, 34, 3]]


def test_only_what_an_import_touched_is_analysed_anew_with_its_totals(desk, monkeypatch):
    take_in(desk, BOTH, "channel", known_at=dt.datetime(2024, 1, 2, tzinfo=dt.UTC))
    run_pending()
    computed = []
    store = storing._store_analyses

    def noted(given, stale, *rest):
        computed.extend(given.series[index].pk for index in stale)
        store(given, stale, *rest)

    monkeypatch.setattr(storing, "_store_analyses", noted)
    take_in(desk, [*BOTH[:2], (SOUTH, "phone", 1, 4)], "channel", known_at=dt.datetime(2024, 1, 3, tzinfo=dt.UTC))
    run_pending()

    places = Series.objects.filter(pk__in=computed).values_list("unit__name", "channel__name")
    touched = [(SOUTH, "phone"), (SOUTH, None), (WHOLE, "phone"), (WHOLE, None)]
    assert sorted(places, key=str) == sorted(touched, key=str)
    assert len(computed) == len(set(computed))

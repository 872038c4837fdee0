import datetime as dt
import json
import os
import random
import subprocess
import sys
import threading
from decimal import Decimal

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from teams import trail
from teams.models import Person, TrailEntry, TrailHead, Unit

LENGTH = 12


def write(unit, person, many=LENGTH):
    """A chain as the product writes it, anchors included."""
    for n in range(many):
        with transaction.atomic():
            entry = trail.record(person, "rename_unit", unit, {"name": f"name {n}"}, {"name": f"name {n + 1}"})
        if connection.in_atomic_block:
            # Inside a test's own transaction nothing is ever committed: the anchor is written by hand.
            trail._anchor(entry.number, entry.mac)


@pytest.fixture
def chain(world):
    write(world.a.department, world.a.supervisor)
    return world


def sql(text, *values):
    with connection.cursor() as cursor:
        cursor.execute(text, values)


def head(number, mac):
    sql("UPDATE teams_trailhead SET number = %s, mac = %s", number, mac)


def macs():
    return dict(TrailEntry.objects.values_list("number", "mac"))


# Each way to tamper, and the number of the first entry that it spoils.


def edit(rng, world):
    n = rng.randint(1, LENGTH)
    column, value = rng.choice(
        [("after", '{"name": "other"}'), ("before", "{}"), ("verb", "archive_unit"), ("object_id", "999"),
         ("kind", "teams.person"), ("at", "2020-01-01 00:00:00"), ("mac", "0" * 64), ("previous", "f" * 64)]
    )  # fmt: skip
    sql(f"UPDATE teams_trailentry SET {column} = %s WHERE number = %s", value, n)
    return n


def swap_actor(rng, world):
    n = rng.randint(1, LENGTH)
    sql("UPDATE teams_trailentry SET person_id = %s WHERE number = %s", world.a.team_lead.pk, n)
    return n


def delete(rng, world):
    n = rng.randint(1, LENGTH - 1)
    sql("DELETE FROM teams_trailentry WHERE number = %s", n)
    return n


def delete_and_close_the_gap(rng, world):
    n = rng.randint(1, LENGTH - 1)
    sql("DELETE FROM teams_trailentry WHERE number = %s", n)
    for later in range(n + 1, LENGTH + 1):
        sql("UPDATE teams_trailentry SET number = %s WHERE number = %s", later - 1, later)
    head(LENGTH - 1, macs()[LENGTH - 1])
    return n


def insert(rng, world):
    n = rng.randint(1, LENGTH)
    for later in range(LENGTH, n - 1, -1):
        sql("UPDATE teams_trailentry SET number = %s WHERE number = %s", later + 1, later)
    copied = "at, person_id, verb, kind, object_id, unit_id, before, after, previous, mac"
    sql(
        f"INSERT INTO teams_trailentry (number, {copied}) SELECT %s, {copied} FROM teams_trailentry WHERE number = %s",
        n,
        rng.choice([m for m in range(1, LENGTH + 2) if m not in (n, n + 1)]),
    )
    return n


def reorder(rng, world):
    one, other = sorted(rng.sample(range(1, LENGTH + 1), 2))
    sql("UPDATE teams_trailentry SET number = 0 WHERE number = %s", one)
    sql("UPDATE teams_trailentry SET number = %s WHERE number = %s", one, other)
    sql("UPDATE teams_trailentry SET number = %s WHERE number = 0", other)
    return one


def cut_tail(rng, world):
    n = rng.randint(2, LENGTH)
    sql("DELETE FROM teams_trailentry WHERE number >= %s", n)
    head(n - 1, macs()[n - 1])
    return n


def cut_all(rng, world):
    sql("DELETE FROM teams_trailentry")
    rng.choice([lambda: sql("DELETE FROM teams_trailhead"), lambda: head(0, "")])()
    return 1


def cut_and_append_through_the_product(rng, world):
    n = cut_tail(rng, world)
    write(world.a.department, world.a.supervisor, rng.randint(1, LENGTH))
    return n


def cut_and_append_with_a_key_of_their_own(rng, world):
    n = cut_tail(rng, world)
    key, settings.TRAIL_KEY = settings.TRAIL_KEY, "guessed"
    write(world.a.department, world.a.supervisor, rng.randint(1, LENGTH))
    settings.TRAIL_KEY = key
    return n


def rewrite_from_genesis_without_the_key(rng, world):
    sql("DELETE FROM teams_trailentry")
    head(0, "")
    key, settings.TRAIL_KEY = settings.TRAIL_KEY, "guessed"
    anchors = settings.TRAIL_ANCHOR.read_bytes()
    write(world.a.department, world.a.supervisor)
    settings.TRAIL_ANCHOR.write_bytes(anchors)
    settings.TRAIL_KEY = key
    return 1


def rewrite_with_the_key_but_not_the_anchor(rng, world):
    n = rng.randint(1, LENGTH)
    anchors = settings.TRAIL_ANCHOR.read_bytes()
    sql("DELETE FROM teams_trailentry WHERE number >= %s", n)
    head(n - 1, macs().get(n - 1, ""))
    write(world.b.department, world.b.supervisor, LENGTH - n + 1)
    settings.TRAIL_ANCHOR.write_bytes(anchors)
    return n


WAYS = (
    edit, swap_actor, delete, delete_and_close_the_gap, insert, reorder, cut_tail, cut_all,
    cut_and_append_through_the_product, cut_and_append_with_a_key_of_their_own, rewrite_from_genesis_without_the_key,
    rewrite_with_the_key_but_not_the_anchor,
)  # fmt: skip


def test_a_chain_as_written_holds(chain):
    assert trail.verify() == trail.Verdict(LENGTH, None, "")


def test_a_thousand_tamperings_are_each_found_at_the_first_bad_entry(chain):
    anchors = settings.TRAIL_ANCHOR.read_bytes()
    missed = []
    for seed in range(1000):
        rng = random.Random(seed)
        way = WAYS[seed % len(WAYS)]
        with transaction.atomic():
            bad = way(rng, chain)
            found = trail.verify().bad
            transaction.set_rollback(True)
        settings.TRAIL_ANCHOR.write_bytes(anchors)
        if found != bad:
            missed.append((seed, way.__name__, bad, found))
    assert missed == []
    assert trail.verify().bad is None


@pytest.mark.parametrize(("column", "value"), [("after", "no json"), ("at", "never"), ("number", "one")])
def test_rubbish_in_a_row_is_a_changed_entry_not_a_crash(chain, column, value):
    if connection.vendor != "sqlite":
        # PostgreSQL itself refuses such values.
        value = {"after": "[]", "at": "1066-10-14", "number": "4000"}[column]
    else:
        sql("PRAGMA ignore_check_constraints = ON")
    sql(f"UPDATE teams_trailentry SET {column} = %s WHERE number = 4", value)
    assert trail.verify().bad == 4


def test_a_note_of_the_last_entry_that_does_not_fit_is_noticed(chain):
    head(LENGTH, "0" * 64)
    assert trail.verify().why == "head"


def test_a_made_up_anchor_fills_no_memory(chain):
    with settings.TRAIL_ANCHOR.open("a") as file:
        file.write(f"999999999 {'a' * 64}\nrubbish\n5 nothex{'z' * 58}\n")
    assert trail.verify().bad == LENGTH + 1


def test_entries_are_never_changed_or_deleted_through_the_product(chain):
    entry = TrailEntry.objects.get(number=3)
    entry.verb = "nothing"
    for change in (
        entry.save,
        entry.delete,
        TrailEntry.objects.all().delete,
        TrailEntry._base_manager.all().delete,
        lambda: TrailEntry.objects.update(verb="nothing"),
    ):
        with pytest.raises(TypeError):
            change()
    assert trail.verify().bad is None


def test_an_entry_outside_a_transaction_is_refused(transactional_db):
    with pytest.raises(RuntimeError):
        trail.record(None, "nothing", TrailHead(pk=1))


def test_what_was_rolled_back_leaves_neither_entry_nor_anchor(transactional_db):
    unit = Unit.objects.create(name="Alder", kind="organisation", path="/1/")
    write(unit, None, 1)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        trail.record(None, "rename_unit", unit)
        raise ZeroDivisionError
    with transaction.atomic():
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            trail.record(None, "rename_unit", unit)
            raise ZeroDivisionError
        trail.record(None, "archive_unit", unit)
    assert list(TrailEntry.objects.order_by("number").values_list("number", "verb")) == [
        (1, "rename_unit"),
        (2, "archive_unit"),
    ]
    assert len(settings.TRAIL_ANCHOR.read_text().splitlines()) == 2
    assert trail.verify().bad is None


@pytest.mark.parametrize(
    "value",
    [1e22, 1e16, -0.0, 5e-324, float("inf"), float("nan"), "nul \x00 and half \ud800", 10**20, Decimal("1.50"),
     dt.date(2026, 3, 3), dt.datetime(2026, 3, 3, tzinfo=dt.UTC), {"a": (1, {2})}, None, True],
)  # fmt: skip
def test_any_value_reads_back_as_it_was_sealed(world, value):
    with transaction.atomic():
        trail.record(None, "edit_me", world.a.supervisor, {}, {"value": value})
    assert trail.verify().bad is None


def test_writers_side_by_side_do_not_fork_the_chain(transactional_db):
    unit = Unit.objects.create(name="Alder", kind="organisation", path="/1/")
    person = Person.objects.create_user("amara@alder.example", "Amara Alder")
    if connection.vendor == "sqlite":
        code = (
            "import django; django.setup()\n"
            "from django.core.management import call_command\n"
            "from tests.teams.test_trail import write\n"
            "from teams.models import Person, Unit\n"
            "write(Unit.objects.get(), Person.objects.get(), 50)\n"
        )
        first = (
            "import django; django.setup()\n"
            "from django.core.management import call_command\n"
            "from teams.models import Person, Unit\n"
            "call_command('migrate', verbosity=0)\n"
            "Unit.objects.create(name='Alder', kind='organisation', path='/1/')\n"
            "Person.objects.create_user('amara@alder.example', 'Amara Alder')\n"
        )
        folder = settings.TRAIL_ANCHOR.parent
        env = {**os.environ, "CXREVIEW_VAR": str(folder), "DJANGO_SETTINGS_MODULE": "cxreview.settings"}
        env.pop("DATABASE_URL", None)
        run = {"env": env, "cwd": settings.BASE_DIR}
        subprocess.run([sys.executable, "-c", first], check=True, timeout=120, **run)
        writers = [subprocess.Popen([sys.executable, "-c", code], **run) for _ in range(4)]
        assert [writer.wait(120) for writer in writers] == [0, 0, 0, 0]
        done = subprocess.run(
            [sys.executable, "manage.py", "verify_trail", "--json"], capture_output=True, text=True, timeout=120, **run
        )
        verdict = json.loads(done.stdout)
        assert (verdict["entries"], verdict["bad"]) == (200, None)
    else:
        faults = []

        def writer():
            try:
                write(unit, person, 50)
            except Exception as fault:
                faults.append(fault)
            finally:
                connection.close()

        threads = [threading.Thread(target=writer) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert faults == []
        assert trail.verify() == trail.Verdict(400, None, "")


def test_the_command_says_whole_or_where_it_breaks(chain, capsys):
    call_command("verify_trail")
    assert f"The trail is whole: {LENGTH} entries" in capsys.readouterr().out
    sql("UPDATE teams_trailentry SET verb = 'other' WHERE number = 7")
    with pytest.raises(CommandError) as found:
        call_command("verify_trail")
    assert (str(found.value), found.value.returncode) == (
        "Entry 7 is the first that cannot be trusted (changed).",
        1,
    )


# The pages

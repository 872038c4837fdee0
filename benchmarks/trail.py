"""Appending to the trail and verifying it, beside what cannot be left out: the raw insert, the HMACs alone.

    python -m benchmarks.trail [--entries 50000] [--rounds 5]

In a database of its own (SQLite in a temporary folder; ``DATABASE_URL`` is left alone). Appending is beside raw
INSERTs of the same rows, one by one in one transaction; verifying is beside HMAC-SHA256 over the same bytes and
nothing else. Wanted: 50,000 entries verified in a second.
"""

import argparse
import atexit
import hmac
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from typing import Any

import django

_folder = tempfile.mkdtemp(prefix="cxreview-trail-")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
os.environ.pop("DATABASE_URL", None)
os.environ.update(CXREVIEW_VAR=_folder, CXREVIEW_PLAIN_STATIC="1", DJANGO_SETTINGS_MODULE="cxreview.settings")
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from teams import trail  # noqa: E402
from teams.models import Person, TrailEntry, Unit  # noqa: E402

GOAL = 50_000


def timed(work: Callable[[], Any], rounds: int) -> float:
    """The median of the seconds of processor that ``work`` takes: other programs on the machine do not count."""
    seconds = []
    for _round in range(rounds):
        began = time.process_time()
        work()
        seconds.append(time.process_time() - began)
    return statistics.median(seconds)


def main(entries: int, rounds: int) -> None:
    call_command("migrate", verbosity=0)
    unit = Unit.objects.create(name="Benchmark", kind="organisation", path="/1/")
    person = Person.objects.create_user("benchmark@localhost", "Benchmark")

    def append() -> None:
        with transaction.atomic():
            for n in range(entries):
                trail.record(person, "rename_unit", unit, {"name": f"Team {n}"}, {"name": f"Team {n + 1}"})

    appended = timed(append, 1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM teams_trailentry ORDER BY number")
        rows = cursor.fetchall()
        cursor.execute("CREATE TABLE beside AS SELECT * FROM teams_trailentry WHERE number < 0")

        def insert() -> None:
            with transaction.atomic():
                for row in rows:
                    cursor.execute(f"INSERT INTO beside VALUES ({', '.join(['%s'] * len(row))})", row)

        inserted = timed(insert, 1)
    texts = [repr(row).encode() for row in rows]
    verified = timed(trail.verify, rounds)
    sealed = timed(lambda: [hmac.digest(b"k" * 64, text, "sha256") for text in texts], rounds)
    assert trail.verify().bad is None and TrailEntry.objects.count() == entries
    for name, ours, beside, other in (
        ("append", appended, "raw INSERT", inserted),
        ("verify", verified, "HMAC alone", sealed),
    ):
        print(f"{name} {entries / ours:>10,.0f}/s   {beside} {entries / other:>10,.0f}/s   {ours / other:5.1f}x")
    print(f"wanted {GOAL:>10,}/s verified: {'yes' if entries / verified >= GOAL else 'no'}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entries", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    main(given.entries, given.rounds)

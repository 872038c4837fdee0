"""Importing a file, beside the raw idempotent load of the same rows into the same kind of table, in one run.

    python -m benchmarks.imports [--rows 100000] [--rounds 5] [--memory-rows 10000 100000 1000000]

Ours: the file is looked at, every cell checked, planned against what stands, staged, merged in slices, summed up for
the unit above, and recorded in the trail. The raw load: the csv module, a date and a float of every row, then SQLite's
INSERT ... ON CONFLICT by executemany, or PostgreSQL's COPY -> staging -> INSERT ... ON CONFLICT. They run in turn,
each time into empty tables; medians are compared. DATABASE_URL chooses the database; one is made and dropped.
Memory is measured in processes of their own: peak less what the process had before the file was opened.
"""

import argparse
import csv
import datetime as dt
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import django

FOLDER = tempfile.mkdtemp(prefix="cxreview-bench-")
os.environ["CXREVIEW_VAR"] = FOLDER
os.environ["CXREVIEW_LOG_LEVEL"] = "ERROR"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cxreview.settings")
django.setup()

from django.core.files import File  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from jobs.models import Job  # noqa: E402
from metrics.importing.foreground import work_off  # noqa: E402
from metrics.models import Source  # noqa: E402
from metrics.workflow import uploads  # noqa: E402
from teams.models import Person, Role, Unit, Workspace  # noqa: E402

DAYS, METRICS = 1000, 5
FLOOR = {"sqlite": (0.30, 0.50), "postgresql": (0.40, 0.60)}
MAPPING = {
    "shape": "measured",
    "date": "date",
    "unit_column": "team",
    "metric_column": "metric",
    "metrics": [{"name": "value", "kind": "count", "value": {"plus": ["value"]}}],
}
CHOICES = {"other_units": "create", "other_metrics": "create"}


def write_csv(path: Path, rows: int) -> None:
    """Day by day, all metrics of all teams: no (metric, team, day) twice."""
    rng = random.Random(2024)
    teams = max(1, -(-rows // (DAYS * METRICS)))
    start = dt.date(2020, 1, 1)
    with path.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["date", "metric", "team", "value"])
        for row in range(rows):
            day, rest = divmod(row, teams * METRICS)
            team, metric = divmod(rest, METRICS)
            writer.writerow([start + dt.timedelta(days=day), f"m{metric}", f"Team {team}", rng.randint(1, 5000)])


class Contestant(Protocol):
    def run(self) -> None: ...


class Raw:
    """The same rows, straight into a table with the columns and the unique key of ours."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def clear(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS raw_observation")
            serial = "bigserial" if connection.vendor == "postgresql" else "integer"
            auto = "" if connection.vendor == "postgresql" else " AUTOINCREMENT"
            cursor.execute(
                f"CREATE TABLE raw_observation (id {serial} NOT NULL PRIMARY KEY{auto}, series_id bigint NOT NULL,"
                " day integer NOT NULL, numerator double precision NOT NULL, denominator double precision,"
                " n bigint, parts integer, upload_id bigint)"
            )
            cursor.execute("CREATE UNIQUE INDEX raw_once ON raw_observation (series_id, day)")

    def rows(self) -> Iterator[tuple[int, int, float, int]]:
        series: dict[tuple[str, str], int] = {}
        with self.path.open(newline="") as file:
            lines = csv.reader(file)
            next(lines)
            for date, metric, team, value in lines:
                key = series.setdefault((metric, team), len(series) + 1)
                yield key, dt.date.fromisoformat(date).toordinal(), float(value), 1

    def run(self) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute(
                    "CREATE TEMP TABLE staging (series_id bigint, day integer, numerator double precision,"
                    " upload_id bigint) ON COMMIT DROP"
                )
                with cursor.copy("COPY staging FROM STDIN") as copy:
                    for row in self.rows():
                        copy.write_row(row)
                cursor.execute(
                    "INSERT INTO raw_observation (series_id, day, numerator, upload_id) SELECT * FROM staging"
                    " ON CONFLICT (series_id, day) DO UPDATE SET numerator = excluded.numerator,"
                    " upload_id = excluded.upload_id"
                )
            else:
                connection.connection.executemany(
                    "INSERT INTO raw_observation (series_id, day, numerator, upload_id) VALUES (?, ?, ?, ?)"
                    " ON CONFLICT (series_id, day) DO UPDATE SET numerator = excluded.numerator,"
                    " upload_id = excluded.upload_id",
                    self.rows(),
                )


class Ours:
    def __init__(self, path: Path) -> None:
        self.path = path
        Workspace.objects.get_or_create(pk=1, defaults={"zone": "UTC"})
        self.unit, new = Unit.objects.get_or_create(name="Benchmark", kind="organisation")
        if new:
            self.unit.path = f"/{self.unit.pk}/"
            self.unit.save()
        self.person, new = Person.objects.get_or_create(email="bench@example.org", name="Bench")
        Role.objects.get_or_create(person=self.person, unit=self.unit, name="supervisor")

    def clear(self) -> None:
        tables = ["observation", "observationreplaced", "block", "rejectedrow", "upload", "source"]
        tables += ["analysis", "series", "definition", "metric"]

        with connection.cursor() as cursor:
            for table in tables:
                cursor.execute(f"DELETE FROM metrics_{table}")
        Job.objects.all().delete()
        Unit.objects.filter(parent=self.unit).delete()

    def run(self) -> None:
        source, _new = Source.objects.get_or_create(unit=self.unit, name="Bench", defaults={"choices": CHOICES})
        with self.path.open("rb") as file:
            upload = uploads.receive(self.person, source, self.unit, File(file, self.path.name))
        upload = work_off(upload)
        if upload.state == "received":
            upload = work_off(uploads.map(self.person, upload, MAPPING, choices=CHOICES))
        uploads.commit(self.person, upload, seen=upload.plan["hash"])
        upload = work_off(upload)
        assert upload.state == "done", (upload.state, upload.problems, upload.questions)


def settle() -> None:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def timed(contestant: Contestant) -> tuple[float, float]:
    settle()
    wall, cpu = time.perf_counter(), time.process_time()
    contestant.run()
    return time.perf_counter() - wall, time.process_time() - cpu


def race(path: Path, rows: int, rounds: int) -> None:
    raw, ours = Raw(path), Ours(path)
    warm = Path(FOLDER) / "warm.csv"
    write_csv(warm, 1000)
    Ours(warm).run()
    times: dict[str, list[tuple[float, float]]] = {"raw": [], "first": [], "again": []}
    for _round in range(rounds):
        raw.clear()
        times["raw"].append(timed(raw))
        ours.clear()
        times["first"].append(timed(ours))
        times["again"].append(timed(ours))
    medians = {name: statistics.median(wall for wall, _cpu in found) for name, found in times.items()}
    cpu = {name: statistics.median(one for _wall, one in found) for name, found in times.items()}
    floor, wanted = FLOOR[connection.vendor]
    print(f"{connection.vendor}, {rows:,} rows, median of {rounds}")
    for name, told in (
        ("raw", "raw idempotent load"),
        ("first", "ours, first import"),
        ("again", "ours, same file again"),
    ):
        seconds = medians[name]
        print(f"  {told:24} {seconds:7.2f} s {rows / seconds:10,.0f} rows/s  {cpu[name]:6.2f} s CPU")
    print(f"  ours / raw: {medians['raw'] / medians['first']:.2f} (wanted {floor} or more, better {wanted})")
    print(f"  first / again: {medians['first'] / medians['again']:.2f} (wanted 1.5 or more)")


def peak() -> float:
    return int(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM"))) / 1024


def memory_of(rows: int) -> None:
    """In a child: import once, print the peak over what it had before."""
    folder = Path(FOLDER)
    path = folder / "rows.csv"
    write_csv(path, rows)
    small = folder / "small.csv"
    write_csv(small, 100)
    Ours(small).run()
    ours = Ours(path)
    ours.clear()
    before = peak()
    ours.run()
    print(f"{rows:>12,} rows: {peak() - before:6.1f} MB over start ({before:.0f} MB)")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--memory-rows", type=int, nargs="*", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--memory-of", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()

    scratch = connection.vendor == "postgresql"
    if scratch:
        connection.creation.create_test_db(verbosity=0, autoclobber=True)
    call_command("migrate", verbosity=0)
    try:
        if options.memory_of:
            memory_of(options.memory_of)
            return
        path = Path(FOLDER) / "rows.csv"
        write_csv(path, options.rows)
        race(path, options.rows, options.rounds)
    finally:
        if scratch:
            connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)
        shutil.rmtree(FOLDER, ignore_errors=True)
    for rows in options.memory_rows:
        subprocess.run([sys.executable, "-m", "benchmarks.imports", "--memory-of", str(rows)], check=True)


if __name__ == "__main__":
    main()

"""How pages and analyses grow with the history behind them.

    python -m benchmarks.growth [--series 1000] [--small 10] [--large 10000] [--rounds 20]
    DATABASE_URL=postgres://... python -m benchmarks.growth

The same 1,000 series, once with 10 observations each and once with 10,000 (ten million rows, made by the database itself):
the signal board and the page of one series are asked for in turn, as a supervisor; printed are the 95th percentile of the
server time on both, their ratio, the number of queries, and the weight of the series page with its chart. Then the
analysis end to end (read, compute, store) of a part of the series beside a raw cursor over the same rows, and once more
after one new observation in one series. Beside each time on the clock stands the processor time of this process: on a
machine that others use only that says something of the code (with PostgreSQL it leaves out the server's share). A database
of its own is made and dropped.
"""

import argparse
import gzip
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import django

FOLDER = tempfile.mkdtemp(prefix="cxreview-bench-")
os.environ["CXREVIEW_VAR"] = FOLDER
os.environ["CXREVIEW_LOG_LEVEL"] = "ERROR"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cxreview.settings")
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402

from metrics.analysing import analyse_series  # noqa: E402
from metrics.models import Analysis, Definition, Metric, Observation, Series, Signal  # noqa: E402
from teams import clock  # noqa: E402
from teams.models import Person, Role, Unit, Workspace  # noqa: E402

LAST_DAY = 739_700
BOARD_GOAL, END_TO_END_GOAL, ONE_DAY_GOAL, PAYLOAD_GOAL = 1.3, 1.5, 0.02, 60_000
TEAMS = 25


def make(series: int) -> tuple[Person, list[int]]:
    """A supervisor over 25 teams, and the series, without observations."""
    Workspace.objects.get_or_create(pk=1)
    top = Unit.objects.create(name="Bench Group", kind="organisation", path="/1/")
    Unit.objects.filter(pk=top.pk).update(path=f"/{top.pk}/")
    person = Person.objects.create_user("bench@example.org", "Bench Person", "a long enough password")
    Role.objects.create(person=person, unit=top, name="supervisor")
    teams = [Unit.objects.create(name=f"Team {place:02}", kind="team", parent=top, path="x") for place in range(TEAMS)]
    for team in teams:
        Unit.objects.filter(pk=team.pk).update(path=f"/{top.pk}/{team.pk}/")
    made = []
    for place in range(-(-series // TEAMS)):
        metric = Metric.objects.create(
            unit=top, name=f"Metric {place:03}", code=f"m{place}", direction=1, kind="score", period="day", measure="%"
        )
        Definition.objects.create(metric=metric, number=1, text="What it is.", at=clock.now())
        made += [Series(metric=metric, unit=team, first_day=LAST_DAY, last_day=LAST_DAY) for team in teams]
    Series.objects.bulk_create(made[:series])
    return person, list(Series.objects.order_by("pk").values_list("pk", flat=True))


def fill(each: int) -> None:
    """So many daily observations in every series, made by the database: a repeating wobble around 80."""
    table, series = Observation._meta.db_table, Series._meta.db_table
    numbers = f"WITH RECURSIVE days(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM days WHERE n < {each - 1})"
    # The latest value of each lies far outside, so that the board has the same rows to show, however long the history.
    wobble = "CASE WHEN n = 0 THEN 150.0 ELSE 80 + ((n * 7919 + s.id * 104729) % 1000) / 100.0 END"
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table}")
        cursor.execute(
            f"{numbers} INSERT INTO {table} (series_id, day, numerator, denominator, n, parts) "
            f"SELECT s.id, {LAST_DAY} - n, {wobble}, NULL, NULL, 0 FROM {series} s CROSS JOIN days"
        )
        cursor.execute("ANALYZE")


def analyse(series: list[int]) -> None:
    Signal.objects.all().delete()
    Analysis.objects.all().delete()
    for first in range(0, len(series), 100):
        analyse_series(series[first : first + 100])


class Asked(NamedTuple):
    """95th percentiles of the seconds on the clock and of the processor, queries, bytes of the page when compressed."""

    wall: float
    work: float
    queries: int
    weight: int


def asked(client: Client, address: str, rounds: int) -> Asked:
    client.get(address)
    asked_for: list[str] = []

    def count(execute: Any, sql: str, *rest: Any) -> Any:
        asked_for.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(count):
        answer: Any = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    times = zip(*(timed(lambda: client.get(address)) for _ in range(rounds)), strict=True)
    wall, work = (statistics.quantiles(of_one, n=20)[-1] for of_one in times)
    return Asked(wall, work, len(asked_for), len(gzip.compress(answer.content)))


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds on the clock and of the processor."""
    begun = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - begun[0], time.process_time() - begun[1]


def fetch(series: list[int]) -> None:
    """The same rows by a raw cursor."""
    names = "series_id, day, numerator, denominator, n, parts"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {names} FROM {Observation._meta.db_table} WHERE series_id BETWEEN %s AND %s ORDER BY series_id, day",
            [series[0], series[-1]],
        )
        cursor.fetchall()


def end_to_end(series: list[int], rounds: int) -> None:
    raw, ours = [], []
    for _ in range(rounds):
        raw.append(timed(lambda: fetch(series)))
        Analysis.objects.filter(series__in=series).delete()
        Signal.objects.filter(series__in=series).delete()
        ours.append(timed(lambda: analyse_series(series)))
    Observation.objects.create(series_id=series[0], day=LAST_DAY + 1, numerator=80.0)
    one = timed(lambda: analyse_series(series[:1]))
    rows = Observation.objects.filter(series__in=series).count()
    print(f"end to end, {len(series)} series, {rows:,} rows")
    for place, clock_of in enumerate(("on the clock", "processor")):
        all_of_it, cursor = (statistics.median(times[place] for times in found) for found in (ours, raw))
        print(f"  {clock_of}: {all_of_it:.2f} s, raw cursor {cursor:.2f} s")
        print(f"    ours / raw cursor            = {all_of_it / cursor:6.2f}   (wanted: at most {END_TO_END_GOAL:g})")
        print(f"    one series after one new day = {100 * one[place] / all_of_it:6.2f} % of all   "
              f"(wanted: at most {100 * ONE_DAY_GOAL:g} %)")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--series", type=int, default=1000)
    parser.add_argument("--small", type=int, default=10)
    parser.add_argument("--large", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=20)
    chosen = parser.parse_args()
    own = connection.vendor == "sqlite"  # in the folder of this run
    call_command("collectstatic", interactive=False, verbosity=0)
    if own:
        call_command("migrate", verbosity=0)
    else:
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        measure(chosen)
    finally:
        if not own:
            connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)
        shutil.rmtree(FOLDER, ignore_errors=True)


def measure(chosen: argparse.Namespace) -> None:
    person, series = make(chosen.series)
    client = Client(headers={"host": "localhost"})
    client.force_login(person)
    pages = {"board": "/signals", "series": f"/series/{series[0]}"}
    found: dict[tuple[str, int], Asked] = {}
    for each in (chosen.small, chosen.large):
        fill(each)
        analyse(series)
        for name, address in pages.items():
            found[name, each] = asked(client, address, chosen.rounds)
            one = found[name, each]
            print(f"{name:<6} {each * chosen.series:>12,} rows: p95 {1e3 * one.wall:7.1f} ms, processor "
                  f"{1e3 * one.work:7.1f} ms, {one.queries} queries, {one.weight:,} bytes compressed")  # fmt: skip
    for name in pages:
        small, large = found[name, chosen.small], found[name, chosen.large]
        goal = f"   (wanted: at most {BOARD_GOAL:g})" if name == "board" else ""
        print(f"  {name} large / small = {large.wall / small.wall:.2f}, processor {large.work / small.work:.2f}{goal}, "
              f"queries {small.queries} and {large.queries}")  # fmt: skip
    print(f"  weight of the series page with its chart: {found['series', chosen.large].weight:,} bytes   "
          f"(wanted: at most {PAYLOAD_GOAL:,} for 12 charts)")  # fmt: skip
    end_to_end(series[: max(1, min(len(series), 1_040_000 // chosen.large))], 3)


if __name__ == "__main__":
    call_command("check", verbosity=0)
    main()

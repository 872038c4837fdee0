"""How pages and analyses grow with the history behind them.

    python -m benchmarks.growth [--series 1000] [--sizes 10 1000 10000] [--rounds 20]
    DATABASE_URL=postgres://... python -m benchmarks.growth

The same 1,000 series, with 10, 1,000 and 10,000 observations each (ten million rows, made by the database itself): home,
the signal board and the page of one series are asked for in turn, as a supervisor, and the board as people of other roles
and scopes (a decision-maker, a lead of one team, one of ten teams, an administrator); printed are the 95th percentile of the
server time, its ratio to the smallest, the number of queries, and the weight of the page. Beside them, in the same run,
the first page of the changelist of an admin site over the same observations, whole (``benchmarks.changelist``, a process
and settings of its own: the product has no admin site). Then the analysis end to end (read,
compute, store) of a part of the series beside a raw cursor over the same rows, and once more after one new observation in
one series. Beside each time on the clock stands the processor time, of this process and of PostgreSQL's that serves it: on
a machine that others use only that says something of the code. A database of its own is made and dropped.
"""

import argparse
import gc
import gzip
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from functools import partial
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import django

FOLDER = tempfile.mkdtemp(prefix="cxreview-bench-")
os.environ["CXREVIEW_VAR"] = FOLDER
os.environ["CXREVIEW_LOG_LEVEL"] = "ERROR"
# Helpers of PostgreSQL would do work that is not counted in the process that serves us.
os.environ["PGOPTIONS"] = "-c max_parallel_workers_per_gather=0"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cxreview.settings")
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402

from benchmarks.timing import timed  # noqa: E402
from metrics.analysing import analyse_series, judge, organisations_of  # noqa: E402
from metrics.models import Analysis, Definition, Metric, Observation, Series, Signal  # noqa: E402
from teams import clock  # noqa: E402
from teams.models import Person, Role, Unit, Workspace  # noqa: E402

LAST_DAY = 739_700
BOARD_GOAL, END_TO_END_GOAL, ONE_DAY_GOAL, PAYLOAD_GOAL = 1.3, 1.5, 0.02, 60_000
TEAMS = 25
# Who looks: their role, and in how many teams (0 = in the whole organisation).
SCOPES = {
    "supervisor": ("supervisor", 0),
    "decision-maker": ("decision_maker", 0),
    "lead": ("team_lead", 1),
    "lead of ten": ("team_lead", 10),
    "administrator": ("administrator", 0),
}
PRIMES = (1009, 997, 991, 983)


def make(series: int) -> tuple[dict[str, Person], list[int]]:
    """People over 25 teams or some of them, and the series, without observations."""
    Workspace.objects.get_or_create(pk=1)
    top = Unit.objects.create(name="Bench Group", kind="organisation", path="/1/")
    Unit.objects.filter(pk=top.pk).update(path=f"/{top.pk}/")
    teams = [Unit.objects.create(name=f"Team {place:02}", kind="team", parent=top, path="x") for place in range(TEAMS)]
    for team in teams:
        Unit.objects.filter(pk=team.pk).update(path=f"/{top.pk}/{team.pk}/")
    people = {
        name: Person.objects.create_user(
            f"{name.replace(' ', '.')}@example.org", f"Bench {name}", "a long enough password"
        )
        for name in SCOPES
    }
    for name, (role, reach) in SCOPES.items():
        for unit in teams[:reach] if reach else [top]:
            Role.objects.create(person=people[name], unit=unit, name=role)
    made = []
    for place in range(-(-series // TEAMS)):
        metric = Metric.objects.create(
            unit=top, name=f"Metric {place:03}", code=f"m{place}", direction=1, kind="score", period="day", measure="%"
        )
        if metric.pk % 2 == 0:
            Metric.objects.filter(pk=metric.pk).update(kind="proportion", scale=100.0)
        Definition.objects.create(metric=metric, number=1, text="What it is.", at=clock.now())
        made += [Series(metric=metric, unit=team, first_day=LAST_DAY, last_day=LAST_DAY) for team in teams]
    Series.objects.bulk_create(made[:series])
    return people, list(Series.objects.order_by("pk").values_list("pk", flat=True))


def fill(each: int) -> None:
    """So many daily observations in every series, made by the database: noise around 80 %, of every second metric with
    what was counted (the sum of cubic residues of four primes: as many points are marked as in normal noise)."""
    table, series = Observation._meta.db_table, Series._meta.db_table
    numbers = f"WITH RECURSIVE days(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM days WHERE n < {each - 1})"
    x = "(CAST(n AS bigint) + 37 * s.id)"
    noise = " + ".join(f"(({x} * {x} * {x} + {k} * {x} * s.id) % {p}) / {p}.0" for k, p in enumerate(PRIMES, 1))
    # The latest value of each lies outside, so that the board has the same rows to show, however long the history.
    value = f"CASE WHEN n = 0 THEN 99.5 ELSE 80 + 8 * ({noise} - 2) END"
    counted = "s.metric_id % 2 = 0"
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table}")
        cursor.execute(
            f"{numbers} INSERT INTO {table} (series_id, day, numerator, denominator, n, parts) "
            f"SELECT s.id, {LAST_DAY} - n, CASE WHEN {counted} THEN ROUND(2 * ({value})) ELSE {value} END, "
            f"CASE WHEN {counted} THEN 200.0 END, NULL, 0 FROM {series} s CROSS JOIN days"
        )
        # As PostgreSQL does by itself in a database that is in use.
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def analyse(series: list[int]) -> None:
    Signal.objects.all().delete()
    Analysis.objects.all().delete()
    for first in range(0, len(series), 100):
        analyse_series(series[first : first + 100])


class Asked(NamedTuple):
    """95th percentiles of the seconds on the clock and of the processor, the least of the latter, queries, bytes of the
    page when compressed."""

    wall: float
    work: float
    least: float
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
    # As cxreview/wsgi.py does in the web process, in which the worker's modules of this one would not even lie.
    gc.collect()
    gc.freeze()
    walls, works = zip(*(timed(lambda: client.get(address)) for _ in range(rounds)), strict=True)
    wall, work = (statistics.quantiles(of_one, n=20)[-1] for of_one in (walls, works))
    return Asked(wall, work, min(works), len(asked_for), len(gzip.compress(answer.content)))


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
    news = []
    for place, touched in enumerate(series[:5]):
        last = Observation.objects.filter(series=touched).order_by("day").last()
        assert last is not None
        Observation.objects.create(
            series_id=touched, day=LAST_DAY + 1, numerator=last.numerator - 5, denominator=last.denominator, parts=0
        )
        news.append(timed(partial(analyse_series, series[place : place + 1])))
    one = tuple(statistics.median(times) for times in zip(*news, strict=True))
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
    parser.add_argument("--sizes", type=int, nargs="+", default=[10, 1000, 10_000])
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


def changelists(rounds: int) -> dict[str, tuple[float, float]]:
    """Medians of the seconds of each changelist of ``benchmarks.changelist``, on the clock and of the processor."""
    connection.close()
    url, name = os.environ.get("DATABASE_URL"), connection.settings_dict["NAME"]
    place = {"DATABASE_URL": urlsplit(url)._replace(path=f"/{name}").geturl()} if url else {}
    command = [sys.executable, "-m", "benchmarks.changelist", "--rounds", str(rounds)]
    answer = subprocess.run(command, env={**os.environ, **place}, check=True, stdout=subprocess.PIPE, text=True)
    found = {}
    for line in answer.stdout.splitlines():
        one = json.loads(line)
        wall, work = (statistics.median(of_one) for of_one in zip(*one["times"], strict=True))
        found[one["name"]] = wall, work
        print(f"  changelist, {one['name']}: {1e3 * wall:,.1f} ms, processor {1e3 * work:,.1f} ms, "
              f"{one['queries']} queries", flush=True)  # fmt: skip
    return found


def measure(chosen: argparse.Namespace) -> None:
    people, series = make(chosen.series)
    clients = {name: Client(headers={"host": "localhost"}) for name in people}
    for name, client in clients.items():
        client.force_login(people[name])
    pages = {"home": ("supervisor", "/"), "board": ("supervisor", "/signals"),
             "series": ("supervisor", f"/series/{series[0]}"),
             **{f"board, {name}": (name, "/signals") for name in SCOPES if name != "supervisor"}}  # fmt: skip
    found: dict[tuple[str, int], Asked] = {}
    for each in chosen.sizes:
        fill(each)
        analyse(series)
        judge(organisations_of(series))
        print(f"{each * chosen.series:,} rows", flush=True)
        lists = changelists(3)
        for name, (who, address) in pages.items():
            one = found[name, each] = asked(clients[who], address, chosen.rounds)
            base = found[name, chosen.sizes[0]]
            print(f"  {name:<22} p95 {1e3 * one.wall:7.1f} ms, processor {1e3 * one.work:7.1f} (least {1e3 * one.least:.1f}), "
                  f"{one.queries} queries, {one.weight:,} bytes compressed; "
                  f"of the smallest {one.wall / base.wall:.2f}, processor {one.work / base.work:.2f} "
                  f"(least {one.least / base.least:.2f})", flush=True)  # fmt: skip
            told = ", ".join(
                f"{of} 1/{work / one.work:.0f} (least 1/{work / one.least:.0f})" for of, (_, work) in lists.items()
            )
            print(f"         of the changelist, processor: {told}", flush=True)
    print(f"wanted of the board: at most {BOARD_GOAL:g} of the smallest; of pages: 150 ms, 1/50 of a changelist at 1 million "
          f"and 1/150 at 10 million rows; of the series page {PAYLOAD_GOAL:,} bytes for 12 charts")  # fmt: skip
    end_to_end(series[: max(1, min(len(series), 1_040_000 // chosen.sizes[-1]))], 5)


if __name__ == "__main__":
    call_command("check", verbosity=0)
    main()

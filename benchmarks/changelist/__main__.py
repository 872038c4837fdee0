"""Ask for the changelists over the database of ``benchmarks.growth``, which calls this; a line of JSON for each."""

import argparse
import gc
import json
import os
from typing import Any

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.changelist.settings"
django.setup()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402

from benchmarks.changelist.models import Dated  # noqa: E402
from benchmarks.changelist.site import ADDRESSES  # noqa: E402
from benchmarks.timing import timed  # noqa: E402


def copy() -> None:
    """The observations once more, with dates."""
    day = (
        "DATE '0001-01-01' + (day - 1)"
        if connection.vendor == "postgresql"
        else "date('0001-01-01', (day - 1) || ' days')"
    )
    with connection.schema_editor() as editor:
        editor.create_model(Dated)
    names = "numerator, denominator, n, parts"
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO changelist_dated (series_id, day, {names}) SELECT series_id, {day}, {names}"
            " FROM metrics_observation ORDER BY id"
        )
        cursor.execute("ANALYZE")


def ask(client: Client, name: str, rounds: int) -> dict[str, Any]:
    queries: list[str] = []

    def note(execute: Any, sql: str, *rest: Any) -> Any:
        queries.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        answer: Any = client.get(ADDRESSES[name])
    assert answer.status_code == 200 and len(answer.context_data["cl"].result_list) == 100, (name, answer.status_code)
    gc.collect()
    gc.freeze()
    times = [timed(lambda: client.get(ADDRESSES[name])) for _ in range(rounds)]
    return {"name": name, "queries": len(queries), "times": times}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    copy()
    try:
        client = Client(headers={"host": "localhost"})
        for name in ADDRESSES:
            print(json.dumps(ask(client, name, rounds)), flush=True)
    finally:
        with connection.schema_editor() as editor:
            editor.delete_model(Dated)


if __name__ == "__main__":
    main()

"""The database as files in a folder and back: SQLite by its backup API, PostgreSQL by COPY from one snapshot."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from jobs.models import Beat

SQLITE_FILE = "database.sqlite3"
MEGABYTE = 1024 * 1024


def dump(folder: Path) -> dict[str, Any]:
    """Write a consistent state into ``folder``; others may go on writing. Returns what ``load`` needs to know."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with contextlib.closing(sqlite3.connect(folder / SQLITE_FILE)) as target:
            # All pages in one go, from one read transaction; in WAL mode nobody waits for it.
            connection.connection.backup(target)
        return {"engine": "sqlite"}
    return {"engine": "postgresql", **_copy_out(folder)}


def _copy_out(folder: Path) -> dict[str, Any]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        migrations = _migrations()
        tables = {}
        for name in _tables():
            columns = [column.name for column in connection.introspection.get_table_description(cursor, name)]
            tables[name] = columns
            with open(folder / f"{name}.copy", "wb") as file, cursor.copy(_copy(name, columns, "TO STDOUT")) as out:
                for data in out:
                    file.write(data)
    return {"tables": tables, "migrations": migrations}


def _tables() -> list[str]:
    """Every table but the record of migrations: that one is written by migrating."""
    names = set(connection.introspection.table_names()) - {MigrationRecorder.Migration._meta.db_table}
    return sorted(names)


def _copy(table: str, columns: list[str], direction: str) -> str:
    quoted = ", ".join(connection.ops.quote_name(column) for column in columns)
    return f"COPY {connection.ops.quote_name(table)} ({quoted}) {direction}"


def _migrations() -> dict[str, str]:
    """The last migration of each app."""
    applied = MigrationRecorder(connection).applied_migrations()
    return dict(sorted(applied))


def load(folder: Path, facts: dict[str, Any]) -> None:
    """Put the state in ``folder`` in the place of whatever is there, then migrate it to this version.

    Raises ValueError where it comes from the other kind of database.
    """
    if facts["engine"] != connection.vendor:
        raise ValueError(f"the backup is of {facts['engine']}, this installation uses {connection.vendor}")
    if connection.vendor == "sqlite":
        _replace_file(folder / SQLITE_FILE)
    else:
        _copy_in(folder, facts)
    call_command("migrate", interactive=False, verbosity=0)
    # Signs of life of another place and time.
    Beat.objects.all().delete()


def _replace_file(new: Path) -> None:
    place = Path(connection.settings_dict["NAME"])
    connection.close()
    place.parent.mkdir(parents=True, exist_ok=True)
    beside = place.with_name(place.name + ".restoring")
    shutil.copyfile(new, beside)
    for ending in ("", "-wal", "-shm"):
        old = place.with_name(place.name + ending)
        # A write-ahead log of the old file beside the new one would spoil it; the old state is kept, whole.
        if old.exists():
            os.replace(old, place.with_name(f"{place.name}.before-restore{ending}"))
    os.replace(beside, place)


def _copy_in(folder: Path, facts: dict[str, Any]) -> None:
    call_command("migrate", interactive=False, verbosity=0)
    _go_to(facts["migrations"])
    with transaction.atomic(), connection.cursor() as cursor:
        names = ", ".join(connection.ops.quote_name(name) for name in _tables())
        cursor.execute(f"TRUNCATE {names} CASCADE")
        for name, columns in facts["tables"].items():
            with open(folder / f"{name}.copy", "rb") as file, cursor.copy(_copy(name, columns, "FROM STDIN")) as into:
                while data := file.read(MEGABYTE):
                    into.write(data)
        models = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)


def _go_to(migrations: dict[str, str]) -> None:
    """Migrate back to the state that the backup was made in, where it is an older one."""
    for app, name in migrations.items():
        if _migrations().get(app) != name:
            call_command("migrate", app, name, interactive=False, verbosity=0)


def is_empty() -> bool:
    """Whether nobody has worked here yet: no tables, or no person, no unit and no trail."""
    there = set(connection.introspection.table_names())
    for name in ("Person", "Unit", "TrailEntry"):
        model = apps.get_model("teams", name)
        if model._meta.db_table in there and model._default_manager.exists():
            return False
    return True

"""On PostgreSQL the index of days holds the numbers too: the rows of one series lie in as many pages of the table as it has
days, and an analysis of it looked up each of them. SQLite knows no such index and needs none."""

from django.db import migrations

TABLE, NAME = "metrics_observation", "observation_once"


def _make(editor, columns):
    if editor.connection.vendor == "postgresql":
        editor.execute(f"ALTER TABLE {TABLE} DROP CONSTRAINT {NAME}")
        editor.execute(f"ALTER TABLE {TABLE} ADD CONSTRAINT {NAME} UNIQUE (series_id, day){columns}")


def hold(_apps, editor):
    _make(editor, " INCLUDE (numerator, denominator, n)")


def leave(_apps, editor):
    _make(editor, "")


class Migration(migrations.Migration):
    dependencies = [("metrics", "0017_leave_points_unpressed")]

    operations = [migrations.RunPython(hold, leave, elidable=False)]

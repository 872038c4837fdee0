from django.db import migrations


def leave_unpressed(apps, schema_editor):
    # As with blocks (0004): trying to press the points of an analysis took three times as long as writing them.
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE metrics_analysispoints ALTER COLUMN content SET STORAGE EXTERNAL")


class Migration(migrations.Migration):

    dependencies = [
        ("metrics", "0016_end_targets"),
    ]

    operations = [
        migrations.RunPython(leave_unpressed, migrations.RunPython.noop),
    ]

from django.db import migrations


def leave_unpressed(apps, schema_editor):
    # Numbers in binary hardly shrink, and pressing them would take longer than writing them.
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE metrics_block ALTER COLUMN content SET STORAGE EXTERNAL")


class Migration(migrations.Migration):

    dependencies = [
        ("metrics", "0003_keep_each_series_once"),
    ]

    operations = [
        migrations.RunPython(leave_unpressed, migrations.RunPython.noop),
    ]

"""One locked row per account, device or source in place of one row per guess; what was counted may be forgotten."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("teams", "0001_nouns"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="trailentry",
            options={"base_manager_name": "objects", "ordering": ["-number"]},
        ),
        migrations.AlterModelOptions(
            name="person",
            options={"ordering": ["name", "id"], "verbose_name": "person", "verbose_name_plural": "people"},
        ),
        migrations.AlterModelOptions(
            name="role", options={"verbose_name": "role", "verbose_name_plural": "roles"}
        ),
        migrations.AlterModelOptions(
            name="standin", options={"verbose_name": "stand-in", "verbose_name_plural": "stand-ins"}
        ),
        migrations.AlterModelOptions(
            name="unit",
            options={"ordering": ["path"], "verbose_name": "unit", "verbose_name_plural": "units"},
        ),
        migrations.DeleteModel(name="SignInAttempt"),
        migrations.CreateModel(
            name="SignInAttempt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=80, unique=True)),
                ("times", models.JSONField(default=list)),
                ("at", models.DateTimeField(db_index=True)),
            ],
        ),
    ]

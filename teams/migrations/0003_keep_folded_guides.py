"""Which guidance a person has folded."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("teams", "0002_count_guesses_per_key")]

    operations = [
        migrations.AddField("person", "folded_guides", models.JSONField(default=list, editable=False)),
    ]

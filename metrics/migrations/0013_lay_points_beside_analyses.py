import django.db.models.deletion
from django.db import migrations, models

from metrics.trends import cut

SPARK_POINTS = 52
SLICE = 200


def lay_beside(apps, schema_editor):
    """Nothing is computed anew: the packed points move, and their last 52 are copied out of them."""
    analysis, beside = apps.get_model("metrics", "Analysis"), apps.get_model("metrics", "AnalysisPoints")
    last = 0
    while rows := list(analysis.objects.filter(pk__gt=last).order_by("pk").values_list("pk", "points")[:SLICE]):
        beside.objects.bulk_create(
            [beside(pk=pk, tail=cut(bytes(points), SPARK_POINTS), content=bytes(points)) for pk, points in rows]
        )
        last = rows[-1][0]


def lay_back(apps, schema_editor):
    analysis, beside = apps.get_model("metrics", "Analysis"), apps.get_model("metrics", "AnalysisPoints")
    for pk, content in beside.objects.order_by("pk").values_list("pk", "content").iterator(SLICE):
        analysis.objects.filter(pk=pk).update(points=bytes(content))


class Migration(migrations.Migration):

    dependencies = [
        ('metrics', '0012_ask_about_signals'),
    ]

    operations = [
        migrations.CreateModel(
            name='AnalysisPoints',
            fields=[
                ('analysis', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='drawn', serialize=False, to='metrics.analysis')),
                ('tail', models.BinaryField()),
                ('content', models.BinaryField()),
            ],
            options={
                'verbose_name_plural': 'points of analyses',
            },
        ),
        # Only for the way back: the column comes again empty, before the points are laid into it.
        migrations.AlterField(model_name='analysis', name='points', field=models.BinaryField(null=True)),
        migrations.RunPython(lay_beside, lay_back),
        migrations.RemoveField(
            model_name='analysis',
            name='points',
        ),
    ]

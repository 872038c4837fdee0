"""The same observations with a date: the product keeps days as numbers, on which ``date_hierarchy`` is not possible."""

from django.db import models

from metrics.models import Series


class Dated(models.Model):
    series = models.ForeignKey(Series, models.CASCADE, related_name="+", db_index=False, db_constraint=False)
    # The index makes the yardstick faster, not slower.
    day = models.DateField(db_index=True)
    numerator = models.FloatField()
    denominator = models.FloatField(null=True)
    n = models.BigIntegerField(null=True)
    parts = models.IntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["series", "day"], name="dated_once")]

    def __str__(self) -> str:
        return str(self.pk)

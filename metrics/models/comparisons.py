"""Before and after: the reading of a change in a series, stored with what it was computed from."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from metrics.models.metrics import Series
from teams.models import Person


class Comparison(models.Model):
    """The points up to ``until`` against those from ``day`` on; what lies between belongs to neither.

    ``thing_kind`` and ``thing_id`` name the action that it follows (empty: a person asked for the date). ``facts`` are
    those of ``metrics.trends.effect`` as plain JSON, empty until computed.
    """

    series = models.ForeignKey(Series, models.CASCADE, related_name="comparisons")
    until = models.DateField()
    day = models.DateField(_("first day after the change"))
    label = models.CharField(_("what changed"), max_length=80)
    against = models.ForeignKey(
        Series, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("comparison series")
    )
    needed = models.PositiveSmallIntegerField(default=7)
    # Days (ordinals) of the points for whose sake the change was made: left out of the baseline.
    reason_days = models.JSONField(default=list)
    thing_kind = models.CharField(max_length=60, blank=True, default="")
    thing_id = models.CharField(max_length=40, blank=True, default="")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    inputs_hash = models.CharField(max_length=64, blank=True, default="")
    facts = models.JSONField(default=dict)
    computed_at = models.DateTimeField(null=True)

    unit_path: ClassVar[str] = "series__unit"
    view: ClassVar[str] = "metrics.view"

    class Meta:
        ordering = ["-day", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(until__lt=models.F("day")), name="comparison_before_then_after"),
            models.CheckConstraint(
                condition=Q(against__isnull=True) | ~Q(against=models.F("series")), name="comparison_with_another"
            ),
            models.UniqueConstraint(
                fields=["thing_kind", "thing_id"], condition=~Q(thing_id=""), name="comparison_once_per_thing"
            ),
            models.UniqueConstraint(fields=["series", "day"], condition=Q(thing_id=""), name="comparison_once_per_day"),
        ]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        return reverse("comparison", args=[self.pk])


class Dismissal(models.Model):
    """Somebody's word that a proposed change point is none. It holds while the values it was spoken on are the same.

    Days are proleptic ordinals: the proposal lay within ``first_day`` to ``last_day``; ``values_hash`` covers the values
    of ``since`` to ``until``.
    """

    series = models.ForeignKey(Series, models.CASCADE, related_name="dismissals")
    first_day = models.IntegerField()
    last_day = models.IntegerField()
    since = models.IntegerField()
    until = models.IntegerField()
    values_hash = models.CharField(max_length=64)
    word = models.TextField(_("why it is none"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    unit_path: ClassVar[str] = "series__unit"
    view: ClassVar[str] = "metrics.view"

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [models.CheckConstraint(condition=~Q(word=""), name="dismissal_says_why")]

    def __str__(self) -> str:
        return f"{self.series_id} {self.first_day}"

    def get_absolute_url(self) -> str:
        return reverse("series", args=[self.series_id])

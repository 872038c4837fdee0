"""Comparisons that the worker computed and pages render; and which metrics are answers to a survey."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from metrics.models.metrics import Metric, Series
from teams.models import Person, Unit


class Study(models.Model):
    """One question over a set of series, with its stored answer. ``key`` is a hash of the question and of the very
    series it is asked of: two people with different scope ask different studies, so no answer holds what its reader
    may not see. ``stamp`` says which data the answer was computed from; another stamp now means that it is stale.
    """

    class Kind(models.TextChoices):
        GROUPS = "groups", _("groups side by side")
        GAP = "gap", _("a difference in time")
        CORRELATION = "correlation", _("two metrics side by side")
        MIX = "mix", _("change of a total by its parts")

    kind = models.CharField(max_length=12, choices=Kind.choices)
    key = models.CharField(max_length=64, unique=True)
    question = models.JSONField(default=dict)
    series = models.JSONField(default=list)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    # The total whose parts are looked at (mix only).
    total = models.ForeignKey(Series, models.CASCADE, null=True, related_name="+")
    stamp = models.CharField(max_length=64, blank=True, default="")
    facts = models.JSONField(null=True)
    asked_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField()
    computed_at = models.DateTimeField(null=True)

    unit_path: ClassVar[str] = "unit"
    view: ClassVar[str] = "metrics.view"

    class Meta:
        verbose_name_plural = "studies"

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"


class Survey(models.Model):
    """Says that the values of a metric are answers of customers who were asked, so that each has an interval.

    ``asked`` counts the people asked, ``promoters`` the 9s and 10s, ``spread`` is the standard deviation of the
    answers: metrics of the same place and period, where the data have them.
    """

    class Kind(models.TextChoices):
        SHARE = "share", _("share of satisfied answers (CSAT)")
        PROMOTERS = "promoters", _("net promoter score (NPS)")
        MEAN = "mean", _("mean of answers on a scale (CES, ratings)")

    class Weighted(models.TextChoices):
        NO = "no", _("not weighted")
        YES = "yes", _("weighted")
        UNKNOWN = "unknown", _("nobody has said whether it is weighted")

    metric = models.OneToOneField(Metric, models.CASCADE, related_name="survey")
    kind = models.CharField(_("kind of survey"), max_length=10, choices=Kind.choices)
    weighted = models.CharField(_("weighting"), max_length=8, choices=Weighted.choices, default=Weighted.UNKNOWN)
    asked = models.ForeignKey(Metric, models.PROTECT, null=True, blank=True, related_name="+")
    promoters = models.ForeignKey(Metric, models.PROTECT, null=True, blank=True, related_name="+")
    spread = models.ForeignKey(Metric, models.PROTECT, null=True, blank=True, related_name="+")

    unit_path: ClassVar[str] = "metric__unit"
    reach: ClassVar[str] = "line"
    view: ClassVar[str] = "metrics.view"

    def __str__(self) -> str:
        return f"{self.metric} {self.kind}"


class Certainty(models.Model):
    """How sure each point of a survey's series is: packed columns day, low, high, n, asked (metrics.blocks), in the
    metric's unit, nan where not known. Computed by the worker with the analysis; page, chart and export read it."""

    series = models.OneToOneField(Series, models.CASCADE, related_name="+")
    content = models.BinaryField()
    # widest: the interval of the points rests on the widest split of the answers; from_series: on the movement.
    basis = models.CharField(max_length=16, default="")

    unit_path: ClassVar[str] = "series__unit"
    view: ClassVar[str] = "metrics.view"

    def __str__(self) -> str:
        return f"{self.series_id} {self.basis}"


class Agreement(models.Model):
    """How far the people who score the same contacts agree, for the series that charts it: the ``statistic`` that fits
    and why (``metrics.trends.raters``), each of the ``periods`` with its interval, how many contacts, scorings and
    people, and the ``whole`` of them. Computed by the worker from the scorings; page and comparison read it."""

    series = models.OneToOneField(Series, models.CASCADE, related_name="+")
    facts = models.JSONField(default=dict)

    unit_path: ClassVar[str] = "series__unit"
    view: ClassVar[str] = "metrics.view"

    def __str__(self) -> str:
        return f"{self.series_id} {self.facts.get('statistic', '')}"

"""What is under review (steps in order, and features) and how each is judged."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from processes.models import Feature, Step
from reviews import states
from reviews.models.plan import Criterion, Review
from teams.models import Person, Versioned


class Subject(models.Model):
    """A step or a feature under review."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="subjects")
    position = models.PositiveSmallIntegerField(default=0)
    step = models.ForeignKey(Step, models.PROTECT, null=True, blank=True, related_name="+")
    feature = models.ForeignKey(Feature, models.PROTECT, null=True, blank=True, related_name="+")

    unit_path: ClassVar[str] = "review__unit"
    view: ClassVar[str] = "reviews.view"
    named = Criterion.named

    class Meta:
        ordering = ["review", "position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(step__isnull=False, feature__isnull=True) | Q(step__isnull=True, feature__isnull=False),
                name="subject_is_a_step_or_a_feature",
            ),
            models.UniqueConstraint(
                fields=["review", "step"], condition=Q(step__isnull=False), name="subject_step_once"
            ),
            models.UniqueConstraint(
                fields=["review", "feature"], condition=Q(feature__isnull=False), name="subject_feature_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.step or self.feature)

    def get_absolute_url(self) -> str:
        return reverse("step", args=[self.pk])


class Judgement(Versioned):
    """One subject judged in one respect: met / partly / not met / not enough evidence."""

    class Respect(models.TextChoices):
        SATISFACTION = states.SATISFACTION, _("satisfaction")
        COST = states.COST, _("cost")
        COMPLIANCE = states.COMPLIANCE, _("compliance")

    class Rating(models.TextChoices):
        MET = states.MET, _("met")
        PARTLY = states.PARTLY, _("partly met")
        NOT_MET = states.NOT_MET, _("not met")
        NOT_ENOUGH = states.NOT_ENOUGH, _("not enough evidence")

    class Confidence(models.TextChoices):
        LOW = "low", _("low")
        MEDIUM = "medium", _("medium")
        HIGH = "high", _("high")

    subject = models.ForeignKey(Subject, models.CASCADE, related_name="judgements")
    respect = models.CharField(_("respect"), max_length=12, choices=Respect.choices)
    rating = models.CharField(_("judgement"), max_length=10, choices=Rating.choices)
    why = models.TextField(_("why, from which evidence"), blank=True)
    confidence = models.CharField(_("confidence"), max_length=6, choices=Confidence.choices)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    unit_path: ClassVar[str] = "subject__review__unit"
    view: ClassVar[str] = "reviews.view"
    named: ClassVar[dict[str, tuple[str, ...]]] = {
        "subject__review__decision_maker": ("reviews.view",),
        "subject__review__supervisor": ("reviews.view",),
    }

    class Meta:
        ordering = ["subject", "respect"]
        constraints = [models.UniqueConstraint(fields=["subject", "respect"], name="judgement_once")]

    def __str__(self) -> str:
        return f"{self.subject} {self.respect}: {self.rating}"

    def get_absolute_url(self) -> str:
        return f"{reverse('step', args=[self.subject_id])}#{self.respect}"

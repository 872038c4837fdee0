"""Findings with their evidence, and conclusions held against the criteria."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from reviews import states
from reviews.models.judging import Judgement, Subject
from reviews.models.plan import Criterion, Review
from teams.models import Person, Versioned


class Finding(Versioned):
    """What was found: condition, effect, cause; a strength or a fault."""

    class State(models.TextChoices):
        DRAFT = states.DRAFT, _("draft")
        AGREED = states.FINDING_AGREED, _("agreed")
        ADDRESSED = states.ADDRESSED, _("addressed")
        MERGED = states.MERGED, _("merged")

    class Sort(models.TextChoices):
        FAULT = "fault", _("fault")
        STRENGTH = "strength", _("strength")

    review = models.ForeignKey(Review, models.CASCADE, related_name="findings")
    title = models.CharField(_("finding"), max_length=200)
    sort = models.CharField(_("strength or fault"), max_length=8, choices=Sort.choices, default=Sort.FAULT)
    condition = models.TextField(_("what was found"), blank=True)
    effect = models.TextField(_("effect"), blank=True)
    cause = models.TextField(_("cause"), blank=True)
    confidence = models.CharField(
        _("confidence"),
        max_length=6,
        choices=Judgement.Confidence.choices,
        default=Judgement.Confidence.MEDIUM,
    )
    criterion = models.ForeignKey(Criterion, models.PROTECT, null=True, blank=True, related_name="findings")
    subject = models.ForeignKey(Subject, models.PROTECT, null=True, blank=True, related_name="findings")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    # Why an agreed finding has neither recommendation nor action.
    reason_for_none = models.TextField(blank=True, default="", editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    unit_path: ClassVar[str] = "review__unit"
    view: ClassVar[str] = "reviews.view"
    named = Criterion.named

    class Meta:
        ordering = ["review", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=states.MERGED, merged_into__isnull=False)
                | (~Q(state=states.MERGED) & Q(merged_into__isnull=True)),
                name="finding_merged_into_one",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("finding", args=[self.pk])


class Evidence(models.Model):
    """What a finding, a judgement or a conclusion rests on: a registered kind and the facts frozen when it was linked.

    Kinds are registered in ``reviews/evidence.py`` (point, signal, judgement, answer, note …), so that scorecards and
    feedback can join later.
    """

    review = models.ForeignKey(Review, models.CASCADE, related_name="evidence")
    kind = models.CharField(max_length=30)
    thing_id = models.CharField(max_length=40, blank=True)
    facts = models.JSONField(default=dict)
    note = models.TextField(_("note"), blank=True)
    finding = models.ForeignKey(Finding, models.CASCADE, null=True, blank=True, related_name="evidence")
    judgement = models.ForeignKey(Judgement, models.CASCADE, null=True, blank=True, related_name="evidence")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    unit_path: ClassVar[str] = "review__unit"
    view: ClassVar[str] = "reviews.view"
    named = Criterion.named

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "evidence"
        constraints = [
            models.CheckConstraint(
                condition=Q(finding__isnull=False) | Q(judgement__isnull=False),
                name="evidence_belongs_somewhere",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.thing_id}"


class Conclusion(Versioned):
    """One criterion concluded: the rule's result from the stored analysis beside the reviewer's judgement."""

    criterion = models.OneToOneField(Criterion, models.CASCADE, related_name="conclusion")
    rule_result = models.CharField(max_length=10, choices=Judgement.Rating.choices)
    rule_facts = models.JSONField(default=dict)
    rating = models.CharField(_("judgement"), max_length=10, choices=Judgement.Rating.choices)
    why_different = models.TextField(_("why it differs from the rule"), blank=True)
    why = models.TextField(_("why"), blank=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    unit_path: ClassVar[str] = "criterion__review__unit"
    view: ClassVar[str] = "reviews.view"
    named: ClassVar[dict[str, tuple[str, ...]]] = {
        "criterion__review__decision_maker": ("reviews.view",),
        "criterion__review__supervisor": ("reviews.view",),
    }

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(rating=models.F("rule_result")) | Q(rule_result=states.NOT_ENOUGH) | ~Q(why_different=""),
                name="conclusion_says_why_it_differs",
            )
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.rating}"

    def get_absolute_url(self) -> str:
        return reverse("conclusion", args=[self.criterion_id])

"""SMART actions, from an approved recommendation to an outcome read by somebody who is not the owner."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from improvements import states
from improvements.models.decisions import Submission
from improvements.models.recommendations import Recommendation
from metrics.models import Series
from processes.models import Step
from reviews.models import Criterion, Finding
from teams.models import Person, StoredFile, Unit, Versioned


class Action(Versioned):
    class State(models.TextChoices):
        PROPOSED = states.PROPOSED, _("proposed")
        APPROVED = states.ACTION_APPROVED, _("approved")
        IN_PROGRESS = states.IN_PROGRESS, _("in progress")
        DONE = states.DONE, _("done")
        EFFECTIVE = states.EFFECTIVE, _("effective")
        NOT_EFFECTIVE = states.NOT_EFFECTIVE, _("not effective")
        SUSTAINED = states.SUSTAINED, _("sustained")
        LAPSED = states.LAPSED, _("lapsed")
        CANCELLED = states.CANCELLED, _("cancelled")

    class Kind(models.TextChoices):
        BRIEF = "brief", _("brief")
        TRAIN = "train", _("train")
        RESOURCE = "resource", _("change resources")
        RETARGET = "retarget", _("change a target")
        STEP = "step", _("change a step")
        HOLD = "hold", _("hold a level")

    class Rule(models.TextChoices):
        IMPROVES = (
            "improves",
            _("a shift to the better on the control chart, and the mean on the right side of the target"),
        )
        HOLDS = "holds", _("no signal to the worse, and the mean on the right side of the target")

    recommendation = models.ForeignKey(Recommendation, models.PROTECT, related_name="actions")
    submission = models.ForeignKey(Submission, models.PROTECT, null=True, related_name="actions")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("team"))
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices, default=Kind.STEP)
    what = models.CharField(_("what will be done"), max_length=300)
    step = models.ForeignKey(Step, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("step"))
    owner = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("owner"))
    series = models.ForeignKey(
        Series, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("metric")
    )
    # Filled from the stored analysis, never typed: {"mean", "lower", "upper", "n", "last_day", "analysis_hash"}.
    baseline = models.JSONField(default=dict, editable=False)
    baseline_mean = models.FloatField(null=True, editable=False)
    target = models.FloatField(_("target"), null=True, blank=True)
    rule = models.CharField(_("counted by"), max_length=8, choices=Rule.choices, default=Rule.IMPROVES)
    due_on = models.DateField(_("due date"))
    hours = models.DecimalField(_("hours needed"), max_digits=7, decimal_places=1, null=True, blank=True)
    beyond_best_reason = models.TextField(_("why a target beyond the best ever is right"), blank=True)
    findings = models.ManyToManyField(Finding, related_name="actions", verbose_name=_("findings"))
    criteria = models.ManyToManyField(Criterion, related_name="actions", verbose_name=_("criteria"))
    # The plan of verification, required when approved.
    verifier = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("verified by")
    )
    needed_points = models.PositiveSmallIntegerField(
        _("points needed afterwards"), default=7, validators=[MaxValueValidator(1000)]
    )
    check_on = models.DateField(_("outcome read on"), null=True, blank=True)
    state = models.CharField(max_length=13, choices=State.choices, default=State.PROPOSED)
    author = models.ForeignKey(Person, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(editable=False)
    started_on = models.DateField(null=True, editable=False)
    done_on = models.DateField(null=True, editable=False)
    proof = models.TextField(_("proof"), blank=True)
    proof_file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    follows = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    cancelled_why = models.TextField(_("why it was cancelled"), blank=True, default="", editable=False)

    unit_path: ClassVar[str] = "unit"
    view: ClassVar[str] = "improvements.view"
    named: ClassVar[dict[str, tuple[str, ...]]] = {
        "owner": ("improvements.view", "improvements.carry_out"),
        "verifier": ("improvements.view", "improvements.verify"),
        "recommendation__review__decision_maker": ("improvements.view", "improvements.approve"),
        "recommendation__review__supervisor": ("improvements.view",),
    }

    class Meta:
        ordering = ["due_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(verifier__isnull=True) | ~Q(verifier=F("owner")),
                name="action_owner_does_not_verify",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["done", "effective", "not_effective", "sustained", "lapsed"]) | ~Q(proof=""),
                name="action_done_has_proof",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["proposed", "cancelled"]) | Q(verifier__isnull=False, check_on__isnull=False),
                name="action_approved_has_a_verification_plan",
            ),
        ]

    def __str__(self) -> str:
        return self.what

    def get_absolute_url(self) -> str:
        return reverse("action", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state not in states.ENDED

    def is_overdue(self, today: dt.date) -> bool:
        """Not done although its due date has passed, or done and not read although the day of the check has passed."""
        if self.state == states.DONE:
            return self.check_on is not None and self.check_on < today
        return self.state in states.TO_DO and self.due_on < today


class OutcomeCheck(models.Model):
    """A reading of the chart before and after, by somebody who is not the owner."""

    class Verdict(models.TextChoices):
        EFFECTIVE = states.EFFECTIVE, _("effective")
        NOT_EFFECTIVE = states.NOT_EFFECTIVE, _("not effective")
        TOO_EARLY = states.TOO_EARLY, _("too early")
        SUSTAINED = states.SUSTAINED, _("sustained")
        LAPSED = states.LAPSED, _("lapsed")

    action = models.ForeignKey(Action, models.PROTECT, related_name="checks")
    offered = models.CharField(max_length=13, choices=Verdict.choices)
    verdict = models.CharField(_("verdict"), max_length=13, choices=Verdict.choices)
    why = models.TextField(_("why"), blank=True)
    # What the statistics said: before and after, limits, points, missing points, hash of the inputs.
    facts = models.JSONField(default=dict)
    owner = models.ForeignKey(Person, models.PROTECT, related_name="+")
    verifier = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    unit_path: ClassVar[str] = "action__unit"
    view: ClassVar[str] = "improvements.view"
    named: ClassVar[dict[str, tuple[str, ...]]] = {
        "owner": ("improvements.view",),
        "verifier": ("improvements.view",),
    }

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(owner=F("verifier")), name="outcome_owner_does_not_verify"),
            models.CheckConstraint(condition=Q(verdict=F("offered")) | ~Q(why=""), name="outcome_says_why_it_differs"),
        ]

    def __str__(self) -> str:
        return f"{self.action}: {self.get_verdict_display()}"

    def get_absolute_url(self) -> str:
        return reverse("outcome", args=[self.action_id])

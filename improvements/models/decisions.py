"""The paper put before a named decision-maker, frozen with its hash, and what was decided."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from improvements import states
from improvements.models.recommendations import Recommendation
from teams.models import Person


class Submission(models.Model):
    """The frozen content of a paper. ``state_hash`` covers what lies beneath: imported values, analysis settings,
    criteria, judgements, findings and options; comments and names are left out."""

    class State(models.TextChoices):
        SUBMITTED = states.SUBMITTED, _("submitted")
        SENT_BACK = states.SENT_BACK, _("sent back")
        APPROVED = states.APPROVED, _("approved")
        TRIAL = states.TRIAL, _("approved as a trial")
        CONDITIONS = states.CONDITIONS, _("approved with conditions")
        DEFERRED = states.DEFERRED, _("deferred")
        REJECTED = states.REJECTED, _("rejected")
        REVOKED = states.REVOKED, _("revoked")
        EXPIRED = states.EXPIRED, _("expired")
        WITHDRAWN = states.WITHDRAWN, _("withdrawn")

    recommendation = models.ForeignKey(Recommendation, models.PROTECT, related_name="submissions")
    number = models.PositiveIntegerField(default=1)
    author = models.ForeignKey(Person, models.PROTECT, related_name="+")
    decision_maker = models.ForeignKey(Person, models.PROTECT, related_name="+")
    content = models.JSONField()
    beneath = models.JSONField()
    state_hash = models.CharField(max_length=64)
    state = models.CharField(max_length=20, choices=State.choices, default=State.SUBMITTED)
    until_day = models.DateField(null=True)
    at = models.DateTimeField()

    unit_path: ClassVar[str] = "recommendation__review__unit"
    view: ClassVar[str] = "improvements.view"
    named: ClassVar[dict[str, tuple[str, ...]]] = {
        "decision_maker": ("improvements.view", "improvements.decide", "reports.view"),
        "author": ("improvements.view", "reports.view"),
        "recommendation__actions__owner": ("improvements.view",),
        "recommendation__actions__verifier": ("improvements.view",),
    }

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["recommendation", "number"], name="submission_number_once"),
            models.CheckConstraint(condition=~Q(author=F("decision_maker")), name="submission_author_does_not_decide"),
        ]

    def __str__(self) -> str:
        return f"{self.recommendation} {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("submission", args=[self.pk])

    @property
    def is_in_force(self) -> bool:
        return self.state in states.IN_FORCE

    @property
    def waits(self) -> bool:
        """Whether the decision-maker has still to decide."""
        return self.state in states.WAITING


class Decision(models.Model):
    """What a named person decided on a submission, and why. The author's id is copied so that the database itself
    refuses author = decider; ``decided_for`` names the person a stand-in acted for."""

    class Outcome(models.TextChoices):
        APPROVE = "approve", _("approve")
        APPROVE_CONDITIONS = "approve_conditions", _("approve with conditions")
        APPROVE_TRIAL = "approve_trial", _("approve as a trial")
        DEFER = "defer", _("defer until a date")
        SEND_BACK = "send_back", _("send back")
        REJECT = "reject", _("reject")
        REVOKE = "revoke", _("revoke")

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="decisions")
    outcome = models.CharField(_("decision"), max_length=18, choices=Outcome.choices)
    reason = models.TextField(_("reason"))
    conditions = models.TextField(_("conditions"), blank=True)
    until_day = models.DateField(_("until"), null=True, blank=True)
    author = models.ForeignKey(Person, models.PROTECT, related_name="+")
    decider = models.ForeignKey(Person, models.PROTECT, related_name="+")
    decided_for = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    # The hash the decider saw; equal to the submission's unless something beneath had changed by then.
    state_hash_now = models.CharField(max_length=64)
    at = models.DateTimeField()

    unit_path: ClassVar[str] = "submission__recommendation__review__unit"
    view: ClassVar[str] = "improvements.view"
    named: ClassVar[dict[str, tuple[str, ...]]] = {
        "decider": ("improvements.view",),
        "author": ("improvements.view",),
        "submission__decision_maker": ("improvements.view",),
    }

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(author=F("decider")), name="decision_author_does_not_decide"),
            models.CheckConstraint(condition=~Q(reason=""), name="decision_has_a_reason"),
            models.CheckConstraint(
                condition=~Q(outcome="defer") | Q(until_day__isnull=False), name="decision_defer_has_a_day"
            ),
            models.CheckConstraint(
                condition=~Q(outcome="approve_conditions") | ~Q(conditions=""),
                name="decision_conditions_are_said",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission}: {self.get_outcome_display()}"

    def get_absolute_url(self) -> str:
        return f"{self.submission.get_absolute_url()}#decision-{self.pk}"

    @property
    def actions_told(self) -> str:
        """How the actions under this paper stand: "2 effective, 1 done"; for many see ``queries.lists.register``."""
        states_now = [str(one.get_state_display()) for one in self.submission.actions.all()]
        return ", ".join(f"{states_now.count(state)} {state}" for state in dict.fromkeys(states_now))

    @property
    def data_had_changed(self) -> bool:
        """Whether something beneath the paper had changed when it was decided."""
        return self.state_hash_now != self.submission.state_hash

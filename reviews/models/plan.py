"""The plan of a review: the question, the boundaries, the criteria and the parameters for change."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from metrics.models import Metric, Series, Signal
from processes.models import ProcessVersion, Service
from reviews import states
from teams.models import Person, Unit, Versioned


class Review(Versioned):
    """A review of the quality of a service, from its question to its closing."""

    class State(models.TextChoices):
        PLANNED = states.PLANNED, _("planned")
        AGREED = states.AGREED, _("agreed")
        FROZEN = states.FROZEN, _("frozen")
        UNDER_WAY = states.UNDER_WAY, _("under way")
        CONCLUDED = states.CONCLUDED, _("concluded")
        DECIDED = states.DECIDED, _("decided")
        CLOSED = states.CLOSED, _("closed")
        CANCELLED = states.CANCELLED, _("cancelled")

    class Customers(models.TextChoices):
        EXTERNAL = "external", _("external customers")
        INTERNAL = "internal", _("internal customers")
        BOTH = "both", _("external and internal customers")

    title = models.CharField(_("title"), max_length=160)
    question = models.TextField(_("question to answer"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    service = models.ForeignKey(Service, models.PROTECT, related_name="+", verbose_name=_("service"))
    start_point = models.CharField(_("start point of the process"), max_length=200)
    end_point = models.CharField(_("end point of the process"), max_length=200)
    customers = models.CharField(_("customers"), max_length=8, choices=Customers.choices, default=Customers.EXTERNAL)
    first_day = models.DateField(_("period from"))
    last_day = models.DateField(_("period to"))
    inside = models.TextField(_("inside the boundary"), blank=True)
    outside = models.TextField(_("outside the boundary"), blank=True)
    spend_limit = models.DecimalField(_("spend limit"), max_digits=12, decimal_places=2, null=True, blank=True)
    supervisor = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("supervisor"))
    decision_maker = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("decision-maker"))
    signal = models.ForeignKey(Signal, models.PROTECT, null=True, blank=True, related_name="+")
    copied_from = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    process_version = models.ForeignKey(ProcessVersion, models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.PLANNED)
    asked_agreement_at = models.DateTimeField(null=True, editable=False)
    # Why the decision-maker sent the plan back; emptied when agreement is asked for again.
    sent_back = models.TextField(blank=True, default="", editable=False)
    agreed_at = models.DateTimeField(null=True, editable=False)
    agreed_by = models.ForeignKey(Person, models.PROTECT, null=True, editable=False, related_name="+")
    frozen_at = models.DateTimeField(null=True, editable=False)
    plan = models.JSONField(default=dict, editable=False)
    plan_hash = models.CharField(max_length=64, blank=True, editable=False)
    overall = models.TextField(_("overall conclusion"), blank=True)
    concluded_at = models.DateTimeField(null=True, editable=False)
    # Why it was cancelled, or what was said when it was closed.
    ended = models.TextField(blank=True, default="", editable=False)
    created_at = models.DateTimeField(editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)

    unit_path: ClassVar[str] = "unit"
    view: ClassVar[str] = "reviews.view"
    named: ClassVar[dict[str, tuple[str, ...]]] = {
        "decision_maker": ("reviews.view", "reviews.agree"),
        "supervisor": ("reviews.view",),
    }

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(last_day__gte=models.F("first_day")), name="review_days_in_order"),
            models.CheckConstraint(
                condition=~Q(supervisor=models.F("decision_maker")), name="review_supervisor_does_not_decide"
            ),
            models.CheckConstraint(
                condition=Q(agreed_at__isnull=True, agreed_by__isnull=True)
                | Q(agreed_at__isnull=False, agreed_by__isnull=False),
                name="review_agreed_by_and_at",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("review", args=[self.pk])

    @property
    def is_frozen(self) -> bool:
        """Whether the plan may be changed by amendments only."""
        return bool(self.plan_hash)

    @property
    def agreement_is_asked(self) -> bool:
        return self.state == states.PLANNED and self.asked_agreement_at is not None


class Criterion(Versioned):
    """A defined criterion: what is measured, against which threshold, and how it will be concluded."""

    class Rule(models.TextChoices):
        """How the stored analysis concludes by itself; BY_HAND leaves it to the reviewer alone."""

        MEAN = "mean", _("the mean of the period is on the right side of the threshold")
        LATEST = "latest", _("the latest point is on the right side of the threshold")
        ASSURANCE = "assurance", _("the process can be relied on to meet the threshold")
        NO_CONCERN = "no_concern", _("no signal of concern within the period")
        BY_HAND = "by_hand", _("judged by the reviewer from evidence")

    review = models.ForeignKey(Review, models.CASCADE, related_name="criteria")
    position = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(_("criterion"), max_length=200)
    why = models.TextField(_("why it matters"), blank=True)
    metric = models.ForeignKey(Metric, models.PROTECT, null=True, blank=True, related_name="+")
    series = models.ForeignKey(Series, models.PROTECT, null=True, blank=True, related_name="+")
    measure = models.CharField(_("measure"), max_length=200)
    threshold = models.FloatField(_("threshold"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=200)
    rule = models.CharField(_("how it is concluded"), max_length=12, choices=Rule.choices)
    weight = models.PositiveSmallIntegerField(_("weight"), default=1, validators=[MaxValueValidator(100)])

    unit_path: ClassVar[str] = "review__unit"
    view: ClassVar[str] = "reviews.view"
    named: ClassVar[dict[str, tuple[str, ...]]] = {
        "review__decision_maker": ("reviews.view",),
        "review__supervisor": ("reviews.view",),
    }

    class Meta:
        ordering = ["review", "position", "id"]
        verbose_name_plural = "criteria"
        constraints = [
            models.CheckConstraint(
                condition=Q(rule__in=["by_hand", "no_concern"]) | Q(threshold__isnull=False),
                name="criterion_rule_has_threshold",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Parameter(Versioned):
    """What may be changed: one aspect and how free it is."""

    class Freedom(models.TextChoices):
        FIXED = "fixed", _("fixed")
        FREE = "free", _("free")
        APPROVAL = "approval", _("needs approval")

    review = models.ForeignKey(Review, models.CASCADE, related_name="parameters")
    position = models.PositiveSmallIntegerField(default=0)
    aspect = models.CharField(_("aspect"), max_length=120)
    freedom = models.CharField(_("freedom"), max_length=8, choices=Freedom.choices)
    detail = models.CharField(_("detail"), max_length=200, blank=True)

    unit_path: ClassVar[str] = "review__unit"
    view: ClassVar[str] = "reviews.view"
    named = Criterion.named

    class Meta:
        ordering = ["review", "position", "id"]

    def __str__(self) -> str:
        return self.aspect


class CollectionMethod(Versioned):
    """A way of collecting or analysing that the plan relies on, and what it is expected to yield."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="methods")
    position = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(_("method"), max_length=160)
    expected = models.CharField(_("expected yield"), max_length=160, blank=True)
    # What came of it, noted while the review is under way: no part of the plan, so no amendment.
    got = models.CharField(_("what it yielded"), max_length=160, blank=True, default="")
    fell_short = models.BooleanField(_("it fell short of what was expected"), default=False)

    unit_path: ClassVar[str] = "review__unit"
    view: ClassVar[str] = "reviews.view"
    named = Criterion.named

    class Meta:
        ordering = ["review", "position", "id"]

    def __str__(self) -> str:
        return self.name


class Amendment(models.Model):
    """A numbered change to a frozen plan: what it was, what it is, why, and the new hash."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="amendments")
    number = models.PositiveIntegerField()
    before = models.JSONField()
    after = models.JSONField()
    reason = models.TextField(_("reason"))
    plan_hash = models.CharField(max_length=64)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    unit_path: ClassVar[str] = "review__unit"
    view: ClassVar[str] = "reviews.view"
    named = Criterion.named

    class Meta:
        ordering = ["review", "number"]
        constraints = [models.UniqueConstraint(fields=["review", "number"], name="amendment_number_once")]

    def __str__(self) -> str:
        return f"{self.review} {self.number}"

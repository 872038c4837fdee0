"""What is recommended, from which options; doing nothing is always one of them."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from improvements import states
from reviews.models import Finding, Parameter, Review
from teams.models import Person, Versioned


class Recommendation(Versioned):
    class State(models.TextChoices):
        DRAFT = states.DRAFT, _("draft")
        PUT_FORWARD = states.PUT_FORWARD, _("put forward")
        AGREED = states.AGREED, _("agreed")
        TURNED_DOWN = states.TURNED_DOWN, _("turned down")

    review = models.ForeignKey(Review, models.PROTECT, related_name="recommendations")
    title = models.CharField(_("recommendation"), max_length=200)
    ask = models.TextField(_("what is asked"))
    benefit = models.TextField(_("what it buys"), blank=True)
    waiting = models.TextField(_("what happens if we wait"), blank=True)
    by_day = models.DateField(_("by when"), null=True, blank=True)
    findings = models.ManyToManyField(Finding, related_name="recommendations", verbose_name=_("findings it answers"))
    state = models.CharField(max_length=11, choices=State.choices, default=State.DRAFT)
    author = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    unit_path: ClassVar[str] = "review__unit"
    view: ClassVar[str] = "improvements.view"
    # Who carries out or verifies an action may read why.
    named: ClassVar[dict[str, tuple[str, ...]]] = {
        "review__decision_maker": ("improvements.view",),
        "review__supervisor": ("improvements.view",),
        "actions__owner": ("improvements.view",),
        "actions__verifier": ("improvements.view",),
    }

    class Meta:
        ordering = ["review", "id"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("recommendation", args=[self.pk])

    @property
    def is_draft(self) -> bool:
        return self.state == states.DRAFT


class Option(Versioned):
    """A way to go, with its effects and costs. Outside the parameters it says which, and needs their approval."""

    class Kind(models.TextChoices):
        DO_NOTHING = "do_nothing", _("do nothing")
        DO_MINIMUM = "do_minimum", _("do the minimum")
        CHANGE = "change", _("change")

    class Effect(models.IntegerChoices):
        MUCH_WORSE = -2, _("much worse")
        WORSE = -1, _("worse")
        SAME = 0, _("no change")
        BETTER = 1, _("better")
        MUCH_BETTER = 2, _("much better")

    recommendation = models.ForeignKey(Recommendation, models.CASCADE, related_name="options")
    position = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.CHANGE)
    name = models.CharField(_("option"), max_length=160)
    description = models.TextField(_("description"), blank=True)
    satisfaction = models.SmallIntegerField(_("effect on satisfaction"), choices=Effect.choices, default=0)
    cost_effect = models.SmallIntegerField(_("effect on running cost"), choices=Effect.choices, default=0)
    compliance = models.SmallIntegerField(_("effect on compliance"), choices=Effect.choices, default=0)
    one_off = models.DecimalField(_("one-off cost"), max_digits=12, decimal_places=2, default=0)
    yearly = models.DecimalField(_("yearly cost"), max_digits=12, decimal_places=2, default=0)
    hours = models.DecimalField(_("hours of work"), max_digits=9, decimal_places=1, default=0)
    risk = models.TextField(_("risk"), blank=True)
    weeks = models.PositiveSmallIntegerField(_("weeks until it works"), null=True, blank=True)
    touches = models.ManyToManyField(Parameter, blank=True, related_name="+", verbose_name=_("parameters it touches"))
    # Why the decision-maker should allow what the parameters do not leave free.
    outside_reason = models.TextField(_("why to go outside the parameters"), blank=True, default="")
    preferred = models.BooleanField(_("recommended"), default=False)

    unit_path: ClassVar[str] = "recommendation__review__unit"
    view: ClassVar[str] = "improvements.view"
    named: ClassVar[dict[str, tuple[str, ...]]] = {
        "recommendation__review__decision_maker": ("improvements.view",),
        "recommendation__review__supervisor": ("improvements.view",),
    }

    class Meta:
        ordering = ["recommendation", "position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["recommendation"], condition=Q(preferred=True), name="option_one_preferred"
            ),
            models.UniqueConstraint(
                fields=["recommendation"], condition=Q(kind="do_nothing"), name="option_one_do_nothing"
            ),
            models.CheckConstraint(condition=Q(one_off__gte=0) & Q(hours__gte=0), name="option_costs_positive"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"{reverse('recommendation', args=[self.recommendation_id])}#option-{self.pk}"

    @property
    def is_do_nothing(self) -> bool:
        return self.kind == self.Kind.DO_NOTHING

    @property
    def first_year(self) -> Decimal:
        """What it costs in the first year."""
        return self.one_off + self.yearly

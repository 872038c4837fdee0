"""Questions on a signal, and the filters of the board that people keep for themselves."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from metrics import states
from metrics.models.analyses import Signal
from teams.models import Person


class Inquiry(models.Model):
    """A question on a signal: asked of somebody, looked into, answered; many signals end here, some in a review."""

    class State(models.TextChoices):
        ASKED = states.ASKED, _("asked")
        LOOKED_INTO = states.LOOKED_INTO, _("looked into")
        ANSWERED = states.ANSWERED, _("answered")

    class LeadsTo(models.TextChoices):
        NOTHING = "nothing", _("nothing to do")
        WATCH = "watch", _("watch on")
        REVIEW = "review", _("start a review")

    signal = models.ForeignKey(Signal, models.PROTECT, related_name="inquiries")
    question = models.TextField(_("question"))
    state = models.CharField(max_length=12, choices=State.choices, default=State.ASKED)
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    asked_of = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("asked of"))
    due_on = models.DateField(_("answer by"), null=True, blank=True)
    # What was found in the rows and elsewhere; may be added to until the answer.
    notes = models.TextField(_("what was looked at"), blank=True)
    looked_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    looked_at = models.DateTimeField(null=True)
    answer = models.TextField(_("answer"), blank=True)
    leads_to = models.CharField(_("leads to"), max_length=8, choices=LeadsTo.choices, blank=True)
    answered_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    unit_path: ClassVar[str] = "signal__series__unit"
    view: ClassVar[str] = "metrics.view"
    named: ClassVar[dict[str, tuple[str, ...]]] = {
        "asked_of": ("metrics.view", "metrics.answer"),
        "asked_by": ("metrics.view",),
    }

    class Meta:
        ordering = ["-asked_at", "-id"]
        verbose_name_plural = "inquiries"
        constraints = [
            models.CheckConstraint(
                condition=Q(looked_by__isnull=True, looked_at__isnull=True)
                | Q(looked_by__isnull=False, looked_at__isnull=False),
                name="inquiry_looked_by_and_at",
            ),
            models.CheckConstraint(
                condition=Q(answered_by__isnull=True, answered_at__isnull=True)
                | Q(answered_by__isnull=False, answered_at__isnull=False),
                name="inquiry_answered_by_and_at",
            ),
        ]

    def __str__(self) -> str:
        return self.question if len(self.question) <= 100 else self.question[:99] + "…"

    def get_absolute_url(self) -> str:
        return reverse("inquiry", args=[self.pk])


class SavedFilter(models.Model):
    """A view of the signal board that one person keeps: its address under a name."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(max_length=500)

    view: ClassVar[str] = "metrics.keep"
    named: ClassVar[dict[str, tuple[str, ...]]] = {"person": ("metrics.keep",)}

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["person", "name"], name="saved_filter_once")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"{reverse('signals')}?{self.query}"

"""Who was told, and did they read it?"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from teams.models import Person, Unit


class Notice(models.Model):
    """A line on somebody's home page: something waits for them, or something happened that concerns them.

    ``kind`` is a code of ``notices/wording.py``, ``facts`` fills its sentence, ``thing_kind``/``thing_id`` name the
    object (label_lower, id), ``url`` leads there. ``waits``: the person has to act; ended by ``workflow.settle``.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=60)
    facts = models.JSONField(default=dict)
    thing_kind = models.CharField(max_length=60)
    thing_id = models.CharField(max_length=40)
    url = models.CharField(max_length=200)
    waits = models.BooleanField(default=False)
    due_on = models.DateField(null=True, blank=True)
    # One notice per event and person: the same event told twice changes nothing.
    event = models.CharField(max_length=120)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    unit_path: ClassVar[str | None] = None
    view: ClassVar[str] = "notices.own"
    named: ClassVar[dict[str, tuple[str, ...]]] = {"person": ("notices.own",)}

    class Meta:
        ordering = ["due_on", "-at"]
        constraints = [models.UniqueConstraint(fields=["person", "event"], name="notice_once_per_event")]
        indexes = [
            models.Index(fields=["person", "settled_at"]),
            models.Index(fields=["thing_kind", "thing_id"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} → {self.person_id}"


class Outbox(models.Model):
    """A mail to be sent, at most once; one that could not be sent stays listed with its error."""

    notice = models.OneToOneField(Notice, models.CASCADE, related_name="mail")
    to = models.EmailField()
    subject = models.CharField(max_length=200)
    body = models.TextField()
    queued_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True, default="")

    unit_path: ClassVar[str] = "notice__person__roles__unit"
    view: ClassVar[str] = "notices.mend"

    class Meta:
        ordering = ["queued_at"]

    def __str__(self) -> str:
        return f"{self.subject} → {self.to}"


class Briefing(models.Model):
    """A short text told to named people or everybody of a unit, about an object; who has read it is kept."""

    title = models.CharField(_("title"), max_length=160)
    text = models.TextField(_("text"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    author = models.ForeignKey(Person, models.PROTECT, related_name="+")
    thing_kind = models.CharField(max_length=60)
    thing_id = models.CharField(max_length=40)
    at = models.DateTimeField()

    unit_path: ClassVar[str] = "unit"
    view: ClassVar[str] = "reviews.view"
    named: ClassVar[dict[str, tuple[str, ...]]] = {"receipts__person": ("reviews.view", "briefings.read")}

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(fields=["thing_kind", "thing_id"])]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("briefing", args=[self.pk])


class Receipt(models.Model):
    """One person's receipt of one briefing; ``read_at`` is empty until they say that they have read it."""

    briefing = models.ForeignKey(Briefing, models.CASCADE, related_name="receipts")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    read_at = models.DateTimeField(null=True)

    unit_path: ClassVar[str] = "briefing__unit"
    view: ClassVar[str] = "reviews.view"
    named: ClassVar[dict[str, tuple[str, ...]]] = {"person": ("reviews.view", "briefings.read")}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["briefing", "person"], name="receipt_once"),
        ]

    def __str__(self) -> str:
        return f"{self.briefing_id} {self.person_id}"

"""What is running. The job row is the truth; a broker's message is only a wake-up call."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jobs import states
from teams.models import Person, Unit


class Job(models.Model):
    """One piece of background work, registered by a dotted name, with lease, fencing token and progress."""

    class State(models.TextChoices):
        QUEUED = states.QUEUED, _("queued")
        RUNNING = states.RUNNING, _("running")
        DONE = states.DONE, _("done")
        FAILED = states.FAILED, _("failed")
        CANCELLED = states.CANCELLED, _("cancelled")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    work = models.CharField(max_length=80)
    arguments = models.JSONField(default=dict)
    # At most one unfinished job per key: a second request for the same work joins the first.
    key = models.CharField(max_length=120, blank=True, default="")
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    token = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    announced_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    max_attempts = models.PositiveSmallIntegerField(default=5)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)
    phase = models.CharField(max_length=40, blank=True, default="")
    cancel_asked = models.BooleanField(default=False)
    error_code = models.CharField(max_length=60, blank=True, default="")
    error = models.TextField(blank=True, default="")
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    unit_path: ClassVar[str] = "unit"
    view: ClassVar[str] = "jobs.view"
    named: ClassVar[dict[str, tuple[str, ...]]] = {"person": ("jobs.view", "jobs.steer")}

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["state", "lease_until"])]
        constraints = [
            models.UniqueConstraint(
                fields=["key"],
                condition=~Q(key="") & Q(state__in=[states.QUEUED, states.RUNNING]),
                name="job_one_unfinished_per_key",
            )
        ]

    def __str__(self) -> str:
        return f"{self.work} {self.state}"

    def get_absolute_url(self) -> str:
        return reverse("job", args=[self.pk])

    @property
    def unfinished(self) -> bool:
        return self.state in (states.QUEUED, states.RUNNING)

    @property
    def percent(self) -> int | None:
        """How far it is, 0 to 100; None while the work has not said how much there is."""
        return min(100, 100 * self.done // self.total) if self.total else None

    @property
    def seconds_left(self) -> float | None:
        """How long yet at the pace so far; None before there is a pace."""
        if self.state != states.RUNNING or not self.started_at or not 0 < self.done < self.total:
            return None
        spent = (timezone.now() - self.started_at).total_seconds()
        return spent / self.done * (self.total - self.done)

    @property
    def seconds_taken(self) -> float | None:
        """From its first claim to its end."""
        if not self.started_at or not self.finished_at:
            return None
        return (self.finished_at - self.started_at).total_seconds()


class Beat(models.Model):
    """The last sign of life of each part (worker, beat), for the health page."""

    part = models.CharField(max_length=60, unique=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.part} {self.at}"

"""What do we tell, and can it be checked?"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from improvements.models import Submission
from teams.models import Person, StoredFile


class Edition(models.Model):
    """A frozen report, rendered once by the worker: here the decision paper of a submission, as a PDF."""

    class Kind(models.TextChoices):
        DECISION_PAPER = "decision_paper", _("decision paper")

    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.DECISION_PAPER)
    submission = models.ForeignKey(Submission, models.PROTECT, related_name="editions")
    language = models.CharField(max_length=8, default="en-gb")
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    # The trail's head when it was rendered, printed on the paper: an anchor outside the database.
    trail_number = models.PositiveBigIntegerField(default=0)
    trail_mac = models.CharField(max_length=64, blank=True)
    asked_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    unit_path: ClassVar[str] = "submission__recommendation__review__unit"
    view: ClassVar[str] = "reports.view"
    named: ClassVar[dict[str, tuple[str, ...]]] = {
        "submission__decision_maker": ("reports.view",),
        "submission__author": ("reports.view",),
    }

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [models.UniqueConstraint(fields=["submission", "kind", "language"], name="edition_once")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.submission}"

    @property
    def job_key(self) -> str:
        """By which a second request for this edition joins the first."""
        return f"reports.render-{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("edition", args=[self.pk])

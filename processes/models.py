"""What do we offer, and how does it run?"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from teams.models import Unit, Versioned


class Offered(models.Model):
    """A dimension of metrics: what is offered, or the way it reaches the customer. Owned by a unit."""

    name = models.CharField(_("name"), max_length=120)
    code = models.CharField(_("code used in files"), max_length=60, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)

    unit_path: ClassVar[str] = "unit"
    reach: ClassVar[str] = "line"
    view: ClassVar[str] = "processes.view"

    class Meta:
        abstract = True
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse(f"edit-{self._meta.model_name}", args=[self.pk])


class Service(Offered):
    class Meta(Offered.Meta):
        constraints = [models.UniqueConstraint(fields=["unit", "name"], name="service_once")]

    def get_absolute_url(self) -> str:
        return reverse("service", args=[self.pk])


class Product(Offered):
    class Meta(Offered.Meta):
        constraints = [models.UniqueConstraint(fields=["unit", "name"], name="product_once")]


class Channel(Offered):
    class Meta(Offered.Meta):
        constraints = [models.UniqueConstraint(fields=["unit", "name"], name="channel_once")]


class Feature(Versioned):
    """A feature of service delivery: opening hours, tone, one-stop answers … what drives satisfaction and loyalty."""

    service = models.ForeignKey(Service, models.PROTECT, related_name="features", verbose_name=_("service"))
    name = models.CharField(_("name"), max_length=120)
    drives = models.TextField(_("how it drives satisfaction and loyalty"), blank=True)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)

    unit_path: ClassVar[str] = "service__unit"
    reach: ClassVar[str] = "line"
    view: ClassVar[str] = "processes.view"

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["service", "name"], name="feature_once")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"{reverse('service', args=[self.service_id])}#feature-{self.pk}"


class Process(models.Model):
    """One process of a service, from a start point to an end point."""

    service = models.ForeignKey(Service, models.PROTECT, related_name="processes", verbose_name=_("service"))
    name = models.CharField(_("name"), max_length=120)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)

    unit_path: ClassVar[str] = "service__unit"
    reach: ClassVar[str] = "line"
    view: ClassVar[str] = "processes.view"

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["service", "name"], name="process_once")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("process", args=[self.pk])


class ProcessVersion(models.Model):
    """The process as it is, or as it is to be."""

    class Kind(models.TextChoices):
        AS_IS = "as_is", _("as it is")
        TO_BE = "to_be", _("as it is to be")

    process = models.ForeignKey(Process, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(default=1)
    kind = models.CharField(max_length=5, choices=Kind.choices, default=Kind.AS_IS)
    made_at = models.DateTimeField()

    unit_path: ClassVar[str] = "process__service__unit"
    reach: ClassVar[str] = "line"
    view: ClassVar[str] = "processes.view"

    class Meta:
        ordering = ["process", "-number"]
        constraints = [models.UniqueConstraint(fields=["process", "number"], name="process_version_once")]

    def __str__(self) -> str:
        return f"{self.process} {self.number}"


class Step(Versioned):
    """A key step of a process version, in order."""

    process_version = models.ForeignKey(ProcessVersion, models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField(_("position"))
    name = models.CharField(_("name"), max_length=160)
    who = models.CharField(_("done by"), max_length=120, blank=True)
    description = models.TextField(_("what happens"), blank=True)
    minutes = models.DecimalField(_("minutes of work"), max_digits=9, decimal_places=2, null=True, blank=True)
    cost = models.DecimalField(_("cost per case"), max_digits=9, decimal_places=2, null=True, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)

    unit_path: ClassVar[str] = "process_version__process__service__unit"
    reach: ClassVar[str] = "line"
    view: ClassVar[str] = "processes.view"

    class Meta:
        ordering = ["process_version", "position", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(minutes__isnull=True) | Q(minutes__gte=0), name="step_minutes_positive"),
            models.CheckConstraint(condition=Q(cost__isnull=True) | Q(cost__gte=0), name="step_cost_positive"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"{reverse('process', args=[self.process_version.process_id])}#step-{self.pk}"

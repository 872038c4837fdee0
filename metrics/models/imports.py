"""What comes in: sources with their mapping, uploads, staged rows, cases and observations.

Observations are narrow on purpose (integer keys, an integer day: the proleptic ordinal of the period's first day),
written in bulk and read for all series at once; Django objects are for single rows only.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from metrics import states
from metrics.models.metrics import Series
from processes.models import Channel, Product, Service
from teams.models import Person, StoredFile, Unit


class Source(models.Model):
    """Where files come from: its zone, its mapping (saved, recognised next time) and the unit it belongs to."""

    class Shape(models.TextChoices):
        MEASURED = "measured", _("measured values")
        CASES = "cases", _("cases, one row each")
        TYPED = "typed", _("typed in")

    name = models.CharField(_("name"), max_length=120)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    shape = models.CharField(_("shape"), max_length=8, choices=Shape.choices, blank=True)
    zone = models.CharField(_("time zone of the file"), max_length=64, blank=True)
    mapping = models.JSONField(default=dict, blank=True)
    mapping_version = models.PositiveIntegerField(default=0)
    # Hash of the normalised header names, by which a file is recognised.
    fingerprint = models.CharField(max_length=64, blank=True, db_index=True)
    # What the person said of names in its files: units and metrics matched, created or left out, facts of metrics.
    choices = models.JSONField(default=dict, blank=True)
    # Raised when a merge of its cases begins and again when it ends: odd while one is under way.
    data_version = models.PositiveBigIntegerField(default=0, editable=False)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)

    unit_path: ClassVar[str] = "unit"
    view: ClassVar[str] = "metrics.rows"

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["unit", "name"], name="source_once")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("source", args=[self.pk])


class Upload(models.Model):
    """One file (or a few typed values) on its way in; the row is the progress bar."""

    class State(models.TextChoices):
        RECEIVED = states.RECEIVED, _("received")
        PLANNED = states.PLANNED, _("planned")
        MERGING = states.MERGING, _("merging")
        DONE = states.DONE, _("done")
        REFUSED = states.REFUSED, _("refused")
        CANCELLED = states.CANCELLED, _("cancelled")
        UNDONE = states.UNDONE, _("undone")

    class Vanished(models.TextChoices):
        KEEP = "keep", _("keep counting them")
        TAKE_OUT = "take_out", _("take them out of the counts")

    source = models.ForeignKey(Source, models.PROTECT, related_name="uploads")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64, db_index=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.RECEIVED)
    at = models.DateTimeField()
    # The newest known-at wins, so the same files in any order end alike.
    known_at = models.DateTimeField(null=True)
    mapping = models.JSONField(default=dict)
    mapping_version = models.PositiveIntegerField(default=0)
    # What was found in the file before it was mapped (metrics.files.Sniffed), or the values typed in.
    facts = models.JSONField(default=dict)
    questions = models.JSONField(default=list)
    # Why the file was refused, or what is wrong with its mapping (metrics.files.Problem).
    problems = models.JSONField(default=list)
    choices = models.JSONField(default=dict)
    # The plan: counts new / changed / same / older / rejected …, problems by code, what is touched, hash of its rows.
    plan = models.JSONField(default=dict)
    accept_valid = models.BooleanField(default=False)
    accept_truncated = models.BooleanField(default=False)
    # What becomes of cases that the file does not hold any more; empty where there are none.
    vanished = models.CharField(max_length=8, choices=Vanished.choices, blank=True)
    merged = models.PositiveBigIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    unit_path: ClassVar[str] = "unit"
    view: ClassVar[str] = "metrics.rows"
    named: ClassVar[dict[str, tuple[str, ...]]] = {"person": ("metrics.rows", "metrics.import")}

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("import", args=[self.pk])


class Block(models.Model):
    """At most 20,000 rows that an upload brings, packed: the plan that commit merges slice by slice, and afterwards
    the record of what this upload said. An undo finds in the blocks of the others what stands without it.

    ``number`` 0 is the list of what has to be made (units, metrics, series); rows begin at 1, in order of series and
    day. ``first_series`` and ``last_series`` bound a block of measured values.
    """

    upload = models.ForeignKey(Upload, models.CASCADE, related_name="+", db_index=False)
    number = models.PositiveIntegerField()
    rows = models.PositiveIntegerField()
    first_series = models.BigIntegerField(null=True)
    last_series = models.BigIntegerField(null=True)
    content = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["upload", "number"], name="block_once")]


class RejectedRow(models.Model):
    """A row of the file that is not part of the plan: as it came, and why (metrics.files.Problem)."""

    upload = models.ForeignKey(Upload, models.CASCADE, related_name="+", db_index=False)
    row = models.BigIntegerField()
    line = models.BigIntegerField()
    cells = models.JSONField(default=list)
    problems = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index(fields=["upload", "row"], name="rejected_by_upload")]


class VanishedCase(models.Model):
    """A case of an older upload that this one, of the same days and units, does not hold; see ``Upload.vanished``."""

    upload = models.ForeignKey(Upload, models.CASCADE, related_name="+")
    external_id = models.CharField(max_length=200, db_index=True)
    day = models.IntegerField()


# The two tables with a row per value keep no foreign keys in the database: checking them would cost more than
# writing the rows, series and uploads are never deleted, and only metrics/importing writes here.
class Observation(models.Model):
    """One value of a series in one period. Value = numerator / denominator × scale (denominator null: numerator).

    ``n`` counts the contacts behind the value where they are known; ``parts`` how many units reported in a sum.
    ``upload`` is one that brought the value; null where it is computed (a sum of units, a figure from cases).
    """

    series = models.ForeignKey(Series, models.CASCADE, related_name="+", db_index=False, db_constraint=False)
    day = models.IntegerField()
    numerator = models.FloatField()
    denominator = models.FloatField(null=True)
    n = models.BigIntegerField(null=True)
    parts = models.IntegerField(null=True)
    upload = models.ForeignKey(Upload, models.PROTECT, null=True, related_name="+", db_index=False, db_constraint=False)

    unit_path: ClassVar[str] = "series__unit"
    view: ClassVar[str] = "metrics.view"

    class Meta:
        constraints = [models.UniqueConstraint(fields=["series", "day"], name="observation_once")]


class ObservationReplaced(models.Model):
    """History: a value that an upload brought and in whose place another upload's stands (also one that arrived
    older than what was known)."""

    series = models.ForeignKey(Series, models.CASCADE, related_name="+", db_index=False, db_constraint=False)
    day = models.IntegerField()
    numerator = models.FloatField()
    denominator = models.FloatField(null=True)
    n = models.BigIntegerField(null=True)
    upload = models.ForeignKey(Upload, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    replaced_by = models.ForeignKey(
        Upload, models.PROTECT, null=True, related_name="+", db_index=False, db_constraint=False
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["series", "day", "upload"], name="observation_replaced_once")]


class Case(models.Model):
    """One ticket, call or response. Moments are epoch seconds in UTC; importing it again updates it."""

    source = models.ForeignKey(Source, models.PROTECT, related_name="+", db_index=False)
    external_id = models.CharField(max_length=200)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    service = models.ForeignKey(Service, models.PROTECT, null=True, related_name="+", db_index=False)
    product = models.ForeignKey(Product, models.PROTECT, null=True, related_name="+", db_index=False)
    channel = models.ForeignKey(Channel, models.PROTECT, null=True, related_name="+", db_index=False)
    opened = models.BigIntegerField(null=True)
    first_response = models.BigIntegerField(null=True)
    resolved = models.BigIntegerField(null=True)
    closed = models.BigIntegerField(null=True)
    updated = models.BigIntegerField(null=True)
    first_response_seconds = models.FloatField(null=True)
    resolution_seconds = models.FloatField(null=True)
    reopened = models.IntegerField(null=True)
    within_limit = models.BooleanField(null=True)
    satisfied = models.BooleanField(null=True)
    score = models.FloatField(null=True)
    # Further yes/no columns of the source, by name.
    flags = models.JSONField(default=dict)
    # The day (ordinal, workspace zone) by which it is counted.
    day = models.IntegerField()
    upload = models.ForeignKey(Upload, models.PROTECT, related_name="+", db_index=False)

    unit_path: ClassVar[str] = "unit"
    view: ClassVar[str] = "metrics.rows"

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "external_id"], name="case_once")]
        indexes = [
            models.Index(fields=["source", "day"], name="case_by_source_day"),
            models.Index(fields=["unit", "day"], name="case_by_unit_day"),
        ]


class CaseReplaced(models.Model):
    """History: what an upload said of a case, where another upload's word stands now."""

    case_source = models.ForeignKey(Source, models.PROTECT, related_name="+", db_index=False)
    external_id = models.CharField(max_length=200)
    content = models.JSONField()
    upload = models.ForeignKey(Upload, models.PROTECT, related_name="+", db_index=False)
    replaced_by = models.ForeignKey(Upload, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case_source", "external_id", "upload"], name="case_replaced_once")
        ]

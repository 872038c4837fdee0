"""What is measured: metrics with their definitions, series and targets."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from metrics import states
from processes.models import Channel, Product, Service
from teams.models import Person, Unit, Versioned


class Metric(Versioned):
    """A named measure. The words and the rule of its definition live in ``Definition``, one row per version."""

    class Direction(models.IntegerChoices):
        HIGHER = 1, _("higher is better")
        LOWER = -1, _("lower is better")
        NEITHER = 0, _("neither is better")

    class Kind(models.TextChoices):
        PROPORTION = "proportion", _("proportion")
        COUNT = "count", _("count")
        RATE = "rate", _("rate")
        DURATION = "duration", _("duration")
        SCORE = "score", _("score")

    class Period(models.TextChoices):
        DAY = "day", _("day")
        WEEK = "week", _("week")
        MONTH = "month", _("month")

    class Chart(models.TextChoices):
        AUTOMATIC = "automatic", _("chosen by what is measured")
        XMR = "xmr", _("XmR chart of the values")
        P = "p", _("p′ chart of a share")
        U = "u", _("u′ chart of a rate")
        C = "c", _("c′ chart of a count")
        LOG = "log", _("log-XmR chart of times")
        T = "t", _("t chart of the time between rare events")
        G = "g", _("g chart of the cases between rare events")

    name = models.CharField(_("name"), max_length=120)
    code = models.SlugField(_("code used in files"), max_length=80)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("owned by"))
    direction = models.SmallIntegerField(_("direction"), choices=Direction.choices)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    period = models.CharField(_("period"), max_length=5, choices=Period.choices)
    measure = models.CharField(_("unit of measurement"), max_length=40, blank=True, help_text=_("%, hours, contacts …"))
    # A value is numerator / denominator × scale; a proportion in per cent has scale 100.
    scale = models.FloatField(_("multiplied by"), default=1)
    numerator = models.CharField(_("numerator"), max_length=160, blank=True)
    denominator = models.CharField(_("denominator"), max_length=160, blank=True)
    # Sums of parts are right for counts and for what has numerator and denominator; medians are not added up.
    sums = models.BooleanField(_("a unit's value is summed from its parts"), default=True)
    # Computed from the cases of a source: which one, and what ("volume", "resolution_time:median" …).
    source = models.ForeignKey("metrics.Source", models.PROTECT, null=True, related_name="+", editable=False)
    derived = models.CharField(max_length=80, blank=True, default="", editable=False)
    # Of metrics.trends.choice; changed by ``workflow.metrics.choose_chart`` only, which makes a new definition of it.
    chart = models.CharField(_("chart"), max_length=9, choices=Chart.choices, default=Chart.AUTOMATIC, editable=False)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)

    unit_path: ClassVar[str] = "unit"
    reach: ClassVar[str] = "line"
    view: ClassVar[str] = "metrics.view"

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "code"], name="metric_code_once"),
            models.CheckConstraint(condition=Q(direction__in=[-1, 0, 1]), name="metric_direction"),
            models.UniqueConstraint(
                fields=["source", "derived"], condition=Q(source__isnull=False), name="metric_derived_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("metric", args=[self.pk])


class Definition(models.Model):
    """One version of a metric's definition: the change log, and a mark on its charts from ``from_day`` on."""

    metric = models.ForeignKey(Metric, models.CASCADE, related_name="definitions")
    number = models.PositiveIntegerField()
    text = models.TextField(_("definition"))
    reason = models.TextField(_("why it was changed"), blank=True)
    from_day = models.DateField(_("in force from"), null=True, blank=True)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    unit_path: ClassVar[str] = "metric__unit"
    reach: ClassVar[str] = "line"
    view: ClassVar[str] = "metrics.view"

    class Meta:
        ordering = ["metric", "-number"]
        constraints = [models.UniqueConstraint(fields=["metric", "number"], name="definition_number_once")]

    def __str__(self) -> str:
        return f"{self.metric} {self.number}"


class Series(models.Model):
    """A metric for a unit and, where the data have them, a service, product or channel."""

    metric = models.ForeignKey(Metric, models.PROTECT, related_name="series")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    service = models.ForeignKey(Service, models.PROTECT, null=True, blank=True, related_name="+")
    product = models.ForeignKey(Product, models.PROTECT, null=True, blank=True, related_name="+")
    channel = models.ForeignKey(Channel, models.PROTECT, null=True, blank=True, related_name="+")
    # Summed from the series of the units below (same metric, same dimensions); its observations are derived.
    rolled_up = models.BooleanField(default=False)
    first_day = models.IntegerField(null=True, editable=False)
    last_day = models.IntegerField(null=True, editable=False)
    # The last period, where the file it came in ends before it does (month to date), and the day it was known up to.
    partial_day = models.IntegerField(null=True, editable=False)
    partial_until = models.IntegerField(null=True, editable=False)
    data_changed_at = models.DateTimeField(null=True, editable=False)
    # Raised when a merge into it begins and again when it ends: odd while one is under way.
    data_version = models.PositiveBigIntegerField(default=0, editable=False)

    unit_path: ClassVar[str] = "unit"
    view: ClassVar[str] = "metrics.view"

    class Meta:
        ordering = ["metric", "unit", "id"]
        verbose_name_plural = "series"
        constraints = [
            # Not nulls_distinct: SQLite knows no such thing and would leave the promise out.
            models.UniqueConstraint(
                "metric",
                "unit",
                Coalesce("service", 0),
                Coalesce("product", 0),
                Coalesce("channel", 0),
                name="series_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.metric} · {self.place}"

    def get_absolute_url(self) -> str:
        return reverse("series", args=[self.pk])

    @property
    def place(self) -> str:
        """Where it is measured: the unit and, where there are any, service, product and channel."""
        parts = (self.unit, self.service, self.product, self.channel)
        return " · ".join(part.name for part in parts if part is not None)


class Target(models.Model):
    """A version of a target, benchmark or tolerance: for one unit (and all below it that have none of their own)
    of one metric. A benchmark is a line to compare with that decides nothing; a tolerance is a band, ``value`` to
    ``upper``. ``person`` set or proposed it; ``decided_by`` approved or turned down what was proposed. One that ``ends``
    has the value of what it ends: from its day on the unit has none of its own. A target may have a trajectory: the path
    planned from ``start_value`` on ``start_day`` to its value by ``reach_by``, which decides nothing."""

    class Kind(models.TextChoices):
        TARGET = "target", _("target")
        BENCHMARK = "benchmark", _("benchmark")
        TOLERANCE = "tolerance", _("tolerance")

    class State(models.TextChoices):
        PROPOSED = states.PROPOSED, _("proposed")
        IN_FORCE = states.IN_FORCE, _("in force")
        SUPERSEDED = states.SUPERSEDED, _("superseded")
        TURNED_DOWN = states.TURNED_DOWN, _("turned down")
        WITHDRAWN = states.WITHDRAWN, _("withdrawn")

    metric = models.ForeignKey(Metric, models.CASCADE, related_name="targets")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=9, choices=Kind.choices, default=Kind.TARGET)
    value = models.FloatField(_("value"))
    upper = models.FloatField(_("up to"), null=True, blank=True)
    ends = models.BooleanField(default=False, editable=False)
    start_value = models.FloatField(_("trajectory from"), null=True, blank=True)
    start_day = models.DateField(_("trajectory begins on"), null=True, blank=True)
    reach_by = models.DateField(_("target reached by"), null=True, blank=True)
    from_day = models.DateField(_("in force from"))
    source = models.CharField(_("source"), max_length=200, blank=True)
    reason = models.TextField(_("reason"))
    agreed_with = models.CharField(_("agreed with"), max_length=120, blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.PROPOSED)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", editable=False)
    decided_at = models.DateTimeField(null=True, editable=False)
    word = models.TextField(blank=True, default="", editable=False)
    # What was known when it was proposed: the series it was read from and its outlook then.
    facts = models.JSONField(default=dict, editable=False)
    # What led to the proposal: an action of the kind target change.
    thing_kind = models.CharField(max_length=60, blank=True, default="", editable=False)
    thing_id = models.CharField(max_length=40, blank=True, default="", editable=False)

    unit_path: ClassVar[str] = "unit"
    reach: ClassVar[str] = "line"
    view: ClassVar[str] = "metrics.view"

    class Meta:
        ordering = ["metric", "unit", "-from_day", "-id"]
        indexes = [models.Index(fields=["thing_kind", "thing_id"], name="target_by_thing")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="tolerance", upper__gt=F("value")) | (~Q(kind="tolerance") & Q(upper__isnull=True)),
                name="target_tolerance_is_a_band",
            ),
            models.CheckConstraint(
                condition=Q(start_value__isnull=True, start_day__isnull=True, reach_by__isnull=True)
                | Q(
                    start_value__isnull=False,
                    start_day__isnull=False,
                    reach_by__isnull=False,
                    reach_by__gt=F("start_day"),
                    kind="target",
                    ends=False,
                ),
                name="target_trajectory_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True, decided_at__isnull=True)
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="target_decided_by_and_at",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("person")),
                name="target_proposer_does_not_decide",
            ),
            models.CheckConstraint(
                condition=~Q(state="turned_down") | ~Q(word=""), name="target_turned_down_with_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.metric} {self.value}"

    def get_absolute_url(self) -> str:
        return reverse("target", args=[self.pk])

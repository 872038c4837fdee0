"""What the statistics say: one stored computation that board, page, paper and export all render."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from metrics import states
from metrics.models.metrics import Series
from teams.models import Person, Unit


class Standing(models.TextChoices):
    """How far a series' change can be trusted, judged over all series of the organisation."""

    CONFIRMED = "confirmed", _("confirmed")
    WATCH = "watch", _("watch")
    QUIET = "quiet", _("quiet")
    TOO_FEW = "too_few", _("too few values")


class Analysis(models.Model):
    """One per series and settings: the summary that lists sort by. Its points lie in ``AnalysisPoints``, so that a list
    of a thousand series with long histories reads none of them."""

    series = models.ForeignKey(Series, models.CASCADE, related_name="analyses")
    settings_key = models.CharField(max_length=80)
    settings = models.JSONField(default=dict)
    # Hash of observations, targets, rebases and settings; equal hash, equal analysis.
    inputs_hash = models.CharField(max_length=64)
    n = models.PositiveIntegerField()
    latest = models.FloatField(null=True)
    latest_day = models.IntegerField(null=True)
    mean = models.FloatField(null=True)
    amr = models.FloatField(null=True)
    lower = models.FloatField(null=True)
    upper = models.FloatField(null=True)
    target = models.FloatField(null=True)
    # Codes of metrics.trends: common_cause, improvement, concern, neutral_high, neutral_low; consistent_pass …; too_few
    # where the phase in force has too few values for either word.
    variation = models.CharField(max_length=20)
    assurance = models.CharField(max_length=20, blank=True)
    notes = models.JSONField(default=list)
    # The chance that the next period meets the target, and what it rests on (metrics.trends.chance).
    target_chance = models.FloatField(null=True)
    outlook = models.JSONField(default=dict)
    computed_at = models.DateTimeField()
    # The scan of the latest phase (metrics.trends.scan): T with the sign of its direction, the values used, the window
    # with its first day, the means of the window and of what lies before it, the series' own autocorrelation.
    scan = models.FloatField(null=True)
    scan_n = models.PositiveIntegerField(default=0, db_default=0)
    window = models.PositiveSmallIntegerField(default=0, db_default=0)
    window_day = models.IntegerField(null=True)
    level = models.FloatField(null=True)
    level_before = models.FloatField(null=True)
    own_phi = models.FloatField(null=True)
    rest_phi = models.FloatField(null=True)
    # Judged over all series of the organisation (metrics.analysing.cycles): how often a stable series would look like
    # this, how often one would show an icon, and what follows.
    p = models.FloatField(null=True)
    chance = models.FloatField(null=True)
    standing = models.CharField(max_length=10, choices=Standing.choices, blank=True, default="", db_default="")

    unit_path: ClassVar[str] = "series__unit"
    view: ClassVar[str] = "metrics.view"

    class Meta:
        verbose_name_plural = "analyses"
        constraints = [models.UniqueConstraint(fields=["series", "settings_key"], name="analysis_once")]

    def __str__(self) -> str:
        return f"{self.series_id} {self.settings_key}"

    def get_absolute_url(self) -> str:
        return reverse("series", args=[self.series_id])


class AnalysisPoints(models.Model):
    """The points of an analysis, packed by ``metrics.trends``: ``tail`` the last 52 for a sparkline, ``content`` all.

    ``tail`` comes first: what lies behind a long value in a row is read only through it.
    """

    analysis = models.OneToOneField(Analysis, models.CASCADE, primary_key=True, related_name="drawn")
    tail = models.BinaryField()
    content = models.BinaryField()

    unit_path: ClassVar[str] = "analysis__series__unit"
    view: ClassVar[str] = "metrics.view"

    class Meta:
        verbose_name_plural = "points of analyses"

    def __str__(self) -> str:
        return f"{self.analysis_id}"

    def get_absolute_url(self) -> str:
        return self.analysis.get_absolute_url()


class CloserLook(models.Model):
    """What is computed only for series on Watch, or when asked: season, drift (``metrics.analysing.closer``).

    ``inputs_hash`` is that of the analysis it was made from; a look with another hash or version is out of date.
    ``adjusted``: the points with the season taken out, packed like those of an analysis; None without a season.
    """

    series = models.OneToOneField(Series, models.CASCADE, related_name="closer_look")
    inputs_hash = models.CharField(max_length=64)
    version = models.PositiveSmallIntegerField()
    facts = models.JSONField(default=dict)
    adjusted = models.BinaryField(null=True)
    computed_at = models.DateTimeField()

    unit_path: ClassVar[str] = "series__unit"
    view: ClassVar[str] = "metrics.view"

    class Meta:
        verbose_name_plural = "closer looks"

    def __str__(self) -> str:
        return f"{self.series_id} {self.version}"

    def get_absolute_url(self) -> str:
        return reverse("series", args=[self.series_id])


class Signal(models.Model):
    """A special cause found by a rule: one per series and maximal run of a rule that reaches into the latest points (or of
    which somebody has spoken). ``facts`` make its sentence.

    A new run that overlaps an old one of the same series, rule and direction is the same Signal, so links hold;
    one no longer seen (``gone``) is kept where something points to it, and says so.
    """

    class State(models.TextChoices):
        OPEN = states.OPEN, _("open")
        ACKNOWLEDGED = states.ACKNOWLEDGED, _("acknowledged")

    class Rule(models.TextChoices):
        OUTSIDE = "outside", _("outside the limits")
        SHIFT = "shift", _("shift")
        TREND = "trend", _("trend")
        TWO_OF_THREE = "two_of_three", _("two of three near a limit")
        SCAN = "scan", _("confirmed change of level")

    series = models.ForeignKey(Series, models.CASCADE, related_name="signals")
    rule = models.CharField(max_length=12, choices=Rule.choices)
    direction = models.SmallIntegerField()
    point_type = models.CharField(max_length=20)
    first_day = models.IntegerField()
    last_day = models.IntegerField()
    points = models.PositiveIntegerField()
    facts = models.JSONField(default=dict)
    # Touches the last points of its series: only these are told on home.
    current = models.BooleanField(default=True)
    gone = models.BooleanField(default=False)
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    first_seen_at = models.DateTimeField()
    acknowledged_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    acknowledged_at = models.DateTimeField(null=True)
    word = models.TextField(blank=True, default="")

    unit_path: ClassVar[str] = "series__unit"
    view: ClassVar[str] = "metrics.view"

    class Meta:
        ordering = ["-last_day", "id"]
        indexes = [models.Index(fields=["series", "rule", "direction"], name="signal_by_rule")]
        constraints = [
            models.CheckConstraint(
                condition=Q(acknowledged_by__isnull=True, acknowledged_at__isnull=True)
                | Q(acknowledged_by__isnull=False, acknowledged_at__isnull=False),
                name="signal_acknowledged_by_and_at",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_rule_display()} · {self.series}"

    def get_absolute_url(self) -> str:
        return reverse("signal", args=[self.pk])


class Cycle(models.Model):
    """One judgement over all series of an organisation: which changes are Confirmed, and what chance alone would do.

    ``phi``: {metric id: autocorrelation shared by its series}; ``periods``: {day, week or month: how many ``series`` are
    measured so, and how many icons among them ``chance`` alone would show}; ``method`` is bh or by, ``q`` the accepted
    share of false ones among those confirmed.
    """

    organisation = models.ForeignKey(Unit, models.CASCADE, related_name="+")
    at = models.DateTimeField()
    settings_key = models.CharField(max_length=80)
    method = models.CharField(max_length=2)
    q = models.FloatField()
    phi = models.JSONField(default=dict)
    periods = models.JSONField(default=dict)
    series = models.PositiveIntegerField()
    judged = models.PositiveIntegerField()
    confirmed = models.PositiveIntegerField()
    watch = models.PositiveIntegerField()
    chance = models.FloatField()

    unit_path: ClassVar[str] = "organisation"
    view: ClassVar[str] = "metrics.view"

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["organisation", "settings_key", "-id"], name="cycle_latest")]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.at:%Y-%m-%d}"


class NullTable(models.Model):
    """What chance makes of the scan for one length and autocorrelation (metrics.trends.nulls): computed once, kept."""

    n = models.PositiveIntegerField()
    phi = models.PositiveSmallIntegerField()  # in hundredths
    draws = models.PositiveIntegerField()
    seed = models.PositiveIntegerField()
    quantiles = models.BinaryField()  # float64, little-endian

    class Meta:
        constraints = [models.UniqueConstraint(fields=["n", "phi", "draws", "seed"], name="null_table_once")]


class Rebase(models.Model):
    """A date from which the limits are computed anew; set by a person with a reason, never by itself."""

    series = models.ForeignKey(Series, models.CASCADE, related_name="rebases")
    day = models.DateField(_("from"))
    reason = models.TextField(_("reason"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, editable=False)

    unit_path: ClassVar[str] = "series__unit"
    view: ClassVar[str] = "metrics.view"

    class Meta:
        ordering = ["series", "day"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="rebase_says_why"),
            models.UniqueConstraint(
                fields=["series", "day"], condition=Q(withdrawn_at__isnull=True), name="rebase_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.series_id} {self.day}"


class Mark(models.Model):
    """A thin vertical line on every chart of a series: an action, a change of definition, a note."""

    class Kind(models.TextChoices):
        ACTION = "action", _("action")
        DEFINITION = "definition", _("definition")
        NOTE = "note", _("note")

    series = models.ForeignKey(Series, models.CASCADE, related_name="marks")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    day = models.DateField(_("date"))
    label = models.CharField(_("label"), max_length=80)
    thing_kind = models.CharField(max_length=60, blank=True)
    thing_id = models.CharField(max_length=40, blank=True)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    unit_path: ClassVar[str] = "series__unit"
    view: ClassVar[str] = "metrics.view"

    class Meta:
        ordering = ["series", "day"]

    def __str__(self) -> str:
        return self.label

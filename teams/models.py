"""Who we are, who may, who did what."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from teams import roles, verbs


class Workspace(models.Model):
    """The one workspace of an installation: its zone for days and its name."""

    name = models.CharField(_("name"), max_length=120, default="CX Review")
    zone = models.CharField(_("time zone for days"), max_length=64, default="Europe/London")
    is_demo = models.BooleanField(default=False)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="one_workspace")]

    def __str__(self) -> str:
        return self.name


class Unit(models.Model):
    """Organisation > department > team. ``path`` holds the ids from the top ("/1/4/9/"), for one-query scopes."""

    class Kind(models.TextChoices):
        ORGANISATION = "organisation", _("organisation")
        DEPARTMENT = "department", _("department")
        TEAM = "team", _("team")

    name = models.CharField(_("name"), max_length=120)
    code = models.CharField(_("code used in files"), max_length=60, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    path = models.CharField(max_length=255, db_index=True, editable=False, default="")
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)

    unit_path: ClassVar[str] = ""
    reach: ClassVar[str] = "line"
    view: ClassVar[str] = "teams.view"

    class Meta:
        verbose_name, verbose_name_plural = _("unit"), _("units")
        ordering = ["path"]
        constraints = [
            models.UniqueConstraint(fields=["parent", "name"], name="unit_name_once_per_parent"),
            models.CheckConstraint(
                condition=Q(kind="organisation", parent__isnull=True)
                | (~Q(kind="organisation") & Q(parent__isnull=False)),
                name="unit_only_organisations_stand_alone",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("unit", args=[self.pk])

    @property
    def line_ids(self) -> list[int]:
        """Ids of the units from the top down to this one."""
        return [int(part) for part in self.path.strip("/").split("/") if part]


class OutsideBody(models.Model):
    """Somebody outside: a regulator, a supplier, an assessor."""

    name = models.CharField(_("name"), max_length=120)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")

    unit_path: ClassVar[str] = "unit"
    view: ClassVar[str] = "teams.view"

    def __str__(self) -> str:
        return self.name


class People(BaseUserManager["Person"]):
    def create_user(self, email: str, name: str, password: str | None = None) -> Person:
        person = self.model(email=email.strip().lower(), name=name)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(email=(username or "").strip().lower())


class Person(AbstractBaseUser):
    """Somebody with an account. What they may do follows from their roles and from being named, nothing else."""

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    is_active = models.BooleanField(_("may sign in"), default=True)
    # Raised on every change of password, role or state of the account, so that older sessions die at once.
    session_key_version = models.PositiveIntegerField(default=1, editable=False)
    wants_mail = models.BooleanField(_("send me e-mail"), default=True)
    # Codes of guidance that the person needs no more.
    folded_guides = models.JSONField(default=list, editable=False)
    signals_seen_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects: ClassVar[People] = People()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    EMAIL_FIELD = "email"

    unit_path: ClassVar[str] = "roles__unit"
    reach: ClassVar[str] = "line"
    view: ClassVar[str] = "teams.view"
    named: ClassVar[dict[str, tuple[str, ...]]] = {"id": ("teams.view",)}

    class Meta:
        verbose_name, verbose_name_plural = _("person"), _("people")
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("person", args=[self.pk])

    def get_session_auth_hash(self) -> str:
        return f"{super().get_session_auth_hash()}{self.session_key_version}"


class Role(models.Model):
    """A role held for a unit; it reaches all units below. ``limit`` is the authority to spend, in whole money."""

    class Name(models.TextChoices):
        SUPERVISOR = roles.SUPERVISOR, _("supervisor")
        DECISION_MAKER = roles.DECISION_MAKER, _("decision-maker")
        TEAM_LEAD = roles.TEAM_LEAD, _("team lead")
        COLLEAGUE = roles.COLLEAGUE, _("colleague")
        ADMINISTRATOR = roles.ADMINISTRATOR, _("administrator")

    person = models.ForeignKey(Person, models.CASCADE, related_name="roles")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="roles")
    name = models.CharField(_("role"), max_length=16, choices=Name.choices)
    limit = models.DecimalField(_("limit of authority"), max_digits=12, decimal_places=2, null=True, blank=True)

    unit_path: ClassVar[str] = "unit"
    view: ClassVar[str] = "teams.view"

    class Meta:
        verbose_name, verbose_name_plural = _("role"), _("roles")
        constraints = [models.UniqueConstraint(fields=["person", "unit", "name"], name="role_once")]

    def __str__(self) -> str:
        return f"{self.get_name_display()} · {self.unit}"


class StandIn(models.Model):
    """Somebody who acts for somebody away, within the same authority, from a day to a day."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="stand_ins", verbose_name=_("person away"))
    stand_in = models.ForeignKey(Person, models.CASCADE, related_name="stands_in_for", verbose_name=_("stand-in"))
    first_day = models.DateField(_("from"))
    last_day = models.DateField(_("until"))

    unit_path: ClassVar[str] = "person__roles__unit"
    view: ClassVar[str] = "teams.view"
    named: ClassVar[dict[str, tuple[str, ...]]] = {"person": ("teams.view",), "stand_in": ("teams.view",)}

    class Meta:
        verbose_name, verbose_name_plural = _("stand-in"), _("stand-ins")
        constraints = [
            models.CheckConstraint(condition=~Q(person=F("stand_in")), name="stand_in_is_somebody_else"),
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="stand_in_days_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.stand_in} → {self.person}"


class SignInAttempt(models.Model):
    """The latest evaluated guesses for one account, device or source; the row is the lock that counts them exactly.

    ``key`` is a hash (somebody may type a password where the address belongs); ``times`` are seconds since 1970.
    """

    key = models.CharField(max_length=80, unique=True)
    times = models.JSONField(default=list)
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.key} {len(self.times)}"


class Appended(models.QuerySet["TrailEntry"]):
    """Rows that can be added and read, nothing else."""

    def update(self, **kwargs: object) -> int:
        raise TypeError("an entry of the trail is never changed")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError("an entry of the trail is never deleted")


class TrailEntry(models.Model):
    """Who did what, when, before and after: appended, never edited, chained by ``mac`` (see teams/trail.py)."""

    number = models.PositiveBigIntegerField(unique=True)
    at = models.DateTimeField(db_index=True)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    verb = models.CharField(max_length=60)
    kind = models.CharField(max_length=60)
    object_id = models.CharField(max_length=40)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    previous = models.CharField(max_length=64)
    mac = models.CharField(max_length=64)

    objects = Appended.as_manager()

    unit_path: ClassVar[str] = "unit"
    view: ClassVar[str] = "trail.view"

    class Meta:
        ordering = ["-number"]
        base_manager_name = "objects"
        indexes = [models.Index(fields=["kind", "object_id"])]

    def __str__(self) -> str:
        return f"{self.number} {self.verb} {self.kind} {self.object_id}"

    @property
    def words(self) -> str:
        """What was done, as people read it."""
        return verbs.words_of(self.verb)

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("an entry of the trail is never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("an entry of the trail is never deleted")


class TrailHead(models.Model):
    """The head of the chain; its row is the lock that keeps concurrent writers from forking it."""

    number = models.PositiveBigIntegerField(default=0)
    mac = models.CharField(max_length=64, default="")

    def __str__(self) -> str:
        return str(self.number)


class StoredFile(models.Model):
    """A file kept outside the database: by hash, with its size and type. Its door is the object it belongs to."""

    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.PositiveBigIntegerField()
    content_type = models.CharField(max_length=100)
    path = models.CharField(max_length=255)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    added_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField()

    unit_path: ClassVar[str] = "unit"
    view: ClassVar[str] = "metrics.rows"

    def __str__(self) -> str:
        return self.name


class Draft(models.Model):
    """Words that somebody typed and that could not be saved over somebody else's; kept until they are dealt with."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="drafts")
    kind = models.CharField(max_length=60)
    object_id = models.CharField(max_length=40)
    words = models.JSONField(default=dict)
    kept_at = models.DateTimeField()

    unit_path: ClassVar[str | None] = None
    view: ClassVar[str] = "notices.own"
    named: ClassVar[dict[str, tuple[str, ...]]] = {"person": ("notices.own",)}

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"


class SentForm(models.Model):
    """A form that was sent, by the hash of who sent which words from which rendering of the page to which address: the same
    once more is no second wish. ``location``: where the first one led, "" while it is still on its way."""

    key = models.CharField(max_length=64, unique=True)
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    location = models.TextField(blank=True, default="")
    at = models.DateTimeField()

    unit_path: ClassVar[str | None] = None
    view: ClassVar[str] = "notices.own"
    named: ClassVar[dict[str, tuple[str, ...]]] = {"person": ("notices.own",)}

    def __str__(self) -> str:
        return self.key


class Versioned(models.Model):
    """A row that people edit by hand: each save raises ``version``, so a stale form is noticed (teams/edits.py)."""

    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True

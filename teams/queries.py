"""Questions about units, people and the trail."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import Http404
from django.urls import NoReverseMatch
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from teams import access, clock
from teams.links import Hit, ThreadLink
from teams.models import Draft, Person, Role, StandIn, TrailEntry, Unit, Workspace


def nobody_yet() -> bool:
    """Whether the workspace still waits for its first administrator."""
    return not Person.objects.exists()


def start_token() -> str:
    """The word that opens the first page of an empty workspace where others could come to it too.

    Made from the secret of the install, so that every process knows it and nothing has to be kept. It opens once: the
    page is gone when there is somebody.
    """
    return salted_hmac("teams.start", "first administrator").hexdigest()[:32]


def opens_start(given: str) -> bool:
    """Whether this word opens the first page."""
    return not settings.START_GUARDED or constant_time_compare(given, start_token())


def workspace() -> Workspace:
    """The workspace; an unsaved one with the defaults where none was named."""
    return Workspace.objects.filter(pk=1).first() or Workspace()


@dataclass(frozen=True)
class Branch:
    """One line of the tree of units: how deep it lies, and who holds which role there."""

    unit: Unit
    depth: int
    roles: list[Role]


def tree(person: Person) -> list[Branch]:
    """The units that the person sees, parents before children, brothers by name; two queries."""
    units = list(access.visible_to(person, Unit).order_by("name", "pk"))
    held = Role.objects.filter(unit__in=units, person__is_active=True).select_related("person").order_by("person__name")
    by_unit: dict[int, list[Role]] = {}
    for row in held:
        by_unit.setdefault(row.unit_id, []).append(row)
    children: dict[int | None, list[Unit]] = {}
    known = {unit.pk for unit in units}
    for unit in units:
        children.setdefault(unit.parent_id if unit.parent_id in known else None, []).append(unit)
    found: list[Branch] = []

    def walk(parent: int | None, depth: int) -> None:
        for unit in children.get(parent, []):
            found.append(Branch(unit, depth, by_unit.get(unit.pk, [])))
            walk(unit.pk, depth + 1)

    walk(None, 0)
    return found


def administered_units(person: Person) -> QuerySet[Unit]:
    """The units in use that the person administers, parents before children."""
    condition = Q(pk__in=[])
    for path in access.grants(person).paths("teams.administer"):
        condition |= Q(path__startswith=path)
    return Unit.objects.filter(condition, archived_at__isnull=True).order_by("path")


def people(person: Person) -> QuerySet[Person]:
    """The people the person sees, with their roles at hand."""
    return access.visible_to(person, Person).prefetch_related("roles__unit")


def roles_of(person: Person) -> list[Role]:
    """The person's roles, from the top of the organisation down."""
    return list(Role.objects.filter(person=person).select_related("unit", "person").order_by("unit__path", "name"))


def line_of(unit: Unit) -> list[Unit]:
    """The units above, from the top down."""
    return list(Unit.objects.filter(pk__in=unit.line_ids).exclude(pk=unit.pk).order_by("path"))


def roles_in(person: Person, unit: Unit) -> list[Role]:
    """The roles held for this unit by people whom the person sees."""
    rows = access.visible_to(person, Role).filter(unit=unit, person__is_active=True)
    return list(rows.select_related("person", "unit").order_by("name", "person__name"))


def stand_ins_of(person: Person) -> list[StandIn]:
    """Who acts for the person, and for whom they act, now or later."""
    rows = StandIn.objects.filter(last_day__gte=clock.today()).select_related("person", "stand_in")
    return list((rows.filter(person=person) | rows.filter(stand_in=person)).order_by("first_day", "pk"))


def possible_stand_ins(person: Person) -> QuerySet[Person]:
    """Who could act for the person: people of the units beside and above theirs who may sign in."""
    condition = Q(pk__in=[])
    for row in Role.objects.filter(person=person).select_related("unit"):
        line = row.unit.line_ids
        beside = "".join(f"/{pk}" for pk in line[:-1] or line) + "/"
        condition |= Q(unit__path__startswith=beside) | Q(unit__in=line)
    near = Role.objects.filter(condition).values("person")
    return Person.objects.filter(pk__in=near, is_active=True).exclude(pk=person.pk)


def entries(person: Person) -> QuerySet[TrailEntry]:
    """The entries of the trail that the person may read."""
    return access.visible_to(person, TrailEntry).select_related("person", "unit")


def entry(person: Person, number: int) -> TrailEntry:
    """One entry by its number. Raises Http404 where the person may not read it."""
    found = entries(person).filter(number=number).first()
    if found is None:
        raise Http404
    return found


@dataclass(frozen=True)
class Change:
    """One field of an entry: what it was and what it became."""

    field: str
    before: Any
    after: Any


def changes(entry: TrailEntry) -> list[Change]:
    """The fields of an entry that differ, in the order in which they were written."""
    names = [*entry.before, *(name for name in entry.after if name not in entry.before)]
    found = [Change(words_of(name), entry.before.get(name), entry.after.get(name)) for name in names]
    return [change for change in found if change.before != change.after]


def named(entry: TrailEntry, found: list[Change]) -> list[Change]:
    """The same changes, with the name of what a field points to in place of its number; one query per kind of thing."""
    try:
        meta: Any = apps.get_model(entry.kind)._meta
    except (LookupError, ValueError):
        return found
    kinds = {words_of(one.name): one.related_model for one in meta.concrete_fields if one.many_to_one}
    kinds |= {words_of(f"{one.name}_id"): one.related_model for one in meta.concrete_fields if one.many_to_one}
    names: dict[Any, dict[Any, str]] = {}
    for model in {kinds[change.field] for change in found if change.field in kinds}:
        mine = [change for change in found if kinds.get(change.field) is model]
        ids = {pk for change in mine for pk in (change.before, change.after) if isinstance(pk, int)}
        names[model] = {one.pk: str(one) for one in model._base_manager.filter(pk__in=ids)}

    def name(change: Change, pk: Any) -> Any:
        return names.get(kinds.get(change.field), {}).get(pk, pk) if isinstance(pk, int) else pk

    return [Change(change.field, name(change, change.before), name(change, change.after)) for change in found]


def value_words(value: Any) -> str:
    """What an entry holds, as a person reads it: nothing as a dash, a list or a table as its parts."""
    if value is None or value in ("", [], {}):
        return "–"
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, dict):
        parts = (f"{words_of(str(key)).lower()} {value_words(part)}" for key, part in value.items() if part != "")
        return ", ".join(parts)
    if isinstance(value, list):
        return ", ".join(value_words(part) for part in value)
    return str(value)


def words_of(code: str) -> str:
    """A field as words: ``archived_at`` → "Archived at"."""
    return str(capfirst(code.replace("_", " ").strip()))


def kind_words(kind: str) -> str:
    """The name of a model as words; the code itself where the model is gone."""
    try:
        return str(capfirst(apps.get_model(kind)._meta.verbose_name))
    except (LookupError, ValueError):
        return kind


def thing_of(person: Person, entry: TrailEntry) -> tuple[str, str]:
    """(name, address) of the object of an entry: its number where it is gone, no address where the way is shut.

    Who reads the trail of a unit need not be allowed to open all that was done there.
    """
    try:
        thing = apps.get_model(entry.kind)._base_manager.filter(pk=entry.object_id).first()
    except (LookupError, ValueError, ValidationError):
        thing = None
    if thing is None:
        return entry.object_id, ""
    try:
        address = str(thing.get_absolute_url())  # type: ignore[attr-defined]
    except (AttributeError, NoReverseMatch):
        address = ""
    model: Any = type(thing)
    open_to = getattr(model, "view", "") and access.visible_to(person, model).filter(pk=thing.pk).exists()
    return str(thing), address if open_to else ""


@dataclass(frozen=True)
class Kept:
    """A draft as its author reads it: the object it was meant for, and its words by field."""

    pk: int
    title: str
    url: str
    kept_at: dt.datetime
    words: list[tuple[str, str]]


def drafts(person: Person) -> list[Kept]:
    """What the person typed and could not save over somebody else's words, the latest first."""
    found = []
    for draft in access.visible_to(person, Draft).filter(person=person).order_by("-kept_at", "-pk")[:50]:
        title, url = thing_of(person, TrailEntry(kind=draft.kind, object_id=draft.object_id))
        words = [(words_of(name), "" if text is None else str(text)) for name, text in draft.words.items()]
        found.append(Kept(draft.pk, f"{kind_words(draft.kind)}: {title}", url, draft.kept_at, words))
    return found


def thread_of(person: Person, thing: Any) -> list[ThreadLink]:
    """Units and people stand above everything; a thread begins with what they made."""
    return []


def search(person: Person, words: str) -> list[Hit]:
    """People and units by name or address."""
    from_people = access.visible_to(person, Person).filter(name__icontains=words)[:10]
    from_units = access.visible_to(person, Unit).filter(name__icontains=words)[:10]
    return [
        *(Hit(Person._meta.verbose_name, found.name, found.get_absolute_url()) for found in from_people),
        *(Hit(Unit._meta.verbose_name, found.name, found.get_absolute_url()) for found in from_units),
    ]

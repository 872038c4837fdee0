"""The doors: the only way to a queryset (``visible_to``), an object (``fetch``) or a yes (``may``).

Each model says how it reaches a unit (``unit_path``), which permission opens it (``view``) and who is named
on it (``named`` = {path to a person: permissions}). From these alone the filters are built. Shut by default:
a model without ``view`` cannot be asked for at all.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar, cast

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from teams import clock, roles
from teams.models import Person, Role, Unit

M = TypeVar("M", bound=Model)
View = Callable[..., HttpResponseBase]

# True once the request asked a door; the Doors middleware refuses an answer that never asked.
asked: ContextVar[bool] = ContextVar("door_asked", default=False)

PUBLIC = "public"
SIGNED_IN = "signed in"


def door(permission: str, **options: bool) -> Callable[[View], View]:
    """Declare what a view asks for: a permission of ``teams.roles``, SIGNED_IN (own things only) or PUBLIC.

    The wrapper asks whether the person holds the permission anywhere (or could be named); the object itself is
    asked for by ``fetch`` inside the view.
    """
    if permission not in roles.PERMISSIONS and permission not in (PUBLIC, SIGNED_IN):
        raise LookupError(f"{permission} is not in teams/roles.py")

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            asked.set(True)
            if permission in roles.PERMISSIONS and roles.PERMISSIONS[permission] and options.get("role_only"):
                require(request.user, permission)
            return view(request, *args, **kwargs)

        guarded.door = permission  # type: ignore[attr-defined]
        if permission == PUBLIC:
            guarded.login_required = False  # type: ignore[attr-defined]
        return guarded

    return wrap


@dataclass(frozen=True)
class Holding:
    """One role (None: none at all) of the person, or of somebody the person stands in for from a day to a day."""

    person_id: int
    role: str | None
    path: str | None
    unit_id: int | None
    stand_in_id: int | None
    first_day: dt.date | None
    last_day: dt.date | None

    def counts(self, pk: int, today: dt.date) -> bool:
        if self.person_id == pk:
            return True
        begun = self.first_day is not None and self.first_day <= today
        return self.stand_in_id == pk and begun and self.last_day is not None and today <= self.last_day


def _holding(pk: int) -> QuerySet[Person]:
    """The person, and who they stand in for about now, a row for each role; inactive people hold nothing."""
    # A day more at both ends: the zone of the workspace is not known yet where the person is read.
    soon, before = clock.today() + dt.timedelta(days=1), clock.today() - dt.timedelta(days=1)
    away = Q(stand_ins__stand_in=pk, stand_ins__first_day__lte=soon, stand_ins__last_day__gte=before)
    names = {
        "held_role": F("roles__name"),
        "held_path": F("roles__unit__path"),
        "held_unit": F("roles__unit_id"),
        "held_stand_in": F("stand_ins__stand_in"),
        "held_from": F("stand_ins__first_day"),
        "held_until": F("stand_ins__last_day"),
    }
    return Person.objects.filter(Q(pk=pk) | away, is_active=True).annotate(**names).order_by("pk")


def _rows(people: Iterable[Any]) -> list[Holding]:
    return [
        Holding(one.pk, one.held_role, one.held_path, one.held_unit, one.held_stand_in, one.held_from, one.held_until)
        for one in people
    ]


def sign_in_again(pk: int) -> Person | None:
    """The person of a session together with what they hold: one query for every page. None: may not sign in."""
    people = list(_holding(pk))
    found = next((one for one in people if one.pk == pk), None)
    if found is not None:
        found._holding = _rows(people)  # type: ignore[attr-defined]
    return found


class Grants:
    """What one person holds now: role rows with their unit paths, and the people they stand in for."""

    def __init__(self, person: Person) -> None:
        today = clock.today()
        read = getattr(person, "_holding", None)
        held = [one for one in (_rows(_holding(person.pk)) if read is None else read) if one.counts(person.pk, today)]
        self.acts_for = list(dict.fromkeys([person.pk, *(one.person_id for one in held)]))
        self.rows = list(dict.fromkeys((one.role, one.path or "", one.unit_id) for one in held if one.role))

    def paths(self, permission: str) -> list[str]:
        """Paths of the units for which the permission is held through a role."""
        holders = roles.PERMISSIONS[permission]
        return sorted({path for name, path, _unit in self.rows if name in holders})


def person_of(request: HttpRequest) -> Person:
    """Who asks; behind a door that is not PUBLIC it is always a person."""
    return cast(Person, request.user)


def grants(person: Any) -> Grants:
    """The person's grants, read once per loaded person (that is: once per request)."""
    found = getattr(person, "_grants", None)
    if found is None:
        found = Grants(person)
        person._grants = found
    return found


def forget(person: Any) -> None:
    """Read the grants anew after a change of roles within one process."""
    for name in ("_grants", "_holding"):
        if hasattr(person, name):
            delattr(person, name)


def _scope(model: type[Model], paths: Iterable[str], above: bool) -> Q:
    """``above``: for a model that reaches along the line, also what the units above own (to look at, not to change)."""
    unit_path: str | None = getattr(model, "unit_path", None)
    if unit_path is None:
        return Q(pk__in=[])
    prefix = f"{unit_path}__" if unit_path else ""
    condition = Q(pk__in=[])
    for path in paths:
        condition |= Q(**{f"{prefix}path__startswith": path})
        if above and getattr(model, "reach", "down") == "line":
            condition |= Q(**{f"{prefix}id__in": [int(part) for part in path.strip("/").split("/")]})
    return condition


def _named(model: type[Model], permission: str, people: list[int]) -> Q:
    condition = Q(pk__in=[])
    for path, permissions in getattr(model, "named", {}).items():
        if permission in permissions:
            condition |= Q(**{f"{path}__in": people})
    return condition


def visible_to(person: Any, model: type[M], permission: str | None = None) -> QuerySet[M]:
    """All rows of ``model`` for which ``person`` holds ``permission`` (default: the model's own ``view``)."""
    asked.set(True)
    permission = permission or model.view  # type: ignore[attr-defined]
    if permission not in roles.PERMISSIONS:
        raise LookupError(f"{permission} is not in teams/roles.py")
    if not getattr(person, "is_active", False):
        return model._default_manager.none()
    held = grants(person)
    looking = permission == model.view  # type: ignore[attr-defined]
    condition = _scope(model, held.paths(permission), looking) | _named(model, permission, held.acts_for)
    # A subquery, not a join: a person named twice must not make a row appear twice.
    return model._default_manager.filter(pk__in=model._base_manager.filter(condition).values("pk"))


def may(person: Any, permission: str, thing: Model | Unit | None = None) -> bool:
    """May ``person`` do ``permission`` to ``thing`` (a unit, an object; None: anywhere at all)?"""
    asked.set(True)
    if permission not in roles.PERMISSIONS:
        raise LookupError(f"{permission} is not in teams/roles.py")
    if not getattr(person, "is_active", False):
        return False
    if thing is None:
        return bool(grants(person).paths(permission))
    if isinstance(thing, Unit):
        return any(thing.path.startswith(path) for path in grants(person).paths(permission))
    return visible_to(person, type(thing), permission).filter(pk=thing.pk).exists()


def require(person: Any, permission: str, thing: Model | None = None) -> None:
    """Raise PermissionDenied unless ``may``."""
    if not may(person, permission, thing):
        raise PermissionDenied(permission)


def administers(person: Any, whom: Person) -> bool:
    """Whether ``person`` is the administrator of every unit in which ``whom`` holds a role.

    One unit is not enough: who is administrator of the one could else sign in as a colleague of the other.
    """
    asked.set(True)
    paths = grants(person).paths("teams.administer") if getattr(person, "is_active", False) else []
    units = list(Role.objects.filter(person=whom).values_list("unit__path", flat=True))
    return bool(units) and all(any(unit.startswith(path) for path in paths) for unit in units)


def require_administered(person: Any, whom: Person) -> None:
    """Raise PermissionDenied unless ``administers``."""
    if not administers(person, whom):
        raise PermissionDenied("teams.administer")


def held(person: Any, thing: Model, *permissions: str) -> set[str]:
    """Which of these permissions ``person`` holds over ``thing``; one query, however many are asked."""
    asked.set(True)
    model = type(thing)
    asks = {
        f"held_{place}": Exists(visible_to(person, model, permission).filter(pk=OuterRef("pk")))
        for place, permission in enumerate(permissions)
    }
    row = model._base_manager.filter(pk=thing.pk).annotate(**asks).values_list(*asks).first()
    return {permission for permission, yes in zip(permissions, row or (), strict=False) if yes}


def fetch(
    person: Any,
    model: type[M],
    pk: Any,
    permission: str | None = None,
    lock: bool = False,
    related: tuple[str, ...] = (),
) -> M:
    """The object, or Http404 if the person may not see it, PermissionDenied if they may see but not do.

    ``related``: what its page shows beside it, read in the same query.
    """
    rows: QuerySet[Any] = visible_to(person, model).select_related(*related) if related else visible_to(person, model)
    if lock:
        rows = rows.select_for_update(of=("self",))
    elif permission:
        # Both doors in one question.
        rows = rows.annotate(may_do=Exists(visible_to(person, model, permission).filter(pk=OuterRef("pk"))))
    try:
        thing: M = rows.get(pk=pk)
    except (model.DoesNotExist, ValueError, OverflowError):  # type: ignore[attr-defined]
        raise Http404 from None
    if permission and not (may(person, permission, thing) if lock else thing.may_do):  # type: ignore[attr-defined]
        raise PermissionDenied(permission)
    return thing


def holders(permission: str, unit: Unit) -> QuerySet[Person]:
    """Active people who hold ``permission`` for ``unit`` through a role there or above."""
    return Person.objects.filter(
        is_active=True,
        pk__in=Role.objects.filter(name__in=roles.PERMISSIONS[permission], unit__in=unit.line_ids).values("person"),
    )

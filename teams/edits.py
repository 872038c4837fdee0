"""Two people, one text: different fields merge, the same field shows both and keeps the loser's as a draft."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from teams import clock, trail
from teams.models import Draft, Person, Versioned
from teams.refusals import Conflict

V = TypeVar("V", bound=Versioned)


def save(
    person: Person,
    thing: V,
    base_version: int,
    base: dict[str, Any],
    mine: dict[str, Any],
    verb: str,
    *,
    also: Callable[[V], None] | None = None,
    recorded: tuple[str, ...] = (),
    quiet: bool = False,
) -> V:
    """Write what the person changed on ``thing`` and append it to the trail; the caller has asked the doors.

    ``base``: the values the form was opened with, at ``base_version``; ``mine``: what was sent. Fields that the
    person did not touch are left alone, so edits of different fields merge. If both changed one field to different
    words, nothing is written, the person's words are kept as a Draft and Conflict is raised (after the commit).
    ``also`` sets what the change brings with it (a state, who and when) before the row is saved; ``recorded`` names
    those fields for the trail entry; ``quiet`` leaves the entry to the caller's own. A caller with a transaction of
    its own must let it commit before the Conflict leaves it, or the draft is lost. A field that links many rows holds
    their ids in order.
    """
    touched = {field: value for field, value in mine.items() if _differ(value, base.get(field))}
    draft = None
    with transaction.atomic():
        current = type(thing)._base_manager.select_for_update().filter(pk=thing.pk).first()
        both = _both(current, base_version, base, touched)
        if current is None or both:
            draft = _keep_draft(person, current or thing, touched)
        elif touched:
            before = _values(current, *touched, *recorded)
            for field, value in touched.items():
                _assign(current, field, value)
            if also:
                also(current)
            current.version += 1
            current.save()
            if not quiet:
                trail.record(person, verb, current, before, _values(current, *touched, *recorded))
    if current is None or draft is not None:
        raise _conflict(current, both, touched, draft)
    return current


def _both(current: Versioned | None, base_version: int, base: dict[str, Any], touched: dict[str, Any]) -> list[str]:
    """The fields that somebody else changed to other words since the form was opened; all where the row is gone."""
    if current is None or current.version == base_version:
        return list(touched) if current is None else []
    return [
        field
        for field, value in touched.items()
        if _differ(_value(current, field), base.get(field)) and _differ(_value(current, field), value)
    ]


def _conflict(current: Versioned | None, both: list[str], touched: dict[str, Any], draft: Draft | None) -> Conflict:
    words = (
        _(
            "Somebody else changed the same words while you were writing. "
            "Both texts are shown; yours is kept as a draft."
        )
        if current
        else _("Somebody else has deleted this while you were writing. Your words are kept as a draft.")
    )
    theirs = {field: str(_value(current, field)) if current else "" for field in both}
    return Conflict(words, theirs, {field: str(touched[field]) for field in both}, draft.pk if draft else 0)


def drop_draft(person: Person, draft: Draft) -> None:
    """The author has dealt with the draft; its words stay in the trail. Raises PermissionDenied for anybody else."""
    if draft.person_id != person.pk:
        raise PermissionDenied
    with transaction.atomic():
        trail.record(
            person, "drop_draft", draft, trail.values(draft, "kind", "object_id", "words"), {}, trail.unit_of(person)
        )
        draft.delete()


def _value(thing: Versioned, field: str) -> Any:
    """The value as a form and the trail hold it: of a link to many, the ids in order."""
    if thing._meta.get_field(field).many_to_many:
        return sorted(getattr(thing, field).values_list("pk", flat=True))
    return getattr(thing, field)


def _values(thing: Versioned, *fields: str) -> dict[str, Any]:
    return {field: trail.plain(_value(thing, field)) for field in fields}


def _assign(thing: Versioned, field: str, value: Any) -> None:
    if thing._meta.get_field(field).many_to_many:
        getattr(thing, field).set(value)
    else:
        setattr(thing, field, value)


def _differ(one: Any, other: Any) -> bool:
    return _even(trail.plain(one)) != _even(trail.plain(other))


def _even(value: Any) -> Any:
    """A browser ends lines its own way: that alone is no change."""
    return value.replace("\r\n", "\n").replace("\r", "\n") if isinstance(value, str) else value


def _keep_draft(person: Person, thing: Versioned, words: dict[str, Any]) -> Draft:
    draft = Draft.objects.create(
        person=person,
        kind=thing._meta.label_lower,
        object_id=str(thing.pk),
        words={field: trail.plain(value) for field, value in words.items()},
        kept_at=clock.now(),
    )
    trail.record(person, "keep_draft", draft, {}, {"kind": draft.kind, "object": draft.object_id}, trail.unit_of(thing))
    return draft

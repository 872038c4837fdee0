"""What was typed into a page whose session had ended: kept until its author signs in again, then given back.

Kept in the stranger's new session, never passwords or files, and only on a device that somebody had signed in from;
shown to nobody but the person who had signed in there last. Nothing is saved until they say so.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.text import capfirst

from teams import devices
from teams.models import Person

KEY = "typed"
MOST = 200_000
_SECRETS = ("password", "secret", "token")


@dataclass(frozen=True)
class Field:
    """One field as it was sent; ``read`` says whether a person would want to read it."""

    name: str
    value: str
    label: str
    read: bool


@dataclass(frozen=True)
class Typed:
    """A form that was sent too late: where to, its fields, and the names of files that have to be chosen again."""

    path: str
    fields: list[Field]
    files: list[str]


def keep(request: HttpRequest) -> bool:
    """Keep the form of a POST that came without a session. Returns whether there was anything to keep."""
    person = devices.read(request).latest
    if person is None or request.method != "POST":
        return False
    fields, files = _sent(request)
    if not fields or sum(len(name) + len(value) for name, value in fields) > MOST:
        return False
    request.session[KEY] = {"person": person, "path": request.path, "fields": fields, "files": files}
    return True


def just_sent(request: HttpRequest) -> Typed | None:
    """The form of this very request, to be shown to its sender once more; None where there is nothing to show."""
    fields, files = _sent(request)
    return _typed(request.path, fields, files) if fields else None


def _sent(request: HttpRequest) -> tuple[list[list[str]], list[str]]:
    fields = [
        [name, value]
        for name in request.POST
        if name != "csrfmiddlewaretoken" and not any(secret in name.lower() for secret in _SECRETS)
        for value in request.POST.getlist(name)
    ]
    return fields, [file.name or "" for name in request.FILES for file in request.FILES.getlist(name)]


def _typed(path: str, fields: list[list[str]], files: list[str]) -> Typed:
    read = [Field(name, value, _label(name), _worth_reading(name, value)) for name, value in fields]
    return Typed(path, read, files)


def kept(request: HttpRequest, person: Person) -> Typed | None:
    """What ``person`` had typed; None where there is nothing or somebody else typed it."""
    found = request.session.get(KEY)
    if not found or found["person"] != person.pk:
        return None
    return _typed(found["path"], found["fields"], found["files"])


def drop(request: HttpRequest) -> None:
    request.session.pop(KEY, None)


def _label(name: str) -> str:
    return str(capfirst(name.rsplit("-", 1)[-1].replace("_", " ")))


def _worth_reading(name: str, value: str) -> bool:
    """Words, not the bookkeeping of a form (versions, ids, the values it was opened with)."""
    return any(letter.isalpha() for letter in value) and not name.startswith(("base", "initial-", "_"))

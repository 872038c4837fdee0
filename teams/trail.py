"""The trail: every write is an appended entry in an HMAC chain whose anchor lies outside the database.

``record`` is called inside the transaction of the write it tells of, so neither stands without the other. The
key is never in the database; the head is appended to a file beside it after each commit, so that a cut tail or
a chain rewritten with the key stolen from nowhere is found back to the last anchor (quality.md R28).
"""

from __future__ import annotations

import datetime as dt
import hmac
import json
import math
import os
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models, transaction

from teams import clock
from teams.models import Person, TrailEntry, TrailHead, Unit


def plain(value: Any) -> Any:
    """A value as JSON can hold it and as it reads back alike."""
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [plain(item) for item in value]
    if isinstance(value, str):
        return _text(str(value))
    if isinstance(value, float):
        return _number(value)
    return value if value is None or isinstance(value, (int, bool)) else _text(str(value))


def _text(value: str) -> str:
    """PostgreSQL holds neither NUL nor half a surrogate pair in JSON."""
    return value.replace("\x00", "\ufffd").encode("utf-8", "replace").decode()


def _number(value: float) -> float | str:
    """PostgreSQL's JSON keeps numbers as decimals: what would read back otherwise is kept as text."""
    return value + 0.0 if math.isfinite(value) and abs(value) < 1e15 else repr(value)


def values(thing: models.Model, *fields: str) -> dict[str, Any]:
    """The named fields of a row as they would stand in an entry."""
    return {field: plain(getattr(thing, field)) for field in fields}


# One encoder for all: building one per entry is most of the cost of verifying.
_encode = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode


def _mac(key: bytes, content: list[Any]) -> str:
    """HMAC-SHA256 over number, moment, person, verb, kind, object, unit, before, after and the mac before."""
    return hmac.digest(key, _encode(content).encode(), "sha256").hex()


def mac_of(entry: TrailEntry) -> str:
    """HMAC-SHA256 over the entry's content and the mac before it."""
    return _mac(
        settings.TRAIL_KEY.encode(),
        [
            entry.number,
            entry.at.astimezone(dt.UTC).isoformat(),
            entry.person_id,
            entry.verb,
            entry.kind,
            entry.object_id,
            entry.unit_id,
            entry.before,
            entry.after,
            entry.previous,
        ],
    )


def record(
    person: Person | None,
    verb: str,
    thing: models.Model,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    unit: Unit | None = None,
) -> TrailEntry:
    """Append one entry; must run inside the transaction of the write. ``person`` None means the system itself."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a trail entry belongs in the transaction of its write")
    head, _made = TrailHead.objects.select_for_update().get_or_create(pk=1)
    entry = TrailEntry(
        number=head.number + 1,
        at=clock.now(),
        person=person,
        verb=verb,
        kind=thing._meta.label_lower,
        object_id=str(thing.pk),
        unit=unit or unit_of(thing),
        before=plain(before or {}),
        after=plain(after or {}),
        previous=head.mac,
    )
    entry.mac = mac_of(entry)
    entry.save(force_insert=True)
    head.number, head.mac = entry.number, entry.mac
    head.save()
    transaction.on_commit(lambda: _anchor(entry.number, entry.mac))
    return entry


def unit_of(thing: models.Model) -> Unit | None:
    """The unit that the object belongs to, by the model's own ``unit_path``."""
    if isinstance(thing, Unit):
        return thing
    path: str | None = getattr(thing, "unit_path", None)
    found: Any = thing
    for part in (path or "").split("__") if path else []:
        found = getattr(found, part, None)
        if isinstance(found, models.Manager):
            found = found.first()
    return found if isinstance(found, Unit) else None


def _anchor(number: int, mac: str) -> None:
    settings.TRAIL_ANCHOR.parent.mkdir(parents=True, exist_ok=True)
    # O_APPEND and one write: many processes share the file and no line is torn. Not synced: after a power cut the
    # database may have lost its last commits too, and an anchor that outlived them would cry wolf.
    file = os.open(settings.TRAIL_ANCHOR, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(file, f"{number} {mac}\n".encode("ascii"))
    finally:
        os.close(file)


@dataclass(frozen=True)
class Verdict:
    """``bad`` is the number of the first entry that cannot be trusted, None when the chain holds.

    ``why``: missing, inserted, changed, rewritten (differs from its anchor), cut (the tail is gone), head.
    """

    entries: int
    bad: int | None
    why: str


_COLUMNS = ("number", "at", "person_id", "verb", "kind", "object_id", "unit_id", "before", "after", "previous", "mac")


def verify() -> Verdict:
    """Walk the chain and hold it against the head and the anchor file. Read-only; constant memory but for anchors."""
    anchors = _Anchors()
    key = settings.TRAIL_KEY.encode()
    count, before = 0, ""
    rows = TrailEntry.objects.order_by("number", "pk").values_list(*_COLUMNS)
    try:
        for row in rows.iterator(chunk_size=5000):
            why = _fault(key, row, count + 1, before)
            if not why and not anchors.hold(count + 1, row[10]):
                why = "rewritten"
            if why:
                return Verdict(count, count + 1 if why == "missing" else row[0], why)
            count, before = count + 1, row[10]
    except (TypeError, ValueError, AttributeError):
        # Whatever was written into the next row by hand, it is no entry of ours.
        return Verdict(count, count + 1, "changed")
    return _end(count, before, anchors.last)


def _fault(key: bytes, row: Sequence[Any], expected: int, before: str) -> str:
    if row[0] != expected:
        return "missing" if row[0] > expected else "inserted"
    content = list(row[:10])
    content[1] = row[1].astimezone(dt.UTC).isoformat()
    good = row[9] == before and hmac.compare_digest(_mac(key, content), row[10])
    return "" if good else "changed"


def _end(count: int, mac: str, anchored: int) -> Verdict:
    head = TrailHead.objects.filter(pk=1).first()
    last = max(anchored, head.number if head else 0)
    if last > count:
        return Verdict(count, count + 1, "cut")
    if (head.number, head.mac) != (count, mac) if head else count:
        return Verdict(count, max(count, 1), "head")
    return Verdict(count, None, "")


# No honest file leaps further; a number made up by hand must not fill the memory.
_GAP = 1_000_000


class _Anchors:
    """The anchor file, 32 bytes an entry. The first anchor of a number counts: a later one tells of a rewrite."""

    def __init__(self) -> None:
        self.last = 0
        self._macs = bytearray()
        try:
            with open(settings.TRAIL_ANCHOR, encoding="ascii", errors="replace") as file:
                for line in file:
                    self._take(line)
        except FileNotFoundError:
            pass

    def _take(self, line: str) -> None:
        number, _space, mac = line.strip().partition(" ")
        if not (number.isdigit() and len(number) < 10 and len(mac) == 64):
            return
        try:
            value = bytes.fromhex(mac)
        except ValueError:
            return
        place = int(number) * 32
        self.last = max(self.last, int(number))
        if place > len(self._macs) + 32 * _GAP:
            return
        if place >= len(self._macs):
            self._macs.extend(bytes(place + 32 - len(self._macs)))
        if not any(self._macs[place : place + 32]):
            self._macs[place : place + 32] = value

    def hold(self, number: int, mac: str) -> bool:
        """Whether ``mac`` is what was anchored for ``number``; True where nothing was."""
        anchored = bytes(self._macs[number * 32 : number * 32 + 32])
        return not any(anchored) or anchored == bytes.fromhex(mac)

"""Whom and what the names in a file mean: units, services, products, channels and metrics.

A name is matched within the uploader's units by code, then by name; what matches nothing is made or left out as the
person has said, and asked about otherwise. Names of other organisations are as unknown as any other word.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from metrics.files import Question
from metrics.models import Metric, Upload
from metrics.references import DIMENSIONS, Making, code_of
from teams.models import Unit

LEFT_OUT, OUTSIDE, UNKNOWN, ARCHIVED = -1, -2, -3, -4
"""Why a name has no reference; all below any reference, see ``Names``."""
NOBODY = -(10**9)
WHY = {NOBODY + OUTSIDE: "unit_outside", NOBODY + ARCHIVED: "unit_archived"}
CREATE, LEAVE_OUT = "create", "leave_out"
SHOWN = 200


JOINERS = "\u200c\u200d"


def written(name: str) -> str:
    """A name as it is kept: as long as names are, in composed letters, without marks that nobody sees.

    Joiners stay, for some scripts and emoji read otherwise without them.
    """
    seen = "".join(one for one in name if one in JOINERS or unicodedata.category(one) != "Cf")
    return " ".join(unicodedata.normalize("NFC", seen).split())[:120].strip()


def plain(name: str) -> str:
    """A name as it is compared: what looks alike is alike, and case does not matter."""
    return unicodedata.normalize("NFC", written(name).translate({ord(one): None for one in JOINERS}).casefold())


def _chosen(said: Any) -> Any:
    """A choice as a person makes it on a page or in a file: an id may come as text."""
    return int(said) if isinstance(said, str) and said.isdigit() else said


@dataclass
class Names:
    """References (see metrics/workflow/making.py) for the names of one file; what is new is noted in ``making``.

    A name that has none yields ``NOBODY`` and why: ``LEFT_OUT``, ``OUTSIDE``, ``UNKNOWN`` or ``ARCHIVED``.
    """

    upload: Upload
    making: Making
    unknown: dict[str, Counter[str]] = field(default_factory=lambda: {"units": Counter(), "metrics": Counter()})

    def __post_init__(self) -> None:
        self.choices: dict[str, Any] = self.upload.choices
        self._load_units()
        self._load_dimensions()
        self._units: dict[str, int] = {"": self.upload.unit_id}
        self._metrics: dict[str, int] = {}
        self._dimensions: dict[str, dict[str, int]] = {name: {"": 0} for name in DIMENSIONS}

    def _load_units(self) -> None:
        """All units of the organisation: those of the upload's unit and below by code and name, the rest as outside."""
        self._inside: dict[str, list[int]] = {}
        self._outside: set[str] = set()
        self._archived: set[str] = set()
        top = self.upload.unit.line_ids[0]
        rows = Unit.objects.filter(path__startswith=f"/{top}/").values_list("pk", "path", "name", "code", "archived_at")
        by_name: dict[str, list[int]] = {}
        for pk, path, name, code, archived_at in rows:
            words = {plain(name), plain(code)} - {""}
            if not path.startswith(self.upload.unit.path):
                self._outside |= words
            elif archived_at is not None:
                self._archived |= words
            else:
                by_name.setdefault(plain(name), []).append(pk)
                if code:
                    self._inside.setdefault(plain(code), []).append(pk)
        for name, found in by_name.items():
            self._inside.setdefault(name, found)

    def _load_dimensions(self) -> None:
        line = self.upload.unit.line_ids
        self._offered: dict[str, dict[str, int]] = {}
        for name, model in DIMENSIONS.items():
            near = Q(unit__in=line) | Q(unit__path__startswith=self.upload.unit.path)
            rows = model._default_manager.filter(near).order_by("-unit__path", "pk")
            known: dict[str, int] = {}
            for pk, word, code in rows.values_list("pk", "name", "code"):
                for key in {plain(code), plain(word)} - {""}:
                    known.setdefault(key, pk)
            self._offered[name] = known

    def unit(self, name: str) -> int:
        if name not in self._units:
            self._units[name] = self._find_unit(name)
        return self._units[name]

    def _find_unit(self, name: str) -> int:
        key = plain(name)
        found = self._inside.get(key, [])
        chosen = _chosen(self.choices.get("units", {}).get(name))
        if isinstance(chosen, int):
            known = {pk for pks in self._inside.values() for pk in pks} | {self.upload.unit_id}
            return chosen if chosen in known else NOBODY + OUTSIDE
        if len(found) == 1 and chosen is None:
            return found[0]
        if chosen is None and not found and (key in self._outside or key in self._archived):
            return NOBODY + (ARCHIVED if key in self._archived else OUTSIDE)
        made = self._new("units", self.making.units, chosen, written(name))
        if made > NOBODY // 2:
            self._inside[key] = [made]
        return made

    def _new(self, kind: str, new: list[Any], chosen: Any, thing: Any) -> int:
        word = chosen or self.choices.get(f"other_{kind}", "")
        if word == CREATE:
            new.append(thing)
            return -len(new)
        return NOBODY + (LEFT_OUT if word == LEAVE_OUT else UNKNOWN)

    def dimension(self, kind: str, name: str) -> int:
        """What is offered and the ways it reaches the customer need no choice: a new word is a new one."""
        places = self._dimensions[kind]
        if name not in places:
            found = self._offered[kind].get(plain(name))
            if found is None:
                self.making.dimensions[kind].append(written(name))
                found = self._offered[kind][plain(name)] = -len(self.making.dimensions[kind])
            places[name] = found
        return places[name]

    def metric(self, name: str, facts: dict[str, Any], named_in_file: bool) -> int:
        """The metric of this name owned by the upload's unit, or by the nearest unit above that has one.

        One that the mapping names is made; one named in a column of the file is asked about.
        """
        chosen = _chosen(self.choices.get("metrics", {}).get(name))
        if isinstance(chosen, int):
            pick = Metric.objects.filter(pk=chosen, unit__in=self.upload.unit.line_ids, archived_at=None, source=None)
            return chosen if pick.exists() else NOBODY + OUTSIDE
        known = self._known_metrics(name)
        if known and chosen is None:
            return known[0]
        code = code_of(name)
        if code not in self._metrics:
            made = {"name": written(name), "code": self._free_code(code), **facts}
            found = self._new("metrics", self.making.metrics, chosen if named_in_file else CREATE, made)
            if found <= NOBODY // 2:
                return found
            self._metrics[code] = found
        return self._metrics[code]

    def _free_code(self, code: str) -> str:
        """A code that no metric of the unit has, not even one in the archive or one that is computed."""
        taken = set(Metric.objects.filter(unit=self.upload.unit).values_list("code", flat=True))
        numbers = (f"{code[:76]}-{number}" for number in range(2, 10_000))
        return code if code not in taken else next(one for one in numbers if one not in taken)

    def _known_metrics(self, name: str) -> list[int]:
        near = Metric.objects.filter(unit__in=self.upload.unit.line_ids, archived_at=None, source=None)
        rows = near.filter(Q(code=code_of(name)) | Q(name__iexact=name)).order_by("-unit__path", "pk")
        return list(rows.values_list("pk", flat=True))

    def questions(self) -> list[dict[str, Any]]:
        """One question for the unknown units and one for the unknown metrics, with how often each name occurs."""
        return [
            Question(
                code=kind,
                about=kind,
                choices=(CREATE, LEAVE_OUT),
                why={"names": len(names), "rows": sum(names.values()), "counts": dict(names.most_common(SHOWN))},
                evidence=tuple(name for name, _times in names.most_common(SHOWN)),
            ).to_json()
            for kind, names in self.unknown.items()
            if names
        ]

"""What changed beneath a paper since it was frozen: value by value, field by field."""

from __future__ import annotations

import base64
import math
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from improvements.models import Option, Submission
from improvements.queries.beneath import analyses_of, beneath_of
from metrics.models import Analysis
from metrics.queries.analyses import points_of
from metrics.trends import Points, unpack
from metrics.wording import amount, day_of, decimals_of
from reviews.freezing import differences, fingerprint
from reviews.models import Conclusion, Criterion, Finding, Judgement, Parameter

Words = str | Promise
MOST_VALUES = 10

SECTIONS: dict[str, tuple[Words, Any, str]] = {
    "criteria": (_("criterion"), Criterion, "name"),
    "conclusions": (_("conclusion"), Conclusion, ""),
    "judgements": (_("judgement"), Judgement, ""),
    "parameters": (_("parameter for change"), Parameter, "aspect"),
    "findings": (_("finding"), Finding, "title"),
    "options": (_("option"), Option, "name"),
}


@dataclass(frozen=True)
class Change:
    """One line of the difference: what it is about, as it was and as it is ("" = was not, or is no longer there)."""

    about: str
    before: str
    after: str


@dataclass(frozen=True)
class Changes:
    """``same``: nothing changed. ``only_newer``: values were added after the last one shown, and that is all."""

    state_hash: str
    same: bool
    only_newer: bool = False
    lines: list[Change] = field(default_factory=list)


def changes(paper: Submission) -> Changes:
    """Compare what lies beneath now with what the paper was frozen on."""
    now = beneath_of(paper.recommendation)
    hash_now = fingerprint(now)
    if hash_now == paper.state_hash:
        return Changes(hash_now, same=True)
    before, after = differences(paper.beneath, now)
    lines: list[Change] = []
    newer = True
    touched = _touched(before, after, "series")
    stored = analyses_of(touched)
    for pk in touched:
        found, altered = _series(paper, pk, stored.get(pk))
        lines += found
        newer = newer and not altered
    others = [path for path in sorted(before.keys() | after.keys()) if not path.startswith("series/")]
    lines += [_field(path, before, after, paper.beneath, now) for path in others]
    return Changes(hash_now, same=False, only_newer=newer and not others, lines=lines)


def _touched(before: dict[str, Any], after: dict[str, Any], section: str) -> list[int]:
    paths = before.keys() | after.keys()
    return sorted({int(path.split("/")[1]) for path in paths if path.startswith(f"{section}/")})


def _series(paper: Submission, pk: int, analysis: Analysis | None) -> tuple[list[Change], bool]:
    """What changed in one series, and whether anything that the paper shows was altered."""
    frozen = next((one for one in paper.content["metrics"] if one["series"] == pk), None)
    if frozen is None or analysis is None:
        name = f"{frozen['metric']}, {frozen['place']}" if frozen else _name(analysis)
        gone = analysis is None
        return [Change(name, _now("analysed") if gone else "", "" if gone else _now("analysed"))], True
    return _values(frozen, unpack(base64.b64decode(frozen["points"])), analysis, points_of(analysis))


def _name(analysis: Analysis | None) -> str:
    return f"{analysis.series.metric.name}, {analysis.series.place}" if analysis else ""


def _values(frozen: dict[str, Any], old: Points, analysis: Analysis, new: Points) -> tuple[list[Change], bool]:
    metric = analysis.series.metric
    was, now = _by_day(old), _by_day(new)
    last = max(was, default=0)
    altered = [day for day in sorted(was.keys() | now.keys()) if day <= last and not _same(was.get(day), now.get(day))]
    decimals = decimals_of(analysis.amr, metric.kind)
    lines = [
        Change(
            f"{_name(analysis)}, {day_of(day, metric.period)}",
            amount(was.get(day), metric, decimals),
            amount(now.get(day), metric, decimals),
        )
        for day in altered[:MOST_VALUES]
    ]
    if len(altered) > MOST_VALUES:
        more = len(altered) - MOST_VALUES
        words = ngettext("%(n)s more value", "%(n)s more values", more) % {"n": more}
        lines.append(Change(_name(analysis), "", words))
    added = sum(day > last for day in now)
    if added:
        words = ngettext("%(n)s newer value", "%(n)s newer values", added) % {"n": added}
        lines.append(Change(_name(analysis), "", words))
    if not altered and not added:
        lines.append(Change(_name(analysis), _now("target, limits or definition as shown"), _now("set anew")))
    return lines, bool(altered) or not added or _told_otherwise(frozen, analysis)


def _told_otherwise(frozen: dict[str, Any], analysis: Analysis) -> bool:
    """Whether targets, rebases, settings or the definition differ, apart from the points."""
    return frozen["settings"] != analysis.settings


def _by_day(points: Points) -> dict[int, float]:
    return dict(zip(points.days.tolist(), points.values.tolist(), strict=True))


def _same(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return one == other or (math.isnan(one) and math.isnan(other))


def _field(
    path: str, before: dict[str, Any], after: dict[str, Any], old: dict[str, Any], new: dict[str, Any]
) -> Change:
    parts = path.split("/")
    if len(parts) < 3:
        return Change(_now("frozen plan"), _now("as it was"), _now("amended"))
    section, pk, name = parts[0], parts[1], parts[2]
    noun, model, title = SECTIONS[section]
    titled = (new.get(section, {}).get(pk) or old.get(section, {}).get(pk) or {}).get(title, "") if title else ""
    about = f"{noun} “{titled}”: {_field_name(model, name)}" if titled else f"{noun}: {_field_name(model, name)}"
    return Change(about, _words(model, name, before.get(path)), _words(model, name, after.get(path)))


def _field_name(model: Any, name: str) -> Any:
    if name == "evidence":
        return _("evidence")
    fields = {one.attname: one.verbose_name for one in model._meta.concrete_fields}
    many = {one.name: one.verbose_name for one in model._meta.many_to_many}
    return {**fields, **many}.get(name, name)


def _words(model: Any, name: str, value: Any) -> str:
    if value in (None, "", []):
        return ""
    choices = {one.attname: dict(one.flatchoices) for one in model._meta.concrete_fields}
    return str(choices.get(name, {}).get(value, value))

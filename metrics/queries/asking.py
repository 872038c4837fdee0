"""Questions beyond groups side by side: a gap in time, two metrics together, a total and its parts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from metrics.models import Metric, Series, Signal, Study
from metrics.queries import signals
from metrics.queries.studies import PARTS, Asked, groups_asked, parted, series_of, stamp_of, topmost, whole_first
from teams import access
from teams.models import Person

Place = dict[str, int | None]
SEED = 1
# How many periods before a change its total is compared with.
BEFORE = 26
LENGTH = {"day": 1, "week": 7, "month": 31}
AFTER = 8


def gap_asked(
    person: Person, metric: int, by: str, place: Place, days: tuple[int | None, int | None], one: int, other: int
) -> Asked | None:
    """The difference of two of the groups (one - other), None where the person does not see both."""
    asked, groups = groups_asked(person, metric, by, place, *days)
    if asked is None or one == other or not {one, other} <= set(groups):
        return None
    rows = [*groups[one], *groups[other]]
    kept = {str(row.pk): group for group in (one, other) for row in groups[group]}
    question = {**asked.question, "groups": kept, "one": one, "other": other}
    names = {group: asked.names[group] for group in (one, other)}
    return Asked(Study.Kind.GAP.value, question, sorted(row.pk for row in rows), stamp_of(rows), names, asked.metric)


def _whole(rows: Sequence[Series], place: Place) -> list[Series]:
    """The series that together are the figure of a place, nothing counted twice."""
    kept = topmost(rows)
    for name in PARTS:
        if not place.get(name):
            kept = whole_first(kept, name)
    return kept


def correlation_asked(
    person: Person,
    metric: int,
    other: int,
    place: Place,
    days: tuple[int | None, int | None],
    reliability: float | None,
) -> tuple[Asked, Metric] | None:
    """Two metrics of one place, and over the units below it; None where the person does not see both."""
    found = {"one": series_of(person, metric, place), "other": series_of(person, other, place)}
    if not all(found.values()):
        return None
    whole = {name: _whole(rows, place) for name, rows in found.items()}
    teams = {name: parted(rows, "unit", place) for name, rows in found.items()}
    question = {
        "metric": metric,
        "other": other,
        "from": days[0],
        "to": days[1],
        "place": {name: [row.pk for row in rows] for name, rows in whole.items()},
        "teams": {
            name: {str(row.pk): unit for unit, some in sorted(groups.items()) for row in some}
            for name, groups in teams.items()
        },
        "reliability": reliability,
        "seed": SEED,
    }
    rows = {row.pk: row for name in found for row in whole[name]}
    rows |= {row.pk: row for groups in teams.values() for some in groups.values() for row in some}
    names = {unit: some[0].unit.name for groups in teams.values() for unit, some in groups.items()}
    first = found["one"][0].metric
    asked = Asked(Study.Kind.CORRELATION.value, question, sorted(rows), stamp_of(rows.values()), names, first)
    return asked, found["other"][0].metric


def parts_of_total(total: Series) -> dict[str, dict[int, list[Series]]]:
    """{way of parting: {group: its series}} of a series: by the units below, or by a dimension it runs over.

    Not through a person's doors: who sees a total sees what lies below it; views name the parts by what they see.
    """
    rows = list(
        Series.objects.filter(metric=total.metric_id, unit__path__startswith=total.unit.path, last_day__isnull=False)
        .exclude(pk=total.pk)
        .select_related("metric__unit", "unit", *PARTS)
        .order_by("pk")
    )
    ways: dict[str, dict[int, list[Series]]] = {}
    same = [row for row in rows if all(getattr(row, f"{n}_id") == getattr(total, f"{n}_id") for n in PARTS)]
    below = parted([row for row in same if row.unit_id != total.unit_id], "unit", dict.fromkeys(PARTS, 1))
    if len(below) > 1:
        ways["unit"] = below
    for name in PARTS:
        if getattr(total, f"{name}_id") is not None:
            continue
        others = [n for n in PARTS if n != name]
        alike = [row for row in rows if all(getattr(row, f"{n}_id") == getattr(total, f"{n}_id") for n in others)]
        split = parted([row for row in alike if row.unit_id == total.unit_id], name, dict.fromkeys(others, 1))
        if len(split) > 1:
            ways[name] = split
    return ways


def change_of(total: Series, found: Sequence[Signal]) -> tuple[int, int]:
    """(first day, last day) of the change that is looked at: of the leading signal, else the last eight periods."""
    leading = signals.leading(one for one in found if one.current and not one.gone).get(total.pk)
    if leading is not None:
        return leading.first_day, leading.last_day
    last = total.last_day or 0
    return last - (AFTER - 1) * LENGTH[total.metric.period], last


def mixes_asked(total: Series, found: Sequence[Signal]) -> list[Asked]:
    """One question for each way in which the total can be parted."""
    first, last = change_of(total, found)
    asked = []
    for by, groups in parts_of_total(total).items():
        rows = [row for some in groups.values() for row in some]
        question: dict[str, Any] = {
            "metric": total.metric_id,
            "total": total.pk,
            "by": by,
            "from": first - BEFORE * LENGTH[total.metric.period],
            "split": first,
            "until": last,
            "groups": {str(row.pk): group for group, some in sorted(groups.items()) for row in some},
        }
        names = {group: getattr(some[0], by).name for group, some in groups.items()}
        ids = sorted(row.pk for row in rows)
        asked.append(Asked(Study.Kind.MIX.value, question, ids, stamp_of(rows), names, total.metric))
    return asked


def mixes_of(person: Person, total: Series) -> list[tuple[Study, dict[int, str]]]:
    """The stored splits of a total, newest question first of each way, with the names of the parts the person sees."""
    rows = list(
        Study.objects.filter(total=total, kind=Study.Kind.MIX, facts__isnull=False).order_by("-asked_at", "-pk")
    )
    latest: dict[str, Study] = {}
    for row in rows:
        latest.setdefault(row.question["by"], row)
    if not latest:
        return []
    ids = {pk for row in latest.values() for pk in row.series}
    seen = access.visible_to(person, Series).filter(pk__in=ids).select_related("unit", *PARTS)
    series = {one.pk: one for one in seen}
    named = []
    for row in latest.values():
        groups = {int(pk): group for pk, group in row.question["groups"].items()}
        names = {groups[pk]: getattr(one, row.question["by"]).name for pk, one in series.items() if pk in groups}
        named.append((row, names))
    return named

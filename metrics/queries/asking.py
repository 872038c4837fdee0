"""Questions beyond groups side by side: a gap in time, two metrics together, a total and its parts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q

from metrics.models import Metric, Series, Signal, Study
from metrics.queries import signals
from metrics.queries.agreements import AGREEMENT, OF_SCORINGS
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
    agreement: str = "",
) -> tuple[Asked, Metric] | None:
    """Two metrics of one place, and over the units below it; None where the person does not see both.

    ``reliability``: how far those who score agree, typed in; without it ``agreement`` is the id of a metric that
    measures it, "none", or "" for the one that was measured beside either metric.
    """
    found = {"one": series_of(person, metric, place), "other": series_of(person, other, place)}
    if not all(found.values()):
        return None
    whole = {name: _whole(rows, place) for name, rows in found.items()}
    teams = {name: parted(rows, "unit", place) for name, rows in found.items()}
    question: dict[str, Any] = {
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
    agreed = [] if reliability or agreement == "none" else _agreed(person, agreement, place, found)
    if agreed:
        inside = _inside(agreed, place)
        agreed = _whole(inside or agreed, place if inside else {})
        question["agreement"] = {"series": [row.pk for row in agreed], "wider": not inside}
    rows = {row.pk: row for row in agreed} | {row.pk: row for name in found for row in whole[name]}
    rows |= {row.pk: row for groups in teams.values() for some in groups.values() for row in some}
    names = {unit: some[0].unit.name for groups in teams.values() for unit, some in groups.items()}
    first = found["one"][0].metric
    asked = Asked(Study.Kind.CORRELATION.value, question, sorted(rows), stamp_of(rows.values()), names, first)
    return asked, found["other"][0].metric


def _agreed(person: Person, chosen: str, place: Place, found: dict[str, list[Series]]) -> list[Series]:
    """The series of the agreement to correct by, wherever the person sees them."""
    if chosen.isdigit():
        return series_of(person, int(chosen), {})
    beside = (rows[0].metric for rows in (found["other"], found["one"]))
    for metric in beside:
        if metric.derived in OF_SCORINGS and metric.derived != AGREEMENT and metric.source_id:
            measure = Metric.objects.filter(source=metric.source_id, derived=AGREEMENT).first()
            return series_of(person, measure.pk, {}) if measure else []
    return []


def _inside(rows: Sequence[Series], place: Place) -> list[Series]:
    """Those of the series that ``series_of`` would find in a place."""
    return [
        row
        for row in rows
        if (not place.get("unit") or place["unit"] in row.unit.line_ids)
        and all(not place.get(name) or getattr(row, f"{name}_id") == place[name] for name in PARTS)
    ]


def agreement_metrics(metrics: Sequence[tuple[int, str]]) -> list[tuple[int, str]]:
    """Those of these metrics (id, name) that measure how far raters agree."""
    rows = Metric.objects.filter(pk__in=[pk for pk, _name in metrics], derived=AGREEMENT)
    known = set(rows.values_list("pk", flat=True))
    return [(pk, name) for pk, name in metrics if pk in known]


def below(totals: Sequence[Series]) -> list[Series]:
    """The series of the metrics and within the units of these; one query. Not through a person's doors: who sees a
    total sees what lies below it; views name the parts by what they see."""
    held = {(total.metric_id, total.unit.path) for total in totals}
    within = Q(pk__in=[])
    for metric, path in held:
        within |= Q(metric=metric, unit__path__startswith=path)
    rows = Series.objects.filter(within, last_day__isnull=False).select_related("metric__unit", "unit", *PARTS)
    return list(rows.order_by("pk"))


def parts_of_total(total: Series, known: Sequence[Series]) -> dict[str, dict[int, list[Series]]]:
    """{way of parting: {group: its series}} of a series: by the units below, or by a dimension it runs over."""
    rows = [
        row
        for row in known
        if row.metric_id == total.metric_id and row.unit.path.startswith(total.unit.path) and row.pk != total.pk
    ]
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


def mixes_asked(total: Series, found: Sequence[Signal], known: Sequence[Series] | None = None) -> list[Asked]:
    """One question for each way in which the total can be parted. ``known``: the series below it, where they were read
    with those of others."""
    first, last = change_of(total, found)
    asked = []
    for by, groups in parts_of_total(total, below([total]) if known is None else known).items():
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

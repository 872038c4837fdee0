"""Figures from scorings: how many contacts were scored, their mean score, and how far the people who score agree.

Always from all scorings of the source, for which statistic fits is a question about all of them: a series made of two
statistics would show a change that nobody made. Only what came out differently is written.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray
from scipy.stats import t

from jobs.registry import Run
from metrics import blocks, bulk
from metrics.bulk import in_list
from metrics.files import Mapping
from metrics.files.scorings import parted
from metrics.files.zones import Clock, period_starts
from metrics.importing import caserows
from metrics.importing.caserows import FLAG, REFERENCES
from metrics.importing.figures import FigureSeries, Group
from metrics.models import Agreement, Certainty, Observation, Series, Source, Upload
from metrics.queries.agreements import AGREEMENT, QUALITY, SCORED, SCORINGS
from metrics.queries.vanished import NOT_TAKEN_OUT
from metrics.trends import raters
from teams.queries import workspace

Ints = NDArray[np.int64]
Values = tuple[float, float | None, int]
Span = tuple[int, float, float, float]


@dataclass(frozen=True)
class Scorings:
    """One entry each; a person's later scoring of a contact has replaced the earlier. ``day``: the first day of the
    period in which the contact was first scored. ``value``: the score, or the place of its category in ``words``."""

    contact: Ints
    rater: Ints
    day: Ints
    value: NDArray[np.float64]
    combo: Ints
    combos: list[Group]
    words: list[str]

    @property
    def numbers(self) -> bool:
        return not self.words


@dataclass
class Told:
    """What follows from them, by series."""

    values: dict[int, dict[int, Values]] = field(default_factory=dict)
    spans: dict[int, list[Span]] = field(default_factory=dict)
    facts: dict[int, dict[str, Any]] = field(default_factory=dict)


def derive_for(upload: Upload, mapping: Mapping, run: Run) -> set[int]:
    """Compute the figures of the upload's source anew. Ids of the series that came out differently."""
    found = _scorings(upload.source, mapping.period)
    maker, told = FigureSeries(upload.source, mapping, upload.person), Told()
    for groups in maker.groupings(found.combos):
        for group in sorted({one for one in groups if one}):
            inside = np.isin(found.combo, [place for place, one in enumerate(groups) if one == group])
            _tell(found, inside, group, maker, told)
    run.progress(1, 2, "figures")
    return _write(upload.source, told, run)


def _scorings(source: Source, period: str) -> Scorings:
    columns, ids = _rows(source)
    pairs = [parted(name) for name in ids]
    contact, rater = (_codes([pair[half] for pair in pairs]) for half in (0, 1))
    order = np.lexsort((_codes(ids), columns["opened"], rater, contact))
    last = np.ones(len(order), bool)
    last[:-1] = (np.diff(contact[order]) != 0) | (np.diff(rater[order]) != 0)
    kept = order[last]
    contact, rater = contact[kept], rater[kept]
    value, words = _values({name: column[kept] for name, column in columns.items()})
    days = period_starts(Clock(workspace().zone).local_days(columns["opened"][kept]).astype(np.int64), period)
    first = np.full(int(contact.max(initial=-1)) + 1, np.iinfo(np.int64).max)
    np.minimum.at(first, contact, days.astype(np.int64))
    rows = np.stack([columns[name][kept] for name in REFERENCES])
    combos, combo = np.unique(rows, axis=1, return_inverse=True)
    places: list[Group] = [(int(a), int(b), int(c), int(d)) for a, b, c, d in combos.T]
    return Scorings(contact, rater, first[contact], value, combo.reshape(-1).astype(np.int64), places, words)


def _rows(source: Source) -> tuple[caserows.Columns, list[str]]:
    """All scorings that count, and their ids."""
    names = ("external_id", *caserows.COUNTING)
    query = f"SELECT {', '.join(names)} FROM metrics_case WHERE source_id = %s{NOT_TAKEN_OUT}"
    ids: list[str] = []
    parts = [caserows.columns_of([], caserows.COUNTING)]
    with connection.cursor() as cursor:
        cursor.execute(query, [source.pk])
        while rows := cursor.fetchmany(blocks.SLICE):
            ids += [row[0] for row in rows]
            parts.append(caserows.columns_of([row[1:] for row in rows], caserows.COUNTING))
    return caserows.joined(parts), ids


def _codes(names: list[str]) -> Ints:
    return np.unique(np.array(names, object), return_inverse=True)[1].reshape(-1).astype(np.int64)


def _values(columns: caserows.Columns) -> tuple[NDArray[np.float64], list[str]]:
    """Numbers and no words; where any score is a category, all are: 3 beside "good" is a word, too."""
    given = {name.removeprefix(FLAG): columns[name] == 1 for name in caserows.flags_of(columns)}
    score = columns["score"]
    if not any(told.any() for told in given.values()):
        return score, []
    said = np.array([f"{one:g}" if math.isfinite(one) else "" for one in score.tolist()], object)
    for word, told in given.items():
        said[told] = word
    words = sorted(set(said.tolist()))
    place = {word: float(number) for number, word in enumerate(words)}
    return np.array([place[word] for word in said], np.float64), words


def _tell(found: Scorings, inside: NDArray[np.bool_], group: Group, maker: FigureSeries, told: Told) -> None:
    """The figures of one group of scorings."""
    contact, rater, day, value = (one[inside] for one in (found.contact, found.rater, found.day, found.value))
    firsts, place = np.unique(contact, return_index=True)
    days = day[place]
    counts = {int(one): int((days == one).sum()) for one in np.unique(days)}
    told.values[maker.series(SCORED, group)] = {one: (float(n), None, n) for one, n in counts.items()}
    if found.numbers:
        of_contact = np.searchsorted(firsts, contact)
        means = np.bincount(of_contact, value) / np.bincount(of_contact)
        series = maker.series(QUALITY, group)
        told.values[series] = {one: (math.fsum(means[days == one]), float(n), n) for one, n in counts.items()}
        told.spans[series] = [_span(one, means[days == one]) for one in counts]
    if not raters.pairs_only(contact, rater).any():
        return
    statistic = raters.choose(contact, rater, numbers=found.numbers)
    series = maker.series(AGREEMENT, group)
    periods = [
        (one, raters.agreement(contact[day == one], rater[day == one], value[day == one], statistic)) for one in counts
    ]
    told.values[series] = {one: (agreed.value, None, agreed.items) for one, agreed in periods if not agreed.reason}
    told.spans[series] = [
        (one, agreed.low, agreed.high, float(agreed.items)) for one, agreed in periods if not agreed.reason
    ]
    common = np.unique(value, return_counts=True)
    word = found.words[int(common[0][common[1].argmax()])] if found.words else ""
    told.facts[series] = {
        "statistic": statistic,
        "common": word,
        "periods": [{"day": one, "contacts": counts[one], **_plain(agreed)} for one, agreed in periods],
        "whole": _plain(raters.agreement(contact, rater, value, statistic)),
    }


def _span(day: int, means: NDArray[np.float64]) -> Span:
    """Student's t of the mean of contacts."""
    count, middle = len(means), float(means.mean())
    half = float(t.ppf(0.975, count - 1) * means.std(ddof=1)) / math.sqrt(count) if count > 1 else math.nan
    return day, middle - half, middle + half, float(count)


def _plain(agreed: raters.Agreement) -> dict[str, Any]:
    told = {name: getattr(agreed, name) for name in ("value", "low", "high", "top")}
    plain: dict[str, Any] = {name: one if math.isfinite(one) else None for name, one in told.items()}
    return plain | {name: getattr(agreed, name) for name in ("items", "ratings", "raters", "reason")}


def _write(source: Source, told: Told, run: Run) -> set[int]:
    """Put down what came out differently; the series in question."""
    ids = list(Series.objects.filter(metric__source=source).values_list("pk", flat=True))
    touched: set[int] = set()
    with run.commit():
        touched |= _write_values(ids, told.values)
        touched |= _write_beside(ids, told)
    return touched


def _write_values(ids: list[int], values: dict[int, dict[int, Values]]) -> set[int]:
    condition, given = in_list("series_id", ids)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT series_id, day, numerator, denominator, n FROM metrics_observation WHERE {condition}", [given]
        )
        stands = {(row[0], row[1]): tuple(row[2:]) for row in cursor.fetchall()}
    wanted = {(series, day): one for series, days in values.items() for day, one in days.items()}
    gone = [key for key in stands if key not in wanted]
    fresh = [(key, one) for key, one in wanted.items() if stands.get(key) != one]
    table = Observation._meta.db_table
    bulk.delete_pairs(table, ("series_id", "day"), *_keys(gone), "upload_id IS NULL")
    series, day = _keys([key for key, _one in fresh])
    columns = [
        bulk.Column("series_id", series),
        bulk.Column("day", day),
        bulk.Column("numerator", np.array([one[0] for _key, one in fresh], np.float64)),
        bulk.Column("denominator", np.array([_or_nan(one[1]) for _key, one in fresh], np.float64)),
        bulk.Column("n", np.array([one[2] for _key, one in fresh], np.int64)),
    ]
    bulk.upsert(table, len(fresh), columns, ("series_id", "day"))
    return {key[0] for key in gone} | {key[0] for key, _one in fresh}


def _keys(pairs: list[tuple[int, int]]) -> tuple[Ints, NDArray[np.int32]]:
    return np.array([pair[0] for pair in pairs], np.int64), np.array([pair[1] for pair in pairs], np.int32)


def _or_nan(value: float | None) -> float:
    return math.nan if value is None else value


def _write_beside(ids: list[int], told: Told) -> set[int]:
    """Intervals and facts; which series' facts are others than before."""
    Certainty.objects.filter(series__in=ids).exclude(series__in=list(told.spans)).delete()
    for series, spans in told.spans.items():
        content = blocks.pack(dict(_columns(spans)))
        Certainty.objects.update_or_create(series_id=series, defaults={"content": content, "basis": SCORINGS})
    known = dict(Agreement.objects.filter(series__in=ids).values_list("series", "facts"))
    Agreement.objects.filter(series__in=set(known) - set(told.facts)).delete()
    fresh = {series: facts for series, facts in told.facts.items() if known.get(series) != facts}
    for series, facts in fresh.items():
        Agreement.objects.update_or_create(series_id=series, defaults={"facts": facts})
    return set(fresh) | (set(known) - set(told.facts))


def _columns(spans: list[Span]) -> Iterator[tuple[str, NDArray[Any]]]:
    yield "day", np.array([span[0] for span in spans], np.int64)
    for place, name in enumerate(("low", "high", "n"), 1):
        yield name, np.array([span[place] for span in spans], np.float64)
    yield "asked", np.full(len(spans), np.nan)

"""Compute what changed, and write it in bulk: one Analysis per series and settings, one Signal per recent run."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from django.db import connection, transaction

from metrics import bulk
from metrics.analysing import inputs, outlooks, scanning
from metrics.analysing.signals import VARIATIONS, store_signals
from metrics.models import Analysis, AnalysisPoints
from metrics.trends import Result, Settings, analyse, choice, codes, cut, outlook, pack_all
from teams import clock

DEFAULT = Settings()
TOO_FEW = "too_few"
SPARK_POINTS = 52  # of metrics.charts.spark, which nothing down here may import

ASSURANCES = {
    codes.NO_ASSURANCE: "",
    codes.CONSISTENT_PASS: "consistent_pass",
    codes.CONSISTENT_FAIL: "consistent_fail",
    codes.INCONSISTENT: "inconsistent",
}
NOTES = {
    codes.NO_VARIATION: "no_variation",
    codes.TRIAL_LIMITS: "trial_limits",
    codes.UNSCREENED_USED: "unscreened_used",
    codes.TOO_FEW_POINTS: "too_few_points",
    codes.NO_LIMITS: "no_limits",
    codes.INFINITE_AS_MISSING: "infinite_as_missing",
    codes.REBASE_SNAPPED: "rebase_snapped",
    codes.REBASE_UNUSED: "rebase_unused",
    codes.MISSING_VALUES: "missing_values",
    codes.NO_VALUES: "no_values",
    codes.COUNTS_UNKNOWN: "counts_unknown",
    codes.NOT_COUNTS: "not_counts",
    codes.LARGE_COUNTS: "large_counts",
    codes.NOT_POSITIVE: "not_positive",
    codes.FEW_EVENTS: "few_events",
    codes.MOSTLY_ONE_VALUE: "mostly_one_value",
}


@dataclass(frozen=True)
class Done:
    """How many series were asked for, and what came of them."""

    series: int
    computed: int
    signals_new: int
    signals_gone: int


def analyse_series(series_ids: Iterable[int], settings: Settings = DEFAULT) -> Done:
    """Analyse these series and store what changed, in one transaction; series with unchanged inputs are left alone.

    About ten queries for any number of series (and one more per 500 rows written). Safe to run twice.
    """
    with transaction.atomic():
        given = inputs.read(series_ids)
        hashes = [given.hash_of(index, settings.key) for index in range(len(given.series))]
        stored = dict(
            Analysis.objects.filter(series__in=[row.pk for row in given.series], settings_key=settings.key).values_list(
                "series_id", "inputs_hash"
            )
        )
        stale = [index for index, row in enumerate(given.series) if stored.get(row.pk) != hashes[index]]
        if not stale:
            return Done(len(given.series), 0, 0, 0)
        result = analyse(given.batch(stale), settings)
        _store_analyses(given, stale, hashes, result, settings)
        new, gone = store_signals([given.series[index].pk for index in stale], result)
    return Done(len(given.series), len(stale), new, gone)


def _store_analyses(
    given: inputs.Inputs, stale: list[int], hashes: list[str], result: Result, settings: Settings
) -> None:
    """One row per stale series, past the ORM: building objects costs more than all the arithmetic."""
    last = result.first_phase[1:] - 1
    drawn = last >= result.first_phase[:-1]
    seen = result.latest >= 0
    rules = settings.as_dict()
    variation, assurance = _verdicts(result, settings)
    charts = [choice.NAMES[code] for code in result.chart.tolist()]
    columns = [
        bulk.Column("series_id", np.array([given.series[index].pk for index in stale], np.int64)),
        bulk.Column("settings_key", settings.key),
        bulk.Column(
            "settings",
            [
                json.dumps({**rules, **given.facts_of(index), "chart": chart})
                for index, chart in zip(stale, charts, strict=True)
            ],
        ),
        bulk.Column("inputs_hash", [hashes[index] for index in stale]),
        bulk.Column("n", result.n.astype(np.int64)),
        bulk.Column("latest", _at(result.values, result.latest, seen)),
        bulk.Column("latest_day", _at(result.days, result.latest, seen).astype(np.int64), null=~seen),
        bulk.Column("mean", _at(result.phase_mean, last, drawn)),
        bulk.Column("amr", _at(result.phase_amr, last, drawn)),
        bulk.Column("lower", _at(result.phase_lpl, last, drawn)),
        bulk.Column("upper", _at(result.phase_upl, last, drawn)),
        bulk.Column("target", np.where(np.isfinite(given.target), given.target, np.nan)[stale]),
        bulk.Column("variation", variation),
        bulk.Column("assurance", assurance),
        bulk.Column("notes", [json.dumps(_names(bits)) for bits in result.notes.tolist()]),
        bulk.Column("computed_at", connection.ops.adapt_datetimefield_value(clock.now())),
        *scanning.columns(given, stale, result),
        *outlooks.columns(given, stale, result),
    ]
    unique = ("series_id", "settings_key")
    of = dict(bulk.upsert(Analysis._meta.db_table, len(stale), columns, unique, returning=("series_id", "id")))
    _store_points([of[given.series[index].pk] for index in stale], pack_all(result))


def _verdicts(result: Result, settings: Settings) -> tuple[list[str], list[str]]:
    """The words of both icons. Where the phase in force has fewer values than limits need to be trusted, nobody can tell
    common cause, or whether a target will be met, from chance: a rule that marks the latest value is told all the same."""
    n = outlook.phase_in_force(result, np.zeros(len(result.n), np.bool_)).n
    few = np.where(n > 0, n, result.n) < settings.min_points
    variation = [VARIATIONS[code] for code in result.variation.tolist()]
    assurance = [ASSURANCES[code] for code in result.assurance.tolist()]
    for place in np.flatnonzero(few & (result.n > 0)).tolist():
        variation[place] = TOO_FEW if variation[place] == "common_cause" else variation[place]
        assurance[place] = TOO_FEW if assurance[place] else ""
    return variation, assurance


def _store_points(analyses: list[int], packed: list[bytes]) -> None:
    columns = [
        bulk.Column("analysis_id", np.array(analyses, np.int64)),
        bulk.Column("tail", [cut(points, SPARK_POINTS) for points in packed]),
        bulk.Column("content", packed),
    ]
    bulk.put(AnalysisPoints._meta.db_table, len(analyses), columns)


def _at(values: np.ndarray, places: np.ndarray, known: np.ndarray) -> np.ndarray:
    """values[places] where known and finite, else nan (or 0 for whole numbers, which are marked as null)."""
    if not len(values):
        return np.full(len(places), np.nan if values.dtype.kind == "f" else 0)
    taken = values[np.where(known, places, 0)]
    if taken.dtype.kind != "f":
        return taken
    return np.where(known & np.isfinite(taken), taken, np.nan)


def _names(bits: int) -> list[str]:
    return [name for bit, name in NOTES.items() if bits & bit]

"""Every statement that the data in the database give rise to, each with the facts worked out again from raw rows."""

import math
from itertools import pairwise

from metrics.analysing import closer
from metrics.comparing import correlations, gaps, groups, mixes
from metrics.models import Analysis, CloserLook, Comparison, Rebase, Series, Target
from metrics.queries import asking, certainty, signals
from metrics.queries.agreed import holding
from metrics.queries.analyses import rows_of
from metrics.wording.breaks import break_told
from metrics.wording.changes import Told
from metrics.wording.closer import drift_told, season_told
from metrics.wording.comparing import narrate_groups
from metrics.wording.effects import cautions_of, narrate_effect
from metrics.wording.outlooks import expected_told
from metrics.wording.paces import pace_figures
from metrics.wording.pairs import narrate_correlation, narrate_gap, narrate_mix
from metrics.wording.surveys import latest
from metrics.wording.trajectories import trajectory_told
from teams import clock

from . import closely, paired
from .beforeafter import effect_facts, seasoned
from .expected import expected_facts
from .pathed import path_facts
from .surveyed import survey_facts

DIMENSIONS = ("metric", "unit", "service", "product", "channel")


def all_series(**which):
    found = Series.objects.filter(last_day__isnull=False, **which).order_by("pk")
    return list(found.select_related(*DIMENSIONS, "metric__survey"))


def looks(among=None):
    """(series, analysis, facts) of a fresh closer look at every series in one phase; ``among``: of these alone."""
    rebased = set(Rebase.objects.filter(withdrawn_at=None).values_list("series_id", flat=True))
    which = {} if among is None else {"pk__in": among}
    chosen = [one for one in all_series(**which) if one.pk not in rebased]
    closer.look_at([one.pk for one in chosen])
    analyses = {one.series_id: one for one in Analysis.objects.filter(series__in=chosen)}
    found = CloserLook.objects.filter(series__in=chosen)
    by_series = {one.pk: one for one in chosen}
    return [(by_series[one.series_id], analyses[one.series_id], one.facts) for one in found]


def close(found):
    """Season, drift and single steps."""
    for series, analysis, facts in found:
        chart = analysis.settings["chart"]
        if facts["season"]["enough"]:
            known = closely.season_facts(
                series, drawn=chart if chart in ("p", "u", "c") else "", logged=chart == "log"
            )[2]
            yield season_told(series, analysis, facts["season"]), known
        adjusted = facts["season"]["found"]
        if facts["drift"]["enough"]:
            raw = closely.without_season[series.pk] if adjusted else None
            yield drift_told(series, analysis, facts["drift"]), closely.drift_facts(series, raw)[1]
        steps = facts["breaks"]["found"]
        raw = closely.without_season[series.pk] if facts["breaks"]["adjusted"] else None
        days = [0, *(step["day"] for step in steps), math.inf]
        for step, before, after in zip(steps, days, days[2:], strict=False):
            known = closely.step_facts(series, facts["breaks"]["phi"], raw=raw, between=(before, after))
            yield break_told(step, series.metric, analysis.amr, facts["breaks"]["adjusted"], []), known


def expected(found):
    for series, analysis, facts in found:
        yield expected_told(series, analysis, facts["season"]), expected_facts(series)


def planned():
    """What is told of the latest value of each series whose target in force has a trajectory."""
    today = clock.today()
    for one in all_series():
        found = Target.objects.filter(metric=one.metric, state=Target.State.IN_FORCE, from_day__lte=today)
        held = holding(one.metric_id, one.unit.line_ids, today.toordinal(), found)
        target = held.get(Target.Kind.TARGET)
        if target is not None and target.start_value is not None:
            analysis = Analysis.objects.select_related("drawn", "series__metric").get(series=one)
            yield trajectory_told(analysis, rows_of(analysis)), path_facts(one, target)[0]


def parted():
    """Splits of every total with a change, by parts of one series each."""
    for total in all_series(rolled_up=True):
        for asked in asking.mixes_asked(total, signals.of_series(total.pk)):
            parts = {int(pk): int(group) for pk, group in asked.question["groups"].items()}
            facts = mixes.compare(total.metric, asked.question, asked.series)
            if facts.get("reading") in (None, "no_parts") or len(set(parts.values())) < len(parts):
                continue
            rows = {f"«{parts[one.pk]}»": one for one in Series.objects.filter(pk__in=parts)}
            days = facts["split"], facts["until"]
            known = paired.mix_facts(total.metric, rows, days[0], rows, until=days[1], since=asked.question["from"])[1]
            yield narrate_mix(total.metric, facts, {int(name[1:-1]): name for name in rows}), known


def side_by_side():
    """Teams compared metric by metric, and metrics of one team beside one another."""
    teams = [one for one in all_series(unit__kind="team") if not (one.channel_id or one.service_id or one.product_id)]
    by_metric, by_unit = {}, {}
    for one in teams:
        by_metric.setdefault(one.metric, []).append(one)
        by_unit.setdefault(one.unit_id, []).append(one)
    for metric, rows in by_metric.items():
        yield from compared(metric, rows, lambda one: one.unit)
    for rows in by_unit.values():
        for one, other in pairwise(rows):
            yield from correlated(one, other)


def compared(metric, rows, group_of):
    """Series of one metric as groups, and the gaps of the first three."""
    question = {"groups": {str(one.pk): group_of(one).pk for one in rows}}
    facts = groups.compare(metric, question, [one.pk for one in rows])
    if not facts.get("problem"):
        checked = paired.means_facts if facts["shape"] == "means" else paired.groups_facts
        known = checked(metric, {group_of(one).name: one for one in rows})[1]
        yield narrate_groups(metric, facts, {group_of(one).pk: group_of(one).name for one in rows}), known
    for one, other in pairwise(rows[:3]):
        question = {"groups": {str(each.pk): group_of(each).pk for each in (one, other)}}
        question |= {"one": group_of(one).pk, "other": group_of(other).pk}
        facts = gaps.compare(metric, question, [one.pk, other.pk])
        if not facts.get("problem"):
            told = narrate_gap(metric, facts, group_of(one).name, group_of(other).name)
            yield told, paired.gap_facts(metric, one, other)


def correlated(one, other):
    """Two series of the same periods."""
    question = {"seed": 7, "reliability": None, "place": {"one": [one.pk], "other": [other.pk]},
                "teams": {"one": {}, "other": {}}}  # fmt: skip
    facts = correlations.compare(one.metric, other.metric, question, [one.pk, other.pk])
    if not facts.get("problem") and (one.first_day, one.last_day) == (other.first_day, other.last_day):
        yield narrate_correlation(one.metric, other.metric, facts), paired.correlation_facts(one, other, 7)[1]


def compared_by_day():
    found = Comparison.objects.exclude(facts={}).order_by("pk")
    return list(found.select_related("against__metric", *(f"series__{name}" for name in DIMENSIONS)))


def effects():
    """Before and after, computed with a season taken out or without."""
    for one in compared_by_day():
        yield narrate_effect(one.facts, _about(one)), effect_facts(one)


def beside_effects():
    """All cautions and figures that stand beside these."""
    for one in compared_by_day():
        known, told = effect_facts(one), _about(one)
        figures = [] if one.facts["reading"] == "not_enough" else pace_figures(one.facts, told)
        for said in (*cautions_of(one.facts, told), *(part for line in figures for part in line)):
            yield str(said), known


def seasons_of_effects():
    """(whether the season is told to be taken out, whether the data have one) of each."""
    for one in compared_by_day():
        told = any("season is taken out" in str(said) for said in cautions_of(one.facts, _about(one)))
        yield told, seasoned(one.series, one.day.toordinal())[1]


def _about(one):
    return Told(one.series.metric, one.label, one.day.toordinal(), one.against.place if one.against else "")


def surveys():
    """The sentences on the latest point of every survey."""
    for one in all_series(metric__survey__isnull=False):
        analysis = Analysis.objects.select_related("drawn").get(series=one)
        rows, _basis = certainty.beside(one, rows_of(analysis))
        yield latest(one.metric, one.metric.survey, rows), survey_facts(one)

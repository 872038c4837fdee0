"""What the pages show: every statement that a page was given to draw, and all that may be told of a series there."""

from dataclasses import fields, is_dataclass

from metrics.models import Analysis, CloserLook, Series, Signal
from metrics.queries.closer import season_of
from metrics.wording.narration import Narration

from . import charted, closely, everywhere, paired, unseasoned
from .expected import expected_facts
from .recompute import TRUSTED, Facts, names_of, raw_of, seconds_of, signal_facts
from .stretched import stretch_facts


def told_on(page):
    """Every Narration in what a page was rendered with."""
    found = [told for layer in page.context for held in layer for told in _within(held, 4)]
    return list(dict.fromkeys(found))


def _within(thing, depth):
    if isinstance(thing, Narration):
        return [thing]
    if not depth:
        return []
    if isinstance(thing, dict):
        return [told for one in thing.values() for told in _within(one, depth - 1)]
    if isinstance(thing, (list, tuple)):
        return [told for one in thing for told in _within(one, depth - 1)]
    if is_dataclass(thing) and not isinstance(thing, type):
        return [told for one in fields(thing) for told in _within(getattr(thing, one.name), depth - 1)]
    return []


def series_facts(series, judged, spans=None):
    """All that the page of a series may tell: of its signals, its season, drift and steps, and two stretches of it."""
    analysis = Analysis.objects.get(series=series)
    chart, raw = analysis.settings["chart"], raw_of(series)
    points = charted.points_of(chart, raw, [], series.metric.scale, charted.ends_of(series.metric))
    last = points[-1]
    found = judged + Facts(
        numbers=[last.lower, last.upper, last.shown, len(raw), charted.mean([one.value for one in raw])],
        days=[raw[0].day, raw[-1].day], names=names_of(series), seconds=seconds_of(series.metric),
    )  # fmt: skip
    season = season_of(series, analysis)
    for one in Signal.objects.filter(series=series).select_related(
        *(f"series__{name}" for name in everywhere.DIMENSIONS)
    ):
        found += signal_facts(one) + (unseasoned.left_facts(one) if season else Facts())
    look = CloserLook.objects.filter(series=series).first()
    for _told, known in everywhere.close([(series, analysis, look.facts)] if look else []):
        found += known
    if spans:
        found += stretch_facts(series, chart, spans)[1]
    return found + expected_facts(series) + Facts(numbers=[TRUSTED, *closely.CONSTANTS])


def groups_facts(page):
    """The same of a page that compares units, of one series each."""
    asked = page.context["asked"]
    unit_of = {int(pk): name for pk, name in asked.question["groups"].items()}
    rows = Series.objects.filter(pk__in=unit_of).select_related(*everywhere.DIMENSIONS)
    assert len(set(unit_of.values())) == len(unit_of)
    checked = paired.means_facts if page.context["facts"]["shape"] == "means" else paired.groups_facts
    return checked(asked.metric, {one.unit.name: one for one in rows})[1]

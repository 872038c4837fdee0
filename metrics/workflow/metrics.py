"""Metrics: made, edited, defined anew, archived."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from metrics.models import Definition, Mark, Metric, Series
from metrics.workflow import analyses, marks
from teams import access, clock, edits, shelf, trail
from teams.models import Person, Unit
from teams.refusals import Refused

FIELDS = ("name", "code", "direction", "kind", "period", "measure", "scale", "numerator", "denominator", "sums")
# What every chart is computed from: not to be changed under values that are there already.
FIXED_BY_DATA = ("period", "scale", "sums")


def create(person: Person, unit: Unit, given: dict[str, Any], definition: str) -> Metric:
    """Make a metric owned by ``unit`` with the first version of its definition. Raises Refused (``code_taken``)."""
    access.require(person, "metrics.edit", unit)
    try:
        with transaction.atomic():
            metric = Metric.objects.create(unit=unit, **{field: given[field] for field in FIELDS if field in given})
            Definition.objects.create(metric=metric, number=1, text=definition.strip(), person=person, at=clock.now())
            trail.record(person, "create_metric", metric, {}, trail.values(metric, "unit", *FIELDS))
    except IntegrityError:
        raise _code_taken() from None
    return metric


def edit(person: Person, metric: Metric, version: int, base: dict[str, Any], mine: dict[str, Any]) -> Metric:
    """Change a metric's words and facts; edits of different fields merge.

    Raises Conflict, Refused (``code_taken``, ``has_data``: a field that existing values rest on).
    """
    access.require(person, "metrics.edit", metric)
    _keep_what_data_rest_on(metric, base, mine)
    before = metric.direction, metric.kind

    def analyse_anew(current: Metric) -> None:
        if (current.direction, current.kind) != before:
            analyses.enqueue_metric(current, person=person)

    try:
        # No transaction around it: the draft of words that cannot be saved must outlive the Conflict.
        return edits.save(person, metric, version, base, mine, "edit_metric", also=analyse_anew)
    except IntegrityError:
        raise _code_taken() from None


def define(person: Person, metric: Metric, number: int, text: str, reason: str, from_day: dt.date | None) -> Definition:
    """Add the next version of the definition after version ``number``; it becomes a mark on every chart.

    Raises Refused (``newer_definition``: somebody was quicker, ``no_words``, ``no_reason``).
    """
    _check_definition(text, reason)
    access.require(person, "metrics.edit", metric)
    with transaction.atomic():
        Metric.objects.select_for_update().get(pk=metric.pk)
        last = metric.definitions.order_by("number").last()
        if last is not None and last.number != number:
            raise Refused(
                "newer_definition",
                _("Somebody else wrote a new version while you were writing. Yours is still here: read theirs first."),
            )
        made = Definition.objects.create(
            metric=metric,
            number=number + 1 if last else 1,
            text=text.strip(),
            reason=reason.strip(),
            from_day=from_day,
            person=person,
            at=clock.now(),
        )
        if from_day is not None:
            label = _("Definition %(number)s") % {"number": made.number}
            marks.mark_all(person, Series.objects.filter(metric=metric), Mark.Kind.DEFINITION, from_day, label, made)
        before = trail.values(last, "number", "text") if last else {}
        trail.record(person, "define", made, before, trail.values(made, "number", "text", "reason", "from_day"))
        analyses.enqueue_metric(metric, person=person)
    return made


def choose_chart(person: Person, metric: Metric, chart: str, reason: str) -> Definition:
    """Draw a metric on another chart from now on, for all of its history: a new version of its definition in the same
    words, with the reason, marked on every chart today.

    Raises Refused (``no_reason``, ``already``: it is this chart, ``unknown``).
    """
    _check_chart(metric, chart, reason)
    access.require(person, "metrics.edit", metric)
    with transaction.atomic():
        current = Metric.objects.select_for_update().get(pk=metric.pk)
        before = trail.values(current, "chart")
        current.chart = metric.chart = chart
        current.save(update_fields=["chart"])
        last = metric.definitions.order_by("number").last()
        made = Definition.objects.create(
            metric=metric,
            number=last.number + 1 if last else 1,
            text=last.text if last else "",
            reason=reason.strip(),
            from_day=clock.today(),
            person=person,
            at=clock.now(),
        )
        label = _("Chart: %(name)s") % {"name": current.get_chart_display()}
        marks.mark_all(person, Series.objects.filter(metric=metric), Mark.Kind.DEFINITION, clock.today(), label, made)
        after = {**trail.values(current, "chart"), "definition": made.number, "reason": made.reason}
        trail.record(person, "choose_chart", current, before, after)
        analyses.enqueue_metric(metric, person=person)
    return made


def archive(person: Person, metric: Metric) -> Metric:
    """Put a metric away: it leaves the board and the lists; its data and links stay. Raises Refused (``not_now``)."""
    return shelf.put_away(person, "metrics.edit", metric)


def restore(person: Person, metric: Metric) -> Metric:
    """Take a metric out of the archive. Raises Refused (``not_now``)."""
    return shelf.take_out(person, "metrics.edit", metric)


def _keep_what_data_rest_on(metric: Metric, base: dict[str, Any], mine: dict[str, Any]) -> None:
    changed = [field for field in FIXED_BY_DATA if field in mine and mine[field] != base.get(field)]
    if changed and Series.objects.filter(metric=metric, last_day__isnull=False).exists():
        words = _("Values have been stored with this already. Make a new metric instead.")
        raise Refused("has_data", words, dict.fromkeys(changed, words))


def _check_chart(metric: Metric, chart: str, reason: str) -> None:
    if chart not in Metric.Chart.values:
        raise Refused("unknown", _("This chart is not known."), {"chart": _("This chart is not known.")})
    if chart == metric.chart:
        words = _("The metric is drawn on this chart already.")
        raise Refused("already", words, {"chart": words})
    if not reason.strip():
        words = _("Say why: another chart finds other signals.")
        raise Refused("no_reason", words, {"reason": words})


def _check_definition(text: str, reason: str) -> None:
    if not text.strip():
        words = _("Write the definition.")
        raise Refused("no_words", words, {"text": words})
    if not reason.strip():
        words = _("Say why the definition changes.")
        raise Refused("no_reason", words, {"reason": words})


def _code_taken() -> Refused:
    words = _("Another metric of this unit has this code.")
    return Refused("code_taken", words, {"code": words})

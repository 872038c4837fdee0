"""Every sample that an import turns into series, the whole way: brought, analysed, and each sentence on its pages and
behind them recomputed from the rows that the file became."""

import datetime as dt
from itertools import pairwise

import pytest
from django.utils import translation

from jobs import workflow as jobs
from metrics.models import Series, Signal
from metrics.queries import asking, board
from metrics.wording.standing import board_line
from metrics.wording.stretches import compared_told
from teams.models import Workspace
from tests.importing.conftest import Desk

from . import everywhere, paired
from .boarded import judged_facts, line_facts
from .checking import faults_of, faults_of_signals, unexplained
from .imported import DATELESS
from .paged import groups_facts, series_facts, told_on
from .recompute import raw_of
from .stretched import side_by_side, stretch_facts
from .unseasoned import told_claims

pytestmark = pytest.mark.django_db
RELATED = tuple(f"series__{name}" for name in everywhere.DIMENSIONS)
LONG = 60  # days without a value, after which a series is not counted on the board of the last day


def test_every_sentence_on_a_sample_is_in_its_data(sample):
    desk, rows, chosen, of = sample
    signals = list(Signal.objects.filter(series__in=chosen).order_by("pk").select_related(*RELATED))
    assert [pair for pair in told_claims(signals) if pair[1] not in pair[0]] == []
    summary = board.summary(board.analyses(desk.person))
    recent = [one for one in rows if max(row.last_day for row in rows) - one.last_day < LONG]
    line = line_facts(recent)
    for language in ("en-gb", "de"):
        with translation.override(language):
            assert faults_of_signals(signals[:: 1 if language == "en-gb" else 4]) == []
            assert unexplained(board_line(summary.watch, summary.chance), line) == []
    found = everywhere.looks([one.pk for one in chosen])
    told = [*everywhere.close(found), *everywhere.parted(), *among(desk, rows), *beside(chosen), *halves(chosen)]
    assert [fault for one, facts in told for fault in faults_of(one, facts)] == []
    assert [fault for one, facts in everywhere.expected(found) for fault in unexplained(one, facts)] == []
    assert len(told) >= of.told


def among(desk, rows):
    """The units of each metric as groups, those with a few values."""
    by_metric = {}
    for one in rows:
        if one.unit_id != desk.unit.pk and len(raw_of(one)) > 3:
            by_metric.setdefault(one.metric, []).append(one)
    for metric, some in by_metric.items():
        if len(some) > 1:
            yield from everywhere.compared(metric, some[:12], lambda one: one.unit)


def beside(chosen):
    """Metrics of the same unit, each beside the next."""
    by_unit = {}
    for one in chosen:
        by_unit.setdefault(one.unit, []).append(one)
    for some in by_unit.values():
        for one, other in pairwise(some):
            yield from everywhere.correlated(one, other)


def halves(chosen):
    """The latest stretch of each series beside the one before it."""
    for series in chosen:
        if spans := spans_of(series):
            analysis, found = side_by_side(series, spans)
            apart, facts = stretch_facts(series, analysis.settings["chart"], spans)
            assert found.apart == apart
            yield compared_told(series.metric, analysis, found, spans), facts


def spans_of(series):
    days = [one.day for one in raw_of(series)]
    size = min(8, len(days) // 2)
    return ((days[-2 * size], days[-size - 1]), (days[-size], days[-1])) if size > 1 else None


def test_what_the_pages_of_a_sample_tell_is_in_its_data(sample, client_of):
    desk, rows, chosen, of = sample
    client, told = client_of(desk.person), []
    recent = [one for one in rows if max(row.last_day for row in rows) - one.last_day < LONG]
    judged = judged_facts(rows, recent)
    page = client.get("/signals")
    assert unexplained(page.context["chance_line"], line_facts(recent)) == []
    by_pk = {one.pk: one for one in rows}
    for series in chosen[:8]:
        spans = spans_of(series)
        asked = dict(
            zip(("a_from", "a_to", "b_from", "b_to"), (day for span in spans or () for day in span), strict=False)
        )
        asked = {name: dt.date.fromordinal(day).isoformat() for name, day in asked.items()}
        page = client.get(f"/series/{series.pk}", asked)
        facts = series_facts(by_pk[series.pk], judged[series.pk], spans)
        assert unexplained(page.context["headline"], facts) == []
        told += [(one, facts) for one in told_on(page)]
    told += [*compared_on(client, desk, rows), *correlated_on(client, desk, rows)]
    assert [(str(one.fact), *fault) for one, facts in told for fault in faults_of(one, facts)] == []
    assert len(told) >= of.shown


def answered(client, address, **question):
    """The page of a question, once the worker has answered it."""
    answer = client.post(address, question)
    jobs.run_pending()
    return client.get(answer["Location"])


def compared_on(client, desk, rows):
    """The units of each metric side by side, and the gap of the two with the most values."""
    for metric in dict.fromkeys(one.metric for one in rows if one.unit_id != desk.unit.pk):
        page = answered(client, "/compare", metric=metric.pk, by="unit")
        yield from ((one, groups_facts(page)) for one in told_on(page))
        units = [one for one in rows if one.metric == metric and one.unit_id != desk.unit.pk]
        first, second = sorted(units, key=lambda one: (-len(raw_of(one)), one.pk))[:2]
        page = answered(client, "/gap", metric=metric.pk, by="unit", one=first.unit_id, other=second.unit_id)
        yield from ((one, paired.gap_facts(metric, first, second)) for one in told_on(page))


def correlated_on(client, desk, rows):
    """The first metrics of the whole, each beside the next one of the same days."""
    whole = [one for one in rows if one.unit_id == desk.unit.pk]
    for one, other in pairwise(whole[:8]):
        if [row.day for row in raw_of(one)] == [row.day for row in raw_of(other)]:
            page = answered(client, "/correlate", metric=one.metric_id, other=other.metric_id, unit=desk.unit.pk)
            known = paired.correlation_facts(one, other, asking.SEED)[1] if told_on(page) else None
            yield from ((told, known) for told in told_on(page))


@pytest.mark.parametrize("path", DATELESS)
def test_the_other_samples_become_no_series(world, samples, path):
    Workspace.objects.create(pk=1, zone="UTC")
    upload = Desk(world.a.supervisor, world.a.department).bring_file(samples / path)
    assert upload.state == "received" and any(one["required"] for one in upload.questions)
    assert not Series.objects.exists()

"""The outcome of an action: every figure and date of its reading is in the data, the verdict follows from them, and a
changed fact is caught."""

import copy
import datetime as dt

import pytest
from django.db.models import F
from django.urls import reverse
from django.utils import translation

from improvements.models import Action
from improvements.queries.outcomes import facts_of, reading_of
from improvements.views.outcomes import rows, told
from improvements.wording import OUTCOME_REASONS
from metrics.analysing import analyse_series
from metrics.models import Metric, Observation, Rebase
from metrics.trends import outcome
from teams import clock
from tests.improvements import making

from .checking import unexplained
from .outcomes import outcome_facts, told_words

pytestmark = pytest.mark.django_db
SINCE = {
    "effective": [82.0, 83.5, 82.5, 83.0, 82.4, 86.9, 83.1],
    "not_effective": [80.0, 81.0, 80.5, 79.5, 80.2, 81.1, 80.4],
    "contradicted": [82.0, 83.5, 82.5, 83.0, 82.4, 83.9, 83.1, 70.0],
    "too_early": [82.0, 83.5, 82.5],
    "nothing": [],
}


def read(world, clock_at, case, rebase=False):
    clock_at(making.TODAY)
    action = making.done(world.a)
    if rebase:
        day = dt.date(2025, 5, 1)
        Rebase.objects.create(series=action.series, day=day, reason="New", person=world.a.supervisor, at=clock.now())
    making.observe(action.series, SINCE[case], dt.date(2026, 3, 1))
    return action, facts_of(reading_of(action))


def faults(action, facts, known):
    metric = action.series.metric
    words = told_words(told(facts, metric, action.target))
    words += [row[name] for row in rows(facts, metric) for name in ("day", "value")]
    return [fault for one in words for fault in unexplained(one, known)]


def known_of(action):
    verdict, trial, missed, known = outcome_facts(action)
    seen = Observation.objects.filter(series=action.series, day__gte=known.days[0])
    known.days += [one.day for one in seen]
    known.numbers += [100 * one.numerator / one.denominator for one in seen]
    return verdict, trial, missed, known


@pytest.mark.parametrize("language", ["en-gb", "de"])
@pytest.mark.parametrize("rebase", [False, True])
@pytest.mark.parametrize("case", SINCE)
def test_every_figure_of_a_verdict_is_in_the_data(world, clock_at, case, rebase, language):
    action, facts = read(world, clock_at, case, rebase)
    verdict, trial, missed, known = known_of(action)
    with translation.override(language):
        assert faults(action, facts, known) == []
        page = told(facts, action.series.metric, action.target)
        shown = {str(words) for words in page["reasons"]}
        assert (str(OUTCOME_REASONS[outcome.TRIAL_BASELINE]) in shown) == trial == rebase
        assert (str(OUTCOME_REASONS[outcome.TARGET_MISSED]) in shown) == (missed and verdict != "too_early")
    assert facts["offered"] == page["code"] == verdict


def test_the_limits_of_an_agreement_end_at_full_agreement(world, clock_at):
    clock_at(making.TODAY)
    action = making.done(world.a)
    Metric.objects.filter(pk=action.series.metric_id).update(derived="agreement", kind="score", scale=1, measure="")
    Action.objects.filter(pk=action.pk).update(target=0.95)
    Observation.objects.filter(series=action.series).delete()
    # As shares of 1: a tenth to and fro before, hardly any more since.
    making.observe(action.series, [value / 100 for value in (90, 100, 88, 97, 82, 100, 95, 90, 99, 86, 100, 94, 91, 98)],
                   dt.date(2025, 1, 1))  # fmt: skip
    making.observe(action.series, [1.0, 1.0, 0.99, 1.0], dt.date(2026, 3, 1))
    Observation.objects.filter(series=action.series).update(numerator=F("numerator") / 10, denominator=None)
    action = Action.objects.get(pk=action.pk)
    facts = facts_of(reading_of(action))
    _verdict, _trial, _missed, known = outcome_facts(action)
    known.days += [one.day for one in Observation.objects.filter(series=action.series)]
    known.numbers += [one.numerator for one in Observation.objects.filter(series=action.series)]
    assert faults(action, facts, known) == []
    assert facts["upper"] == 1.0 < facts["mean"] + 2.66 * facts["amr"]


@pytest.mark.parametrize(
    "changed",
    ["mean", "lower", "upper", "mean_after", "difference", "before", "after", "outside", "change_on", "after_values"],
)
def test_a_changed_fact_of_a_verdict_is_caught(world, clock_at, changed):
    action, facts = read(world, clock_at, "effective")
    known = known_of(action)[-1]
    altered = copy.deepcopy(facts)
    if changed == "outside":
        altered[changed] = [1] * 4 + facts[changed][4:]
    elif changed == "after_values":
        altered[changed][0] += 0.6
    elif changed == "change_on":
        altered[changed] = "2026-02-01"
    else:
        altered[changed] += 3.3 if isinstance(facts[changed], float) else 4
    assert faults(action, altered, known) != []


@pytest.mark.parametrize(("changed", "to"), [("missing_points", 6), ("enough_on", "2026-12-01")])
def test_a_changed_fact_of_one_that_is_too_early_is_caught(world, clock_at, changed, to):
    action, facts = read(world, clock_at, "too_early")
    assert faults(action, facts | {changed: to}, known_of(action)[-1]) != []


def test_the_page_shows_what_is_checked(world, clock_at, client_of):
    action, facts = read(world, clock_at, "effective")
    analyse_series([action.series_id])
    page = client_of(world.a.supervisor).get(reverse("outcome", args=[action.pk])).content.decode()
    shown = told(facts, action.series.metric, action.target)
    assert all(str(shown[name]) in page for name in ("title", "mean", "limits", "mean_after", "difference", "target"))

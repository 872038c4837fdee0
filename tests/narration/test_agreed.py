"""How far raters agree: every number that is told follows from the scorings, and a changed fact is caught."""

import copy

import pytest
from django.utils import translation

from metrics import analysing
from metrics.models import Agreement, Signal
from metrics.wording import narrate
from metrics.wording.agreements import chosen_line, narrate_agreement
from tests.importing.conftest import desk
from tests.importing.test_scorings import NUMBERS, WORDS, bring, of, rows, text_of
from tests.metrics import making

from .agreed import agreement_facts, scorings
from .checking import faults_of, faults_of_signals

__all__ = ["desk"]
pytestmark = pytest.mark.django_db
TWO = [pair[:2] for pair in WORDS]
ALWAYS = [("met", "met", "met")] * 11 + [("met", "partly", "met")]
HOLES = [("met", "", "met"), ("", "met", "partly"), ("not met", "partly", ""), ("met", "met", "met"), ("met", "", "")]
MANY = [(70 + number, 71 + number, 69 + number) for number in range(0, 24, 2)]
APART = [(70, 90, 60), (80, 60, 90), (65, 70, 95), (90, 75, 60), (72, 88, 64), (81, 60, 77)] * 2
CASES = {
    "numbers": ([NUMBERS], "alpha_interval", "so few contacts leave open"),
    "agreed": ([MANY], "alpha_interval", "it can be relied on"),
    "apart": ([APART], "alpha_interval", "Much of a score depends on who gave it"),
    "fleiss": ([WORDS, WORDS[::-1]], "fleiss", "With fewer than 10 contacts"),
    "cohen": ([TWO], "cohen", "by 2 people"),
    "holes": ([HOLES], "alpha", "1 contact that only one person scored says nothing about it."),
    "nearly always": ([ALWAYS], "fleiss", "One category makes up 97"),
    "the last alone": ([NUMBERS, [("80", "", "")]], "alpha_interval", "in January 2024"),
    "two in each": ([WORDS[:2], WORDS[1:3]], "fleiss", "fewer than three contacts were scored by two people"),
    "all alike": ([[("met", "met", "met")] * 5], "fleiss", "every score was the same"),
}


def told_of(desk, tables):
    bring(desk, text_of(*(rows(table, f"2024-{place:02d}") for place, table in enumerate(tables, 1))))
    series = of(desk, "agreement")
    return series, Agreement.objects.get(series=series).facts


def known(series, facts):
    months = scorings(series.metric.source)
    latest = [one["day"] for one in facts["periods"] if one["value"] is not None]
    return agreement_facts(series.metric, facts["statistic"], months, max(latest or months))


@pytest.mark.parametrize("language", ["en-gb", "de"])
@pytest.mark.parametrize("case", CASES)
def test_every_number_of_an_agreement_follows_from_the_scorings(desk, case, language):
    tables, statistic, words = CASES[case]
    series, facts = told_of(desk, tables)
    with translation.override(language):
        told = narrate_agreement(series.metric, facts)
        assert faults_of(told, known(series, facts)) == []
    assert facts["statistic"] == statistic
    if language == "en-gb":
        assert words in " ".join((told.fact, told.meaning, told.caveat, told.next_step))


@pytest.mark.parametrize("language", ["en-gb", "de"])
def test_a_signal_of_an_agreement_names_no_limit_beyond_full(world, language):
    metric = making.metric(world.a.department, "Agreement", derived="agreement")
    values = [0.93, 1.0, 0.88, 0.97, 0.82, 1.0, 0.95, 0.9, 0.99, 0.86, 1.0, 0.94, 0.91, 0.98, 0.31, 0.28]
    analysing.analyse_series([making.series(metric, world.a.team, values).pk])
    found = list(Signal.objects.select_related("series__metric", "series__unit"))
    with translation.override(language):
        assert faults_of_signals(found) == []
        [fact] = [narrate(one).fact for one in found if one.rule == "outside"]
    assert language == "de" or "to 1.000) for 2 months" in fact


@pytest.mark.parametrize(
    ("changed", "by"), [("value", -0.1), ("low", 0.1), ("high", -0.1), ("items", 3), ("raters", 4), ("day", 40)]
)
def test_a_changed_fact_of_it_is_caught(desk, changed, by):
    series, facts = told_of(desk, [NUMBERS])
    altered = copy.deepcopy(facts)
    altered["periods"][0][changed] += by
    assert faults_of(narrate_agreement(series.metric, altered), known(series, facts)) != []


@pytest.mark.parametrize(
    ("tables", "words"),
    [
        ([NUMBERS], "Krippendorff's alpha for numbers"),
        ([WORDS], "Fleiss' kappa"),
        ([TWO], "Cohen's kappa"),
        ([HOLES], "Krippendorff's alpha for categories"),
    ],
)
def test_the_page_says_which_statistic_and_why(desk, tables, words):
    _series, facts = told_of(desk, tables)
    assert chosen_line(facts).startswith(words)
    assert "One statistic for all periods" in chosen_line(facts)

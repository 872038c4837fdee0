"""A survey's latest point: value, interval, answers and response rate are in the data; a changed number is caught."""

from dataclasses import replace

import pytest
from django.utils import translation

from metrics import analysing
from metrics.comparing.certainty import settle
from metrics.models import Analysis, Observation, Survey
from metrics.queries import certainty
from metrics.queries.analyses import rows_of
from metrics.wording.surveys import latest
from metrics.workflow import surveys
from tests.metrics import making

from .checking import unexplained
from .surveyed import survey_facts

pytestmark = pytest.mark.django_db
TOTALS = [132, 128, 141, 119, 137, 125, 130, 144, 121, 133, 127, 138, 131]
ANSWERS = [34, 33, 36, 31, 35, 32, 33, 37, 31, 34, 33, 36, 29]
SPREADS = [1.1, 1.05, 0.98, 1.2, 1.15, 1.02, 0.95, 1.08, 1.21, 1.1, 1.03, 0.99, 1.17]
UP = [18, 17, 20, 15, 19, 16, 17, 21, 16, 18, 17, 19, 15]
DOWN = [6, 7, 5, 8, 6, 7, 6, 5, 8, 6, 7, 6, 8]


def counted(metric, unit, values, sizes=None):
    """One value a month; of counts where the sizes are given."""
    made = making.series(metric, unit, values)
    for place, size in enumerate(sizes or []):
        Observation.objects.filter(series=made, day=making.month(place)).update(denominator=size, n=None)
    return made


def declared(world, kind, **beside):
    """A survey of the kind, with the metrics beside it that the words name: {asked: values, ...}."""
    unit, department = world.a.team, world.a.department
    given = {"mean": {"measure": "of 5"}, "share": {"scale": 100.0, "measure": "%", "kind": "proportion"},
             "promoters": {"scale": 100.0, "measure": "points"}}[kind]  # fmt: skip
    metric = making.metric(department, "Ease", **given)
    values = {"mean": TOTALS, "share": UP, "promoters": [a - b for a, b in zip(UP, DOWN, strict=True)]}[kind]
    one = counted(metric, unit, values, ANSWERS)
    told = {name: making.metric(department, name.title()) for name in beside}
    for name, values in beside.items():
        making.series(told[name], unit, values)
    surveys.declare(world.a.supervisor, metric, kind, Survey.Weighted.NO, **told)
    analysing.analyse_series([one.pk])
    settle([one.pk])
    return one


def said(one, tampered=lambda rows: rows):
    rows, _basis = certainty.beside(one, rows_of(Analysis.objects.get(series=one)))
    return latest(one.metric, one.metric.survey, tampered(rows))


def faults(one, sentences):
    return [fault for words in sentences for fault in unexplained(words, survey_facts(one))]


CASES = {
    "mean": ("mean", {"spread": SPREADS, "asked": [3 * n for n in ANSWERS]}),
    "mean of unknown spread": ("mean", {}),
    "mean with a gap in the spread": ("mean", {"spread": [*SPREADS[:12], None]}),
    "share": ("share", {"asked": [4 * n for n in ANSWERS]}),
    "promoters": ("promoters", {"promoters": UP}),
    "promoters unknown": ("promoters", {}),
}


@pytest.mark.parametrize("language", ["en-gb", "de"])
@pytest.mark.parametrize("case", CASES)
def test_every_number_of_a_survey_is_in_its_data(world, case, language):
    kind, beside = CASES[case]
    one = declared(world, kind, **beside)
    with translation.override(language):
        sentences = said(one)
        assert faults(one, sentences) == []
    assert len(sentences) == 3


def test_the_interval_of_a_mean_is_the_one_of_its_spread(world):
    """2.0452 (Student, 28 degrees) x 1.17 / root of 29 = 0.44 on each side of 131 / 29 = 4.52."""
    one = declared(world, "mean", **CASES["mean"][1])
    told = said(one)[0].replace("\u202f", " ")
    assert "from 29 answers: 95 % interval 4.07 of 5 to 4.96 of 5" in told
    assert "87 were asked, so 33 % answered" in said(one)[1]


@pytest.mark.parametrize(
    ("case", "name", "by"),
    [
        ("mean", "low", 0.05),
        ("mean", "high", 0.05),
        ("mean", "value", 0.05),
        ("mean", "n", 1),
        ("mean", "asked", 3),
        ("mean of unknown spread", "low", 0.05),
        ("mean with a gap in the spread", "high", 0.05),
        ("share", "low", 1),
        ("promoters", "high", 1),
        ("promoters unknown", "low", 1),
    ],
)
def test_a_changed_number_is_caught(world, case, name, by):
    kind, beside = CASES[case]
    one = declared(world, kind, **beside)

    def tampered(rows):
        return [*rows[:-1], replace(rows[-1], **{name: getattr(rows[-1], name) + by})]

    assert faults(one, said(one, tampered)) != []


def test_an_interval_of_other_answers_is_caught(world):
    """A spread that the data do not hold: everything hangs together, and is wrong."""
    one = declared(world, "mean", spread=SPREADS)
    sentences = said(one)
    spread = one.metric.survey.spread
    Observation.objects.filter(series__metric=spread, day=making.month(12)).update(numerator=1.4)
    assert faults(one, sentences) != []

"""What happened stands on every chart of the series: its own page, a comparison's, the outcome's, a review's, a paper's
on the screen and in print."""

import datetime as dt
import json
import re

import pytest
from django.urls import reverse

from improvements.paper import measures
from improvements.workflow import submissions
from jobs import workflow as jobs
from metrics import analysing
from metrics.models import Comparison, Mark, Observation, Series
from metrics.workflow import marks, rebases
from reports.typesetting.charts import draw
from reviews.models import Criterion
from tests.improvements import making

pytestmark = pytest.mark.django_db
EVENTS = {"Phones down", "new limits", "Definition 2"}


def flags_of(page):
    """The labels on each chart of a page."""
    found = re.findall(r'<script id="[\w-]*chart[\w-]*" type="application/json">(.*?)</script>', page, flags=re.S)
    return [{one["text"] for one in json.loads(text)["layout"].get("annotations", [])} for text in found]


@pytest.fixture
def eventful(world, clock_at):
    """A review of a series in whose year a definition changed, the telephones failed and new limits began."""
    clock_at(making.TODAY)
    review = making.under_way(world.a)
    series = Criterion.objects.get(review=review, series__isnull=False).series
    series.last_day = dt.date(2025, 12, 1).toordinal()
    rebases.rebase(world.a.supervisor, series, dt.date(2025, 3, 1), "Second desk")
    marks.note(world.a.supervisor, series, dt.date(2025, 5, 10), "Phones down")
    kind, every = Mark.Kind.DEFINITION, Series.objects.filter(pk=series.pk)
    marks.mark_all(world.a.supervisor, every, kind, dt.date(2025, 8, 1), "Definition 2", series.metric)
    analysing.analyse_series([series.pk])
    return review


def test_they_stand_on_the_chart_of_a_review(world, client_of, eventful):
    page = client_of(world.a.supervisor).get(reverse("review-measure", args=[eventful.pk])).content.decode()
    [labels] = flags_of(page)
    assert labels >= EVENTS


def test_they_stand_in_a_paper_on_the_screen_and_in_print(world, client_of, eventful):
    review = making.concluded(world.a, eventful)
    paper = submissions.put_forward(world.a.supervisor, making.drafted(world.a, review))
    page = client_of(world.a.decision_maker).get(paper.get_absolute_url()).content.decode()
    labels = set().union(*flags_of(page))
    [content] = paper.content["metrics"]
    one = measures.read(content)
    printed = draw(one.metric, one.rows, measures.marks(one), measures.rebases(one))
    assert labels >= EVENTS
    assert {words for words in EVENTS if f"<!-- {words} -->" in printed} == EVENTS
    # What is expected of the next period stands beside what the chart can say of the target.
    assert "Next period meets it" in page
    assert {cell["chance"] is None for cell in paper.content["metrics"]} == {True}


def test_marks_and_new_limits_stand_on_every_chart_of_the_series(world, client_of, clock_at):
    clock_at(making.TODAY)
    alder = world.a
    action = making.done(alder)
    series = action.series
    making.observe(series, [82.0, 83.5, 82.5, 83.0, 82.4, 83.9, 83.1], dt.date(2026, 3, 1))
    first = dt.date.fromordinal(Observation.objects.filter(series=series).order_by("day")[0].day)
    series.last_day = dt.date(2026, 9, 1).toordinal()
    marks.note(alder.supervisor, series, first + dt.timedelta(days=160), "Phones down")
    rebases.rebase(alder.supervisor, series, first + dt.timedelta(days=100), "Second desk")
    analysing.analyse_series([series.pk])
    jobs.run_pending()
    comparison = Comparison.objects.get(series=series)

    client = client_of(alder.second_supervisor)
    pages = [series.get_absolute_url(), comparison.get_absolute_url(), reverse("outcome", args=[action.pk])]
    drawn = [flags_of(client.get(page).content.decode())[0] for page in pages]

    assert ["Phones down" in labels for labels in drawn] == [True] * 3
    # The outcome is read within the limits that hold: its chart begins where they do.
    assert ["new limits" in labels for labels in drawn] == [True, True, False]
    assert "done" in drawn[2]
    # The flag is short; the reason is told when it is pointed at.
    assert "new limits: Second desk" in client.get(pages[0]).content.decode()
    assert action.what[:10] in " ".join(drawn[0])

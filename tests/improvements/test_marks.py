"""What happened stands on every chart of the series: its own page, a signal's, a comparison's and the outcome's."""

import datetime as dt
import json
import re

import pytest
from django.urls import reverse

from jobs import workflow as jobs
from metrics import analysing
from metrics.models import Comparison, Observation
from metrics.workflow import marks, rebases
from tests.improvements import making

pytestmark = pytest.mark.django_db


def flags_of(page):
    """The labels on each chart of a page."""
    found = re.findall(r'<script id="[\w-]*chart" type="application/json">(.*?)</script>', page, flags=re.S)
    return [{one["text"] for one in json.loads(text)["layout"].get("annotations", [])} for text in found]


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
    assert action.what[:10] in " ".join(drawn[0])

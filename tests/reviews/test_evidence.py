"""Findings raised from a point and from a signal: the facts are frozen, the links hold."""

import datetime as dt

import pytest
from django.http import Http404
from django.urls import reverse

from metrics.analysing.storing import analyse_series
from metrics.models import Observation, Signal
from reviews import evidence, workflow
from reviews.models import Criterion, Evidence, Finding
from tests.reviews import making

pytestmark = pytest.mark.django_db


def measured(side, values):
    """The side's series with one value a month from January 2023 on, analysed."""
    series = making.a_series(side)
    days = [dt.date(2023 + month // 12, month % 12 + 1, 1).toordinal() for month in range(len(values))]
    Observation.objects.bulk_create(
        Observation(series=series, day=day, numerator=value, denominator=100)
        for day, value in zip(days, values, strict=True)
    )
    series.first_day, series.last_day = days[0], days[-1]
    series.save()
    analyse_series([series.pk])
    return series


STEADY = [88, 92, 89, 91, 87, 92, 88, 91, 87, 92, 89, 91, 87, 92]
FALLEN = [*STEADY, 70]


def test_a_point_is_frozen_with_its_limits_and_rules(world):
    alder = world.a
    series, review = measured(alder, FALLEN), making.under_way(alder)
    day = dt.date(2024, 3, 1).toordinal()
    finding = workflow.raise_finding(alder.supervisor, review, "point", f"{series.pk}:{day}")
    facts = finding.evidence.get().facts
    assert (facts["value"], facts["day"], facts["rules"], facts["series"]) == (70.0, day, 1, series.pk)
    assert round(facts["mean"], 2) == 88.4
    assert finding.title == "First response within 4 hours, Alder Customer Service: 70.0\u202f%, March 2024"


def test_a_later_value_does_not_change_what_was_frozen(world):
    alder = world.a
    series, review = measured(alder, FALLEN), making.under_way(alder)
    day = dt.date(2024, 3, 1).toordinal()
    finding = workflow.raise_finding(alder.supervisor, review, "point", f"{series.pk}:{day}")
    before = evidence.line(finding.evidence.get()).words
    Observation.objects.filter(series=series, day=day).update(numerator=99)
    analyse_series([series.pk])
    assert evidence.line(Evidence.objects.get(finding=finding)).words == before


def test_a_point_takes_the_criterion_of_its_series(world):
    alder = world.a
    series, review = measured(alder, FALLEN), making.under_way(alder)
    values = making.criterion(name="On time", series=series, rule="mean", threshold=90.0)
    made = workflow.add_item(alder.supervisor, review, Criterion, values, "Asked for by the board.")
    day = dt.date(2024, 3, 1).toordinal()
    finding = workflow.raise_finding(alder.supervisor, review, "point", f"{series.pk}:{day}")
    assert (finding.criterion, made.metric) == (made, series.metric)


def test_a_signal_that_evidence_names_is_kept_when_it_is_gone(world):
    alder = world.a
    series, review = measured(alder, FALLEN), making.under_way(alder)
    signal = Signal.objects.get(series=series, rule="outside")
    workflow.raise_finding(alder.supervisor, review, "signal", str(signal.pk))
    Observation.objects.filter(series=series, numerator=70).update(numerator=91)
    analyse_series([series.pk])
    assert (making.again(signal).gone, Finding.objects.count()) == (True, 1)


def test_where_no_review_is_under_way_a_point_begins_one_of_its_signal(world, client_of):
    series = measured(world.a, FALLEN)
    signal = Signal.objects.get(series=series, rule="outside")
    day = dt.date(2024, 3, 1).toordinal()
    addresses = [f"/findings/raise/point/{series.pk}:{day}", f"/findings/raise/signal/{signal.pk}"]

    for address in addresses:
        page = client_of(world.a.supervisor).get(address).content.decode()
        assert f'href="/reviews/new?signal={signal.pk}">Begin a review of this</a>' in page, address


@pytest.mark.parametrize("thing", ["1:nothing", "x", "", "1:1", "999999:738000", "1:" + "9" * 30])
def test_a_point_that_is_not_there_is_not_found(world, thing):
    measured(world.a, STEADY)
    with pytest.raises(Http404):
        evidence.of("point").collect(world.a.supervisor, None, thing)


def test_a_point_of_another_organisation_is_not_found(world):
    series = measured(world.b, FALLEN)
    review = making.under_way(world.a)
    with pytest.raises(Http404):
        workflow.raise_finding(world.a.supervisor, review, "point", f"{series.pk}:{dt.date(2024, 3, 1).toordinal()}")
    assert Finding.objects.count() == 0


def test_one_click_from_the_rows_behind_a_point(world, client_of):
    alder = world.a
    series, review = measured(alder, FALLEN), making.under_way(alder)
    day = dt.date(2024, 3, 1)
    browser = client_of(alder.supervisor)
    address = reverse("raise-finding", args=["point", f"{series.pk}:{day.toordinal()}"])
    page = browser.get(reverse("point", args=[series.pk, day.isoformat()]))
    part = browser.get(address, headers={"HX-Request": "true"}).content.decode()
    assert (address in page.content.decode(), f'value="{review.pk}"' in part) == (True, True)
    answer = browser.post(address, {"review": review.pk})
    assert answer.url == Finding.objects.get().get_absolute_url()


def test_a_review_begins_from_a_signal_filled_in(world, client_of):
    alder = world.a
    series = measured(alder, FALLEN)
    signal = Signal.objects.get(series=series, rule="outside")
    form = client_of(alder.supervisor).get(f"{reverse('new-review')}?signal={signal.pk}").context["form"]
    assert form.initial["unit"] == series.unit_id
    assert (form.initial["first_day"], form.initial["last_day"]) == (dt.date(2023, 1, 1), dt.date(2024, 3, 31))
    assert form.initial["question"] == (
        "First response within 4 hours, Alder Customer Service, was 70.0\u202f% in March 2024: below the usual range, "
        "which begins at 78.6\u202f%. Why, and what should change?"
    )


def test_the_suggested_criterion_is_taken_over(world, client_of):
    alder = world.a
    signal = Signal.objects.get(series=measured(alder, FALLEN), rule="outside")
    values = {
        **{key: value for key, value in making.fields(alder).items() if key not in ("service", "decision_maker")},
        "unit": alder.department.pk,
        "service": making.a_service(alder).pk,
        "decision_maker": alder.decision_maker.pk,
        "suggested": "on",
    }
    client_of(alder.supervisor).post(f"{reverse('new-review')}?signal={signal.pk}", values)
    criterion = Criterion.objects.select_related("review").get()
    assert (criterion.rule, criterion.series, criterion.review.signal) == ("no_concern", signal.series, signal)

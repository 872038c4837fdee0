"""What a rule says of points: pure; and the conclusion that stands beside it."""

import datetime as dt
import math

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from metrics.analysing.storing import analyse_series
from metrics.models import Observation
from reviews import concluding, workflow
from reviews.concluding import Reading, conclude, within
from reviews.models import Conclusion, Criterion
from reviews.queries import conclusions
from teams.refusals import Conflict, Refused
from tests.reviews import making
from tests.reviews.test_evidence import FALLEN, STEADY, measured

NAN = math.nan


def reading(values, direction=1, lower=80.0, upper=100.0, concern=()):
    days = list(range(1, len(values) + 1))
    return Reading(days, values, [place in concern for place in range(len(values))], lower, upper, direction)


@pytest.mark.parametrize(
    "rule, threshold, points, rating, reason",
    [
        ("mean", 90.0, reading([89, 91, 90]), "met", "right_side"),
        ("mean", 90.1, reading([89, 91, 90]), "not_met", "wrong_side"),
        ("mean", 90.0, reading([89, 91, 90], direction=-1), "met", "right_side"),
        ("mean", 89.9, reading([89, 91, 90], direction=-1), "not_met", "wrong_side"),
        ("mean", 90.0, reading([99, 99]), "not_enough", "too_few"),
        ("mean", 90.0, reading([99, 99, NAN]), "not_enough", "too_few"),
        ("mean", 90.0, reading([99, 99, 99], direction=0), "not_enough", "no_direction"),
        ("mean", None, reading([99, 99, 99]), "not_enough", "no_direction"),
        ("latest", 90.0, reading([10, 90]), "met", "right_side"),
        ("latest", 90.0, reading([95, 89.9]), "not_met", "wrong_side"),
        ("latest", 90.0, reading([95, NAN]), "met", "right_side"),
        ("latest", 90.0, reading([]), "not_enough", "too_few"),
        ("assurance", 79.9, reading([90]), "met", "reliably"),
        ("assurance", 80.0, reading([90]), "partly", "sometimes"),
        ("assurance", 100.0, reading([90]), "partly", "sometimes"),
        ("assurance", 100.1, reading([90]), "not_met", "never"),
        ("assurance", 100.1, reading([90], direction=-1), "met", "reliably"),
        ("assurance", 79.9, reading([90], direction=-1), "not_met", "never"),
        ("assurance", 90.0, reading([90], lower=NAN, upper=NAN), "not_enough", "no_limits"),
        ("assurance", 90.0, reading([NAN]), "not_enough", "too_few"),
        ("no_concern", None, reading([90] * 13), "met", "no_signal"),
        ("no_concern", None, reading([90] * 12), "not_enough", "too_few"),
        ("no_concern", None, reading([90] * 3, concern=(1,)), "not_met", "signals"),
        ("no_concern", None, reading([90] * 13, direction=0), "not_enough", "no_direction"),
        ("by_hand", None, reading([90]), "not_enough", "by_hand"),
        ("mean", 90.0, None, "not_enough", "no_analysis"),
    ],
)
def test_a_rule_says_what_the_points_carry(rule, threshold, points, rating, reason):
    found = conclude(rule, threshold, points)
    assert (found.rating, found.reason) == (rating, reason)


def test_only_the_points_of_the_period_count():
    points = within(reading([1, 2, 3, 4, 5]), 2, 4)
    assert (points.days, points.values) == ([2, 3, 4], [2, 3, 4])


@given(st.lists(st.floats(-1e6, 1e6), min_size=3, max_size=40), st.floats(-1e6, 1e6), st.sampled_from([1, -1]))
def test_turning_everything_round_turns_nothing(values, threshold, direction):
    """Higher is better of y says the same as lower is better of -y."""
    for rule in ("mean", "latest", "assurance"):
        one = reading(values, direction, min(values), max(values))
        turned = reading([-value for value in values], -direction, -max(values), -min(values))
        assert conclude(rule, threshold, one).rating == conclude(rule, -threshold, turned).rating


@given(st.lists(st.floats() | st.just(NAN), max_size=20), st.floats() | st.none(), st.sampled_from([-1, 0, 1]))
def test_no_points_ever_raise(values, threshold, direction):
    for rule in ("mean", "latest", "assurance", "no_concern", "by_hand"):
        assert conclude(rule, threshold, reading(values, direction, NAN, NAN)).rating in concluding_ratings()


def concluding_ratings():
    return (concluding.MET, concluding.PARTLY, concluding.NOT_MET, concluding.NOT_ENOUGH)


# Beside the reviewer's judgement

in_the_database = pytest.mark.django_db


def review_with(side, rule, threshold, values=FALLEN):
    """A review under way with one criterion on a measured series, the period being all of its months."""
    series = measured(side, values)
    review = making.planned(side, first_day=dt.date(2023, 1, 1), last_day=dt.date(2024, 12, 31))
    Criterion.objects.filter(review=review).delete()
    fields = making.criterion(name="On time", series=series, rule=rule, threshold=threshold)
    criterion = workflow.add_item(side.supervisor, review, Criterion, fields)
    workflow.agree(side.decision_maker, workflow.ask_agreement(side.supervisor, review))
    workflow.freeze(side.supervisor, making.again(review), start=True)
    return making.again(review), making.again(criterion)


@in_the_database
def test_the_rule_reads_the_stored_analysis(world):
    _review, criterion = review_with(world.a, "mean", 90.0)
    found = conclusions.rule_result(criterion)
    assert (found.rating, found.facts["n"], round(found.facts["mean"], 2)) == ("not_met", 15, 88.4)
    assert found.sentence == "The mean of 15 points is 88.4\u202f%, on the wrong side of 90.0\u202f%."


@in_the_database
def test_the_period_of_the_review_bounds_the_rule(world):
    _review, criterion = review_with(world.a, "latest", 90.0)
    found = conclusions.rule_result(criterion)
    criterion.review.last_day = dt.date(2024, 2, 29)
    earlier = conclusions.rule_result(criterion)
    assert (found.rating, found.facts["n"], found.facts["latest"]) == ("not_met", 15, 70.0)
    assert (earlier.rating, earlier.facts["n"], earlier.facts["latest"]) == ("met", 14, 92.0)


@in_the_database
def test_a_judgement_that_differs_says_why(world, client_of):
    _review, criterion = review_with(world.a, "mean", 90.0)
    browser, address = client_of(world.a.supervisor), reverse("conclusion", args=[criterion.pk])
    refused = browser.post(address, {"rating": "met", "why": "It feels right."})
    assert (refused.status_code, Conclusion.objects.count()) == (422, 0)
    browser.post(address, {"rating": "partly", "why": "", "why_different": "One month of strikes."})
    made = Conclusion.objects.get()
    assert (made.rule_result, made.rating, made.why_different) == ("not_met", "partly", "One month of strikes.")
    assert (made.rule_facts["reason"], made.rule_facts["n"]) == ("wrong_side", 15)


@in_the_database
def test_the_database_asks_why_too(world):
    _review, criterion = review_with(world.a, "mean", 90.0)
    made = workflow.conclude_criterion(world.a.supervisor, criterion, 0, {}, {"rating": "not_met", "why": ""})
    with pytest.raises(IntegrityError), transaction.atomic():
        Conclusion.objects.filter(pk=made.pk).update(rating="met")


@in_the_database
def test_data_that_moved_since_are_said(world):
    review, criterion = review_with(world.a, "mean", 90.0, STEADY)
    workflow.conclude_criterion(world.a.supervisor, criterion, 0, {}, {"rating": "not_met", "why": ""})
    assert [line.moved for line in conclusions.lines(review)] == [False]
    Observation.objects.filter(series=criterion.series_id).update(numerator=99)
    analyse_series([criterion.series_id])
    line = conclusions.lines(review)[0]
    assert (line.moved, line.now.rating, line.conclusion.rule_result) == (True, "met", "not_met")


@in_the_database
def test_two_reviewers_conclude_differently_and_both_texts_stay(world):
    _review, criterion = review_with(world.a, "mean", 90.0)
    workflow.conclude_criterion(world.a.supervisor, criterion, 0, {}, {"rating": "not_met", "why": "Too slow."})
    with pytest.raises(Conflict) as conflict:
        workflow.conclude_criterion(
            world.a.second_supervisor, criterion, 0, {}, {"rating": "not_met", "why": "The strike."}
        )
    assert (conflict.value.theirs["why"], conflict.value.mine["why"]) == ("Too slow.", "The strike.")
    assert world.a.second_supervisor.drafts.get().words["why"] == "The strike."


@in_the_database
def test_a_review_is_concluded_when_every_criterion_is(world, client_of):
    review, criterion = review_with(world.a, "mean", 90.0)
    with pytest.raises(Refused) as refused:
        workflow.conclude(world.a.supervisor, review, "It works.")
    assert refused.value.code == "not_concluded"
    workflow.conclude_criterion(world.a.supervisor, criterion, 0, {}, {"rating": "not_met", "why": ""})
    browser = client_of(world.a.supervisor)
    assert browser.post(reverse("conclude-review", args=[review.pk]), {"overall": " "}).status_code == 422
    browser.post(reverse("conclude-review", args=[review.pk]), {"overall": "Too slow."})
    now = making.again(review)
    assert (now.state, now.overall, now.concluded_at is not None) == ("concluded", "Too slow.", True)


@in_the_database
def test_a_criterion_without_data_says_so(world):
    review = making.planned(world.a)
    fields = making.criterion(name="On time", series=making.a_series(world.a), rule="latest", threshold=90.0)
    workflow.add_item(world.a.supervisor, review, Criterion, fields)
    line = conclusions.lines(review)[1]
    assert (line.now.rating, line.now.sentence) == ("not_enough", "No analysis of this measure is stored yet.")


@in_the_database
def test_the_chart_of_a_criterion_is_on_the_measure_page_once(world, client_of):
    review, criterion = review_with(world.a, "mean", 90.0)
    again = making.criterion(name="No concern", series=criterion.series, rule="no_concern")
    workflow.add_item(world.a.supervisor, review, Criterion, again, "Forgotten.")
    page = client_of(world.a.supervisor).get(reverse("review-measure", args=[review.pk])).content.decode()
    assert page.count("data-chart=") == 1
    assert page.count("/findings/raise/point/") == 1

"""Threads, search, home, hand-over and X-ray of reviews: through the doors, and at a constant cost."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from metrics.models import Signal
from notices.models import Notice
from reviews import ends, workflow, xray
from reviews.models import Amendment, CollectionMethod, Criterion, Finding, Judgement, Parameter, Review, Subject
from reviews.queries import stages
from reviews.queries.reviews import mine, search
from reviews.queries.threads import thread_of
from teams.models import TrailEntry
from teams.refusals import Refused
from tests.reviews import making
from tests.reviews.test_evidence import FALLEN, measured

pytestmark = pytest.mark.django_db


def told(person, thing):
    return [(link.relation, str(link.noun), link.title) for link in thread_of(person, thing)]


def test_the_thread_from_a_signal_to_a_finding(world):
    alder = world.a
    series = measured(alder, FALLEN)
    signal = Signal.objects.get(series=series, rule="outside")
    review = workflow.create(alder.supervisor, alder.department, making.fields(alder), signal=signal)
    workflow.add_item(
        alder.supervisor, review, Criterion, making.criterion(name="On time", series=series, rule="no_concern")
    )
    workflow.agree(alder.decision_maker, workflow.ask_agreement(alder.supervisor, review))
    review = workflow.freeze(alder.supervisor, making.again(review), start=True)
    finding = workflow.raise_finding(alder.supervisor, review, "signal", str(signal.pk))
    title = "First response within 4 hours, Alder Customer Service: outside the limits since March 2024"
    assert told(alder.supervisor, signal) == [
        ("depends", "review", "Alder first response"),
        ("depends", "finding", title),
    ]
    assert told(alder.supervisor, series)[:2] == [
        ("depends", "criterion", "On time"),
        ("depends", "review", "Alder first response"),
    ]
    assert told(alder.supervisor, review) == [
        ("from", "signal", title),
        ("depends", "criterion", "On time"),
        ("depends", "finding", title),
    ]
    assert [line[:2] for line in told(alder.supervisor, finding)] == [
        ("from", "review"),
        ("from", "signal"),
        ("from", "criterion"),
    ]


def test_a_thread_shows_nothing_behind_a_door_that_is_shut(world):
    alder = world.a
    series = measured(alder, FALLEN)
    signal = Signal.objects.filter(series=series).first()
    workflow.create(alder.supervisor, alder.department, making.fields(alder), signal=signal)
    for person in (alder.colleague, alder.team_lead, world.b.supervisor):
        assert thread_of(person, signal) == []


def test_the_search_finds_reviews_and_findings_that_one_may_see(world):
    alder = world.a
    review = making.under_way(alder)
    workflow.write_finding(alder.supervisor, review, {"title": "Letters wait", "condition": "Nine days on the desk."})
    found = [(str(hit.noun), hit.title) for hit in search(alder.decision_maker, "nine desk")]
    assert found == [("finding", "Letters wait")]
    assert [hit.title for hit in search(alder.supervisor, "wait longer")] == ["Alder first response"]
    for person in (alder.colleague, alder.team_lead, alder.administrator, world.b.supervisor):
        assert search(person, "wait") == []


def test_my_reviews_on_home(world):
    alder = world.a
    making.under_way(alder)
    making.closed(alder)
    strips = mine(alder.supervisor)
    assert [(strip.title, strip.code) for strip in strips] == [("Alder first response", "under_way")]
    assert strips[0].sentence == "Alder Customer Service · 0 of 9 judgements, 0 of 1 conclusions"
    assert [strip.next_url for strip in mine(alder.decision_maker)] == [""]
    assert mine(alder.second_supervisor) == []


@pytest.mark.parametrize(
    "state, who, waiting",
    [
        ("planned", "supervisor", set()),
        ("asked", "decision_maker", {"plan"}),
        ("asked", "supervisor", set()),
        ("agreed", "supervisor", {"plan"}),
        ("agreed", "decision_maker", set()),
        ("frozen", "supervisor", {"plan"}),
        ("under_way", "supervisor", {"process", "measure"}),
        ("under_way", "decision_maker", set()),
        ("closed", "supervisor", set()),
    ],
)
def test_a_dot_where_something_waits_for_me(world, state, who, waiting):
    review = making.MAKERS[state](world.a)
    own = {"plan", "process", "challenge", "measure", "findings"}
    assert stages.waiting_stages(getattr(world.a, who), review) & own == waiting


def test_a_dot_at_the_challenge_for_who_is_asked_and_at_the_findings_for_drafts(world):
    alder = world.a
    review = making.under_way(alder, alder.team)
    made = making.a_round(alder, review)
    assert stages.waiting_stages(alder.team_lead, review) == {"challenge"}
    making.answer_all(alder.team_lead, made)
    assert stages.waiting_stages(alder.team_lead, review) == set()
    workflow.write_finding(alder.supervisor, review, {"title": "Late"})
    assert "findings" in stages.waiting_stages(alder.supervisor, review)


# Hand-over


def test_a_leavers_reviews_go_to_the_heir_and_the_trail_says_so(world):
    alder = world.a
    review, old = making.under_way(alder), making.closed(alder)
    entries = TrailEntry.objects.count()
    done = workflow.hand_over(alder.administrator, alder.supervisor, alder.second_supervisor)
    assert ([each.pk for each in done.moved], done.kept) == ([review.pk], [])
    assert (making.again(review).supervisor, making.again(old).supervisor) == (
        alder.second_supervisor,
        alder.supervisor,
    )
    assert TrailEntry.objects.count() == entries + 1
    assert Notice.objects.filter(person=alder.second_supervisor, kind="reviews.handed_over").count() == 1


def test_who_decides_on_a_review_does_not_inherit_it(world):
    alder = world.a
    review = making.under_way(alder)
    done = workflow.hand_over(alder.administrator, alder.supervisor, alder.decision_maker)
    assert (done.moved, [each for each, _why in done.kept]) == ([], [review])
    done = workflow.hand_over(alder.administrator, alder.decision_maker, alder.second_supervisor)
    assert (done.moved, len(done.kept)) == ([], 1)


def test_another_decision_maker_of_a_frozen_plan_is_an_amendment(world):
    from teams.models import Role

    alder = world.a
    review, waiting = making.under_way(alder), making.asked(alder)
    heir = alder.other_colleague
    Role.objects.create(person=heir, unit=alder.organisation, name="decision_maker")
    workflow.hand_over(alder.administrator, alder.decision_maker, heir)
    amendment = Amendment.objects.get()
    assert (amendment.review, amendment.after) == (review, {"decision_maker_id": heir.pk})
    asked = Notice.objects.filter(kind="reviews.agree_plan", settled_at=None)
    assert [(notice.person, notice.thing_id) for notice in asked] == [(heir, str(waiting.pk))]


# Closing


def test_a_review_with_open_ends_stays_open(world, monkeypatch):
    review = making.decided(world.a)
    monkeypatch.setattr(ends, "_checks", [lambda review: ["An action is in progress."]])
    with pytest.raises(Refused) as refused:
        workflow.close(world.a.supervisor, review)
    assert (refused.value.code, str(refused.value.message)) == ("open_ends", "An action is in progress.")
    monkeypatch.setattr(ends, "_checks", [])
    assert workflow.close(world.a.supervisor, review).state == "closed"


def test_an_archived_review_leaves_the_list_and_keeps_its_page(world, client_of):
    review = making.closed(world.a)
    browser = client_of(world.a.supervisor)
    listed = [browser.get(reverse("reviews")).context["listing"].size]
    workflow.archive(world.a.supervisor, review)
    listed += [browser.get(reverse("reviews") + query).context["listing"].size for query in ("", "?archived=archived")]
    assert (listed, browser.get(review.get_absolute_url()).status_code) == ([1, 0, 1], 200)


# X-ray


def codes(groups):
    return {problem.code for group in groups for problem in group.problems}


def test_the_x_ray_of_a_plan(world):
    alder = world.a
    review = workflow.create(alder.supervisor, alder.department, making.fields(alder))
    found = codes(xray.of_plan(review))
    assert found == {"no_criterion", "no_steps", "no_features", "no_boundaries", "no_spend_limit"}
    Parameter.objects.filter(review=review).delete()
    assert "no_parameters" in codes(xray.of_plan(review))
    full = making.planned(alder)
    assert codes(xray.of_plan(full)) == {"by_hand_only", "no_boundaries", "no_spend_limit"}


def test_few_points_are_said(world):
    alder = world.a
    review = making.planned(alder)
    fields = making.criterion(name="On time", series=measured(alder, FALLEN), rule="mean", threshold=90.0)
    workflow.add_item(alder.supervisor, review, Criterion, fields)
    assert "few_points" in codes(xray.of_plan(review))
    wide = {"first_day": review.first_day, "last_day": review.last_day}
    later = {"first_day": dt.date(2023, 1, 1), "last_day": dt.date(2024, 12, 31)}
    workflow.edit_plan(alder.supervisor, review, review.version, wide, later)
    assert "few_points" not in codes(xray.of_plan(making.again(review)))


def test_the_x_ray_of_the_work(world):
    alder = world.a
    review = making.under_way(alder)
    step = Subject.objects.filter(review=review).first()
    workflow.judge(alder.supervisor, step, "cost", 0, {}, making.judgement(why=""))
    assert codes(xray.of_work(review)) == {"rating_without_evidence", "no_compliance", "no_round"}
    made = making.a_round(alder, review)
    workflow.close_round(alder.supervisor, made)
    assert {"not_explored", "few_answers"} <= codes(xray.of_work(review))


def test_an_agreed_finding_that_leads_nowhere_is_an_error_once_concluded(world):
    alder = world.a
    review = making.under_way(alder)
    finding = workflow.write_finding(alder.supervisor, review, {"title": "Late", "condition": "Half of them."})
    workflow.link_evidence(alder.supervisor, finding, "note", "", "Counted.")
    workflow.agree_finding(alder.supervisor, finding)
    assert "not_used" not in codes(xray.of_work(review))
    workflow.conclude_criterion(alder.supervisor, Criterion.objects.get(review=review), 0, {}, {"rating": "met"})
    review = workflow.conclude(alder.supervisor, review, "It works.")
    assert "not_used" in codes(xray.of_work(review))
    workflow.give_reason(alder.supervisor, finding, "Mended already.")
    assert "not_used" not in codes(xray.of_work(review))


def test_a_method_that_fell_short_is_said_until_it_is_changed(world):
    alder = world.a
    review = making.under_way(alder)
    method = CollectionMethod.objects.filter(review=review).first()
    assert "fell_short" not in codes(xray.of_work(review))
    workflow.note_yield(alder.supervisor, method, "Six points", True)
    assert ("fell_short" in codes(xray.of_work(review)), Amendment.objects.count()) == (True, 0)


def test_evidence_of_one_kind_only_is_one_source(world):
    alder = world.a
    review = making.under_way(alder)
    finding = workflow.write_finding(alder.supervisor, review, {"title": "Late"})
    for note in ("One letter", "Two letters", "Three letters"):
        assert "one_source" not in codes(xray.of_work(review))
        workflow.link_evidence(alder.supervisor, finding, "note", "", note)
    assert "one_source" in codes(xray.of_work(review))


@pytest.mark.parametrize("second, harmonious", [("change", True), ("keep", False)])
def test_a_round_in_which_nobody_disagrees_is_said(world, second, harmonious):
    alder = world.a
    review = making.under_way(alder)
    made = making.a_round(alder, review)
    making.answer_all(alder.colleague, made, "change")
    making.answer_all(alder.second_colleague, made, second)
    assert "no_dissent" not in codes(xray.of_work(review))
    workflow.close_round(alder.supervisor, made)
    assert ("no_dissent" in codes(xray.of_work(review))) is harmonious


def test_every_problem_has_a_place_to_mend_it(world, client_of):
    alder = world.a
    review = making.under_way(alder)
    step = Subject.objects.filter(review=review).first()
    workflow.judge(alder.supervisor, step, "cost", 0, {}, making.judgement(why=""))
    browser = client_of(alder.supervisor)
    groups = [*xray.of_plan(review), *xray.of_work(review)]
    problems = [problem for group in groups for problem in group.problems]
    assert {browser.get(problem.url).status_code for problem in problems} == {200}
    assert all(problem.fix for problem in problems)


# The cost of a page


def grow(side, review):
    """Many more of everything on the pages of a review."""
    Criterion.objects.bulk_create(Criterion(review=review, **making.criterion(name=f"C{n}")) for n in range(20))
    Finding.objects.bulk_create(
        Finding(review=review, title=f"F{n}", person=side.supervisor, at=review.created_at) for n in range(30)
    )
    for subject in Subject.objects.filter(review=review):
        for respect in Judgement.Respect.values:
            Judgement.objects.get_or_create(
                subject=subject,
                respect=respect,
                defaults={**making.judgement(), "person": side.supervisor, "at": review.created_at},
            )


@pytest.mark.parametrize("page", ["review", "review-process", "review-challenge", "review-measure", "review-findings"])
def test_a_page_asks_no_more_of_the_database_when_there_is_more_on_it(world, client_of, page):
    review = making.under_way(world.a)
    workflow.judge(world.a.supervisor, Subject.objects.filter(review=review).first(), "cost", 0, {}, making.judgement())
    workflow.write_finding(world.a.supervisor, review, {"title": "Late"})
    browser, address = client_of(world.a.supervisor), reverse(page, args=[review.pk])
    with CaptureQueriesContext(connection) as few:
        browser.get(address)
    grow(world.a, review)
    with CaptureQueriesContext(connection) as many:
        browser.get(address)
    assert len(many) == len(few)


def test_the_list_of_reviews_costs_the_same_for_one_and_for_fifty(world, client_of):
    review = making.planned(world.a)
    browser = client_of(world.a.supervisor)
    with CaptureQueriesContext(connection) as few:
        browser.get(reverse("reviews"))
    for n in range(49):
        copied = making.again(review)
        copied.pk, copied.title = None, f"Review {n}"
        copied._state.adding = True
        copied.save()
    with CaptureQueriesContext(connection) as many:
        browser.get(reverse("reviews"))
    assert (Review.objects.count(), len(many)) == (50, len(few))

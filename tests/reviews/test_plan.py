"""The plan: agreed by somebody else, frozen with a hash, changed by numbered amendments only (idea 2)."""

import hashlib
import json

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from notices.models import Notice, Receipt
from reviews import freezing, workflow
from reviews.models import Amendment, CollectionMethod, Criterion, Parameter, Review, Subject
from reviews.queries import plans
from teams.models import TrailEntry
from teams.refusals import Conflict, Refused
from tests.reviews import making

pytestmark = pytest.mark.django_db


def waiting(person):
    return sorted(Notice.objects.filter(person=person, waits=True, settled_at=None).values_list("kind", flat=True))


# Pure


def test_equal_plans_have_one_hash_whatever_their_order():
    one, other = {"a": 1, "b": {"c": "ä"}}, {"b": {"c": "ä"}, "a": 1}
    assert freezing.fingerprint(one) == freezing.fingerprint(other)
    assert freezing.fingerprint(one) == hashlib.sha256('{"a":1,"b":{"c":"ä"}}'.encode()).hexdigest()


def test_differences_name_the_leaves():
    before = {"title": "A", "criteria": {"1": {"name": "x", "threshold": 90}, "2": {"name": "y"}}}
    after = {"title": "A", "criteria": {"1": {"name": "x", "threshold": 80}, "3": {"name": "z"}}}
    assert freezing.differences(before, after) == (
        {"criteria/1/threshold": 90, "criteria/2/name": "y"},
        {"criteria/1/threshold": 80, "criteria/3/name": "z"},
    )


# Agreement


def test_a_plan_without_a_criterion_is_not_put_before_anybody(world):
    review = workflow.create(world.a.supervisor, world.a.department, making.fields(world.a))
    with pytest.raises(Refused) as refused:
        workflow.ask_agreement(world.a.supervisor, review)
    assert refused.value.code == "no_criterion"


def test_while_agreement_is_asked_the_plan_stands_still(world):
    review = making.asked(world.a)
    with pytest.raises(Refused) as refused:
        workflow.add_item(world.a.supervisor, review, Criterion, making.criterion())
    assert refused.value.code == "asked"
    workflow.withdraw_request(world.a.supervisor, review)
    workflow.add_item(world.a.supervisor, review, Criterion, making.criterion())
    assert Criterion.objects.filter(review=review).count() == 2


def test_a_change_after_the_agreement_asks_for_it_anew(world):
    review = making.agreed(world.a)
    workflow.add_item(world.a.supervisor, review, Criterion, making.criterion())
    now = making.again(review)
    assert (now.state, now.agreed_by, now.agreement_is_asked) == ("planned", None, False)
    assert waiting(world.a.supervisor) == []


def test_the_notices_of_agreement_go_back_and_forth(world):
    alder = world.a
    review = making.asked(alder)
    assert (waiting(alder.decision_maker), waiting(alder.supervisor)) == (["reviews.agree_plan"], [])
    workflow.send_back(alder.decision_maker, review, "No measure of cost.")
    assert (waiting(alder.decision_maker), waiting(alder.supervisor)) == ([], ["reviews.plan_sent_back"])
    assert making.again(review).sent_back == "No measure of cost."
    workflow.ask_agreement(alder.supervisor, review)
    assert (waiting(alder.decision_maker), waiting(alder.supervisor)) == (["reviews.agree_plan"], [])
    workflow.agree(alder.decision_maker, review)
    assert (waiting(alder.decision_maker), waiting(alder.supervisor)) == ([], ["reviews.plan_agreed"])
    workflow.freeze(alder.supervisor, review)
    assert (waiting(alder.decision_maker), waiting(alder.supervisor)) == ([], [])


def test_sending_back_needs_a_reason(world, client_of):
    review = making.asked(world.a)
    address = reverse("send-plan-back", args=[review.pk])
    assert client_of(world.a.decision_maker).post(address, {"reason": "  "}).status_code == 422
    assert making.again(review).agreement_is_asked


def test_who_has_read_the_briefing_is_on_the_plan(world, client_of):
    alder = world.a
    review = making.planned(alder)
    workflow.brief(alder.supervisor, review, [alder.colleague, alder.team_lead], "Why", "To learn.")
    client_of(alder.colleague).post(reverse("read-briefing", args=[Receipt.objects.first().briefing_id]))
    page = client_of(alder.supervisor).get(review.get_absolute_url()).content.decode()
    assert "read by 1 of 2" in page


# Freeze and amend


def test_freezing_hashes_the_whole_plan(world):
    review = making.frozen(world.a)
    text = json.dumps(plans.plan_of(review), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert review.plan_hash == hashlib.sha256(text.encode()).hexdigest()
    assert sorted(review.plan) == sorted([*plans.REVIEW_FIELDS, "criteria", "parameters", "methods", "subjects"])


def test_an_amendment_is_numbered_with_before_after_reason_and_a_new_hash(world):
    alder = world.a
    review = making.under_way(alder)
    first_hash = review.plan_hash
    criterion = Criterion.objects.get(review=review)
    workflow.edit_item(
        alder.supervisor, criterion, 1, {"source": criterion.source}, {"source": "Charter of 2025"}, "Renewed."
    )
    amendment = Amendment.objects.get(review=review)
    path = f"criteria/{criterion.pk}/source"
    assert (amendment.number, amendment.reason, amendment.person) == (1, "Renewed.", alder.supervisor)
    assert (amendment.before, amendment.after) == ({path: "Charter of 2024"}, {path: "Charter of 2025"})
    now = making.again(review)
    assert first_hash != now.plan_hash == amendment.plan_hash == freezing.fingerprint(plans.plan_of(now))
    entry = TrailEntry.objects.order_by("-number").first()
    assert (entry.verb, entry.after["amendment"], entry.after["reason"]) == ("edit_criterion", 1, "Renewed.")


def test_the_decision_maker_is_told_of_each_amendment(world):
    alder = world.a
    review = making.under_way(alder)
    for aspect in ("Forms", "Rooms"):
        workflow.add_item(alder.supervisor, review, Parameter, {"aspect": aspect, "freedom": "free"}, "Forgotten.")
    told = Notice.objects.filter(kind="reviews.plan_amended", person=alder.decision_maker).order_by("pk")
    assert [notice.facts["number"] for notice in told] == [1, 2]


def test_an_amendment_that_changes_nothing_is_none(world):
    alder = world.a
    review = making.under_way(alder)
    entries = TrailEntry.objects.count()
    same = {"inside": making.again(review).inside}
    workflow.edit_plan(alder.supervisor, review, review.version, same, same, "For nothing.")
    assert (Amendment.objects.count(), TrailEntry.objects.count()) == (0, entries)


def forms(review):
    """Every address that writes a part of the plan, with data that would pass on a plan that is not frozen."""
    steps = list(Subject.objects.filter(review=review).order_by("position"))
    items = {
        "criterion": (Criterion, {"name": "Other", "measure": "Days", "rule": "by_hand", "source": "x", "weight": "1"}),
        "parameter": (Parameter, {"aspect": "Other", "freedom": "free"}),
        "method": (CollectionMethod, {"name": "Other"}),
    }
    plan = {
        "title": "Other",
        "question": "Other?",
        "service": review.service_id,
        "start_point": "Other",
        "end_point": "Other",
        "customers": "internal",
        "first_day": "2024-01-01",
        "last_day": "2024-12-31",
        "decision_maker": review.decision_maker_id,
        "version": review.version,
        "base": json.dumps({field: plans.plan_of(review)[field] for field in ("title", "question", "start_point")}),
    }
    yield reverse("edit-plan", args=[review.pk]), plan
    for noun, (model, values) in items.items():
        row = model.objects.filter(review=review).first()
        base = json.dumps({name: getattr(row, name) for name in values if name != "weight"})
        yield reverse("add-item", args=[review.pk, noun]), values
        yield reverse("edit-item", args=[noun, row.pk]), {**values, "version": row.version, "base": base}
        yield reverse("remove-item", args=[noun, row.pk]), {}
    yield reverse("add-step", args=[review.pk]), {"name": "Other"}
    yield reverse("add-feature", args=[review.pk]), {"name": "Other"}
    yield reverse("move-subject", args=[steps[0].pk]), {"up": "0"}
    yield reverse("remove-subject", args=[steps[0].pk]), {}


@pytest.mark.parametrize("state", ["frozen", "under_way"])
def test_no_route_edits_a_frozen_plan_silently(world, client_of, state):
    review = making.MAKERS[state](world.a)
    browser = client_of(world.a.supervisor)
    before, entries = plans.plan_of(review), TrailEntry.objects.count()
    answers = {address: browser.post(address, data).status_code for address, data in forms(review)}
    assert answers == dict.fromkeys(answers, 422)
    now = making.again(review)
    assert (plans.plan_of(now), now.plan, TrailEntry.objects.count()) == (before, before, entries)
    assert Amendment.objects.count() == 0


@pytest.mark.parametrize("state", ["frozen", "under_way"])
def test_every_route_that_edits_a_frozen_plan_amends_it(world, client_of, state):
    review = making.MAKERS[state](world.a)
    browser = client_of(world.a.supervisor)
    outcomes = {}
    for address, data in forms(review):
        with transaction.atomic():
            code = browser.post(address, {**data, "reason": "Forgotten."}).status_code
            now = making.again(review)
            outcomes[address] = (code, Amendment.objects.count(), now.plan == plans.plan_of(now))
            transaction.set_rollback(True)
    assert outcomes == dict.fromkeys(outcomes, (302, 1, True))


@pytest.mark.parametrize("state", ["concluded", "decided", "closed", "cancelled"])
def test_a_plan_that_is_history_is_not_changed_at_all(world, client_of, state):
    review = making.MAKERS[state](world.a)
    browser = client_of(world.a.supervisor)
    before = plans.plan_of(review)
    codes = {browser.post(address, {**data, "reason": "Why not."}).status_code for address, data in forms(review)}
    assert (codes, plans.plan_of(making.again(review))) == ({422}, before)


def test_the_amendments_are_on_the_plan_in_words(world, client_of):
    alder = world.a
    review = making.under_way(alder)
    workflow.add_item(alder.supervisor, review, Parameter, {"aspect": "Forms", "freedom": "free"}, "Forgotten.")
    page = client_of(alder.decision_maker).get(review.get_absolute_url()).content.decode()
    assert "Amendment 1" in page
    assert "parameter for change “Forms”: freedom" in page


def test_a_criterion_that_was_concluded_stays(world):
    alder = world.a
    review = making.under_way(alder)
    criterion = Criterion.objects.get(review=review)
    workflow.conclude_criterion(alder.supervisor, criterion, 0, {}, {"rating": "met", "why": "Read."})
    with pytest.raises(Refused) as refused:
        workflow.remove_item(alder.supervisor, criterion, "Not needed.")
    assert (refused.value.code, Amendment.objects.count()) == ("in_use", 0)


@pytest.mark.parametrize(
    "values, field",
    [({"rule": "mean", "threshold": None}, "threshold"), ({"rule": "no_concern", "series": None}, "series")],
)
def test_a_rule_has_what_it_needs(world, values, field):
    review = making.planned(world.a)
    with pytest.raises(Refused) as refused:
        workflow.add_item(world.a.supervisor, review, Criterion, making.criterion(**values))
    assert list(refused.value.fields) == [field]


# The database itself


def test_the_database_refuses_a_supervisor_who_decides(world):
    review = making.planned(world.a)
    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.filter(pk=review.pk).update(decision_maker=review.supervisor)


def test_the_database_refuses_half_an_agreement(world):
    review = making.planned(world.a)
    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.filter(pk=review.pk).update(agreed_by=review.decision_maker)


# Copy, order, steps


def test_a_copy_is_planned_like_the_review_and_has_none_of_its_findings(world):
    alder = world.a
    review = making.concluded(alder)
    made = workflow.copy(alder.second_supervisor, review)
    assert (made.state, made.supervisor, made.copied_from) == ("planned", alder.second_supervisor, review)
    assert made.title == "Copy of Alder first response"
    assert [str(each) for each in Subject.objects.filter(review=made)] == [
        str(each) for each in Subject.objects.filter(review=review)
    ]
    assert (made.criteria.count(), made.parameters.count(), made.methods.count()) == (1, 5, 2)
    assert (made.plan_hash, made.agreed_by, made.overall) == ("", None, "")


def test_the_decision_maker_cannot_copy_what_they_decide_on(world):
    with pytest.raises(PermissionDenied):
        workflow.copy(world.a.decision_maker, making.planned(world.a))


def test_steps_change_places_with_their_neighbour(world):
    review = making.planned(world.a)
    first, second = Subject.objects.filter(review=review, step__isnull=False).order_by("position")
    workflow.move_subject(world.a.supervisor, second, True)
    order = Subject.objects.filter(review=review, step__isnull=False).order_by("position")
    assert list(order) == [second, first]


def test_the_steps_of_a_known_process_are_taken_once(world):
    alder = world.a
    known = making.under_way(alder).process_version
    review = workflow.create(alder.supervisor, alder.department, making.fields(alder))
    workflow.add_steps(alder.supervisor, review, known)
    workflow.add_steps(alder.supervisor, review, known)
    assert [str(each) for each in Subject.objects.filter(review=review)] == ["Read the message", "Write the answer"]


# Two people, one plan


def test_two_people_change_different_words_of_a_plan(world):
    alder = world.a
    review = making.planned(alder)
    base = {"inside": "", "outside": ""}
    workflow.edit_plan(alder.supervisor, review, review.version, base, {**base, "inside": "Letters"})
    workflow.edit_plan(alder.second_supervisor, review, review.version, base, {**base, "outside": "Calls"})
    now = making.again(review)
    assert (now.inside, now.outside) == ("Letters", "Calls")


def test_two_people_change_the_same_words_of_a_frozen_plan(world):
    alder = world.a
    review = making.under_way(alder)
    base = {"inside": ""}
    workflow.edit_plan(alder.supervisor, review, review.version, base, {"inside": "Letters"}, "One.")
    with pytest.raises(Conflict) as conflict:
        workflow.edit_plan(alder.second_supervisor, review, review.version, base, {"inside": "Calls"}, "Two.")
    assert (conflict.value.theirs, conflict.value.mine) == ({"inside": "Letters"}, {"inside": "Calls"})
    assert alder.second_supervisor.drafts.get().words == {"inside": "Calls"}
    assert (making.again(review).inside, Amendment.objects.count()) == ("Letters", 1)

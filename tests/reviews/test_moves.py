"""Every move of a review from every state by everybody (R5): done, not possible now, or not theirs to do."""

import datetime as dt
import random

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from reviews import states, workflow
from reviews.models import (
    Amendment,
    CollectionMethod,
    Conclusion,
    Criterion,
    Finding,
    Judgement,
    Parameter,
    Review,
    Round,
    Subject,
)
from reviews.queries import plans
from teams import access, clock
from teams.models import Person, StandIn, TrailEntry
from teams.refusals import Refused
from tests.reviews import making

pytestmark = pytest.mark.django_db

DONE, NOT_NOW, NOT_YOURS = "done", "not now", "not yours"
PLANNING = {"planned", "agreed", "frozen", "under_way"}
REVIEWERS = {"supervisor", "second_supervisor"}
# Those who decide: the decision-maker named, and somebody who stands in for them.
DECIDERS = {"decision_maker", "stand_in"}

PEOPLE = (
    "supervisor",
    "second_supervisor",
    "decision_maker",
    "stand_in",
    "team_lead",
    "colleague",
    "administrator",
    "stranger",
)


def first(model, review):
    return model.objects.filter(review=review).order_by("pk").first()


def edit(person, review):
    return workflow.edit_plan(person, review, review.version, {"inside": ""}, {"inside": "All letters"}, "Forgotten.")


def add(person, review):
    return workflow.add_item(person, review, Parameter, {"aspect": "Forms", "freedom": "free"}, "Forgotten.")


def remove(person, review):
    return workflow.remove_item(person, first(CollectionMethod, review), "Not needed.")


def judge(person, review):
    return workflow.judge(person, first(Subject, review), "cost", 0, {}, making.judgement())


def ask(person, review):
    subject = first(Subject, review)
    guest = Person.objects.get(name__startswith="Anna ")
    return workflow.open_round(
        person, review, "Ask", clock.today(), [(subject, "means", "How?")], [(guest, "colleague")]
    )


def outcome(person, review):
    return workflow.choose_outcome(person, first(Subject, review), 0, {}, {"outcome": "keep", "reason": "It works."})


def find(person, review):
    return workflow.write_finding(person, review, {"title": "Late"})


def settle(person, review):
    return workflow.conclude_criterion(person, first(Criterion, review), 0, {}, {"rating": "met", "why": "Read."})


# name: (states from which it is possible, who may do it, the verb)
ACTIONS = {
    "edit_plan": (PLANNING, REVIEWERS, edit),
    "add_item": (PLANNING, REVIEWERS, add),
    "remove_item": (PLANNING, REVIEWERS, remove),
    "add_step": (PLANNING, REVIEWERS, lambda p, r: workflow.add_step(p, r, "Post it", reason="Forgotten.")),
    "add_feature": (PLANNING, REVIEWERS, lambda p, r: workflow.add_feature(p, r, "Tone", reason="Forgotten.")),
    "brief": (
        PLANNING | {"asked"},
        REVIEWERS,
        lambda p, r: workflow.brief(p, r, [r.decision_maker], "Why", "To learn."),
    ),
    "ask_agreement": ({"planned"}, REVIEWERS, workflow.ask_agreement),
    "withdraw_request": ({"asked"}, REVIEWERS, workflow.withdraw_request),
    "agree": ({"asked"}, DECIDERS, workflow.agree),
    "send_back": ({"asked"}, DECIDERS, lambda p, r: workflow.send_back(p, r, "No measure of cost.")),
    "freeze": ({"agreed"}, REVIEWERS, workflow.freeze),
    "start": ({"frozen"}, REVIEWERS, workflow.start),
    "judge": ({"under_way"}, REVIEWERS, judge),
    "open_round": ({"under_way"}, REVIEWERS, ask),
    "choose_outcome": ({"under_way"}, REVIEWERS, outcome),
    "write_finding": ({"under_way"}, REVIEWERS | {"team_lead"}, find),
    "conclude_criterion": ({"under_way"}, REVIEWERS, settle),
    "cancel": (
        PLANNING | {"asked", "concluded"},
        REVIEWERS,
        lambda p, r: workflow.cancel(p, r, "Another review covers it."),
    ),
    "reopen": ({"concluded"}, REVIEWERS, lambda p, r: workflow.reopen(p, r, "A file came late.")),
    "close": ({"concluded", "decided"}, REVIEWERS, workflow.close),
    "archive": ({"closed", "cancelled"}, REVIEWERS, workflow.archive),
    "copy": (set(making.MAKERS), REVIEWERS, lambda p, r: workflow.copy(p, r)),
}


@pytest.fixture
def cast(world):
    """Everybody who tries: the people of Alder, somebody who stands in for the decision-maker, and a stranger."""
    alder = world.a
    today = clock.today()
    StandIn.objects.create(
        person=alder.decision_maker,
        stand_in=alder.other_colleague,
        first_day=today,
        last_day=today + dt.timedelta(days=1),
    )
    people = {name: getattr(alder, name) for name in PEOPLE if hasattr(alder, name)}
    return {**people, "stand_in": alder.other_colleague, "stranger": world.b.supervisor}


def tried(verb, person, review):
    """The outcome, and whether the trail grew by exactly one entry; undone afterwards."""
    entries = TrailEntry.objects.count()
    with transaction.atomic():
        access.forget(person)
        try:
            verb(person, making.again(review))
            outcome = DONE
        except Refused:
            outcome = NOT_NOW
        except PermissionDenied:
            outcome = NOT_YOURS
        grown = TrailEntry.objects.count() - entries
        transaction.set_rollback(True)
    return outcome, grown


@pytest.mark.parametrize("state", making.MAKERS)
def test_every_move_from_every_state_by_everybody(world, cast, state):
    review = making.MAKERS[state](world.a, world.a.team)
    wrong = []
    for name, (possible, doers, verb) in ACTIONS.items():
        for who, person in cast.items():
            got = tried(verb, person, review)
            if state in possible and who in doers:
                wanted = {(DONE, 1)}
            elif state in possible:
                wanted = {(NOT_YOURS, 0)}
            else:
                # What is not possible now is refused to everybody, whatever they hold.
                wanted = {(NOT_NOW, 0), (NOT_YOURS, 0)} if who not in doers else {(NOT_NOW, 0)}
            if got not in wanted:
                wrong.append((name, who, got))
    assert wrong == []


def test_the_supervisor_never_agrees_their_own_plan_even_as_a_stand_in(world):
    alder = world.a
    review = making.asked(alder)
    today = clock.today()
    StandIn.objects.create(person=alder.decision_maker, stand_in=alder.supervisor, first_day=today, last_day=today)
    access.forget(alder.supervisor)
    with pytest.raises(Refused) as refused:
        workflow.agree(alder.supervisor, review)
    assert (refused.value.code, making.again(review).state) == ("own_plan", "planned")


def test_the_supervisor_cannot_be_named_as_decision_maker(world):
    alder = world.a
    with pytest.raises(Refused) as refused:
        workflow.create(alder.supervisor, alder.department, making.fields(alder, decision_maker=alder.supervisor))
    assert (refused.value.code, Review.objects.count()) == ("own_decision", 0)


def test_only_a_decision_maker_of_the_unit_can_be_named(world):
    for person in (world.a.second_supervisor, world.a.colleague, world.b.decision_maker):
        with pytest.raises(Refused) as refused:
            workflow.create(world.a.supervisor, world.a.department, making.fields(world.a, decision_maker=person))
        assert refused.value.code == "cannot_decide"


def test_a_review_is_not_begun_for_a_unit_of_others(world):
    with pytest.raises(PermissionDenied):
        workflow.create(world.a.supervisor, world.b.department, making.fields(world.a))


class ReviewMoves(RuleBasedStateMachine):
    """Random verbs by random people: no illegal state, no silent change of a frozen plan, one entry for each write."""

    def __init__(self):
        super().__init__()
        from tests.world import build

        self.world = build()
        self.review = making.planned(self.world.a, self.world.a.team)
        self.people = [getattr(self.world.a, name) for name in PEOPLE if hasattr(self.world.a, name)]
        self.random = random.Random(7)

    @rule(name=st.sampled_from(sorted(ACTIONS)), who=st.integers(0, 5))
    def try_one(self, name, who):
        possible, _doers, verb = ACTIONS[name]
        person = self.people[who % len(self.people)]
        before, entries = making.again(self.review), TrailEntry.objects.count()
        try:
            with transaction.atomic():
                verb(person, before)
        except (Refused, PermissionDenied):
            assert (making.again(self.review).state, TrailEntry.objects.count()) == (before.state, entries)
            return
        label = "asked" if before.agreement_is_asked else before.state
        assert label in possible
        assert TrailEntry.objects.count() == entries + 1
        after = making.again(self.review)
        if after.state != before.state and name != "copy":
            steps = {"cancel", "agree", "freeze", "start", "reopen", "close"}
            falls_back = before.state == "agreed" and after.state == "planned"
            assert name in steps or falls_back

    @precondition(lambda self: making.again(self.review).state == "under_way")
    @rule()
    def conclude(self):
        review, supervisor = making.again(self.review), self.world.a.supervisor
        for each in Round.objects.filter(review=review, state=states.OPEN):
            workflow.close_round(supervisor, each)
        for each in Criterion.objects.filter(review=review, conclusion=None):
            workflow.conclude_criterion(supervisor, each, 0, {}, {"rating": "met", "why": "Read."})
        workflow.conclude(supervisor, review, "It works.")

    @invariant()
    def frozen_plans_move_by_amendments_only(self):
        for review in Review.objects.exclude(plan_hash=""):
            assert review.plan == plans.plan_of(review)
            last = Amendment.objects.filter(review=review).order_by("-number").first()
            assert last is None or last.plan_hash == review.plan_hash

    @invariant()
    def what_must_never_be(self):
        for review in Review.objects.all():
            assert review.supervisor_id != review.decision_maker_id
            assert (review.state in ("planned", "cancelled")) or review.agreed_by_id != review.supervisor_id
            concluded = review.state in ("concluded", "decided", "closed")
            missing = Criterion.objects.filter(review=review, conclusion=None).exists()
            assert not (concluded and missing)
        assert not Judgement.objects.filter(subject__review__state__in=["planned", "agreed", "frozen"]).exists()
        assert not Finding.objects.filter(review__state__in=["planned", "agreed", "frozen"]).exists()
        assert not Conclusion.objects.filter(criterion__review__state__in=["planned", "agreed", "frozen"]).exists()


class TestReviewMoves(TestCase):
    """Bounded here; the long run is a matter of ``max_examples``."""

    def test_random_moves(self):
        from hypothesis.stateful import run_state_machine_as_test

        class Undone(ReviewMoves):
            def __init__(self):
                self.frame = transaction.atomic()
                self.frame.__enter__()
                super().__init__()

            def teardown(self):
                transaction.set_rollback(True)
                self.frame.__exit__(None, None, None)

        run_state_machine_as_test(
            Undone,
            settings=settings(
                max_examples=12,
                stateful_step_count=25,
                deadline=None,
                derandomize=True,
                suppress_health_check=list(HealthCheck),
            ),
        )

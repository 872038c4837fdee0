"""Every state, every move, every part, self or other: what happens, cell by cell; and nothing illegal by chance."""

import datetime as dt
import os
from functools import partial

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from improvements import states
from improvements.models import Action, Decision, OutcomeCheck, Submission
from improvements.workflow import actions, decisions, outcomes, recommendations, submissions, watching
from teams import clock
from teams.refusals import Refused
from tests.improvements import making
from tests.reviews.making import again
from tests.world import build

LATER = dt.date(2026, 5, 1)
PARTS = ("supervisor", "second_supervisor", "decision_maker", "team_lead", "colleague", "administrator")

MOVES = {
    "approve": lambda person, action: actions.approve(person, action),
    "start": lambda person, action: actions.start(person, action),
    "finish": lambda person, action: actions.finish(person, action, "Seen."),
    "reopen": lambda person, action: actions.reopen(person, action, "Not yet."),
    "cancel": lambda person, action: actions.cancel(person, action, "No longer."),
    "verify": lambda person, action: outcomes.verify(person, action, "not_effective", "Nothing moved."),
    "sustain": lambda person, action: watching.watch(person, action, "sustained", "It is still there."),
    "lapse": lambda person, action: watching.watch(person, action, "lapsed", "It is gone."),
}
STATES = {
    "proposed": making.proposed,
    "approved": making.agreed,
    "in_progress": making.started,
    "done": making.done,
    "not_effective": lambda side: making.verified(side).action,
    "effective": lambda side: making.verified(side, "effective").action,
    "sustained": lambda side: making.watched(side).action,
    "lapsed": lambda side: making.watched(side, "lapsed").action,
    "cancelled": lambda side: actions.cancel(side.supervisor, making.proposed(side), "No."),
}
# Where each move is possible, and who may make it; everybody else is denied, every other state refuses.
POSSIBLE = {
    "approve": ({"proposed"}, {"supervisor", "second_supervisor", "decision_maker"}),
    "start": ({"approved"}, {"team_lead"}),
    "finish": ({"in_progress"}, {"team_lead"}),
    "reopen": ({"done"}, {"second_supervisor"}),
    "cancel": ({"proposed", "approved", "in_progress"}, {"supervisor", "second_supervisor", "team_lead"}),
    "verify": ({"done"}, {"second_supervisor"}),
    "sustain": ({"effective"}, {"second_supervisor"}),
    "lapse": ({"effective", "sustained"}, {"second_supervisor"}),
}


def attempt(verb):
    try:
        verb()
    except Refused as refused:
        return refused.code
    except PermissionDenied:
        return "denied"
    return "done"


@pytest.mark.django_db
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("move", MOVES)
def test_every_state_and_move_by_every_part(world, clock_at, state, move):
    clock_at(making.TODAY)
    action = STATES[state](world.a)
    allowed, movers = POSSIBLE[move]
    outsiders = [("other side", world.b.supervisor)]
    people = [(part, getattr(world.a, part)) for part in PARTS if part not in movers]
    told = {part: attempt(partial(MOVES[move], person, action)) for part, person in people + outsiders}
    expected = "denied" if state in allowed else "not_now"
    assert told == dict.fromkeys(told, expected)
    assert again(action).state == state
    mover = getattr(world.a, sorted(movers)[0])
    assert attempt(lambda: MOVES[move](mover, action)) == ("done" if state in allowed else "not_now")


@pytest.mark.django_db
def test_an_owner_approves_no_action_of_their_own(world, clock_at):
    clock_at(making.TODAY)
    alder = world.a
    action = making.proposed(alder, owner=alder.supervisor)
    assert attempt(lambda: actions.approve(alder.supervisor, action)) == "own_action"


@pytest.mark.django_db
@pytest.mark.parametrize("verifier", ["team_lead", "colleague"])
def test_no_verifier_from_the_team_that_owns(world, clock_at, verifier):
    clock_at(making.TODAY)
    alder = world.a
    assert attempt(lambda: making.proposed(alder, verifier=getattr(alder, verifier))) == "own_verifier"


@pytest.mark.django_db
@pytest.mark.parametrize("missing", [{"verifier": None}, {"check_on": None}])
def test_no_approval_without_a_plan_of_verification(world, clock_at, missing):
    clock_at(making.TODAY)
    action = making.proposed(world.a, **missing)
    assert attempt(lambda: actions.approve(world.a.supervisor, action)) == "no_verification"


@pytest.mark.django_db
def test_no_approval_while_a_letter_is_missing(world, clock_at):
    clock_at(making.TODAY)
    action = making.proposed(world.a, target=10.0)
    assert attempt(lambda: actions.approve(world.a.supervisor, action)) == "not_smart"


@pytest.mark.django_db
@pytest.mark.parametrize("state", Submission.State.values)
@pytest.mark.parametrize("outcome", [one for one in Decision.Outcome.values if one != "revoke"])
def test_every_decision_from_every_state(world, clock_at, state, outcome):
    clock_at(making.TODAY)
    paper = making.put_forward(world.a)
    thing = {"approved": "agreed", "approved_trial": "agreed", "approved_conditions": "agreed"}.get(
        state, "put_forward"
    )
    Submission.objects.filter(pk=paper.pk).update(state=state)
    type(paper.recommendation).objects.filter(pk=paper.recommendation_id).update(state=thing)
    more = {"until_day": LATER, "conditions": "Quietly."}
    told = attempt(lambda: decisions.decide(world.a.decision_maker, again(paper), outcome, "Because.", **more))
    assert told == ("done" if state in states.WAITING else "not_now")


class Story(RuleBasedStateMachine):
    """One recommendation and its actions, pushed about at random by everybody."""

    def __init__(self):
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.clock = clock.at(making.TODAY)
        self.clock.__enter__()
        self.side = build().a
        self.thing = making.drafted(self.side)
        self.told = set()

    def teardown(self):
        self.clock.__exit__(None, None, None)
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)

    def person(self, part):
        return getattr(self.side, part)

    def paper(self):
        return Submission.objects.filter(recommendation=self.thing).order_by("-number").first()

    def push(self, verb):
        self.told.add(attempt(verb))

    @rule(part=st.sampled_from(PARTS))
    def put_forward(self, part):
        self.push(lambda: submissions.put_forward(self.person(part), again(self.thing)))

    @precondition(lambda self: self.paper() is not None)
    @rule(part=st.sampled_from(PARTS), outcome=st.sampled_from(Decision.Outcome.values[:-1]))
    def decide(self, part, outcome):
        more = {"until_day": LATER, "conditions": "Quietly."}
        self.push(lambda: decisions.decide(self.person(part), self.paper(), outcome, "Because.", **more))

    @precondition(lambda self: self.paper() is not None)
    @rule(part=st.sampled_from(PARTS))
    def revoke(self, part):
        self.push(lambda: decisions.revoke(self.person(part), self.paper(), "No more."))

    @precondition(lambda self: self.paper() is not None)
    @rule(part=st.sampled_from(PARTS))
    def withdraw(self, part):
        self.push(lambda: submissions.withdraw(self.person(part), self.paper(), "Mine."))

    @rule(part=st.sampled_from(PARTS))
    def prefer(self, part):
        self.push(lambda: recommendations.prefer(self.person(part), again(self.thing).options.order_by("?").first()))

    @rule(part=st.sampled_from(PARTS), owner=st.sampled_from(PARTS), verifier=st.sampled_from(PARTS))
    def propose(self, part, owner, verifier):
        thing = again(self.thing)
        fields = making.action_fields(self.side, owner=self.person(owner), verifier=self.person(verifier))
        criteria = thing.review.criteria.filter(series__isnull=False)
        found = [making.finding_of(thing.review)]
        self.push(lambda: actions.propose(self.person(part), thing, found, criteria, **fields))

    @precondition(lambda self: Action.objects.exists())
    @rule(part=st.sampled_from(PARTS), move=st.sampled_from(sorted(MOVES)), which=st.integers(0, 9))
    def act(self, part, move, which):
        found = list(Action.objects.order_by("pk"))
        self.push(lambda: MOVES[move](self.person(part), found[which % len(found)]))

    @invariant()
    def nobody_judges_their_own(self):
        assert not any(one.author_id == one.decider_id for one in Decision.objects.all())
        assert not any(one.owner_id == one.verifier_id for one in OutcomeCheck.objects.all())

    @invariant()
    def what_goes_on_was_approved(self):
        for action in Action.objects.exclude(state__in=[states.PROPOSED, states.CANCELLED]):
            assert action.submission is not None
            assert action.submission.decisions.filter(outcome__startswith="approve").exists()
            assert action.verifier is not None and action.check_on is not None
        assert Submission.objects.filter(recommendation=self.thing, state__in=states.WAITING).count() <= 1
        assert again(self.thing).options.filter(kind="do_nothing").count() == 1

    @invariant()
    def the_recommendation_is_where_its_paper_is(self):
        paper = self.paper()
        state = again(self.thing).state
        if paper is None:
            assert state == states.DRAFT
        elif paper.state in states.IN_FORCE:
            assert state == states.AGREED
        elif paper.state in states.WAITING:
            assert state == states.PUT_FORWARD
        else:
            assert state == (states.TURNED_DOWN if paper.state == states.REJECTED else states.DRAFT)


# CI plays 8 short stories; CXREVIEW_STORIES=200 plays five thousand moves.
STORIES = int(os.environ.get("CXREVIEW_STORIES", "8"))


@pytest.mark.django_db
def test_no_story_ends_where_it_must_not():
    run_state_machine_as_test(
        Story,
        settings=settings(
            max_examples=STORIES,
            stateful_step_count=25,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )

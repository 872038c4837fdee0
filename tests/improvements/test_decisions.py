"""Who decides, in which ways, within which authority, and what becomes of the rest."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from improvements import states
from improvements.models import Decision
from improvements.workflow import actions, decisions, recommendations, submissions
from improvements.workflow.handing_over import hand_over
from jobs.workflow import enqueue, run_pending
from notices.models import Notice
from reviews import states as review_states
from reviews.ends import open_ends
from teams import access, clock
from teams.models import Role, StandIn, TrailEntry
from teams.refusals import Refused
from tests.improvements import making
from tests.reviews.making import again

pytestmark = pytest.mark.django_db
LATER = dt.date(2026, 5, 1)


@pytest.fixture(autouse=True)
def _day(clock_at):
    clock_at(making.TODAY)


WAYS = [
    ("approve", {}, "approved", "agreed", "decided"),
    ("approve_trial", {"until_day": LATER}, "approved_trial", "agreed", "decided"),
    ("approve_conditions", {"conditions": "Tell the union."}, "approved_conditions", "agreed", "decided"),
    ("defer", {"until_day": LATER}, "deferred", "put_forward", "concluded"),
    ("send_back", {}, "sent_back", "draft", "concluded"),
    ("reject", {}, "rejected", "turned_down", "decided"),
]


@pytest.mark.parametrize(("outcome", "more", "paper_state", "state", "review_state"), WAYS)
def test_each_way_to_decide(world, outcome, more, paper_state, state, review_state):
    alder = world.a
    paper = making.put_forward(alder)
    made = decisions.decide(alder.decision_maker, paper, outcome, "Because.", **more)
    now = again(paper)
    assert (now.state, now.recommendation.state, now.recommendation.review.state) == (paper_state, state, review_state)
    assert (made.decider, made.decided_for, made.author) == (alder.decision_maker, None, alder.supervisor)
    assert (now.until_day, made.until_day) == (more.get("until_day"), more.get("until_day"))


REFUSALS = [
    ("approve", {"reason": " "}, "no_reason"),
    ("approve_conditions", {"conditions": " "}, "no_conditions"),
    ("approve_trial", {}, "no_day"),
    ("defer", {"until_day": making.TODAY}, "no_day"),
]


@pytest.mark.parametrize(("outcome", "more", "code"), REFUSALS)
def test_what_a_decision_must_say(world, outcome, more, code):
    paper = making.put_forward(world.a)
    given = {"reason": "Because.", **more}
    with pytest.raises(Refused) as refusal:
        decisions.decide(world.a.decision_maker, paper, outcome, **given)
    assert (refusal.value.code, again(paper).state) == (code, "submitted")


def test_nobody_else_decides(world):
    alder = world.a
    paper = making.put_forward(alder)
    for person in (
        alder.supervisor,
        alder.second_supervisor,
        alder.team_lead,
        alder.administrator,
        world.b.decision_maker,
    ):
        with pytest.raises(PermissionDenied):
            decisions.decide(person, paper, "approve", "Mine.")
    assert Decision.objects.count() == 0


def stand_in(person, for_whom):
    StandIn.objects.create(person=for_whom, stand_in=person, first_day=making.TODAY, last_day=LATER)
    access.forget(person)


def test_a_stand_in_decides_within_the_same_authority(world):
    alder = world.a
    paper = making.put_forward(alder)
    stand_in(alder.second_supervisor, alder.decision_maker)
    made = decisions.decide(alder.second_supervisor, paper, "approve", "In their place.")
    assert (made.decider, made.decided_for) == (alder.second_supervisor, alder.decision_maker)


def test_a_stand_in_who_wrote_it_does_not_decide(world):
    alder = world.a
    paper = making.put_forward(alder)
    stand_in(alder.supervisor, alder.decision_maker)
    with pytest.raises(Refused) as refusal:
        decisions.decide(alder.supervisor, paper, "approve", "Mine.")
    assert refusal.value.code == "author_decides"


def test_a_decision_maker_writes_no_recommendation_for_their_own_decision(world):
    alder = world.a
    review = making.concluded(alder)
    Role.objects.create(person=alder.decision_maker, unit=alder.department, name="supervisor")
    access.forget(alder.decision_maker)
    with pytest.raises(Refused) as refusal:
        recommendations.create(alder.decision_maker, review, [], title="Mine", ask="Mine")
    assert refusal.value.code == "author_decides"
    thing = making.drafted(alder, review)
    with pytest.raises(Refused) as refusal:
        submissions.put_forward(alder.decision_maker, thing)
    assert refusal.value.code == "author_decides"


def test_above_the_limit_of_authority_nothing_is_approved_but_it_can_be_sent_back(world):
    alder = world.a
    Role.objects.filter(person=alder.decision_maker).update(limit=Decimal("1499.99"))
    paper = making.put_forward(alder)
    with pytest.raises(Refused) as refusal:
        decisions.decide(alder.decision_maker, paper, "approve", "Cheap.")
    assert refusal.value.code == "over_limit"
    decisions.decide(alder.decision_maker, paper, "send_back", "Too dear for me.")
    assert again(paper).state == states.SENT_BACK


def touch(thing, aspect):
    option = thing.options.get(preferred=True)
    option.touches.set(thing.review.parameters.filter(aspect=aspect))
    return option


def test_what_is_fixed_is_not_recommended_unless_somebody_is_asked_to_allow_it(world):
    alder = world.a
    thing = making.drafted(alder)
    option = touch(thing, "staffing")
    with pytest.raises(Refused) as refusal:
        submissions.put_forward(alder.supervisor, thing)
    assert refusal.value.code == "outside"
    type(option).objects.filter(pk=option.pk).update(outside_reason="Nobody else can answer.")
    paper = submissions.put_forward(alder.supervisor, again(thing))
    chosen = next(one for one in paper.content["options"] if one["preferred"])
    assert (chosen["outside"]["fixed"], chosen["outside_reason"]) == (["staffing"], "Nobody else can answer.")


def test_what_needs_approval_gets_it_by_the_decision_and_the_paper_says_so(world):
    thing = making.drafted(world.a)
    touch(thing, "opening hours")
    paper = submissions.put_forward(world.a.supervisor, thing)
    from improvements.paper import lay_out

    assert [cell["text"] for cell in lay_out(paper.content)["outside"]] == [
        "Needs approval, which this decision gives: opening hours."
    ]


def test_above_the_spend_limit_is_outside(world):
    thing = making.drafted(world.a, spend_limit=Decimal("1000.00"))
    with pytest.raises(Refused) as refusal:
        submissions.put_forward(world.a.supervisor, thing)
    assert refusal.value.code == "outside"


def test_doing_nothing_stays(world):
    alder = world.a
    thing = making.drafted(alder)
    nothing = thing.options.get(kind="do_nothing")
    with pytest.raises(Refused) as refusal:
        recommendations.drop_option(alder.supervisor, nothing)
    assert refusal.value.code == "do_nothing_stays"
    with pytest.raises(Refused) as refusal:
        recommendations.edit_option(alder.supervisor, nothing, 1, {}, {"kind": "change"})
    assert (refusal.value.code, thing.options.filter(kind="do_nothing").count()) == ("do_nothing_stays", 1)


def test_once_put_forward_nothing_in_it_is_changed(world):
    alder = world.a
    paper = making.put_forward(alder)
    thing = again(paper.recommendation)
    option = thing.options.get(preferred=True)
    for write in (
        lambda: recommendations.edit(alder.supervisor, thing, 1, {}, {"title": "Other"}),
        lambda: recommendations.add_option(alder.supervisor, thing, name="Late"),
        lambda: recommendations.edit_option(alder.supervisor, option, 1, {}, {"name": "Other"}),
        lambda: recommendations.drop_option(alder.supervisor, option),
        lambda: recommendations.prefer(alder.supervisor, thing.options.get(kind="do_nothing")),
        lambda: submissions.put_forward(alder.supervisor, thing),
    ):
        with pytest.raises(Refused) as refusal:
            write()
        assert refusal.value.code == "not_now"


def test_withdrawn_by_its_author_alone(world):
    alder = world.a
    paper = making.put_forward(alder)
    with pytest.raises(Refused) as refusal:
        submissions.withdraw(alder.second_supervisor, paper, "Mine to take.")
    assert refusal.value.code == "not_the_author"
    submissions.withdraw(alder.supervisor, paper, "A figure is wrong.")
    assert (again(paper).state, again(paper.recommendation).state) == ("withdrawn", "draft")
    assert again(making.finding_of(paper.recommendation.review)).state == review_states.FINDING_AGREED
    second = submissions.put_forward(alder.supervisor, again(paper.recommendation))
    assert (second.number, second.state) == (2, "submitted")


def test_revoked_it_is_open_again_and_no_further_action_is_approved(world):
    alder = world.a
    paper = making.approved(alder)
    action = making.proposed(alder, paper)
    decisions.revoke(alder.decision_maker, paper, "The budget is gone.")
    assert (again(paper).state, again(paper.recommendation).state) == ("revoked", "draft")
    with pytest.raises(Refused) as refusal:
        actions.approve(alder.supervisor, action)
    assert refusal.value.code == "no_authority"


@pytest.mark.parametrize(("outcome", "before"), [("approve_trial", "approved_trial"), ("defer", "deferred")])
def test_a_day_that_has_passed_brings_it_back(world, clock_at, outcome, before):
    alder = world.a
    paper = making.put_forward(alder)
    decisions.decide(alder.decision_maker, paper, outcome, "Let us see.", until_day=LATER)
    clock_at(LATER)
    assert (decisions.expire(), again(paper).state) == (0, before)
    clock_at(LATER + dt.timedelta(days=1))
    enqueue("improvements.expire", {})
    assert {job.state for job in run_pending()} == {"done"}
    assert (again(paper).state, again(paper.recommendation).state) == ("expired", "put_forward")
    entry = TrailEntry.objects.get(verb="expire")
    assert (entry.person, entry.after["state"], decisions.expire()) == (None, "expired", 0)
    waiting = Notice.objects.get(waits=True, settled_at=None)
    assert (waiting.person, waiting.kind) == (alder.decision_maker, "improvements.expired")
    decisions.decide(alder.decision_maker, again(paper), "approve", "It worked.")
    assert (again(paper).state, again(paper.recommendation).state) == ("approved", "agreed")


def test_open_papers_and_actions_keep_a_review_open(world):
    alder = world.a
    paper = making.put_forward(alder)
    review = paper.recommendation.review
    assert [str(words) for words in open_ends(review)] == ["1 paper waits for a decision."]
    decisions.decide(alder.decision_maker, paper, "approve", "Good.")
    action = making.proposed(alder, again(paper))
    assert [str(words) for words in open_ends(review)] == ["1 action has not ended yet."]
    actions.cancel(alder.supervisor, action, "Another team did it.")
    assert open_ends(review) == []


def test_a_leaver_hands_over(world):
    alder = world.a
    action = making.started(alder)
    paper = making.put_forward(world.b)
    done = hand_over(alder.administrator, alder.team_lead, alder.second_team_lead)
    assert (done.moved, done.kept, again(action).owner) == ([action], [], alder.second_team_lead)
    waiting = Notice.objects.filter(waits=True, settled_at=None, person=alder.second_team_lead)
    assert [notice.kind for notice in waiting] == ["improvements.carry_out"]
    stays = hand_over(alder.administrator, alder.second_supervisor, alder.second_team_lead)
    assert (stays.moved, len(stays.kept), again(action).verifier) == ([], 1, alder.second_supervisor)
    assert again(paper).decision_maker == world.b.decision_maker


def test_a_paper_is_handed_over_to_a_decision_maker_who_did_not_write_it(world):
    alder = world.a
    paper = making.put_forward(alder)
    refused = hand_over(alder.administrator, alder.decision_maker, alder.supervisor)
    assert [thing for thing, _why in refused.kept] == [paper]
    Role.objects.create(person=alder.second_supervisor, unit=alder.organisation, name="decision_maker")
    done = hand_over(alder.administrator, alder.decision_maker, alder.second_supervisor)
    assert (done.moved, again(paper).decision_maker) == ([paper], alder.second_supervisor)
    access.forget(alder.second_supervisor)
    decisions.decide(alder.second_supervisor, again(paper), "approve", "I read it.")
    assert clock.today() == making.TODAY

"""The thin whole path: draft, put forward, decide, act, prove, read the outcome."""

import pytest

from improvements import states
from improvements.models import Decision, OutcomeCheck
from metrics.models import Mark
from notices.models import Notice
from reviews import states as review_states
from reviews import workflow as reviews
from teams.models import TrailEntry
from tests.improvements import making
from tests.reviews.making import again

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _day(clock_at):
    clock_at(making.TODAY)


def test_from_a_concluded_review_to_an_outcome(world):
    alder = world.a
    action = making.done(alder)
    paper = action.submission
    assert (paper.state, paper.recommendation.state) == (states.APPROVED, states.AGREED)
    assert again(paper.recommendation.review).state == review_states.DECIDED
    assert again(making.finding_of(paper.recommendation.review)).state == review_states.ADDRESSED
    assert action.baseline_mean == pytest.approx(80.375)
    assert Mark.objects.get(series=action.series).day == making.TODAY
    assert Decision.objects.get().state_hash_now == paper.state_hash
    check = making.outcomes.verify(alder.second_supervisor, action, states.TOO_EARLY)
    assert (check.offered, check.facts["missing_points"], check.facts["enough_on"]) == ("too_early", 7, "2026-10-01")
    assert again(action).state == states.DONE
    assert OutcomeCheck.objects.count() == 1


def test_every_verb_leaves_one_entry(world):
    making.verified(world.a)
    verbs = list(TrailEntry.objects.order_by("number").values_list("verb", flat=True))
    first = verbs.index("recommend")
    assert verbs[first:] == [
        "recommend",
        "add_option",
        "put_forward",
        "decide",
        "propose",
        "approve",
        "start",
        "finish",
        "verify",
    ]


def test_who_has_to_act_has_a_line(world):
    alder = world.a
    waiting = lambda: list(  # noqa: E731
        Notice.objects.filter(waits=True, settled_at=None).values_list("person__name", "kind").order_by("pk")
    )
    paper = making.put_forward(alder)
    assert waiting() == [(alder.decision_maker.name, "improvements.decide")]
    making.decisions.decide(alder.decision_maker, paper, "approve", "Good.")
    action = making.proposed(alder, again(paper))
    assert waiting() == [(alder.second_supervisor.name, "improvements.approve_action")]
    making.actions.approve(alder.second_supervisor, action)
    assert waiting() == [(alder.team_lead.name, "improvements.carry_out")]
    making.actions.finish(alder.team_lead, making.actions.start(alder.team_lead, action), "Done.")
    assert waiting() == [(alder.second_supervisor.name, "improvements.verify")]
    making.outcomes.verify(alder.second_supervisor, action, "effective", "I saw it.")
    assert waiting() == [(alder.supervisor.name, "improvements.may_close")]
    reviews.close(alder.supervisor, again(action.recommendation.review), "It works.")
    assert waiting() == []

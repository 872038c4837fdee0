"""An action of the kind target change leads to a proposal and its acceptance."""

import pytest

from improvements import states
from improvements.models import Action
from improvements.workflow import actions
from metrics import states as metric_states
from metrics.models import Target
from metrics.workflow import targets
from notices.models import Notice
from teams.models import TrailEntry
from teams.refusals import Refused
from tests.improvements import making


@pytest.fixture
def begun(world, clock_at):
    clock_at(making.TODAY)
    return making.started(world.a, kind=Action.Kind.RETARGET, what="Ask more of the team")


def test_it_begins_with_a_proposal(world, begun):
    proposal = Target.objects.get()

    assert (proposal.state, proposal.value, proposal.from_day) == (metric_states.PROPOSED, 81.8, begun.due_on)
    assert (proposal.thing_kind, proposal.thing_id) == ("improvements.action", str(begun.pk))
    entry = TrailEntry.objects.latest("number")
    assert (entry.verb, entry.after["proposed_target"]["value"]) == ("start", 81.8)
    waits = Notice.objects.filter(kind="metrics.approve_target", settled_at=None)
    assert world.a.supervisor in {one.person for one in waits}


def test_it_is_done_when_the_target_has_been_agreed(world, begun, client_of):
    with pytest.raises(Refused) as refused:
        actions.finish(world.a.team_lead, begun, "All know it.")
    assert refused.value.code == "target_not_agreed"

    targets.approve(world.a.supervisor, Target.objects.get(), "Agreed")

    assert actions.finish(world.a.team_lead, begun, "All know it.").state == states.DONE
    page = client_of(world.a.team_lead).get(begun.get_absolute_url()).content.decode()
    assert "Target change" in page and "Agreed" in page


def test_another_kind_of_action_proposes_nothing(world, clock_at):
    clock_at(making.TODAY)
    making.started(world.a)

    assert Target.objects.count() == 0

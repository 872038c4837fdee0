"""R5 at the pages: who writes does not decide, who decides does not write, and nothing is left hanging."""

import datetime as dt
import json

import pytest
from django.urls import reverse

from improvements.models import Decision
from reviews import workflow as reviews
from reviews.models import Criterion, Finding
from teams import access, clock
from teams.models import Role, StandIn
from teams.trail import plain
from tests.gates.improvements import RECOMMENDATION
from tests.gates.routes import sent
from tests.gates.trap import writes
from tests.improvements import making
from tests.reviews.making import again

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(clock_at):
    clock_at(making.TODAY)


def act_for(away, stand_in):
    day = clock.today()
    StandIn.objects.create(person=away, stand_in=stand_in, first_day=day, last_day=day + dt.timedelta(days=1))
    access.forget(stand_in)


def refused(client, address, thing, /, **data):
    """The words of a refusal that wrote nothing."""
    with writes() as caught:
        answer = client.post(reverse(address, args=[thing.pk]), data)
    assert (answer.status_code, caught.tables) == (422, [])
    return answer.content.decode()


def test_the_author_does_not_decide_even_in_the_decision_makers_place(world, client_of):
    alder = world.a
    paper = making.put_forward(alder)
    act_for(alder.decision_maker, alder.supervisor)

    said = refused(
        client_of(alder.supervisor), "decide", paper, outcome="approve", reason="Mine.", seen=paper.state_hash
    )

    assert "Somebody else has to decide on it." in said
    assert not Decision.objects.exists()


def test_somebody_elses_stand_in_decides(world, client_of):
    alder = world.a
    paper = making.put_forward(alder)
    act_for(alder.decision_maker, alder.second_supervisor)
    given = {"outcome": "approve", "reason": "It costs little.", "seen": paper.state_hash}

    assert client_of(alder.second_supervisor).post(reverse("decide", args=[paper.pk]), given).status_code == 302

    made = Decision.objects.get()
    assert (made.decider, made.decided_for) == (alder.second_supervisor, alder.decision_maker)


def edited(draft):
    """What the form of a draft carries along."""
    names = ("title", "ask", "benefit", "waiting", "by_day")
    base = {name: plain(getattr(draft, name)) for name in names} | {"findings": []}
    return {"version": draft.version, "base": json.dumps(base)}


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("edit-recommendation", RECOMMENDATION),
        ("new-option", {"name": "Mine", "kind": "change", "satisfaction": "1", "cost_effect": "0", "compliance": "0"}),
        ("put-forward", {}),
    ],
)
def test_who_decides_does_not_write_what_is_decided_on(world, client_of, name, data):
    """Also where a decision-maker is a supervisor as well."""
    alder = world.a
    draft = making.drafted(alder)
    Role.objects.create(person=alder.decision_maker, unit=alder.department, name="supervisor")
    opened = {**edited(draft), "one_off": "0", "yearly": "0", "hours": "0"}
    more = {"findings": [making.finding_of(draft.review).pk]} if name == "edit-recommendation" else {}

    said = refused(client_of(alder.decision_maker), name, draft, **data, **opened, **more)

    assert "must be written by somebody else" in said


def test_a_review_is_not_cancelled_under_a_paper_that_waits(world, client_of):
    alder = world.a
    review = making.put_forward(alder).recommendation.review

    said = refused(client_of(alder.supervisor), "cancel-review", review, reason="Done elsewhere.")

    assert "1 paper waits for a decision." in said or "One paper waits" in said
    assert again(review).state == "concluded"


def test_a_finding_that_is_answered_is_not_opened_again(world, client_of):
    alder = world.a
    review = making.put_forward(alder).recommendation.review

    said = refused(client_of(alder.supervisor), "open-finding-again", making.finding_of(review))

    assert "It is open again once that is withdrawn." in said
    assert making.finding_of(review).state == "addressed"


def test_a_paper_stands_on_agreed_findings_only(world, client_of):
    """A review taken up again may take back what a draft was written about."""
    alder = world.a
    draft = making.drafted(alder)
    review = reviews.reopen(alder.supervisor, draft.review, "A file came late.")
    found = making.finding_of(review)
    reviews.edit_finding(alder.supervisor, found, found.version, {"effect": found.effect}, {"effect": "None."})
    reviews.conclude(alder.supervisor, review, "It works after all.")

    said = refused(client_of(alder.supervisor), "put-forward", draft)

    assert "not agreed any more" in said
    assert Finding.objects.get(pk=found.pk).state == "draft"


def test_nothing_new_begins_under_a_closed_review(world, client_of):
    alder = world.a
    paper = making.approved(alder)
    review = reviews.close(alder.supervisor, again(paper.recommendation.review), "All is said.")
    client = client_of(alder.supervisor)
    given = {name: value for name, value in making.action_fields(alder).items() if value is not None}
    given["findings"] = [making.finding_of(review)]
    given["criteria"] = [Criterion.objects.get(review=review, series__isnull=False)]

    said = refused(client, "new-action", paper.recommendation, **sent(given))

    assert "it is “closed”" in said
    address = reverse("new-action", args=[paper.recommendation_id])
    pages = [client.get(reverse("review-act", args=[review.pk])), client.get(paper.get_absolute_url())]
    assert [address in page.content.decode() for page in pages] == [False, False]

"""Every page of improvements in the states that show it, as those who work there see it."""

import pytest
from django.urls import reverse

from tests.improvements import making
from tests.reviews.making import again

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _day(clock_at):
    clock_at(making.TODAY)


def seen(client, name, pk=None):
    response = client.get(reverse(name, args=[pk] if pk else []))
    return response.status_code, response.content.decode()


def test_the_stage_decide_lists_recommendations(world, client_of):
    paper = making.put_forward(world.a)
    status, page = seen(client_of(world.a.supervisor), "review-decide", paper.recommendation.review_id)
    assert (status, paper.recommendation.title in page, "Paper 1" in page) == (200, True, True)


def test_a_recommendation_is_written_by_its_form(world, client_of):
    alder = world.a
    review = making.concluded(alder)
    finding = making.finding_of(review)
    sent = {"title": "Read once", "ask": "Allow it.", "findings": [finding.pk]}
    response = client_of(alder.supervisor).post(reverse("new-recommendation", args=[review.pk]), sent)
    made = review.recommendations.get()
    assert (response.status_code, response.url) == (302, made.get_absolute_url())
    assert [one.kind for one in made.options.all()] == ["do_nothing"]


def test_too_many_words_are_refused_at_the_field(world, client_of):
    review = making.concluded(world.a)
    response = client_of(world.a.supervisor).post(
        reverse("new-recommendation", args=[review.pk]),
        {"title": "to " * 41, "ask": "Allow it.", "findings": [making.finding_of(review).pk]},
    )
    assert (response.status_code, "at most 40 words" in response.content.decode()) == (422, True)


def test_an_option_is_changed_with_what_it_touches(world, client_of):
    alder = world.a
    thing = making.drafted(alder)
    option = thing.options.get(kind="change")
    client = client_of(alder.supervisor)
    form = client.get(reverse("option", args=[option.pk])).context["form"]
    parameter = thing.review.parameters.get(aspect="staffing")
    sent = {name: value for name, value in form.initial.items() if value is not None} | {
        "version": option.version,
        "base": form["base"].value(),
        "touches": [parameter.pk],
        "outside_reason": "One more person answers.",
    }
    response = client.post(reverse("option", args=[option.pk]), sent)
    assert (response.status_code, [one.aspect for one in option.touches.all()]) == (302, ["staffing"])
    assert "outside the parameters" in seen(client, "recommendation", thing.pk)[1]


def test_the_paper_offers_the_decision_to_its_decision_maker_alone(world, client_of):
    alder = world.a
    paper = making.put_forward(alder)
    pages = {
        person.name: seen(client_of(person), "submission", paper.pk)
        for person in (alder.decision_maker, alder.supervisor, alder.second_supervisor)
    }
    offered = {name: (status, "Keep the decision" in page) for name, (status, page) in pages.items()}
    assert offered == {"Aled Alder": (200, True), "Amara Alder": (200, False), "Agnes Alder": (200, False)}


def test_a_decision_is_made_by_its_form(world, client_of):
    alder = world.a
    paper = making.put_forward(alder)
    sent = {"outcome": "approve_conditions", "reason": "Worth it.", "conditions": "Tell the union.", "seen": "x" * 64}
    client = client_of(alder.decision_maker)
    assert client.post(reverse("decide", args=[paper.pk]), {**sent, "conditions": ""}).status_code == 422
    sent["seen"] = paper.state_hash
    assert client.post(reverse("decide", args=[paper.pk]), sent).status_code == 302
    assert again(paper).state == "approved_conditions"
    assert "Tell the union." in seen(client, "submission", paper.pk)[1]
    assert "Worth it." in seen(client, "decisions")[1]


def test_an_action_is_planned_prefilled_and_read(world, client_of):
    alder = world.a
    paper = making.approved(alder)
    client = client_of(alder.supervisor)
    address = reverse("new-action", args=[paper.recommendation_id])
    form = client.get(address).context["form"]
    first = form.initial
    assert (first["owner"], first["unit"], first["target"]) == (alder.team_lead, alder.team, 90.0)
    sent = {
        **{name: getattr(value, "pk", value) for name, value in first.items() if value is not None},
        "findings": [one.pk for one in first["findings"]],
        "criteria": [one.pk for one in first["criteria"]],
        "what": "Take out the second reading, all 200 messages a day",
        "kind": "step",
        "rule": "improves",
        "verifier": alder.second_supervisor.pk,
    }
    lights = client.get(reverse("smart", args=[paper.recommendation_id]), sent).content.decode()
    assert "not computed yet" in lights
    response = client.post(address, sent)
    assert response.status_code == 302, response.context["form"].errors
    action = paper.recommendation.actions.get()
    assert action.baseline_mean == pytest.approx(80.375)
    status, page = seen(client, "action", action.pk)
    assert (status, "Approve" in page) == (200, True)


def test_an_action_goes_its_way_by_its_buttons(world, client_of):
    alder = world.a
    action = making.proposed(alder)
    assert client_of(alder.second_supervisor).post(reverse("approve-action", args=[action.pk])).status_code == 302
    lead = client_of(alder.team_lead)
    assert lead.post(reverse("start-action", args=[action.pk])).status_code == 302
    assert lead.post(reverse("finish-action", args=[action.pk]), {"proof": ""}).status_code == 422
    assert lead.post(reverse("finish-action", args=[action.pk]), {"proof": "Procedure 7."}).status_code == 302
    verifier = client_of(alder.second_supervisor)
    status, page = seen(verifier, "outcome", action.pk)
    assert (status, "7 more points are needed" in page, "1 October 2026" in page) == (200, True, True)
    inputs = again(action).series.analyses.get().inputs_hash
    sent = {"verdict": "too_early", "why": "", "seen": inputs}
    assert verifier.post(reverse("outcome", args=[action.pk]), sent).status_code == 302
    assert again(action).state == "done"


def test_a_proof_comes_back_through_the_door_of_its_action(world, client_of):
    from django.core.files.uploadedfile import SimpleUploadedFile

    alder = world.a
    action = making.started(alder)
    lead = client_of(alder.team_lead)
    file = SimpleUploadedFile("proof.pdf", b"%PDF-1.7 hello", "text/html")
    assert lead.post(reverse("finish-action", args=[action.pk]), {"proof": "", "file": file}).status_code == 302
    response = lead.get(reverse("proof", args=[action.pk]))
    assert (response["Content-Type"], b"".join(response)) == ("application/pdf", b"%PDF-1.7 hello")
    assert response["Content-Disposition"].startswith("attachment")
    assert client_of(world.b.supervisor).get(reverse("proof", args=[action.pk])).status_code == 404


def test_lists_and_stages(world, client_of):
    alder = world.a
    action = making.verified(alder)
    client = client_of(alder.supervisor)
    assert action.action.what in seen(client, "improvements")[1]
    assert action.action.what in seen(client, "review-act", action.action.recommendation.review_id)[1]
    follow = client.get(reverse("new-action", args=[action.action.recommendation_id]) + f"?follows={action.action_id}")
    assert "did not work" in follow.content.decode()
    assert client.get(reverse("improvements") + "?export=csv").status_code == 200
    assert client.get(reverse("decisions") + "?export=xlsx").status_code == 200


@pytest.mark.parametrize("name", ["improvements", "decisions", "review-act", "review-decide"])
def test_a_list_costs_the_same_at_one_row_and_at_many(world, client_of, name):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    alder = world.a
    paper = making.approved(alder)
    review = paper.recommendation.review
    making.proposed(alder, paper)
    client = client_of(alder.supervisor)

    def cost():
        with CaptureQueriesContext(connection) as asked:
            assert seen(client, name, review.pk if name.startswith("review") else None)[0] == 200
        return len(asked)

    cost()
    one = cost()
    for _more in range(3):
        making.proposed(alder, paper)
        thing = making.drafted(alder, again(review))
        second = making.submissions.put_forward(alder.supervisor, thing)
        making.decisions.decide(alder.decision_maker, second, "approve", "Good.")
        making.proposed(alder, again(second))
    assert cost() == one

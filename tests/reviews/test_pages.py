"""The pages of a review answer, in every state, to those who may see them."""

import pytest
from django.urls import reverse

from reviews import workflow
from reviews.models import Criterion, Finding, Parameter, Review, Subject
from tests.reviews import making

pytestmark = pytest.mark.django_db
STAGES = ("review", "review-process", "review-challenge", "review-measure", "review-findings")


@pytest.mark.parametrize("state", making.MAKERS)
def test_every_stage_answers_in_every_state(world, client_of, state):
    review = making.MAKERS[state](world.a)
    browser = client_of(world.a.supervisor)
    codes = [browser.get(reverse(stage, args=[review.pk])).status_code for stage in STAGES]
    assert codes == [200] * 5


@pytest.mark.parametrize("stage", STAGES)
def test_nobody_of_another_organisation_learns_that_a_review_exists(world, client_of, stage):
    review = making.under_way(world.a)
    assert client_of(world.b.supervisor).get(reverse(stage, args=[review.pk])).status_code == 404


@pytest.mark.parametrize(
    "who, code",
    [("supervisor", 200), ("decision_maker", 200), ("team_lead", 404), ("colleague", 404), ("administrator", 404)],
)
def test_who_sees_a_review_of_a_department(world, client_of, who, code):
    review = making.under_way(world.a)
    assert client_of(getattr(world.a, who)).get(review.get_absolute_url()).status_code == code


def test_the_forms_of_a_plan_answer(world, client_of):
    review = making.planned(world.a)
    browser = client_of(world.a.supervisor)
    criterion, parameter = Criterion.objects.get(review=review), Parameter.objects.filter(review=review).first()
    subject = Subject.objects.filter(review=review).first()
    addresses = [
        reverse("reviews"),
        reverse("new-review"),
        reverse("edit-plan", args=[review.pk]),
        reverse("add-item", args=[review.pk, "criterion"]),
        reverse("add-item", args=[review.pk, "method"]),
        reverse("edit-item", args=["criterion", criterion.pk]),
        reverse("edit-item", args=["parameter", parameter.pk]),
        reverse("remove-item", args=["criterion", criterion.pk]),
        reverse("add-step", args=[review.pk]),
        reverse("add-steps", args=[review.pk]),
        reverse("add-feature", args=[review.pk]),
        reverse("brief-review", args=[review.pk]),
        reverse("cancel-review", args=[review.pk]),
        reverse("step", args=[subject.pk]),
        reverse("remove-subject", args=[subject.pk]),
    ]
    assert [(address, browser.get(address).status_code) for address in addresses] == [(a, 200) for a in addresses]


def test_the_pages_of_work_answer(world, client_of):
    review = making.under_way(world.a)
    browser = client_of(world.a.supervisor)
    subject = Subject.objects.filter(review=review).first()
    judged = workflow.judge(world.a.supervisor, subject, "cost", 0, {}, making.judgement())
    finding = workflow.raise_finding(world.a.supervisor, review, "judgement", str(judged.pk))
    opened = making.a_round(world.a, review)
    addresses = [
        reverse("step", args=[subject.pk]),
        reverse("new-round", args=[review.pk]),
        opened.get_absolute_url(),
        reverse("invite-more", args=[opened.pk]),
        reverse("new-finding", args=[review.pk]),
        finding.get_absolute_url(),
        reverse("raise-finding", args=["judgement", judged.pk]),
        reverse("conclusion", args=[Criterion.objects.get(review=review).pk]),
        reverse("conclude-review", args=[review.pk]),
        reverse("close-review", args=[review.pk]),
        reverse("note-yield", args=[review.methods.first().pk]),
    ]
    assert [(address, browser.get(address).status_code) for address in addresses] == [(a, 200) for a in addresses]
    making.answer_all(world.a.colleague, opened, comment="Twice the same question.")
    workflow.close_round(world.a.supervisor, opened)
    assert b"Twice the same question." in browser.get(opened.get_absolute_url()).content
    assert browser.get(reverse("step", args=[subject.pk])).status_code == 200


def test_a_review_is_begun_on_one_page(world, client_of):
    alder = world.a
    values = {
        "question": "Why do customers wait?",
        "unit": alder.department.pk,
        "service": "",
        "new_service": "Help desk",
        "start_point": "A customer writes",
        "end_point": "An answer",
        "customers": "external",
        "first_day": "2025-01-01",
        "last_day": "2025-12-31",
        "decision_maker": alder.decision_maker.pk,
        "title": "",
    }
    answer = client_of(alder.supervisor).post(reverse("new-review"), values)
    review = Review.objects.get()
    assert (answer.status_code, answer.url) == (302, review.get_absolute_url())
    assert (review.title, review.service.name, review.supervisor) == (
        "Why do customers wait?",
        "Help desk",
        alder.supervisor,
    )


def test_a_finding_is_raised_in_one_click(world, client_of):
    review = making.under_way(world.a)
    subject = Subject.objects.filter(review=review).first()
    judged = workflow.judge(world.a.supervisor, subject, "cost", 0, {}, making.judgement())
    address = reverse("raise-finding", args=["judgement", judged.pk])
    answer = client_of(world.a.supervisor).post(address, {"review": review.pk})
    finding = Finding.objects.get()
    assert (answer.status_code, answer.url) == (302, finding.get_absolute_url())
    assert (finding.subject, finding.state, finding.evidence.get().kind) == (subject, "draft", "judgement")


def test_a_form_sent_empty_is_answered_with_what_is_missing(world, client_of):
    review = making.planned(world.a)
    browser = client_of(world.a.supervisor)
    addresses = [
        reverse("new-review"),
        reverse("edit-plan", args=[review.pk]),
        reverse("add-item", args=[review.pk, "criterion"]),
        reverse("add-step", args=[review.pk]),
        reverse("brief-review", args=[review.pk]),
        reverse("cancel-review", args=[review.pk]),
    ]
    assert {browser.post(address, {}).status_code for address in addresses} == {422}


@pytest.mark.parametrize("name", ["add-item", "edit-item", "remove-item"])
def test_a_part_that_no_plan_has_is_not_found(world, client_of, name):
    review = making.planned(world.a)
    address = reverse(name, kwargs={"noun": "wish", "pk": review.pk})
    assert client_of(world.a.supervisor).get(address).status_code == 404

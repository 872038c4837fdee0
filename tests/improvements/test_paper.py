"""The frozen paper: what its hash covers, that it stays as it was, and that the page says what changed beneath it."""

import copy
import datetime as dt

import pytest
from django.urls import reverse

from improvements.models import Submission
from improvements.paper import lay_out
from improvements.queries import heard
from improvements.queries.beneath import hash_of
from improvements.queries.changes import changes
from metrics.analysing import analyse_series
from metrics.models import Observation
from reviews.models import Conclusion, Criterion, Finding, Judgement, Parameter
from tests.improvements import making
from tests.reviews import making as base
from tests.reviews.making import again

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _day(clock_at):
    clock_at(making.TODAY)


@pytest.fixture
def paper(world):
    return making.put_forward(world.a)


def series_of(paper):
    return Criterion.objects.get(review=paper.recommendation.review, series__isnull=False).series


def change_a_value(series, to=40.0):
    row = Observation.objects.filter(series=series).order_by("day")[3]
    Observation.objects.filter(pk=row.pk).update(numerator=to * 10)
    analyse_series([series.pk])
    return row


def test_nothing_changed_and_the_page_says_nothing(paper, world, client_of):
    assert changes(paper).same
    page = client_of(world.a.decision_maker).get(paper.get_absolute_url()).content.decode()
    assert "The data beneath this decision changed" not in page


def test_one_changed_value_is_told_on_exactly_the_papers_that_stand_on_it(paper, world, client_of):
    other = making.put_forward(world.b)
    change_a_value(series_of(paper))
    found = changes(paper)
    assert (found.same, found.only_newer) == (False, False)
    assert [(line.about, line.before, line.after) for line in found.lines] == [
        ("First response within 4 hours, Alder Team North, April 2024", "80.5\u202f%", "40.0\u202f%")
    ]
    page = client_of(world.a.decision_maker).get(paper.get_absolute_url()).content.decode()
    assert "The data beneath this decision changed" in page
    assert changes(other).same


def test_a_newer_value_is_told_as_newer(paper):
    series = series_of(paper)
    making.observe(series, [80.0], first=dt.date(2026, 1, 1))
    found = changes(paper)
    assert (found.same, found.only_newer, [line.after for line in found.lines]) == (False, True, ["1 newer value"])


SUBSTANCE = [
    ("a criterion's threshold", lambda review: Criterion.objects.filter(review=review).update(threshold=91.0)),
    ("a conclusion", lambda review: Conclusion.objects.filter(criterion__review=review).update(rating="partly")),
    ("a judgement", lambda review: Judgement.objects.filter(subject__review=review).update(rating="met")),
    ("a finding", lambda review: Finding.objects.filter(review=review).update(condition="Other words.")),
    ("a parameter", lambda review: Parameter.objects.filter(review=review).update(freedom="free")),
    ("an option", lambda review: review.recommendations.get().options.filter(kind="change").update(one_off=9)),
]


@pytest.mark.parametrize("change", [one for _name, one in SUBSTANCE], ids=[name for name, _one in SUBSTANCE])
def test_a_change_of_substance_changes_the_hash(paper, change):
    change(paper.recommendation.review)
    assert hash_of(again(paper.recommendation)) != paper.state_hash
    assert changes(paper).lines != []


NO_SUBSTANCE = [
    ("a person's name", lambda paper: type(paper.author).objects.update(name="Somebody")),
    ("the review's title", lambda paper: type(paper.recommendation.review).objects.update(title="Other")),
    ("why a judgement was made", lambda paper: Judgement.objects.update(why="A comment.")),
    ("a state", lambda paper: Finding.objects.update(state="agreed")),
]


@pytest.mark.parametrize("change", [one for _name, one in NO_SUBSTANCE], ids=[name for name, _one in NO_SUBSTANCE])
def test_comments_and_names_leave_the_hash_alone(paper, change):
    change(paper)
    assert hash_of(again(paper.recommendation)) == paper.state_hash


def test_the_content_stays_as_it_was(paper):
    before = copy.deepcopy(again(paper).content)
    laid = lay_out(before)
    change_a_value(series_of(paper))
    for _name, change in SUBSTANCE:
        change(paper.recommendation.review)
    stored = Submission.objects.get(pk=paper.pk)
    assert (stored.content, lay_out(stored.content), stored.state_hash) == (before, laid, paper.state_hash)


def test_the_paper_is_laid_out_without_the_database(paper, django_assert_num_queries):
    content = again(paper).content
    with django_assert_num_queries(0):
        lay_out(content)


def numbers_of(part, path=""):
    """Every number of a content, with its place."""
    if isinstance(part, dict) and {"n", "from"} <= part.keys():
        yield path, part
    elif isinstance(part, dict):
        for key, value in part.items():
            yield from numbers_of(value, f"{path}/{key}")
    elif isinstance(part, list):
        for place, value in enumerate(part):
            yield from numbers_of(value, f"{path}/{place}")


def test_every_number_says_where_it_came_from(paper, world, client_of):
    found = dict(numbers_of(again(paper).content))
    assert {number["from"]["kind"] for number in found.values()} == {
        "metrics.series",
        "reviews.criterion",
        "reviews.conclusion",
        "improvements.option",
    }
    client = client_of(world.a.supervisor)
    links = {
        cell["url"].partition("#")[0]
        for section in lay_out(again(paper).content)["sections"]
        for block in section["blocks"]
        if block["kind"] == "table"
        for row in block["rows"]
        for cell in row["cells"]
        if cell.get("number") and cell["text"] != "–"
    }
    assert "" not in links
    assert {client.get(link).status_code for link in links} == {200}


def test_changed_between_reading_and_deciding(paper, world, client_of):
    alder = world.a
    sent = {"outcome": "approve", "reason": "Good.", "seen": paper.state_hash}
    change_a_value(series_of(paper))
    client = client_of(alder.decision_maker)
    response = client.post(reverse("decide", args=[paper.pk]), sent)
    assert (response.status_code, again(paper).state) == (422, "submitted")
    sent["seen"] = response.context["form"]["seen"].value()
    assert client.post(reverse("decide", args=[paper.pk]), sent).status_code == 302
    decision = paper.decisions.get()
    assert (decision.data_had_changed, decision.state_hash_now) == (True, hash_of(again(paper.recommendation)))
    page = client.get(paper.get_absolute_url()).content.decode()
    assert "had changed since the paper was frozen" in page


def test_a_review_must_be_concluded(world):
    from teams.refusals import Refused

    alder = world.a
    thing = making.drafted(alder, making.under_way(alder))
    with pytest.raises(Refused) as refusal:
        making.submissions.put_forward(alder.supervisor, thing)
    assert refusal.value.code == "not_now"


def test_what_is_heard_comes_from_closed_rounds_only_and_names_nobody(world):
    alder = world.a
    review = making.under_way(alder)
    asked = base.a_round(alder, review)
    base.answer_all(alder.colleague, asked, "change", "Twice the same.")
    base.answer_all(alder.team_lead, asked, "change", "Slow.")
    base.answer_all(alder.second_colleague, asked, "keep", "It catches mistakes.")
    assert heard.of(review, alder.supervisor)["rounds"] == []
    base.workflow.close_round(alder.supervisor, again(asked))
    told = heard.of(review, alder.supervisor)["rounds"][0]
    assert told["seats"] == {"colleague": {"asked": 2, "answered": 2}, "manager": {"asked": 1, "answered": 1}}
    assert {said["text"] for said in told["dissent"]} == {"It catches mistakes."}
    assert alder.second_colleague.name not in str(told)


def test_what_is_looked_up_rather_than_read_is_folded(world, client_of, clock_at):
    clock_at(making.TODAY)
    paper = making.put_forward(world.a)
    page = client_of(world.a.decision_maker).get(paper.get_absolute_url()).content.decode()
    folded = [
        name
        for name in ("criteria", "measures", "findings", "options", "plan", "sources")
        if f'<summary><h2 class="d-inline" id="{name}">' in page
    ]
    assert folded == ["plan", "sources"]

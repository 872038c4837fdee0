"""Until a round is closed nobody but its author sees an answer, nor how many gave which."""

import datetime as dt
import re

import pytest
from django.http import Http404
from django.urls import reverse

from notices.models import Notice, Outbox
from reviews import evidence, workflow
from reviews.models import Answer, Invitation, Question, Subject
from reviews.queries import rounds
from reviews.queries.reviews import search
from teams import access, clock
from teams.models import Draft, StandIn, TrailEntry
from teams.refusals import Refused
from tests.reviews import making

pytestmark = pytest.mark.django_db

CANARY = "zeppelin"
EVERYBODY = ("supervisor", "second_supervisor", "decision_maker", "team_lead", "second_colleague", "administrator")


@pytest.fixture
def asked(world):
    """A round of three people; Anna has answered every question, with the canary in each comment."""
    review = making.under_way(world.a, world.a.team)
    made = making.a_round(world.a, review)
    making.answer_all(world.a.colleague, made, Answer.Choice.DROP, CANARY)
    return made


def addresses(round):
    """Every page that has to do with the round."""
    review = round.review
    kinds = [("reviews.round", round), ("reviews.review", review)]
    kinds += [("reviews.question", q) for q in Question.objects.filter(round=round)]
    kinds += [("reviews.subject", s) for s in Subject.objects.filter(review=review)]
    kinds += [("reviews.invitation", i) for i in Invitation.objects.filter(round=round)]
    kinds += [("reviews.answer", a) for a in Answer.objects.filter(question__round=round)]
    pages = [reverse("thread", args=[kind, thing.pk]) for kind, thing in kinds]
    stages = ("review", "review-process", "review-challenge", "review-measure", "review-findings", "review-decide")
    pages += [reverse(stage, args=[review.pk]) for stage in stages]
    pages += [subject.get_absolute_url() for subject in Subject.objects.filter(review=review)]
    pages += [round.get_absolute_url(), reverse("answer", args=[round.pk]) + "?all=1", reverse("home")]
    pages += [
        reverse("search") + f"?q={CANARY}",
        reverse("reviews") + "?export=csv",
        reverse("reviews") + "?export=xlsx",
    ]
    pages += [reverse("trail"), reverse("trail") + "?export=csv"]
    pages += [reverse("trail-entry", args=[n]) for n in TrailEntry.objects.values_list("number", flat=True)]
    pages += [reverse("raise-finding", args=["answer", a.pk]) for a in Answer.objects.filter(question__round=round)]
    return pages


def read(browser, address):
    return browser.get(address).getvalue().decode("utf-8", "replace")


def found_words(text):
    """What the page says, without the words that the reader asked for and without tokens."""
    return re.sub(r'(value="[^"]*"|“zeppelin”|q=zeppelin)', "", text)


@pytest.mark.parametrize("who", EVERYBODY)
def test_no_page_thread_export_or_search_holds_an_answer(world, client_of, asked, who):
    browser = client_of(getattr(world.a, who))
    leaks = [address for address in addresses(asked) if CANARY in found_words(read(browser, address))]
    assert leaks == []


@pytest.mark.parametrize("who", EVERYBODY)
def test_no_page_changes_when_somebody_answers(world, client_of, who):
    """Not even a count: what others see is the same before and after an answer that does not finish."""
    review = making.under_way(world.a, world.a.team)
    made = making.a_round(world.a, review)
    question = Question.objects.filter(round=made).first()
    browser = client_of(getattr(world.a, who))
    pages = [page for page in addresses(made) if not re.search("trail|invitation|xlsx", page)]

    def seen():
        return {page: re.sub(r'value="[A-Za-z0-9]{64}"', "", read(browser, page)) for page in pages}

    before = seen()
    workflow.answer(world.a.colleague, made, {question.pk: ("drop", CANARY)})
    assert seen() == before


def test_the_author_reads_and_changes_their_own_answers_until_the_round_is_closed(world, client_of, asked):
    browser = client_of(world.a.colleague)
    address = reverse("answer", args=[asked.pk]) + "?all=1"
    assert read(browser, address).count(CANARY) == 3
    browser.post(reverse("answer", args=[asked.pk]) + "?question=1", {"choice_1": "keep", "comment_1": "Better now"})
    assert read(browser, address).count(CANARY) == 2
    workflow.close_round(world.a.supervisor, asked)
    changed = browser.post(reverse("answer", args=[asked.pk]) + "?question=1", {"choice_1": "drop", "comment_1": ""})
    assert (changed.status_code, Answer.objects.filter(choice="keep").count()) == (422, 1)


def test_somebody_who_stands_in_for_the_author_sees_nothing_and_answers_nothing(world, client_of, asked):
    today = clock.today()
    deputy = world.a.other_colleague
    StandIn.objects.create(person=world.a.colleague, stand_in=deputy, first_day=today, last_day=today)
    browser = client_of(deputy)
    assert browser.get(reverse("answer", args=[asked.pk])).status_code == 404
    assert browser.post(reverse("answer", args=[asked.pk]), {"choice_1": "keep"}).status_code == 404
    assert list(access.visible_to(deputy, Answer)) == []
    assert rounds.own_answers(deputy, asked) == {}


def test_neither_trail_nor_notice_nor_mail_nor_draft_holds_an_answer(asked):
    written = [str((entry.before, entry.after)) for entry in TrailEntry.objects.all()]
    written += [str(notice.facts) for notice in Notice.objects.all()]
    written += [mail.subject + mail.body for mail in Outbox.objects.all()]
    written += [str(draft.words) for draft in Draft.objects.all()]
    assert [text for text in written if CANARY in text or "drop" in text] == []


def test_the_trail_says_that_somebody_answered_and_nothing_more(world, asked):
    entry = TrailEntry.objects.filter(verb="answer").get()
    assert (entry.person, entry.before, entry.after) == (world.a.colleague, {"finished": False}, {"finished": True})


def test_an_answer_is_no_evidence_before_the_reveal(world, asked):
    answer = Answer.objects.first()
    with pytest.raises(Http404):
        evidence.of("answer").collect(world.a.supervisor, asked.review, str(answer.pk))
    with pytest.raises(Http404):
        workflow.raise_finding(world.a.supervisor, asked.review, "answer", str(answer.pk))


@pytest.mark.parametrize("who", EVERYBODY)
def test_the_reveal_is_refused_while_the_round_is_open(world, asked, who):
    with pytest.raises((Refused, Http404)):
        rounds.reveal(getattr(world.a, who), asked)


def test_the_search_never_looks_into_answers_even_afterwards(world, asked):
    workflow.close_round(world.a.supervisor, asked)
    assert search(world.a.supervisor, CANARY) == []


def test_closing_reveals_counts_gap_and_comments_without_names(world, client_of, asked):
    making.answer_all(world.a.second_colleague, asked, Answer.Choice.DROP)
    making.answer_all(world.a.team_lead, asked, Answer.Choice.KEEP, "It is fine")
    workflow.close_round(world.a.supervisor, asked)
    revealed = rounds.reveal(world.a.supervisor, asked)[0].questions[0]
    bars = {bar.code: (bar.number, bar.colleagues, bar.managers) for bar in revealed.bars}
    assert bars == {"keep": (1, 0, 1), "change": (0, 0, 0), "drop": (2, 2, 0), "unsure": (0, 0, 0)}
    assert (revealed.answered, revealed.agreement, revealed.gap) == (3, 67, 100)
    assert [(comment.text, comment.seat) for comment in revealed.comments] == [
        ("It is fine", "manages it"),
        (CANARY, "does the work"),
    ]
    page = read(client_of(world.a.decision_maker), asked.get_absolute_url())
    assert (page.count(CANARY), page.count("Anna Alder"), page.count("Asel Alder")) == (3, 0, 0)


def test_a_cancelled_review_never_reveals_its_open_round(world, client_of, asked):
    workflow.cancel(world.a.supervisor, asked.review, "Given up.")
    with pytest.raises(Refused):
        workflow.close_round(world.a.supervisor, asked)
    assert CANARY not in read(client_of(world.a.supervisor), asked.get_absolute_url())


def test_a_review_is_not_concluded_over_an_open_round(world, asked):
    for each in asked.review.criteria.all():
        workflow.conclude_criterion(world.a.supervisor, each, 0, {}, {"rating": "met", "why": "Read."})
    with pytest.raises(Refused) as refused:
        workflow.conclude(world.a.supervisor, asked.review, "It works.")
    assert refused.value.code == "open_round"


# Who is asked, and how


def test_each_one_invited_is_told_until_they_have_answered(world):
    made = making.a_round(world.a)
    waiting = Notice.objects.filter(kind="reviews.answer", settled_at=None)
    assert sorted(waiting.values_list("person__name", flat=True)) == ["Alba Alder", "Anna Alder", "Asel Alder"]
    assert set(waiting.values_list("due_on", flat=True)) == {made.closes_on}
    making.answer_all(world.a.colleague, made)
    assert sorted(waiting.values_list("person__name", flat=True)) == ["Alba Alder", "Asel Alder"]
    workflow.close_round(world.a.supervisor, made)
    assert list(waiting) == []


def test_the_last_question_answered_finishes(world):
    made = making.a_round(world.a)
    questions = list(Question.objects.filter(round=made))
    finished = []
    for question in questions:
        invitation = workflow.answer(world.a.colleague, made, {question.pk: ("keep", "")})
        finished.append(invitation.finished_at is not None)
    assert finished == [False, False, True]


def test_who_was_not_invited_answers_nothing(world, client_of):
    made = making.a_round(world.a)
    assert client_of(world.a.other_colleague).get(reverse("answer", args=[made.pk])).status_code == 404
    with pytest.raises(Exception) as raised:
        workflow.answer(world.a.other_colleague, made, {Question.objects.first().pk: ("keep", "")})
    assert type(raised.value).__name__ == "PermissionDenied"


def test_a_question_of_another_round_is_refused(world):
    made, other = making.a_round(world.a), making.a_round(world.a)
    question = Question.objects.filter(round=other).first()
    with pytest.raises(Refused) as refused:
        workflow.answer(world.a.colleague, made, {question.pk: ("keep", "")})
    assert (refused.value.code, Answer.objects.count()) == ("other_round", 0)


def test_a_reminder_goes_once_a_day_to_those_who_have_not_finished(world, clock_at):
    clock_at(dt.date(2026, 3, 2))
    made = making.a_round(world.a)
    making.answer_all(world.a.colleague, made)
    assert workflow.remind(world.a.supervisor, made) == 2
    with pytest.raises(Refused):
        workflow.remind(world.a.supervisor, made)
    clock_at(dt.date(2026, 3, 3))
    assert workflow.remind(world.a.supervisor, made) == 2


def test_the_page_works_one_question_at_a_time_without_javascript(world, client_of):
    made = making.a_round(world.a)
    browser, address = client_of(world.a.colleague), reverse("answer", args=[made.pk])
    steps = [browser.post(f"{address}?question={n}", {f"choice_{n}": "change", f"comment_{n}": "x"}) for n in (1, 2, 3)]
    assert [step.url for step in steps] == [f"{address}?question=2", f"{address}?question=3", address]
    assert "Thank you, that was all" in read(browser, address)
    assert Answer.objects.filter(person=world.a.colleague, choice="change").count() == 3


def test_a_question_sent_without_a_choice_keeps_the_comment_typed(world, client_of):
    made = making.a_round(world.a)
    answer = client_of(world.a.colleague).post(
        reverse("answer", args=[made.pk]) + "?question=1", {"comment_1": "It is slow"}
    )
    assert (answer.status_code, Answer.objects.count()) == (422, 0)
    assert "It is slow" in answer.content.decode()


def test_the_only_manager_is_told_that_they_may_be_recognised(world, client_of):
    made = making.a_round(world.a)
    warning = "You are the only one asked in this place"
    pages = [read(client_of(p), reverse("answer", args=[made.pk])) for p in (world.a.team_lead, world.a.colleague)]
    assert [warning in page for page in pages] == [True, False]


def test_nobody_sits_in_two_seats(world, client_of):
    review = making.under_way(world.a)
    subject = Subject.objects.filter(review=review).first()
    values = {
        "title": "Ask",
        "closes_on": "2999-01-01",
        "questions": [f"{subject.pk}:means"],
        "colleagues": [world.a.colleague.pk],
        "managers": [world.a.colleague.pk],
    }
    answer = client_of(world.a.supervisor).post(reverse("new-round", args=[review.pk]), values)
    assert (answer.status_code, Invitation.objects.count()) == (422, 0)

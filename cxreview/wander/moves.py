"""Every verb of the thread from review to outcome, with words that pass: whoever tries it, on whatever there is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Any

from django.db.models import Model, QuerySet
from django.urls import reverse

from cxreview.wander.company import Company
from improvements.models import Action, Decision, Option, Recommendation, Submission
from improvements.queries.outcomes import reading_of
from improvements.workflow import actions, decisions, outcomes, recommendations, submissions
from reviews import workflow as reviews
from reviews.models import Criterion, Finding, Judgement, Parameter, Question, Review, Round, Subject
from teams import clock
from teams.models import Person

WHY = "Because it was so."


@dataclass
class Story:
    """One review and all that came of it. ``chance`` decides everything, so that a seed tells the same story again;
    ``usual``: nothing is left to it."""

    company: Company
    chance: Random
    review: int = 0
    usual: bool = False

    def of(self, noun: str) -> QuerySet[Any]:
        """The rows of a noun that belong to this story, in a fixed order."""
        model, path = NOUNS[noun]
        return model._default_manager.filter(**{path: self.review}).order_by("pk")

    def one(self, noun: str) -> Any:
        """One of them by chance, None where there is none."""
        rows = list(self.of(noun))
        return self.chance.choice(rows) if rows else None


NOUNS: dict[str, tuple[type[Model], str]] = {
    "review": (Review, "pk"),
    "criterion": (Criterion, "review"),
    "subject": (Subject, "review"),
    "round": (Round, "review"),
    "finding": (Finding, "review"),
    "recommendation": (Recommendation, "review"),
    "option": (Option, "recommendation__review"),
    "submission": (Submission, "recommendation__review"),
    "action": (Action, "recommendation__review"),
}
Verb = Callable[[Story, Person, Any], Any]


@dataclass(frozen=True)
class Move:
    """``verb`` on one thing of ``noun``; ``address`` with ``data``: the same through its page."""

    noun: str
    verb: Verb
    address: str = ""
    data: Callable[[Story, Any], dict[str, Any]] = lambda story, thing: {}

    def url(self, thing: Any) -> str:
        return reverse(self.address, args=[thing.pk])


def begin(story: Story, person: Person) -> Review:
    """A review of the team by ``person``, with a criterion by rule and one by hand, two steps and a feature."""
    company = story.company
    last = clock.today().replace(day=1) - dt.timedelta(days=1)
    values = {
        "question": "Why do customers wait?",
        "service": company.service,
        "start_point": "A letter comes",
        "end_point": "It is answered",
        "customers": Review.Customers.EXTERNAL,
        "first_day": last - dt.timedelta(days=364),
        "last_day": last,
        "decision_maker": company.people["decision-maker"],
    }
    assert company.series is not None
    measured: dict[str, Any] = {"name": "In time", "measure": "Share", "source": "Charter", "rule": Criterion.Rule.MEAN}
    measured |= {"metric": company.series.metric, "series": company.series, "threshold": 90.0}
    by_hand = {"name": "Kind", "measure": "Read from replies", "source": "Charter", "rule": Criterion.Rule.BY_HAND}
    made = reviews.create(person, company.units["team"], values, criteria=[measured, by_hand])
    reviews.add_step(person, made, "Read the letter")
    reviews.add_step(person, made, "Write the answer")
    reviews.add_feature(person, made, "Opening hours")
    story.review = made.pk
    return made


def reason(story: Story, thing: Any) -> dict[str, Any]:
    return {"reason": WHY}


def _edit_plan(story: Story, person: Person, review: Review) -> Any:
    mine = {"inside": f"Letters of kind {story.chance.randrange(10**9)}"}
    return reviews.edit_plan(person, review, review.version, {"inside": review.inside}, mine, WHY)


def _add_parameter(story: Story, person: Person, review: Review) -> Any:
    freedom = story.chance.choice(Parameter.Freedom.values)
    return reviews.add_item(person, review, Parameter, {"aspect": "Forms", "freedom": freedom, "detail": ""}, WHY)


def _remove_subject(story: Story, person: Person, subject: Subject) -> Any:
    return reviews.remove_subject(person, subject, WHY)


def _judge(story: Story, person: Person, subject: Subject) -> Any:
    respect = story.chance.choice(Judgement.Respect.values)
    rating = story.chance.choice(Judgement.Rating.values)
    known = Judgement.objects.filter(subject=subject, respect=respect).first()
    return reviews.judge(person, subject, respect, known.version if known else 0, {}, {"rating": rating, "why": WHY})


def _choose_outcome(story: Story, person: Person, subject: Subject) -> Any:
    return reviews.choose_outcome(person, subject, 0, {}, {"outcome": "keep", "reason": WHY})


def _open_round(story: Story, person: Person, review: Review) -> Any:
    asked = [(subject, "means", "How?") for subject in story.of("subject")]
    guests = [(story.company.people[part], "colleague") for part in ("colleague", "other colleague")]
    return reviews.open_round(person, review, "What do you think?", clock.today(), asked, guests)


def _answer(story: Story, person: Person, round: Round) -> Any:
    asked = Question.objects.filter(round=round).values_list("pk", flat=True)
    return reviews.answer(person, round, dict.fromkeys(asked, ("keep", "")))


def _write_finding(story: Story, person: Person, review: Review) -> Any:
    return reviews.write_finding(person, review, {"title": "Late", "condition": "Half of them."})


def _raise_finding(story: Story, person: Person, review: Review) -> Any:
    found = Judgement.objects.filter(subject__review=review).order_by("pk").first()
    return reviews.raise_finding(person, review, "judgement", str(found.pk if found else 0))


def _edit_finding(story: Story, person: Person, finding: Finding) -> Any:
    mine = {"effect": f"Anger {story.chance.randrange(10**9)}"}
    return reviews.edit_finding(person, finding, finding.version, {"effect": finding.effect}, mine)


def _merge(story: Story, person: Person, finding: Finding) -> Any:
    return reviews.merge_finding(person, finding, story.one("finding"))


def _conclude_criterion(story: Story, person: Person, criterion: Criterion) -> Any:
    known = getattr(criterion, "conclusion", None)
    mine = {"rating": "not_met", "why": WHY, "why_different": "The rule sees too little."}
    return reviews.conclude_criterion(person, criterion, known.version if known else 0, {}, mine)


def _recommend(story: Story, person: Person, review: Review) -> Any:
    found = list(story.of("finding"))
    chosen = found if story.usual else story.chance.sample(found, min(len(found), 1 + story.chance.randrange(2)))
    words = {"title": "Read once", "ask": "Allow it.", "benefit": "A day.", "waiting": "More wait."}
    return recommendations.create(person, review, chosen, **words)


def _edit_recommendation(story: Story, person: Person, thing: Recommendation) -> Any:
    mine = {"ask": f"Allow it {story.chance.randrange(10**9)} times."}
    return recommendations.edit(person, thing, thing.version, {"ask": thing.ask}, mine)


def _add_option(story: Story, person: Person, thing: Recommendation) -> Any:
    words: dict[str, Any] = {"name": "One reader", "satisfaction": 1, "one_off": Decimal(story.chance.randrange(2000))}
    return recommendations.add_option(person, thing, outside_reason="It pays.", **words)


def _outcome_data(story: Story, paper: Submission) -> dict[str, Any]:
    day = clock.today() + dt.timedelta(days=story.chance.randrange(1, 60))
    outcome = (
        Decision.Outcome.APPROVE.value
        if story.usual
        else story.chance.choice([one for one in Decision.Outcome.values if one != Decision.Outcome.REVOKE])
    )
    return {"outcome": outcome, "reason": WHY, "conditions": "Quietly.", "until_day": day}


def _decide(story: Story, person: Person, paper: Submission) -> Any:
    return decisions.decide(person, paper, **_outcome_data(story, paper))


def _decide_page(story: Story, paper: Submission) -> dict[str, Any]:
    return {**_outcome_data(story, paper), "seen": paper.state_hash}


def _propose(story: Story, person: Person, thing: Recommendation) -> Any:
    company, today = story.company, clock.today()
    people = [company.people[part] for part in sorted(company.people)]
    likely = company.people["owner"], company.people["colleague of the author"]
    owner, verifier = likely if story.usual or story.chance.random() < 0.7 else story.chance.sample(people, 2)
    found = list(Finding.objects.filter(recommendations=thing))
    with_step = story.of("subject").filter(step__isnull=False).first()
    fields: dict[str, Any] = {
        "kind": Action.Kind.STEP,
        "what": "Take the second reading out of the procedure",
        "step": with_step.step if with_step else None,
        "unit": company.units["team"],
        "owner": owner,
        "verifier": verifier,
        "series": company.series,
        "target": 81.6,
        "rule": Action.Rule.IMPROVES,
        "due_on": today + dt.timedelta(days=30),
        "hours": Decimal("12.0"),
        "needed_points": 7,
        "check_on": today + dt.timedelta(days=300),
    }
    return actions.propose(person, thing, found, story.of("criterion").filter(series__isnull=False), **fields)


def _verdict(story: Story, action: Action) -> dict[str, Any]:
    return {"verdict": "not_effective" if story.usual else story.chance.choice(list(outcomes.MOVES)), "why": WHY}


def _verdict_page(story: Story, action: Action) -> dict[str, Any]:
    reading = reading_of(action)
    return {**_verdict(story, action), "seen": reading.inputs_hash if reading else ""}


def _plain(verb: Callable[..., Any]) -> Verb:
    return lambda story, person, thing: verb(person, thing)


def _why(verb: Callable[..., Any]) -> Verb:
    return lambda story, person, thing: verb(person, thing, WHY)


MOVES: dict[str, Move] = {
    # The plan and its agreement
    "edit the plan": Move("review", _edit_plan),
    "add a parameter": Move("review", _add_parameter),
    "remove a subject": Move("subject", _remove_subject),
    "ask for agreement": Move("review", _plain(reviews.ask_agreement), "ask-agreement"),
    "withdraw the request": Move("review", _plain(reviews.withdraw_request), "withdraw-request"),
    "agree the plan": Move("review", _plain(reviews.agree), "agree-plan"),
    "send the plan back": Move("review", _why(reviews.send_back), "send-plan-back", reason),
    "freeze": Move("review", _plain(reviews.freeze), "freeze"),
    "start the review": Move("review", _plain(reviews.start), "start-review"),
    # The work
    "judge": Move("subject", _judge),
    "choose an outcome": Move("subject", _choose_outcome),
    "open a round": Move("review", _open_round),
    "answer": Move("round", _answer),
    "close the round": Move("round", _plain(reviews.close_round), "close-round"),
    "write a finding": Move("review", _write_finding),
    "raise a finding": Move("review", _raise_finding),
    "edit a finding": Move("finding", _edit_finding),
    "agree a finding": Move("finding", _plain(reviews.agree_finding), "agree-finding"),
    "merge a finding": Move("finding", _merge),
    "give a reason for none": Move("finding", _why(reviews.give_reason), "give-reason", reason),
    "open a finding again": Move("finding", _plain(reviews.open_finding_again), "open-finding-again"),
    "conclude a criterion": Move("criterion", _conclude_criterion),
    # Its end
    "conclude": Move("review", _why(reviews.conclude), "conclude-review", lambda story, thing: {"overall": WHY}),
    "reopen the review": Move("review", _why(reviews.reopen), "reopen-review", reason),
    "cancel the review": Move("review", _why(reviews.cancel), "cancel-review", reason),
    "close the review": Move("review", _why(reviews.close), "close-review", reason),
    "archive": Move("review", _plain(reviews.archive), "archive-review"),
    "unarchive": Move("review", _plain(reviews.unarchive), "unarchive-review"),
    # Recommendations and papers
    "recommend": Move("review", _recommend),
    "edit a recommendation": Move("recommendation", _edit_recommendation),
    "add an option": Move("recommendation", _add_option),
    "prefer": Move("option", _plain(recommendations.prefer), "prefer"),
    "drop an option": Move("option", _plain(recommendations.drop_option), "drop-option"),
    "put forward": Move("recommendation", _plain(submissions.put_forward), "put-forward"),
    "withdraw": Move("submission", _why(submissions.withdraw), "withdraw", reason),
    "decide": Move("submission", _decide, "decide", _decide_page),
    "revoke": Move("submission", _why(decisions.revoke), "revoke", reason),
    # Actions
    "propose": Move("recommendation", _propose),
    "approve an action": Move("action", _plain(actions.approve), "approve-action"),
    "start an action": Move("action", _plain(actions.start), "start-action"),
    "finish an action": Move("action", _why(actions.finish), "finish-action", lambda story, thing: {"proof": WHY}),
    "reopen an action": Move("action", _why(actions.reopen), "reopen-action", reason),
    "cancel an action": Move("action", _why(actions.cancel), "cancel-action", reason),
    "verify": Move(
        "action", lambda story, person, thing: outcomes.verify(person, thing, **_verdict(story, thing)),
        "outcome", _verdict_page,
    ),
}  # fmt: skip

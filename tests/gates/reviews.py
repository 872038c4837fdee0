"""Who gets what from the pages of reviews. The reviews belong to a team, so that its lead sees them, too."""

import json
from functools import cached_property

from reviews import workflow
from reviews.models import CollectionMethod, Criterion, Parameter, Question, Subject
from tests.gates.rows import Get, Post, Row, only
from tests.reviews import making

READERS = only("supervisor", "decision_maker", "team_lead")
EDITORS = only("supervisor")
FINDERS = only("supervisor", "team_lead")
DECIDER = only("decision_maker")
ASKED = only("colleague", "team_lead")


class Scene:
    """A review in each state; what a row does not ask for is never made."""

    def __init__(self, side):
        self.side = side

    def make(self, maker):
        return making.again(maker(self.side, self.side.team))

    @cached_property
    def planned(self):
        return self.make(making.planned)

    @cached_property
    def asked(self):
        return self.make(making.asked)

    @cached_property
    def agreed(self):
        return self.make(making.agreed)

    @cached_property
    def frozen(self):
        return self.make(making.frozen)

    @cached_property
    def under_way(self):
        return self.make(making.under_way)

    @cached_property
    def concluded(self):
        return self.make(making.concluded)

    @cached_property
    def ready(self):
        """Under way, with every criterion concluded."""
        review = self.under_way
        for each in Criterion.objects.filter(review=review):
            workflow.conclude_criterion(self.side.supervisor, each, 0, {}, {"rating": "met", "why": "Read twenty."})
        return review

    @cached_property
    def closed(self):
        return self.make(making.closed)

    @cached_property
    def archived(self):
        return workflow.archive(self.side.supervisor, self.closed)

    @cached_property
    def step(self):
        return Subject.objects.filter(review=self.under_way).first()

    @cached_property
    def planned_steps(self):
        return list(Subject.objects.filter(review=self.planned))

    @cached_property
    def process(self):
        """The steps of another review of the same service, as a known process."""
        version = self.under_way.process_version
        assert version is not None
        return version

    @cached_property
    def bare(self):
        """A plan of the same service without a step."""
        return workflow.create(self.side.supervisor, self.side.team, making.fields(self.side))

    @cached_property
    def judgement(self):
        return workflow.judge(
            self.side.supervisor, self.step, "cost", 0, {}, making.judgement(), [("note", "", "Seen")]
        )

    @cached_property
    def round(self):
        guests = [(self.side.colleague, "colleague"), (self.side.team_lead, "manager")]
        return making.a_round(self.side, self.under_way, guests)

    @cached_property
    def revealed(self):
        made = making.a_round(self.side, self.under_way)
        making.answer_all(self.side.colleague, made, comment="Twice the same.")
        return workflow.close_round(self.side.supervisor, made)

    @cached_property
    def finding(self):
        return workflow.raise_finding(self.side.supervisor, self.under_way, "judgement", str(self.judgement.pk))

    @cached_property
    def other_finding(self):
        return workflow.write_finding(self.side.supervisor, self.under_way, {"title": "Kind answers"})

    @cached_property
    def agreed_finding(self):
        return workflow.agree_finding(self.side.supervisor, self.finding)

    @cached_property
    def addressed(self):
        return workflow.give_reason(self.side.supervisor, self.agreed_finding, "It is being mended.")

    def first(self, model, review):
        return model.objects.filter(review=review).order_by("pk").first()


def scene(side):
    return Scene(side)


def of(name):
    """Arguments: the id of one object of the scene."""
    return lambda at: {"pk": getattr(at, name).pk}


def item(model, noun):
    return lambda at: {"noun": noun, "pk": at.first(model, at.planned).pk}


def plan_form(at):
    return {
        "title": "A better title",
        "question": "Why do customers wait?",
        "service": at.planned.service,
        "start_point": "A letter comes",
        "end_point": "It is answered",
        "customers": "external",
        "first_day": "2025-01-01",
        "last_day": "2025-12-31",
        "decision_maker": at.side.decision_maker,
        **opened(at.planned, "title", "question", "start_point", "end_point"),
    }


def opened(row, *names):
    """What a form over a row carries along."""
    return {"version": row.version, "base": json.dumps({name: getattr(row, name) for name in names})}


def new_form(at):
    return {
        "question": "Why do customers wait?",
        "unit": at.side.team,
        "service": making.a_service(at.side),
        "start_point": "A letter comes",
        "end_point": "It is answered",
        "customers": "external",
        "first_day": "2025-01-01",
        "last_day": "2025-12-31",
        "decision_maker": at.side.decision_maker,
    }


CRITERION = {"name": "On time", "measure": "Days", "rule": "by_hand", "source": "Charter", "weight": "1"}
FINDING = {"title": "Late", "sort": "fault", "confidence": "low", "condition": "Half of them."}


def edited(at):
    return {**FINDING, **opened(at.finding, "title", "sort", "confidence", "condition")}


def answers(at):
    return {f"choice_{n}": "keep" for n in range(1, Question.objects.filter(round=at.round).count() + 1)}


ROWS = [
    Row("reviews", Get(queries=("?export=csv", "?export=xlsx", "?words=a&sort=title", "?archived=archived"))),
    Row("new-review", Get(), Post(new_form), door=EDITORS),
    Row("copy-review", post=Post(may=EDITORS), args=of("planned"), sees=READERS),
    # Plan
    Row("review", Get(), args=of("frozen"), sees=READERS),
    Row("edit-plan", Get(may=EDITORS), Post(plan_form, may=EDITORS), args=of("planned"), sees=READERS),
    Row(
        "add-item",
        Get(may=EDITORS),
        Post(lambda at: CRITERION, may=EDITORS),
        args=lambda at: {"pk": at.planned.pk, "noun": "criterion"},
        sees=READERS,
    ),
    Row(
        "edit-item",
        Get(may=EDITORS),
        Post(
            lambda at: {
                "aspect": "Opening hours",
                "freedom": "free",
                **opened(at.first(Parameter, at.planned), "aspect", "freedom", "detail"),
            },
            may=EDITORS,
        ),
        args=item(Parameter, "parameter"),
        sees=READERS,
    ),
    Row("remove-item", Get(may=EDITORS), Post(may=EDITORS), args=item(CollectionMethod, "method"), sees=READERS),
    Row(
        "note-yield",
        Get(may=EDITORS),
        Post(lambda at: {"got": "11 of 14 answered"}, may=EDITORS),
        args=lambda at: {"pk": at.first(CollectionMethod, at.under_way).pk},
        sees=READERS,
    ),
    Row(
        "add-step",
        Get(may=EDITORS),
        Post(lambda at: {"name": "Post it"}, may=EDITORS),
        args=of("planned"),
        sees=READERS,
    ),
    Row(
        "add-steps",
        Get(may=EDITORS),
        Post(lambda at: {"version": at.process}, may=EDITORS),
        args=of("bare"),
        sees=READERS,
    ),
    Row(
        "add-feature",
        Get(may=EDITORS),
        Post(lambda at: {"name": "Tone"}, may=EDITORS),
        args=of("planned"),
        sees=READERS,
    ),
    # Agreement
    Row(
        "brief-review",
        Get(may=EDITORS),
        Post(lambda at: {"title": "Why", "text": "To learn.", "people": [at.side.colleague]}, may=EDITORS),
        args=of("planned"),
        sees=READERS,
    ),
    Row("ask-agreement", post=Post(may=EDITORS), args=of("planned"), sees=READERS),
    Row("withdraw-request", post=Post(may=EDITORS), args=of("asked"), sees=READERS),
    Row("agree-plan", post=Post(may=DECIDER), args=of("asked"), sees=READERS),
    Row(
        "send-plan-back",
        Get(may=DECIDER),
        Post(lambda at: {"reason": "No cost criterion."}, may=DECIDER),
        args=of("asked"),
        sees=READERS,
    ),
    Row("freeze", post=Post(lambda at: {"start": "1"}, may=EDITORS), args=of("agreed"), sees=READERS),
    Row("start-review", post=Post(may=EDITORS), args=of("frozen"), sees=READERS),
    # Process
    Row("review-process", Get(), args=of("under_way"), sees=READERS),
    Row("step", Get(), args=of("step"), sees=READERS),
    Row(
        "judge",
        post=Post(lambda at: {"cost-rating": "met", "cost-confidence": "low", "cost-why": "Cheap"}, may=EDITORS),
        args=lambda at: {"pk": at.step.pk, "respect": "cost"},
        sees=READERS,
    ),
    Row(
        "step-outcome",
        post=Post(lambda at: {"outcome-outcome": "keep", "outcome-reason": "It works."}, may=EDITORS),
        args=of("step"),
        sees=READERS,
    ),
    Row(
        "move-subject",
        post=Post(lambda at: {"up": "0"}, may=EDITORS),
        args=lambda at: {"pk": at.planned_steps[0].pk},
        sees=READERS,
    ),
    Row(
        "remove-subject",
        Get(may=EDITORS),
        Post(may=EDITORS),
        args=lambda at: {"pk": at.planned_steps[0].pk},
        sees=READERS,
    ),
    Row(
        "remove-evidence",
        post=Post(may=FINDERS),
        args=lambda at: {"pk": at.finding.evidence.get().pk},
        sees=READERS,
    ),
    # Challenge
    Row("review-challenge", Get(), args=of("under_way"), sees=READERS),
    Row(
        "new-round",
        Get(may=EDITORS),
        Post(
            lambda at: {
                "title": "What do you think?",
                "closes_on": "2999-01-01",
                "questions": [f"{at.step.pk}:means"],
                "colleagues": [at.side.colleague],
            },
            may=EDITORS,
        ),
        args=of("under_way"),
        sees=READERS,
    ),
    Row("round", Get(), args=of("revealed"), sees=READERS),
    Row(
        "invite-more",
        Get(may=EDITORS),
        Post(lambda at: {"colleagues": [at.side.second_colleague]}, may=EDITORS),
        args=of("round"),
        sees=READERS,
    ),
    Row("remind-round", post=Post(may=EDITORS), args=of("round"), sees=READERS),
    Row("close-round", post=Post(may=EDITORS), args=of("round"), sees=READERS),
    Row("answer", Get(queries=("?all=1", "?question=2")), Post(answers), args=of("round"), sees=ASKED),
    # Measure
    Row("review-measure", Get(), args=of("under_way"), sees=READERS),
    Row(
        "conclusion",
        Get(may=EDITORS),
        Post(lambda at: {"rating": "partly", "why": "Half of them."}, may=EDITORS),
        args=lambda at: {"pk": at.first(Criterion, at.under_way).pk},
        sees=READERS,
    ),
    # Findings
    Row("review-findings", Get(), args=of("under_way"), sees=READERS),
    Row("new-finding", Get(may=FINDERS), Post(lambda at: FINDING, may=FINDERS), args=of("under_way"), sees=READERS),
    Row(
        "raise-finding",
        Get(),
        Post(lambda at: {"review": at.under_way}, may=FINDERS),
        args=lambda at: {"kind": "judgement", "thing": str(at.judgement.pk)},
        sees=READERS,
    ),
    Row("finding", Get(), Post(edited, may=FINDERS), args=of("finding"), sees=READERS),
    Row(
        "link-evidence",
        post=Post(lambda at: {"kind": "note", "note": "A letter of May"}, may=FINDERS),
        args=of("finding"),
        sees=READERS,
    ),
    Row("agree-finding", post=Post(may=EDITORS), args=of("finding"), sees=READERS),
    Row(
        "merge-finding",
        post=Post(lambda at: {"into": at.other_finding}, may=EDITORS),
        args=of("finding"),
        sees=READERS,
    ),
    Row(
        "give-reason", post=Post(lambda at: {"reason": "Mended."}, may=EDITORS), args=of("agreed_finding"), sees=READERS
    ),
    Row("open-finding-again", post=Post(may=EDITORS), args=of("addressed"), sees=READERS),
    # End
    Row(
        "conclude-review",
        Get(may=EDITORS),
        Post(lambda at: {"overall": "It works, slowly."}, may=EDITORS),
        args=of("ready"),
        sees=READERS,
    ),
    Row(
        "reopen-review",
        Get(may=EDITORS),
        Post(lambda at: {"reason": "A file came late."}, may=EDITORS),
        args=of("concluded"),
        sees=READERS,
    ),
    Row(
        "cancel-review",
        Get(may=EDITORS),
        Post(lambda at: {"reason": "Done elsewhere."}, may=EDITORS),
        args=of("planned"),
        sees=READERS,
    ),
    Row(
        "close-review",
        Get(may=EDITORS),
        Post(lambda at: {"reason": "All is done."}, may=EDITORS),
        args=of("concluded"),
        sees=READERS,
    ),
    Row("archive-review", post=Post(may=EDITORS), args=of("closed"), sees=READERS),
    Row("unarchive-review", post=Post(may=EDITORS), args=of("archived"), sees=READERS),
]

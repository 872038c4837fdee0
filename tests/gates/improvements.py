"""Who gets what from the pages of improvements. The review belongs to a team, so that its lead sees them, too."""

import json
from functools import cached_property

from improvements.workflow import actions, decisions, outcomes, submissions
from reviews.models import Criterion
from teams.trail import plain
from tests.gates.rows import Get, Post, Row, only
from tests.improvements import making
from tests.reviews.making import again

READERS = only("supervisor", "decision_maker", "team_lead")
WRITERS = only("supervisor")
PLANNERS = only("supervisor", "team_lead")
APPROVERS = only("supervisor", "decision_maker")
DECIDER = only("decision_maker")
OWNER = only("team_lead")
VERIFIER = only("supervisor")


class Scene:
    """A recommendation, its paper and an action in each state; what a row does not ask for is never made."""

    def __init__(self, side):
        self.side = side

    @cached_property
    def review(self):
        return making.concluded(self.side, unit=self.side.team)

    @cached_property
    def finding(self):
        return making.finding_of(self.review)

    @cached_property
    def draft(self):
        return making.drafted(self.side, self.review)

    @cached_property
    def option(self):
        return self.draft.options.get(kind="change")

    @cached_property
    def nothing(self):
        return self.draft.options.get(kind="do_nothing")

    @cached_property
    def paper(self):
        return again(submissions.put_forward(self.side.supervisor, self.draft))

    @cached_property
    def approved(self):
        decisions.decide(self.side.decision_maker, self.paper, "approve", "It costs little.")
        return again(self.paper)

    @cached_property
    def agreed(self):
        return again(self.approved.recommendation)

    @cached_property
    def criterion(self):
        return Criterion.objects.get(review=self.review, series__isnull=False)

    @cached_property
    def proposed(self):
        thing = self.agreed
        fields = making.action_fields(self.side, verifier=self.side.supervisor)
        made = actions.propose(self.side.supervisor, thing, [self.finding], [self.criterion], **fields)
        return again(made)

    @cached_property
    def ready(self):
        return actions.approve(self.side.supervisor, self.proposed)

    @cached_property
    def started(self):
        return actions.start(self.side.team_lead, self.ready)

    @cached_property
    def done(self):
        return actions.finish(self.side.team_lead, self.started, "The procedure has one reading.")

    @cached_property
    def effective(self):
        return outcomes.verify(self.side.supervisor, self.done, "effective", "I counted it.").action

    @cached_property
    def proved(self):
        from django.core.files.uploadedfile import SimpleUploadedFile

        file = SimpleUploadedFile("proof.pdf", b"%PDF-1.7 " + self.side.word.encode())
        return actions.finish(self.side.team_lead, self.started, "", file)


def scene(side):
    return Scene(side)


def of(name):
    """Arguments: the id of one object of the scene."""
    return lambda at: {"pk": getattr(at, name).pk}


def opened(row, *names, **links):
    """What a form over a row carries along."""
    base = {name: plain(getattr(row, name)) for name in names} | links
    return {"version": row.version, "base": json.dumps(base)}


RECOMMENDATION = {"title": "Read once", "ask": "Allow it.", "benefit": "A day.", "waiting": "More wait."}
OPTION = {
    "kind": "do_minimum",
    "name": "Read half",
    "satisfaction": "1",
    "cost_effect": "0",
    "compliance": "0",
    "one_off": "10.00",
    "yearly": "0.00",
    "hours": "2.0",
}


def recommendation(at):
    return {**RECOMMENDATION, "findings": [at.finding]}


def edited(at):
    return {
        **recommendation(at),
        **opened(at.draft, "title", "ask", "benefit", "waiting", "by_day", findings=[at.finding.pk]),
    }


def option(at):
    return {**OPTION, "touches": [at.review.parameters.get(aspect="opening hours")]}


def edited_option(at):
    return {**option(at), **opened(at.option, *OPTION, "description", "risk", "weeks", "outside_reason", touches=[])}


def action(at):
    assert at.agreed
    fields = making.action_fields(at.side, verifier=at.side.supervisor)
    return {
        **{name: value for name, value in fields.items() if value is not None},
        "findings": [at.finding],
        "criteria": [at.criterion],
    }


def edited_action(at):
    names = [name for name in action(at) if name not in ("findings", "criteria")]
    links = {"findings": [at.finding.pk], "criteria": [at.criterion.pk]}
    return {**action(at), "what": "Read each message once", **opened(at.proposed, *names, **links)}


def verdict(at):
    inputs = at.done.series.analyses.get().inputs_hash
    return {"verdict": "too_early", "why": "", "seen": inputs}


def lasting(at):
    inputs = at.effective.series.analyses.get().inputs_hash
    return {"verdict": "sustained", "why": "It is still there.", "seen": inputs}


def decision(at):
    return {"outcome": "approve", "reason": "It costs little.", "seen": at.paper.state_hash}


REASON = {"reason": "A figure is wrong."}

ROWS = [
    # Recommendations
    Row("review-decide", Get(), args=of("review"), sees=READERS),
    Row("review-act", Get(), args=of("review"), sees=READERS),
    Row(
        "new-recommendation",
        Get(may=WRITERS),
        Post(recommendation, may=WRITERS),
        args=of("review"),
        sees=READERS,
    ),
    Row("recommendation", Get(), args=of("draft"), sees=READERS),
    Row("edit-recommendation", Get(may=WRITERS), Post(edited, may=WRITERS), args=of("draft"), sees=READERS),
    Row("new-option", Get(may=WRITERS), Post(option, may=WRITERS), args=of("draft"), sees=READERS),
    Row("option", Get(may=WRITERS), Post(edited_option, may=WRITERS), args=of("option"), sees=READERS),
    Row("drop-option", post=Post(may=WRITERS), args=of("option"), sees=READERS),
    Row("prefer", post=Post(may=WRITERS), args=of("nothing"), sees=READERS),
    Row("put-forward", post=Post(may=WRITERS), args=of("draft"), sees=READERS),
    # Papers
    Row("submission", Get(), args=of("paper"), sees=READERS),
    Row("decide", Get(may=DECIDER), Post(decision, may=DECIDER), args=of("paper"), sees=READERS),
    Row("withdraw", Get(may=WRITERS), Post(lambda at: REASON, may=WRITERS), args=of("paper"), sees=READERS),
    Row("revoke", Get(may=DECIDER), Post(lambda at: REASON, may=DECIDER), args=of("approved"), sees=READERS),
    Row("decisions", Get(queries=("?export=csv", "?export=xlsx", "?q=a&sort=decider", "?from=2020-01-01"))),
    # Actions
    Row("improvements", Get(queries=("?export=csv", "?export=xlsx", "?show=overdue", "?mine=owner&sort=-due"))),
    Row("new-action", Get(), Post(action), args=of("agreed"), door=PLANNERS, sees=READERS),
    Row("smart", Get(queries=("?what=improve&kind=step",)), args=of("agreed"), door=PLANNERS, sees=READERS),
    Row("action", Get(), args=of("proposed"), sees=READERS),
    Row("edit-action", Get(may=PLANNERS), Post(edited_action, may=PLANNERS), args=of("proposed"), sees=READERS),
    Row("approve-action", post=Post(may=APPROVERS), args=of("proposed"), sees=READERS),
    Row("start-action", post=Post(may=OWNER), args=of("ready"), sees=READERS),
    Row(
        "finish-action",
        Get(may=OWNER),
        Post(lambda at: {"proof": "Procedure 7."}, may=OWNER),
        args=of("started"),
        sees=READERS,
    ),
    Row("reopen-action", Get(may=VERIFIER), Post(lambda at: REASON, may=VERIFIER), args=of("done"), sees=READERS),
    Row("cancel-action", Get(may=PLANNERS), Post(lambda at: REASON, may=PLANNERS), args=of("ready"), sees=READERS),
    Row("outcome", Get(), Post(verdict, may=VERIFIER), args=of("done"), sees=READERS),
    Row("watch", Get(may=VERIFIER), Post(lasting, may=VERIFIER), args=of("effective"), sees=READERS),
    Row("proof", Get(), args=of("proved"), sees=READERS),
]

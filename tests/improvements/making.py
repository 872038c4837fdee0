"""Recommendations, papers and actions in every state, each made by calling the verbs."""

import datetime as dt
from decimal import Decimal

from improvements.models import Action
from improvements.workflow import actions, decisions, outcomes, recommendations, submissions, watching
from metrics.analysing import analyse_series
from metrics.models import Observation
from reviews import workflow as reviews
from reviews.models import Criterion, Finding, Parameter, Subject
from teams import clock
from tests.reviews import making as base

TODAY = dt.date(2026, 3, 2)


def observe(series, values, first=dt.date(2024, 1, 1)):
    """Monthly shares in per cent, of a thousand contacts each; analysed."""
    days = [
        dt.date(first.year + (first.month - 1 + n) // 12, (first.month - 1 + n) % 12 + 1, 1) for n in range(len(values))
    ]
    Observation.objects.bulk_create(
        Observation(series=series, day=day.toordinal(), numerator=value * 10, denominator=1000)
        for day, value in zip(days, values, strict=True)
    )
    analyse_series([series.pk])
    return days


STEADY = [80.0, 81.0, 79.5, 80.5, 81.5, 79.0, 80.0, 82.0, 80.5, 79.5, 81.0, 80.0] * 2


def under_way(side, values=STEADY, spend_limit=None, parameters=(), unit=None):
    """A review with a criterion on a real series, two parameters and one agreed finding."""
    series = base.a_series(side, side.team)
    if values:
        observe(series, values)
    review = base.planned(side, unit, spend_limit=spend_limit)
    measured = {
        "name": "Customers get a first response in time",
        "measure": "First response within 4 hours",
        "metric": series.metric,
        "series": series,
        "threshold": 90.0,
        "source": "Charter of 2024",
        "rule": Criterion.Rule.MEAN,
    }
    reviews.add_item(side.supervisor, review, Criterion, measured)
    for aspect, freedom in (("staffing", "fixed"), ("opening hours", "approval"), ("wording", "free"), *parameters):
        reviews.add_item(side.supervisor, review, Parameter, {"aspect": aspect, "freedom": freedom, "detail": ""})
    reviews.ask_agreement(side.supervisor, base.again(review))
    reviews.agree(side.decision_maker, base.again(review))
    review = reviews.freeze(side.supervisor, base.again(review), start=True)
    step = Subject.objects.filter(review=review).first()
    judged = reviews.judge(side.supervisor, step, "satisfaction", 0, {}, base.judgement(rating="not_met"))
    finding = reviews.raise_finding(side.supervisor, review, "judgement", str(judged.pk))
    reviews.agree_finding(side.supervisor, finding)
    return base.again(review)


def concluded(side, review=None, **options):
    review = review or under_way(side, **options)
    for each in Criterion.objects.filter(review=review):
        words = {"rating": "not_met", "why": "Twenty replies were read.", "why_different": "The rule sees too little."}
        reviews.conclude_criterion(side.supervisor, each, 0, {}, words)
    return reviews.conclude(side.supervisor, review, "Customers wait, because a message is read twice.")


def finding_of(review):
    return Finding.objects.get(review=review)


def drafted(side, review=None, **options):
    review = review or concluded(side, **options)
    made = recommendations.create(
        side.supervisor,
        review,
        [finding_of(review)],
        title="Read each message once, by the person who answers it",
        ask="Allow the team to do away with the second reading.",
        benefit="First responses come a day earlier.",
        waiting="Each month about 200 customers wait a day longer than promised.",
        by_day=dt.date(2026, 6, 30),
    )
    recommendations.add_option(
        side.supervisor,
        made,
        name="One reader",
        description="Who reads answers.",
        satisfaction=1,
        one_off=Decimal("1200.00"),
        yearly=Decimal("300.00"),
        hours=Decimal("40.0"),
        weeks=4,
        risk="Mistakes are seen later.",
    )
    return made


def put_forward(side, **options):
    return submissions.put_forward(side.supervisor, drafted(side, **options))


def approved(side, **options):
    paper = put_forward(side, **options)
    decisions.decide(side.decision_maker, paper, "approve", "It costs little and customers gain.")
    return base.again(paper)


def action_fields(side, **changed):
    series = base.a_series(side, side.team)
    step = Subject.objects.filter(review__unit__path__startswith=side.department.path, step__isnull=False).first().step
    values = {
        "kind": Action.Kind.STEP,
        "what": "Take the second reading out of the procedure",
        "step": step,
        "unit": side.team,
        "owner": side.team_lead,
        "series": series,
        "target": 81.8,
        "rule": Action.Rule.IMPROVES,
        "due_on": clock.today() + dt.timedelta(days=30),
        "hours": Decimal("12.0"),
        "verifier": side.second_supervisor,
        "needed_points": 7,
        "check_on": clock.today() + dt.timedelta(days=300),
    }
    return {**values, **changed}


def proposed(side, paper=None, **changed):
    thing = (paper or approved(side)).recommendation
    review = thing.review
    criterion = Criterion.objects.filter(review=review, series__isnull=False)
    return actions.propose(
        side.supervisor, base.again(thing), [finding_of(review)], criterion, **action_fields(side, **changed)
    )


def agreed(side, **changed):
    return actions.approve(side.supervisor, proposed(side, **changed))


def started(side, **changed):
    return actions.start(side.team_lead, agreed(side, **changed))


def done(side, **changed):
    return actions.finish(side.team_lead, started(side, **changed), "The procedure of 2 March has one reading.")


def verified(side, verdict="not_effective", **changed):
    return outcomes.verify(side.second_supervisor, done(side, **changed), verdict, "Seen with my own eyes.")


def watched(side, verdict="sustained", **changed):
    action = verified(side, "effective", **changed).action
    return watching.watch(side.second_supervisor, action, verdict, "Seen with my own eyes.")

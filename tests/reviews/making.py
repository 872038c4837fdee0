"""Reviews in every state, each made by calling the verbs."""

import datetime as dt

from metrics.models import Metric, Series
from processes.models import Service
from reviews import workflow
from reviews.models import Answer, Criterion, Judgement, Question, Review, Subject
from teams import clock

START = dt.date(2026, 3, 2)


def a_service(side):
    return Service.objects.get_or_create(unit=side.department, name=f"{side.word} help desk")[0]


def a_series(side, unit=None, name="First response within 4 hours"):
    metric, _made = Metric.objects.get_or_create(
        unit=side.organisation,
        code=name.lower().replace(" ", "-")[:80],
        defaults={
            "name": name,
            "direction": Metric.Direction.HIGHER,
            "kind": Metric.Kind.PROPORTION,
            "period": Metric.Period.MONTH,
            "measure": "%",
            "scale": 100,
        },
    )
    return Series.objects.get_or_create(metric=metric, unit=unit or side.department)[0]


def fields(side, **changed):
    values = {
        "title": f"{side.word} first response",
        "question": "Why do customers wait longer since January?",
        "service": a_service(side),
        "start_point": "A customer writes",
        "end_point": "The customer has an answer",
        "customers": Review.Customers.EXTERNAL,
        "first_day": dt.date(2025, 1, 1),
        "last_day": dt.date(2025, 12, 31),
        "decision_maker": side.decision_maker,
    }
    return {**values, **changed}


def criterion(**changed):
    values = {
        "name": "Answers are kind",
        "measure": "Read from twenty replies",
        "source": "Charter of 2024",
        "rule": Criterion.Rule.BY_HAND,
    }
    return {**values, **changed}


def planned(side, unit=None, **changed):
    review = workflow.create(side.supervisor, unit or side.department, fields(side, **changed))
    workflow.add_item(side.supervisor, review, Criterion, criterion())
    workflow.add_step(side.supervisor, review, "Read the message")
    workflow.add_step(side.supervisor, review, "Write the answer")
    workflow.add_feature(side.supervisor, review, "Opening hours")
    return again(review)


def asked(side, unit=None):
    return workflow.ask_agreement(side.supervisor, planned(side, unit))


def agreed(side, unit=None):
    return workflow.agree(side.decision_maker, asked(side, unit))


def frozen(side, unit=None):
    return workflow.freeze(side.supervisor, agreed(side, unit))


def under_way(side, unit=None):
    return workflow.freeze(side.supervisor, agreed(side, unit), start=True)


def concluded(side, unit=None):
    review = under_way(side, unit)
    for each in Criterion.objects.filter(review=review):
        workflow.conclude_criterion(side.supervisor, each, 0, {}, {"rating": "met", "why": "Read twenty replies."})
    return workflow.conclude(side.supervisor, review, "It works, slowly.")


def decided(side, unit=None):
    return workflow.decided(concluded(side, unit))


def closed(side, unit=None):
    return workflow.close(side.supervisor, decided(side, unit), "All done.")


def cancelled(side, unit=None):
    return workflow.cancel(side.supervisor, planned(side, unit), "Another review covers it.")


MAKERS = {
    "planned": planned,
    "asked": asked,
    "agreed": agreed,
    "frozen": frozen,
    "under_way": under_way,
    "concluded": concluded,
    "decided": decided,
    "closed": closed,
    "cancelled": cancelled,
}


def again(thing):
    return type(thing)._base_manager.get(pk=thing.pk)


def a_round(side, review=None, guests=None):
    review = review or under_way(side)
    questions = [(subject, "means", f"Is {subject} done well?") for subject in Subject.objects.filter(review=review)]
    guests = guests or [
        (side.colleague, "colleague"),
        (side.second_colleague, "colleague"),
        (side.team_lead, "manager"),
    ]
    closes = clock.today() + dt.timedelta(days=7)
    return workflow.open_round(side.supervisor, review, "What do you think?", closes, questions, guests)


def answer_all(person, round, choice=Answer.Choice.CHANGE, comment=""):
    pks = Question.objects.filter(round=round).values_list("pk", flat=True)
    return workflow.answer(person, round, dict.fromkeys(pks, (choice, comment)))


def judgement(**changed):
    values = {"rating": Judgement.Rating.PARTLY, "why": "Twelve complaints.", "confidence": "medium"}
    return {**values, **changed}

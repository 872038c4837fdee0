"""How far the people who score agree."""

from metrics.wording.agreements import NONE_YET, REASONS, STATISTICS, chosen_line, narrate_agreement, planned
from tests.metrics.making import month

from .making import metric


def period(value=0.85, low=0.81, high=0.9, **more):
    return {"day": month(12), "value": value, "low": low, "high": high, "items": 40, "raters": 4, "contacts": 40, "top": 0.5,
            "reason": "", **more}  # fmt: skip


def facts(*periods, whole=None, statistic="fleiss"):
    return {"periods": list(periods), "whole": whole or period(), "statistic": statistic}


def cases():
    of = metric(name="Agreement", measure="", derived="agreement")
    for title, one in {
        "relied on": period(),
        "much, but so few contacts": period(0.85, 0.5, 0.95, items=6),
        "tentative": period(0.7, 0.5, 0.9),
        "too little, but so few contacts": period(0.5, 0.1, 0.9),
        "not to be used": period(0.3, 0.1, 0.6),
        "no interval": period(0.9, None, None, items=3),
        "one category nearly always": period(top=0.97),
        "one contact scored once": period(contacts=41),
        "three contacts scored once": period(contacts=43),
        "one contact, one person": period(items=1, raters=1),
    }.items():
        yield title, narrate_agreement(of, facts(one))
    for reason in REASONS:
        yield f"none: {reason}", narrate_agreement(of, facts(period(None, reason=reason)))
    yield "none at all", narrate_agreement(of, facts(period(None, reason="no_pairs"), whole=period(None)))
    yield "none yet", str(NONE_YET)
    for statistic in STATISTICS:
        yield f"chosen: {statistic}", chosen_line(facts(statistic=statistic))
    yield from _planned()


def _planned():
    many = {"contacts": 40, "twice": 12}
    for title, scored in {
        "nothing": {"contacts": 0, "twice": 0},
        "one contact": {"contacts": 1, "twice": 1},
        "none twice": {"contacts": 40, "twice": 0},
        "words": {**many, "words": ["met", "not met"]},
        "numbers": {**many, "numbers": [1, 5]},
        "numbers within bounds": {**many, "numbers": [1.5, 5], "bounded": True},
        "a column that is not read": {**many, "unread": ["Rater C"]},
    }.items():
        yield f"in the file: {title}", planned(scored)

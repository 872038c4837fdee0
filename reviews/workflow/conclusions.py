"""Verbs of conclusions: the rule's result frozen beside the reviewer's judgement."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from reviews import states
from reviews.models import Conclusion, Criterion
from reviews.queries import conclusions as queries
from reviews.workflow.working import working
from teams import clock, edits, trail
from teams.models import Person
from teams.refusals import Refused

FIELDS = ("rating", "why", "why_different")
RECORDED = ("rule_result", "rule_facts", "person", "at")


def conclude_criterion(
    person: Person, criterion: Criterion, base_version: int, base: dict[str, Any], mine: dict[str, Any]
) -> Conclusion:
    """Conclude one criterion. The rule is applied to the stored analysis now, and its result kept with its figures.

    A judgement that differs from the rule's says why (unless the rule found too little evidence).
    Raises Refused (``no_why``, ``not_now``), Conflict.
    """
    with working(person, criterion.review, "work", "reviews.judge", criterion) as review:
        criterion.review = review
        found = queries.rule_result(criterion)
        known = Conclusion.objects.filter(criterion=criterion).first()
        _check(found.rating, {**_values(known), **mine})
        if known is None:
            made = Conclusion.objects.create(
                criterion=criterion,
                rule_result=found.rating,
                rule_facts=trail.plain(found.facts),
                person=person,
                at=clock.now(),
                **mine,
            )
            trail.record(person, "conclude_criterion", made, {}, trail.values(made, *FIELDS, *RECORDED))
            return made

        def apply_rule(conclusion: Conclusion) -> None:
            conclusion.rule_result, conclusion.rule_facts = found.rating, trail.plain(found.facts)
            conclusion.person, conclusion.at = person, clock.now()

        return edits.save(
            person, known, base_version, base, mine, "conclude_criterion", also=apply_rule, recorded=RECORDED
        )


def _values(conclusion: Conclusion | None) -> dict[str, Any]:
    return {field: getattr(conclusion, field) for field in FIELDS} if conclusion else {}


def _check(rule_result: str, values: dict[str, Any]) -> None:
    if rule_result in (values.get("rating"), states.NOT_ENOUGH):
        return
    if not str(values.get("why_different", "")).strip():
        words = _("Your judgement differs from the rule's result: say why.")
        raise Refused("no_why", words, {"why_different": words})

"""Verbs of recommendations and their options, while they are drafts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from improvements import states
from improvements.models import Option, Recommendation
from improvements.queries.beneath import SETTLED
from reviews import states as review_states
from reviews.models import Finding, Parameter, Review
from teams import access, clock, edits, moves, trail
from teams.models import Person
from teams.refusals import Refused

MOST_WORDS = 40
FIELDS = ("title", "ask", "benefit", "waiting", "by_day")


def create(person: Person, review: Review, findings: Iterable[Finding] = (), **fields: Any) -> Recommendation:
    """A draft with one option, to do nothing, which stays. ``fields``: title, ask, benefit, waiting, by_day."""
    if not review_states.REVIEW.allows(review.state, "work"):
        moves.check(review, review_states.REVIEW, "recommend")
    access.require(person, "improvements.recommend", review)
    not_the_decision_maker(person, review)
    few_words(fields["title"])
    linked = _settled(review, findings)
    with transaction.atomic():
        made = Recommendation.objects.create(review=review, author=person, at=clock.now(), **fields)
        made.findings.set(linked)
        Option.objects.create(
            recommendation=made,
            kind=Option.Kind.DO_NOTHING,
            name=_now("Do nothing"),
            description=_now("Leave everything as it is."),
        )
        after = trail.values(made, *FIELDS, "state") | {"findings": sorted(one.pk for one in linked)}
        trail.record(person, "recommend", made, {}, after)
    return made


def edit(person: Person, thing: Recommendation, version: int, base: dict[str, Any], mine: dict[str, Any]) -> Any:
    """Change the words of a draft, or the findings it answers (ids). Raises Conflict if somebody was quicker."""
    moves.check(thing, states.RECOMMENDATION, "edit")
    access.require(person, "improvements.recommend", thing)
    not_the_decision_maker(person, thing.review)
    few_words(mine.get("title", thing.title))
    if "findings" in mine:
        _settled(thing.review, Finding.objects.filter(pk__in=mine["findings"]))
    return edits.save(person, thing, version, base, mine, "edit", also=_still_a_draft)


def add_option(person: Person, thing: Recommendation, touches: Iterable[Parameter] = (), **fields: Any) -> Option:
    """Another way to go. The first that is not "do nothing" becomes the preferred one."""
    touched = _own_parameters(thing, touches)
    with transaction.atomic():
        _hold(person, thing)
        last = thing.options.aggregate(last=Max("position"))["last"] or 0
        first = not thing.options.filter(preferred=True).exists()
        fields.setdefault("kind", Option.Kind.CHANGE)
        if fields["kind"] == Option.Kind.DO_NOTHING:
            raise Refused("second_nothing", _("Doing nothing is among the options already."))
        made = Option.objects.create(recommendation=thing, position=last + 1, preferred=first, **fields)
        made.touches.set(touched)
        after = trail.values(made, *fields, "preferred") | {"touches": sorted(one.pk for one in touched)}
        trail.record(person, "add_option", made, {}, after)
    return made


def edit_option(person: Person, option: Option, version: int, base: dict[str, Any], mine: dict[str, Any]) -> Any:
    """Change an option of a draft. "Do nothing" stays what it is, but its costs and effects may be said."""
    _require_draft(person, option.recommendation)
    if option.is_do_nothing and mine.get("kind", option.kind) != Option.Kind.DO_NOTHING:
        raise Refused("do_nothing_stays", _("Doing nothing stays among the options as what it is."))
    if not option.is_do_nothing and mine.get("kind") == Option.Kind.DO_NOTHING:
        raise Refused("second_nothing", _("Doing nothing is among the options already."))
    if "touches" in mine:
        _own_parameters(option.recommendation, Parameter.objects.filter(pk__in=mine["touches"]))
    return edits.save(
        person, option, version, base, mine, "edit_option", also=lambda now: _still_a_draft(now.recommendation)
    )


def drop_option(person: Person, option: Option) -> None:
    """Take an option out of a draft; "do nothing" cannot be taken out."""
    if option.is_do_nothing:
        raise Refused("do_nothing_stays", _("Doing nothing is always one of the options and cannot be taken out."))
    with transaction.atomic():
        _hold(person, option.recommendation)
        before = trail.values(option, "name", "kind", "one_off", "yearly", "hours", "preferred")
        trail.record(person, "drop_option", option, before, {})
        option.delete()


def prefer(person: Person, option: Option) -> Option:
    """Make this the option that is recommended; the one preferred before is so no longer."""
    with transaction.atomic():
        _hold(person, option.recommendation)
        rows = Option.objects.select_for_update().filter(recommendation=option.recommendation_id)
        was = rows.filter(preferred=True).values_list("pk", flat=True).first()
        rows.filter(preferred=True).update(preferred=False)
        rows.filter(pk=option.pk).update(preferred=True)
        option.refresh_from_db()
        trail.record(person, "prefer", option, {"preferred": was}, {"preferred": option.pk})
    return option


def hold(thing: Recommendation) -> Recommendation:
    """The row as it stands now, held for this transaction."""
    return Recommendation.objects.select_for_update(of=("self",)).select_related("review__unit").get(pk=thing.pk)


def _hold(person: Person, thing: Recommendation) -> None:
    _require_draft(person, hold(thing))


def _require_draft(person: Person, thing: Recommendation) -> None:
    _still_a_draft(thing)
    access.require(person, "improvements.recommend", thing)
    not_the_decision_maker(person, thing.review)


def _still_a_draft(thing: Recommendation) -> None:
    moves.check(thing, states.RECOMMENDATION, "edit")


def not_the_decision_maker(person: Person, review: Review) -> None:
    """Who is to decide may not write what is decided on."""
    if person.pk == review.decision_maker_id:
        raise Refused(
            "author_decides",
            _("You are the decision-maker of this review. What you decide on must be written by somebody else."),
        )


def few_words(title: str) -> None:
    if len(title.split()) > MOST_WORDS:
        words = _("Say it in at most 40 words: the decision-maker reads this first.")
        raise Refused("too_many_words", words, {"title": words})


def _settled(review: Review, findings: Iterable[Finding]) -> list[Finding]:
    linked = list(findings)
    if any(one.review_id != review.pk or one.state not in SETTLED for one in linked):
        words = _("Only agreed findings of this review can be answered.")
        raise Refused("finding_not_agreed", words, {"findings": words})
    return linked


def _own_parameters(thing: Recommendation, touches: Iterable[Parameter]) -> list[Parameter]:
    touched = list(touches)
    if any(one.review_id != thing.review_id for one in touched):
        words = _("Only parameters of this review can be touched.")
        raise Refused("foreign_parameter", words, {"touches": words})
    return touched

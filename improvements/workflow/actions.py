"""Verbs of actions: propose, edit, approve, start, finish with proof, open again, cancel."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from improvements import smart, states, wording
from improvements.models import Action, Recommendation
from improvements.queries.actions import authority_of, baseline_of, letters_of, own_team
from improvements.queries.beneath import SETTLED
from improvements.queries.outcomes import change_of
from improvements.workflow import retargeting
from improvements.workflow.closing import offer_closing
from improvements.workflow.following import findings_follow
from improvements.workflow.recommendations import hold
from metrics.models import Mark, Series, Signal, Target
from metrics.queries.signals import days_behind
from metrics.workflow import comparisons, marks, targets
from notices import workflow as notices
from reviews import states as review_states
from reviews.models import Criterion, Finding
from reviews.workflow.amending import locked
from teams import access, clock, edits, files, moves, trail
from teams.models import Person, TrailEntry
from teams.refusals import Refused

FIELDS = (
    "kind", "what", "step", "unit", "owner", "series", "target", "rule", "due_on", "hours",
    "beyond_best_reason", "verifier", "needed_points", "check_on",
)  # fmt: skip


def propose(
    person: Person,
    recommendation: Recommendation,
    findings: Iterable[Finding] = (),
    criteria: Iterable[Criterion] = (),
    follows: Action | None = None,
    **fields: Any,
) -> Action:
    """A new action under an agreed recommendation, as long as its review has not ended.

    Its baseline comes from the stored analysis, never from a hand.
    """
    found, judged = list(findings), list(criteria)
    with transaction.atomic():
        current = hold(recommendation)
        moves.check(current, states.RECOMMENDATION, "propose_action")
        moves.check(locked(current.review), review_states.REVIEW, "recommend")
        may_plan(person, recommendation, fields["unit"])
        _belong(recommendation, found, judged)
        made = Action(recommendation=recommendation, author=person, created_at=clock.now(), follows=follows, **fields)
        check_people(made)
        measure(made)
        made.save()
        made.findings.set(found)
        made.criteria.set(judged)
        findings_follow(found)
        after = trail.values(made, *FIELDS, "baseline_mean", "state")
        entry = trail.record(person, "propose", made, {}, after)
        told = [one for one in access.holders("improvements.approve", made.unit) if one.pk != person.pk]
        _tell(entry, told or [recommendation.review.supervisor], "approve_action", made, person, waits=True)
    return made


def may_plan(person: Person, recommendation: Recommendation, unit: Any) -> None:
    """Actions are planned by those who plan them for the review's unit or for the team that carries them out."""
    if not access.may(person, "improvements.act", unit):
        access.require(person, "improvements.act", recommendation)


def edit(person: Person, action: Action, version: int, base: dict[str, Any], mine: dict[str, Any]) -> Action:
    """Change a proposed action. Findings and criteria are given as ids. A new metric brings a new baseline."""
    moves.check(action, states.ACTION, "edit")
    access.require(person, "improvements.act", action)
    recommendation: Recommendation = action.recommendation
    if "findings" in mine or "criteria" in mine:
        found = Finding.objects.filter(pk__in=mine.get("findings", []))
        judged = Criterion.objects.filter(pk__in=mine.get("criteria", []))
        _belong(recommendation, list(found), list(judged))

    def follow(current: Action) -> None:
        moves.check(current, states.ACTION, "edit")
        check_people(current)
        measure(current)

    recorded = ("baseline_mean",) if "series" in mine else ()
    return edits.save(person, action, version, base, mine, "edit", also=follow, recorded=recorded)


def measure(action: Action) -> None:
    """Fill the baseline from the stored analysis of the chosen metric."""
    action.baseline = baseline_of(action.series)
    action.baseline_mean = action.baseline.get("mean")


def check_people(action: Action) -> None:
    """The verifier is neither the owner nor a member of the team that owns. Raises Refused (``own_verifier``)."""
    if action.verifier is None:
        return
    if action.verifier_id == action.owner_id:
        words = _("Whoever carries it out cannot say whether it worked. Name somebody else.")
    elif own_team(action.verifier, action.owner, action.unit):
        words = _("Somebody of the team that carries it out cannot say whether it worked. Name somebody else.")
    else:
        return
    raise Refused("own_verifier", words, {"verifier": words})


def _belong(recommendation: Recommendation, findings: list[Finding], criteria: list[Criterion]) -> None:
    reviews = {one.review_id for one in findings} | {one.review_id for one in criteria}
    if reviews - {recommendation.review_id}:
        raise Refused("foreign", _("Findings and criteria must be those of the review."))
    if any(one.state not in SETTLED for one in findings):
        words = _("Only agreed findings of this review can be answered.")
        raise Refused("finding_not_agreed", words, {"findings": words})


def hold_action(action: Action) -> Action:
    """The row as it stands now, held for this transaction."""
    rows = Action.objects.select_for_update(of=("self",)).select_related("recommendation__review", "unit", "owner")
    return rows.get(pk=action.pk)


def approve(person: Person, action: Action) -> Action:
    """Let it be carried out, under an approved paper that is in force, with its plan of verification.

    Raises Refused: ``not_now``, ``no_authority``, ``own_action``, ``no_verification``, ``own_verifier``, ``not_smart``.
    """
    with transaction.atomic():
        current = hold_action(action)
        moves.check(current, states.ACTION, "approve")
        access.require(person, "improvements.approve", current)
        authority = authority_of(current.recommendation)
        if authority is None:
            raise Refused("no_authority", _("No approval of this recommendation is in force, so nothing can start."))
        _check_approval(person, current)
        before = trail.values(current, "state", "submission")
        moves.move(current, states.ACTION, "approve")
        current.submission = authority
        current.save(update_fields=["state", "submission"])
        entry = trail.record(person, "approve", current, before, trail.values(current, "state", "submission"))
        notices.settle(current)
        _tell(entry, [current.owner], "carry_out", current, person, waits=True, due_on=current.due_on)
    return current


def _check_approval(person: Person, action: Action) -> None:
    if person.pk == action.owner_id:
        raise Refused("own_action", _("Whoever carries it out cannot approve it. Ask somebody else."))
    if action.verifier is None or action.check_on is None or not action.needed_points:
        raise Refused(
            "no_verification",
            _("Say first who reads the outcome, on which day, and how many points are needed for it."),
        )
    check_people(action)
    faults = smart.blocking(letters_of(action))
    if faults:
        raise Refused("not_smart", wording.reason(faults[0]), {fault.field: wording.reason(fault) for fault in faults})


def start(person: Person, action: Action) -> Action:
    """The owner begins."""
    with transaction.atomic():
        current = hold_action(action)
        moves.check(current, states.ACTION, "start")
        access.require(person, "improvements.carry_out", current)
        before = trail.values(current, "state", "started_on")
        moves.move(current, states.ACTION, "start")
        current.started_on = clock.today()
        current.save(update_fields=["state", "started_on"])
        proposal = retargeting.propose(person, current)
        after = trail.values(current, "state", "started_on")
        entry = trail.record(person, "start", current, before, after | _proposed(proposal))
        if proposal is not None:
            targets.tell_approvers(proposal, entry)
    return current


def _proposed(proposal: Target | None) -> dict[str, Any]:
    """What the trail keeps of the target that an action proposes as it begins."""
    return {"proposed_target": trail.values(proposal, "metric", "unit", "value", "from_day")} if proposal else {}


def finish(person: Person, action: Action, proof: str, uploaded: File[Any] | None = None) -> Action:
    """The owner says that it is done, with proof (words, a file, or both); the chart of its metric gets its mark."""
    words = proof.strip() or (uploaded.name if uploaded else "")
    if not words:
        why = _("Give the proof: what shows that it was done? Words, a file, or both.")
        raise Refused("no_proof", why, {"proof": why})
    with transaction.atomic():
        current = hold_action(action)
        moves.check(current, states.ACTION, "finish")
        access.require(person, "improvements.carry_out", current)
        retargeting.check_agreed(current)
        before = trail.values(current, "state", "done_on", "proof")
        moves.move(current, states.ACTION, "finish")
        current.done_on, current.proof = clock.today(), words
        if uploaded:
            current.proof_file = files.keep(uploaded, person, current.unit)
        current.save(update_fields=["state", "done_on", "proof", "proof_file"])
        if current.series is not None:
            marks.mark(person, current.series, Mark.Kind.ACTION, current.done_on, current.what, current)
            _compare(person, current, current.series)
        after = trail.values(current, "state", "done_on", "proof", "proof_file")
        entry = trail.record(person, "finish", current, before, after)
        notices.settle(current)
        if current.verifier is not None:
            _tell(entry, [current.verifier], "verify", current, person, waits=True, due_on=current.check_on)
    return current


def _compare(person: Person, action: Action, series: Series) -> None:
    """Before and after the action; the points for whose sake the review was begun are no fair baseline."""
    until, change_on = change_of(action, series.metric.period)
    signal = action.recommendation.review.signal
    chosen = (
        signal is not None
        and signal.series_id == series.pk
        and signal.rule in (Signal.Rule.OUTSIDE, Signal.Rule.TWO_OF_THREE)
    )
    picked = days_behind(signal) if signal is not None and chosen else []
    comparisons.follow(person, series, until, change_on, action.what, action.needed_points, action, picked)


def reopen(person: Person, action: Action, reason: str) -> Action:
    """The verifier finds that it is not done after all; the mark goes and the owner goes on."""
    _said(reason, _("Say what is missing."))
    with transaction.atomic():
        current = hold_action(action)
        moves.check(current, states.ACTION, "reopen")
        access.require(person, "improvements.verify", current)
        before = trail.values(current, "state", "done_on")
        moves.move(current, states.ACTION, "reopen")
        current.done_on = None
        current.save(update_fields=["state", "done_on"])
        marks.unmark(current)
        comparisons.unfollow(current)
        entry = trail.record(
            person, "reopen", current, before, trail.values(current, "state", "done_on") | {"reason": reason}
        )
        notices.settle(current)
        _tell(entry, [current.owner], "reopened", current, person, reason, waits=True, due_on=current.due_on)
    return current


def cancel(person: Person, action: Action, reason: str) -> Action:
    """End an action that is not done; why is kept."""
    _said(reason, _("Say why it is cancelled."))
    with transaction.atomic():
        current = hold_action(action)
        moves.check(current, states.ACTION, "cancel")
        access.require(person, "improvements.act", current)
        before = trail.values(current, "state")
        moves.move(current, states.ACTION, "cancel")
        current.cancelled_why = reason.strip()
        current.save(update_fields=["state", "cancelled_why"])
        findings_follow(current.findings.all())
        entry = trail.record(person, "cancel", current, before, trail.values(current, "state", "cancelled_why"))
        notices.settle(current)
        told = [one for one in (current.owner, current.author) if one.pk != person.pk]
        _tell(entry, told, "action_cancelled", current, person, reason)
        offer_closing(current.recommendation.review, entry)
    return current


def _said(reason: str, words: Any) -> None:
    if not reason.strip():
        raise Refused("no_reason", words, {"reason": words})


def _tell(
    entry: TrailEntry,
    people: Iterable[Person],
    kind: str,
    action: Action,
    person: Person,
    reason: str = "",
    **options: Any,
) -> None:
    """Tell people of what ``entry`` records; told again it changes nothing."""
    facts = {"title": action.what, "person": person.name, "reason": reason}
    event = f"improvements.{kind}:{action.pk}:{entry.number}"
    notices.tell(people, f"improvements.{kind}", action, action.get_absolute_url(), facts, event=event, **options)

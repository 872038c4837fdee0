"""What a person does with an upload: receive, map, commit, cancel, undo, and type a few values in.

The heavy half (reading, planning, merging) runs in the worker (metrics/importing); it is asked for by name here.
Order of life: ``receive`` → look (job) → ``map`` → plan (job) → ``commit`` → merge (job) → done → ``undo``. A file of
a source whose mapping is known, and one whose layout leaves nothing to ask, is planned without ``map``.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from jobs import workflow as jobs
from metrics import states
from metrics.files.mapping import Mapping, MappingError
from metrics.models import Block, RejectedRow, Source, Upload, VanishedCase
from metrics.workflow import claims, sources, typed_values
from metrics.workflow.headers import keyed
from metrics.workflow.keeping import keep
from teams import access, clock, moves, trail
from teams.models import Person, Unit
from teams.refusals import Refused

LOOK, PLAN, MERGE, UNDO = "metrics.look_at_upload", "metrics.plan_upload", "metrics.merge_upload", "metrics.undo_upload"
KNOWN_AT_LATEST = dt.timedelta(days=1)
CHOICES = {"units", "other_units", "metrics", "other_metrics", "about", "confirmed"}


def receive(
    person: Person, source: Source, unit: Unit, uploaded_file: File[Any], *, known_at: dt.datetime | None = None
) -> Upload:
    """Keep the file and queue the look at it; answers at once. A source ``on_the_way`` is stored with its first file.

    ``uploaded_file`` is Django's (or any ``File`` with a name and a size). ``known_at``: when what the file says was
    known; of two files the one known later wins. Not given, the file is asked (a line or a column that says so), and
    without an answer it is now; ``facts["known_from"]`` tells which. Units named in the file are looked for in ``unit``
    and below. ``facts["same_file"]`` lists the ids of uploads of this source that brought the very same bytes.
    Raises Refused (``no_file``, ``empty_file``, ``too_large``, ``known_in_the_future``, ``archived``, ``name_taken``,
    ``outside_source``: the source belongs to a unit that is not ``unit`` or above it), PermissionDenied.
    """
    access.require(person, "metrics.import", unit)
    new = source.pk is None
    if not new:
        access.require(person, "metrics.import", source)
    if source.archived_at is not None:
        raise Refused("archived", _("This source is in the archive. Take it out first, or choose another one."))
    if not unit.path.startswith(source.unit.path):
        words = _("The source belongs to %(unit)s and takes files of that unit and the units below it.")
        raise Refused("outside_source", words % {"unit": source.unit}, {"source": words % {"unit": source.unit}})
    said = "person" if known_at else "receipt"
    known_at = _known(known_at)
    kept = keep(uploaded_file)
    with transaction.atomic():
        if new:
            sources.store(source)
        stored = kept.record(person, unit)
        before = Upload.objects.filter(source=source, sha256=stored.sha256, state=states.DONE)
        upload = Upload.objects.create(
            source=source,
            unit=unit,
            person=person,
            file=stored,
            name=stored.name,
            sha256=stored.sha256,
            at=clock.now(),
            known_at=known_at,
            choices=source.choices,
            facts={"same_file": list(before.order_by("pk").values_list("pk", flat=True)), "known_from": said},
        )
        after = trail.values(upload, "source", "unit", "name", "sha256", "known_at")
        trail.record(person, "receive", upload, {}, after | ({"new_source": source.name} if new else {}))
        _enqueue(LOOK, upload)
    return upload


def map(
    person: Person,
    upload: Upload,
    mapping: dict[str, Any],
    *,
    known_at: dt.datetime | None = None,
    zone: str = "",
    choices: dict[str, Any] | None = None,
) -> Upload:
    """Say what the file means, and queue the plan. May be called again as long as nothing is merged.

    ``mapping`` is ``metrics.files.Mapping`` as JSON, columns by key or header; ``zone`` (if given) goes into it.
    ``choices``: ``units``: {name in the file: unit id, "create" or "leave_out"}; ``other_units``: the same word for
    all other unknown names; ``metrics`` and ``other_metrics`` likewise for a column of metric names; ``about``:
    {metric name: {"direction": -1 | 0 | 1, "measure": …}} for metrics that are made; ``confirmed``: codes of questions
    about this one file (``of_file``) that are answered with yes. What is left unsaid is asked.
    Raises Refused (``mapping``: ``fields`` names each wrong part; ``choices``; ``known_in_the_future``; ``not_now``).
    """
    moves.check(upload, states.UPLOAD, "map")
    access.require(person, "metrics.import", upload)
    checked = _checked(keyed(mapping, upload.facts.get("sniffed", {})), zone)
    chosen = _chosen(upload, choices)
    known_at = _known(known_at) if known_at else upload.known_at
    with transaction.atomic():
        current = Upload.objects.select_for_update().get(pk=upload.pk)
        before = trail.values(current, "state", "known_at", "mapping_version")
        moves.move(current, states.UPLOAD, "map")
        if known_at != current.known_at:
            current.facts = {**current.facts, "known_from": "person"}
        current.mapping, current.choices, current.known_at = checked, chosen, known_at
        replan(current)
        after = trail.values(current, "state", "known_at", "mapping_version", "mapping", "choices")
        trail.record(person, "map", current, before, after)
    return current


def plan_again(person: Person, upload: Upload) -> Upload:
    """Plan the file anew with the mapping it has, after its plan was cleared or failed. Raises ``not_now``."""
    moves.check(upload, states.UPLOAD, "map")
    access.require(person, "metrics.import", upload)
    if not upload.mapping or upload.file_id is None or any(one["required"] for one in upload.questions):
        raise Refused("not_now", _("Say first what the file means."))
    with transaction.atomic():
        current = Upload.objects.select_for_update().get(pk=upload.pk)
        before = trail.values(current, "state", "mapping_version")
        moves.move(current, states.UPLOAD, "map")
        replan(current)
        trail.record(person, "plan_again", current, before, trail.values(current, "state", "mapping_version"))
    return current


def replan(upload: Upload) -> None:
    """Forget the plan and queue it anew, inside the caller's transaction; an older plan still running is dropped."""
    upload.mapping_version += 1
    upload.plan, upload.questions, upload.problems = {}, [], []
    upload.save()
    _enqueue(PLAN, upload, version=upload.mapping_version)


def commit(
    person: Person,
    upload: Upload,
    *,
    seen: str = "",
    accept_valid: bool = False,
    accept_truncated: bool = False,
    vanished: str = Upload.Vanished.KEEP,
    whole: bool = False,
) -> Upload:
    """Take the plan over, whole, exactly as it was shown; the merge runs in the worker and always goes on.

    ``seen`` is ``plan["hash"]`` of the plan the person looked at. ``accept_valid``: leave the rejected rows out;
    ``accept_truncated``: the file that looks cut off is whole. ``vanished``: what becomes of cases that the file does
    not hold any more (``Upload.Vanished``). ``whole``: the last period is over, although the file ends before it. Makes the units, metrics and series that are new.
    Raises Refused: ``rejected_rows``, ``truncated``, ``stale`` (something else was imported since; the plan is being
    computed again: look at it anew), ``busy`` (another import of the same figures is being merged), ``not_now``.
    """
    moves.check(upload, states.UPLOAD, "commit")
    access.require(person, "metrics.import", upload)
    with transaction.atomic():
        current = claims.lock(upload)
        moves.check(current, states.UPLOAD, "commit")
        _accepted(current, accept_valid, accept_truncated)
        stale = bool(seen and seen != current.plan["hash"]) or not claims.take(current)
        before = trail.values(current, "state")
        if stale:
            moves.move(current, states.UPLOAD, "map")
            replan(current)
            trail.record(person, "plan_again", current, before, trail.values(current, "state"))
        else:
            moves.move(current, states.UPLOAD, "commit")
            current.accept_valid, current.accept_truncated = accept_valid, accept_truncated
            current.vanished = vanished if current.plan.get("vanished") else ""
            current.plan = {**current.plan, "whole": whole and bool(current.plan.get("partial"))}
            current.save()
            _remember(current)
            told = {name: current.plan[name] for name in ("counts", "hash", "made")}
            told |= {name: current.plan[name] for name in ("partial", "whole") if current.plan.get(name)}
            told |= {"vanished_cases": current.plan["vanished"]} if current.vanished else {}
            after = trail.values(current, "state", "sha256") | told
            trail.record(person, "commit", current, before, after | trail.values(current, "vanished"))
            _enqueue(MERGE, current)
    if stale:
        raise Refused(
            "stale",
            _("Something else was imported since this plan was made. It is being computed again: look at it anew."),
        )
    return current


def cancel(person: Person, upload: Upload) -> Upload:
    """Drop an upload that is not merged yet; nothing of it stays but the row and its file. Raises ``not_now``."""
    moves.check(upload, states.UPLOAD, "cancel")
    access.require(person, "metrics.import", upload)
    with transaction.atomic():
        current = Upload.objects.select_for_update().get(pk=upload.pk)
        before = trail.values(current, "state")
        moves.move(current, states.UPLOAD, "cancel")
        current.mapping_version += 1
        current.save()
        Block.objects.filter(upload=current).delete()
        RejectedRow.objects.filter(upload=current).delete()
        VanishedCase.objects.filter(upload=current).delete()
        trail.record(person, "cancel", current, before, trail.values(current, "state"))
    return current


def undo(person: Person, upload: Upload) -> Upload:
    """Take back what this upload brought: each value returns to the newest among the other uploads.

    The state changes at once, the values in the worker (``undone_at`` is set when it has finished).
    Raises Refused: ``busy``, ``not_now``.
    """
    moves.check(upload, states.UPLOAD, "undo")
    access.require(person, "metrics.import", upload)
    with transaction.atomic():
        current = claims.lock(upload)
        before = trail.values(current, "state")
        moves.move(current, states.UPLOAD, "undo")
        claims.retake(current)
        current.merged = 0
        current.save()
        told = {name: current.plan[name] for name in ("counts", "hash")}
        trail.record(person, "undo", current, before, trail.values(current, "state") | told)
        _enqueue(UNDO, current)
    return current


def typed(
    person: Person, unit: Unit, values: list[typed_values.Typed], *, known_at: dt.datetime | None = None
) -> Upload:
    """A few values typed in: an upload like any other, planned and merged by the worker without a further question.

    Each ``Typed`` names a metric, a unit (``unit`` or below) and a day of the period (typed_values.py).
    Raises Refused (``no_values``, ``values``: ``fields`` maps "0-numerator" … to what is wrong with it).
    """
    access.require(person, "metrics.import", unit)
    rows = typed_values.checked(person, unit, values)
    known_at = _known(known_at)
    with transaction.atomic():
        source, _made = Source.objects.get_or_create(
            unit=unit, name=_("Typed in"), defaults={"shape": Source.Shape.TYPED, "zone": "UTC"}
        )
        upload = Upload.objects.create(
            source=source,
            unit=unit,
            person=person,
            name=_("Typed in"),
            sha256=typed_values.hash_of(rows),
            at=clock.now(),
            known_at=known_at,
            facts={"typed": rows},
        )
        after = trail.values(upload, "source", "unit", "sha256", "known_at") | {"values": len(rows)}
        trail.record(person, "type_in", upload, {}, after)
        replan(upload)
    return upload


def _enqueue(work: str, upload: Upload, **arguments: Any) -> None:
    given = {"upload": upload.pk, **arguments}
    key = ":".join(str(part) for part in (work, *given.values()))
    jobs.enqueue(work, given, person=upload.person, unit=upload.unit, key=key)


def _known(moment: dt.datetime | None) -> dt.datetime:
    now = clock.now()
    if moment is not None and moment > now + KNOWN_AT_LATEST:
        words = _("“Known at” lies in the future. Give the day on which the file was made.")
        raise Refused("known_in_the_future", words, {"known_at": words})
    return moment or now


def _checked(mapping: Any, zone: str) -> dict[str, Any]:
    if zone and isinstance(mapping, dict):
        mapping = {**mapping, "zone": zone}
    try:
        return Mapping.from_json(mapping).to_json()
    except MappingError as wrong:
        fields: dict[str, str | Promise] = {
            str(problem.params["field"]): _("This cannot be: “%(value)s”.") % {"value": problem.value}
            for problem in wrong.problems
        }
        listed = ", ".join(sorted(fields))
        raise Refused("mapping", _("The mapping is not complete: %(fields)s.") % {"fields": listed}, fields) from None


def _chosen(upload: Upload, choices: dict[str, Any] | None) -> dict[str, Any]:
    if choices is None:
        return upload.choices
    if not isinstance(choices, dict) or set(choices) - CHOICES:
        raise Refused("choices", _("These choices are not known: %(names)s.") % {"names": ", ".join(choices)})
    return {**upload.choices, **choices}


def _accepted(upload: Upload, accept_valid: bool, accept_truncated: bool) -> None:
    counts = upload.plan["counts"]
    if counts["rejected"] and not accept_valid:
        raise Refused("rejected_rows", _("Some rows were rejected. Confirm that they are left out, or mend the file."))
    if upload.plan["truncated"] and not accept_truncated:
        raise Refused("truncated", _("The file looks cut off. Confirm that it is whole, or export it once more."))


def _remember(upload: Upload) -> None:
    """The source keeps the mapping that was used, so that its next file is recognised."""
    source = Source.objects.select_for_update().get(pk=upload.source_id)
    if upload.file_id is None:
        return
    if source.mapping != upload.mapping:
        source.mapping, source.mapping_version = upload.mapping, source.mapping_version + 1
    source.fingerprint = upload.facts.get("fingerprint", "")
    source.shape = upload.mapping["shape"]
    source.zone = upload.mapping["zone"]
    source.choices = {name: said for name, said in upload.choices.items() if name != "confirmed"}
    source.save()

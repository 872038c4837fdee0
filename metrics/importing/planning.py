"""Make the plan of an upload: exactly what commit will do, or what has to be asked first."""

from __future__ import annotations

import contextlib
from typing import Any, cast

from jobs.registry import Run
from metrics import states
from metrics.files import (
    CaseChunk,
    Mapping,
    MappingError,
    MeasuredChunk,
    Problem,
    Reader,
    Refused,
    Sniffed,
    check,
    read,
    sniff,
)
from metrics.files.checks import events, repeated
from metrics.files.spread import spread_columns
from metrics.importing.again import Found, as_before, told_again
from metrics.importing.cases import Cases
from metrics.importing.left_out import LeftOut
from metrics.importing.looking import without
from metrics.importing.measured import Measured, typed_values
from metrics.importing.packing import Packer
from metrics.importing.periods import partial_of
from metrics.importing.resting import lean
from metrics.importing.spill import Spill
from metrics.importing.vanishing import Vanishing
from metrics.models import Block, Source, Upload, VanishedCase
from metrics.references import DIMENSIONS, Making
from metrics.workflow import plans, uploads
from metrics.workflow.keeping import path_of
from teams import clock, refusals
from teams.queries import workspace

# What a person can mend by mapping the file anew; everything else that is refused is refused for good.
MENDABLE = {
    "column_missing",
    "person_missing",
    "mapping_field",
    "header_moved",
    "nothing_wide",
    "sheet_missing",
    "too_many_categories",
    "scores_are_words",
    "dates_contradict",
    "dates_day_first",
    "dates_month_first",
    "numbers_contradict",
    "metric_period",
    "dimension_unknown",
}
WARNINGS = 100
# Rows read at a time: cases are wide.
CHUNKS = {"measured": 20_000, "cases": 6_000}


@lean()
def plan(run: Run, upload_id: int, version: int) -> None:
    """Plan the upload for that version of its mapping; a plan nobody wants any more is dropped without a word."""
    with run.commit():
        upload = plans.current(upload_id, version)
        if upload is None:
            return
        Block.objects.filter(upload=upload).delete()
        VanishedCase.objects.filter(upload=upload).delete()
    try:
        if upload.file is None:
            _plan_typed(upload, run, version)
            return
        mapping = Mapping.from_json(upload.mapping)
        _check_dimensions(mapping)
        questions = _unconfirmed(upload, mapping)
        if questions:
            _ask(upload, run, version, questions)
        elif (found := as_before(upload, mapping, run)) is not None:
            _plan_again(upload, mapping, run, version, found)
        elif mapping.shape == "measured":
            _plan_measured(upload, mapping, run, version)
        else:
            _plan_cases(upload, mapping, run, version)
    except MappingError as wrong:
        _answer(upload, run, version, wrong.problems)
    except Refused as refused:
        _answer(upload, run, version, [refused.problem])


def _answer(upload: Upload, run: Run, version: int, problems: list[Problem]) -> None:
    told = [problem.to_json() for problem in problems]
    with run.commit():
        current = plans.current(upload.pk, version)
        if current is not None and all(problem.code in MENDABLE for problem in problems):
            if all(problem.code == "person_missing" for problem in problems):
                sniffed = Sniffed.from_json(current.facts["sniffed"])
                current.mapping = without(Mapping.from_json(current.mapping), sniffed).to_json()
            plans.ask(current, [], told)
        elif current is not None:
            plans.refuse(current, told)


def _check_dimensions(mapping: Mapping) -> None:
    for dimension in mapping.dimensions:
        if dimension.name not in DIMENSIONS:
            raise Refused(Problem("dimension_unknown", value=dimension.name, params={"known": list(DIMENSIONS)}))


def _unconfirmed(upload: Upload, mapping: Mapping) -> list[dict[str, Any]]:
    """What this one file raises and no mapping can answer; whether it is cut off is asked when it is committed."""
    sniffed = _as_mapped(upload, mapping)
    confirmed = frozenset(upload.choices.get("confirmed", [])) | {"truncated"}
    asked = {problem.code for problem in check(sniffed, mapping, confirmed) if problem.severity == "ask"}
    raised = (*sniffed.questions, *events(sniffed, mapping))
    return [question.to_json() for question in raised if question.code in asked]


def _reader(upload: Upload, mapping: Mapping) -> tuple[Reader, Sniffed]:
    assert upload.file is not None
    sniffed = _as_mapped(upload, mapping)
    reader = read(
        path_of(upload.file),
        sniffed,
        mapping,
        chunk_rows=CHUNKS[mapping.shape],
        workspace_zone=workspace().zone,
        latest=clock.today(),
    )
    return reader, sniffed


def _as_mapped(upload: Upload, mapping: Mapping) -> Sniffed:
    """What is known of the file, looked at anew where the person said that sheet, header or letters are others."""
    assert upload.file is not None
    sniffed = Sniffed.from_json(upload.facts["sniffed"])
    said = {name: getattr(mapping, name) for name in ("sheet", "header_rows", "encoding", "delimiter")}
    if all(not value or getattr(sniffed, name) == value for name, value in said.items()):
        return sniffed
    found = sniff(path_of(upload.file), name=upload.name, **said)
    if not found.refused:
        upload.facts = {**upload.facts, "sniffed": found.to_json()}
        Upload.objects.filter(pk=upload.pk).update(facts=upload.facts)
    return found


def _plan_again(upload: Upload, mapping: Mapping, run: Run, version: int, found: Found) -> None:
    packer, _digest, making, last = found
    told = told_again(found)
    # The same bytes know no more than they did when they first came.
    told["partial"] = last.plan.get("partial") or partial_of(upload, mapping, told["days"][1], None)
    if mapping.shape == "cases":
        told["source_version"] = Source.objects.values_list("data_version", flat=True).get(pk=upload.source_id)
    _stand(upload, run, version, making, packer, told, {})


def _plan_measured(upload: Upload, mapping: Mapping, run: Run, version: int) -> None:
    reader, sniffed = _reader(upload, mapping)
    left_out = LeftOut(upload)
    warnings: list[Problem] = []
    with reader, Spill() as spill:
        measured = Measured(upload, mapping, left_out, spill)
        for chunk in reader:
            measured.add(cast(MeasuredChunk, chunk))
            left_out.add(chunk.rejected)
            warnings += chunk.warnings[: WARNINGS - len(warnings)]
            run.progress(reader.reading.rows, sniffed.rows, "reading")
        found = measured.resolve()
        wrong = measured.wrong_periods(found)
        if wrong:
            _answer(upload, run, version, wrong)
            return
        questions = measured.names.questions()
        if questions:
            _ask(upload, run, version, questions)
            return
        packer, digest = measured.plan(found, run)
    left_out.finish(sniffed, mapping)
    told = _told(packer, digest, reader, left_out, warnings) | {"metrics": _metrics_of(found)}
    told |= {"gaps": measured.gaps.told(), "partial": partial_of(upload, mapping, told["days"][1], None)}
    told["repeated"] = repeated(sniffed, mapping)
    _stand(upload, run, version, measured.making, packer, told, {"counts": dict(measured.counts)})


def _plan_cases(upload: Upload, mapping: Mapping, run: Run, version: int) -> None:
    reader, sniffed = _reader(upload, mapping)
    left_out = LeftOut(upload)
    warnings: list[Problem] = []
    assert mapping.cases is not None
    id_column = sniffed.column(mapping.cases.id)
    scoring = mapping.cases.scoring
    rater_column = sniffed.column(scoring.rater) if scoring else None
    places = id_column.position if id_column else 0, rater_column.position if rater_column else None
    raters = [one.header for one in spread_columns(sniffed, mapping)]
    vanishing = Vanishing(upload, *places, raters)
    id_header = id_column.header if id_column else ""
    cases = Cases(upload, mapping, left_out, workspace().zone, vanishing, id_header)
    try:
        with reader:
            for chunk in reader:
                cases.add(cast(CaseChunk, chunk))
                left_out.add(chunk.rejected)
                warnings += chunk.warnings[: WARNINGS - len(warnings)]
                run.progress(reader.reading.rows, sniffed.rows, "reading")
        questions = cases.names.questions()
        if questions:
            _ask(upload, run, version, questions)
            return
        packer, digest = cases.plan(run)
        scored = cases.scored_twice() if scoring else {}
    finally:
        cases.close()
    left_out.finish(sniffed, mapping)
    told = _told(packer, digest, reader, left_out, warnings)
    told["partial"] = partial_of(upload, mapping, told["days"][1], cases.seen)
    known = packer.counts["same"] + packer.counts["changed"] + packer.counts["older"]
    told["vanished"] = cases.vanishing.find() if known else 0
    if scoring:
        told["scored"] = {**scored, "bounded": scoring.low is not None and scoring.high is not None}
        told["scored"] |= {"unread": _unread(sniffed, mapping)} if raters else {}
    told["source_version"] = Source.objects.values_list("data_version", flat=True).get(pk=upload.source_id)
    told["repeated"] = repeated(sniffed, mapping)
    _stand(upload, run, version, cases.making, packer, told, {"counts": dict(cases.counts)})


def _unread(sniffed: Sniffed, mapping: Mapping) -> list[str]:
    """Columns that are not read, where each person has one: a new person's would be passed over without a word."""
    named = set(mapping.columns())
    return [one.header for one in sniffed.columns if one.header and one.key not in named]


def _plan_typed(upload: Upload, run: Run, version: int) -> None:
    packer, digest, making = typed_values(upload, run)
    told = {"counts": dict(packer.counts), "hash": digest, "reasons": {}, "warned": {}, "warnings": [], "rows": {}}
    days = [row[5] for row in upload.facts["typed"]]
    told["days"] = [min(days), max(days)]
    _stand(upload, run, version, making, packer, told, {})
    fresh = Upload.objects.select_related("person", "unit").get(pk=upload.pk)
    if fresh.state == states.PLANNED:
        # Stale: the verb has queued another plan by itself.
        with contextlib.suppress(refusals.Refused):
            uploads.commit(fresh.person, fresh)


def _ask(upload: Upload, run: Run, version: int, questions: list[dict[str, Any]]) -> None:
    with run.commit():
        current = plans.current(upload.pk, version)
        if current is not None:
            plans.ask(current, questions)


COUNTS = ("new", "changed", "same", "older", "rejected", "excluded", "left_out", "without_values")


def _told(packer: Packer, digest: str, reader: Reader, left_out: LeftOut, warnings: list[Problem]) -> dict[str, Any]:
    """What the preview shows and commit does; ``rows`` is the account of the reading, which must balance."""
    reading = reader.reading
    if not reading.balanced:
        raise RuntimeError("the rows of the file do not add up")
    return {
        "counts": dict(packer.counts)
        | {
            "rejected": left_out.rows,
            "excluded": sum(reading.excluded.values()),
            "without_values": reading.without_values,
        },
        "rows": reading.to_json(),
        "reasons": dict(left_out.reasons),
        "excluded": dict(reading.excluded),
        "warned": dict(reading.warned),
        "warnings": [problem.to_json() for problem in warnings],
        "days": [reading.first_day, reading.last_day],
        "hash": digest,
    }


def _stand(
    upload: Upload, run: Run, version: int, making: Making, packer: Packer, told: dict[str, Any], more: dict[str, Any]
) -> None:
    """Write the plan, if it is still wanted."""
    counts = dict.fromkeys(COUNTS, 0) | told["counts"]
    for name, times in more.get("counts", {}).items():
        if name in counts:
            counts[name] += times
    shorter = _shorter(upload, told)
    told |= {
        "counts": counts,
        "blocks": packer.number,
        "statuses": packer.statuses,
        "made_at": clock.now().isoformat(),
        "made": making.counts,
        "series": len(making.touched) + len(making.series),
        "shorter_than": shorter,
        "truncated": bool(told["rows"].get("truncated") or shorter),
    }
    with run.commit():
        current = plans.current(upload.pk, version)
        if current is None:
            Block.objects.filter(upload=upload, upload__state=states.CANCELLED).delete()
            return
        Block.objects.create(upload=upload, number=0, rows=0, content=making.pack())
        plans.planned(current, told)


def _shorter(upload: Upload, told: dict[str, Any]) -> int | None:
    """The last upload of the source, if this one begins on the same day and has fewer rows without reaching further.

    That is what a file looks like whose end was lost on the way.
    """
    rows = told["rows"]
    before = Upload.objects.filter(source=upload.source_id, state=states.DONE, known_at__lte=upload.known_at)
    last = before.exclude(pk=upload.pk).exclude(sha256=upload.sha256).order_by("-known_at", "-pk").first()
    if last is None or not rows or not last.plan.get("rows"):
        return None
    known = last.plan["rows"]
    begins_alike = rows["first_day"] == known["first_day"]
    fewer = rows["rows"] < known["rows"] and rows["last_day"] <= known["last_day"]
    return last.pk if begins_alike and fewer else None


def _metrics_of(found: list[list[int]]) -> list[int]:
    return sorted({row[0] for row in found if row[0] > 0})

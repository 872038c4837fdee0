"""The first look at a file: what is it, has its source been mapped before, what is there to ask?"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import replace
from typing import Any

from jobs.registry import Run
from metrics.files import Mapping, MappingError, Problem, Sniffed, sniff, suggest
from metrics.files.asof import hinted_by, said_in
from metrics.files.checks import missing
from metrics.models import Source, Upload
from metrics.workflow import plans, uploads
from metrics.workflow.keeping import path_of

# Raised whenever ``sniff`` learns to see something else.
LOOKED = 2
# What is wrong with the sheet that the source names: another sheet is never read in its place.
OF_SHEET = {"formulas_without_values"}


def look(run: Run, upload_id: int) -> None:
    """Sniff the file; then plan it if nothing is left to ask, else leave the questions with the upload."""
    upload = Upload.objects.select_related("source", "file").get(pk=upload_id)
    assert upload.file is not None
    run.progress(0, upload.file.size, "looking")
    saved = _saved(upload.source)
    sniffed = _sniffed(upload, saved)
    refused = [problem.to_json() for problem in sniffed.problems if problem.severity == "refuse"]
    lost = _lost(upload, sniffed, saved)
    mapping, questions = (None, []) if sniffed.refused else _mapping(sniffed, saved, upload.source)
    goes_on = saved is not None and bool(lost) and _goes_on(lost, questions)
    if saved is not None and goes_on:
        # The plan asks what is open then; a form asks it before, where another mapping is needed.
        asked = [] if _people_only(lost) else [one.to_json() for one in sniffed.questions if not one.of_file]
        mapping, questions = without(saved, sniffed), asked
    with run.commit(done=upload.file.size, total=upload.file.size):
        current = plans.current(upload_id)
        if current is None or current.mapping_version:
            return
        current.facts = {
            **current.facts,
            "sniffed": sniffed.to_json(),
            "fingerprint": fingerprint(sniffed),
            "looked": LOOKED,
            "lost": [problem.value for problem in lost],
        }
        current.mapping = mapping.to_json() if mapping else {}
        _know(current, sniffed)
        if sniffed.refused:
            plans.refuse(current, refused)
        elif mapping is None or goes_on or _asked(questions):
            plans.ask(current, questions, [problem.to_json() for problem in lost])
        else:
            uploads.replan(current)


def _know(upload: Upload, sniffed: Sniffed) -> None:
    """Take from the file when it was known, where it says so and nobody else has; a date in its name is only shown."""
    said, hint = said_in(sniffed), hinted_by(upload.name)
    upload.facts["known_said"] = [one.to_json() for one in (said, hint) if one]
    if said and upload.facts.get("known_from") == "receipt":
        moment = dt.datetime.fromisoformat(said.moment)
        if moment <= upload.at + uploads.KNOWN_AT_LATEST:
            upload.known_at = moment
            upload.facts["known_from"] = said.place
            upload.save(update_fields=["known_at"])


def fingerprint(sniffed: Sniffed) -> str:
    """Hash of the normalised header names, in whatever order they stand."""
    names = sorted(" ".join(column.key.split()).casefold() for column in sniffed.columns)
    return hashlib.sha256("\n".join(names).encode()).hexdigest()


def _lost(upload: Upload, sniffed: Sniffed, saved: Mapping | None) -> list[Problem]:
    """The columns that the source's mapping names and this file does not have, as they were called when it had them."""
    if saved is None or sniffed.refused or _fits(sniffed, saved):
        return []
    before = Upload.objects.filter(source=upload.source, mapping_version__gt=0).exclude(pk=upload.pk)
    last = before.order_by("-pk").first()
    columns = (last.facts.get("sniffed") or {}).get("columns", []) if last else []
    return list(missing(sniffed, saved, {one["key"]: one["header"] for one in columns}))


def _people_only(lost: list[Problem]) -> bool:
    return all(problem.code == "person_missing" for problem in lost)


def _goes_on(lost: list[Problem], questions: list[dict[str, Any]]) -> bool:
    """What is known of the source tells more than the file does. A known layout is read by that, whatever it lacks."""
    return _people_only(lost) or any(question["code"] == "layout_unknown" for question in questions)


def _asked(questions: list[dict[str, Any]]) -> bool:
    return any(question["required"] and not question["of_file"] for question in questions)


def without(mapping: Mapping, sniffed: Sniffed) -> Mapping:
    """The mapping without the columns of figures that are not in the file; as it is where none of them is."""
    kept = tuple(key for key in mapping.wide.columns if sniffed.column(key)) if mapping.wide else ()
    return replace(mapping, wide=replace(mapping.wide, columns=kept)) if mapping.wide and kept else mapping


def _saved(source: Source) -> Mapping | None:
    try:
        return Mapping.from_json(source.mapping) if source.mapping else None
    except MappingError:
        return None


def _sniffed(upload: Upload, saved: Mapping | None) -> Sniffed:
    assert upload.file is not None
    path, found = path_of(upload.file), None
    known = _seen_before(upload) if saved is not None else None
    if saved is not None and known is not None and _fits(known, saved):
        return known
    if saved is not None:
        found = sniff(
            path,
            name=upload.name,
            sheet=saved.sheet,
            header_rows=saved.header_rows,
            encoding=saved.encoding,
            delimiter=saved.delimiter,
        )
        if found.refused and found.problems[0].code in OF_SHEET:
            return found
        if not found.refused and _fits(found, saved):
            return found
    plain = sniff(path, name=upload.name)
    if saved is None or found is None or found.refused or plain.refused:
        return plain
    # The sheet and the header that the source names are left only for others that have more of its columns.
    return min((plain, found), key=lambda one: len(list(missing(one, saved))))


def _seen_before(upload: Upload) -> Sniffed | None:
    """What was found in the very same bytes when they came the last time: there is nothing new to see in them."""
    before = Upload.objects.filter(pk__in=upload.facts["same_file"]).order_by("-pk").first()
    if before is None or before.facts.get("looked") != LOOKED:
        return None
    return replace(Sniffed.from_json(before.facts["sniffed"]), name=upload.name)


def _fits(sniffed: Sniffed, mapping: Mapping) -> bool:
    """Every column that the mapping names is there; new ones may have come."""
    return {*mapping.columns()} <= {column.key for column in sniffed.columns}


def _mapping(sniffed: Sniffed, saved: Mapping | None, source: Source) -> tuple[Mapping | None, list[dict[str, Any]]]:
    """The saved mapping where it fits, else what the layout suggests, with the questions left."""
    if saved is not None and _fits(sniffed, saved):
        return saved, []
    mapping, questions = suggest(sniffed)
    if mapping is not None and source.zone and any(question.about == "zone" for question in questions):
        mapping = replace(mapping, zone=source.zone)
        questions = [question for question in questions if question.about != "zone"]
    return mapping, [question.to_json() for question in questions]

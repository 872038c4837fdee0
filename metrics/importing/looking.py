"""The first look at a file: what is it, has its source been mapped before, what is there to ask?"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import replace
from typing import Any

from jobs.registry import Run
from metrics.files import Mapping, MappingError, Sniffed, sniff, suggest
from metrics.files.asof import hinted_by, said_in
from metrics.models import Source, Upload
from metrics.workflow import plans, uploads
from metrics.workflow.keeping import path_of

# Raised whenever ``sniff`` learns to see something else.
LOOKED = 1


def look(run: Run, upload_id: int) -> None:
    """Sniff the file; then plan it if nothing is left to ask, else leave the questions with the upload."""
    upload = Upload.objects.select_related("source", "file").get(pk=upload_id)
    assert upload.file is not None
    run.progress(0, upload.file.size, "looking")
    saved = _saved(upload.source)
    sniffed = _sniffed(upload, saved)
    refused = [problem.to_json() for problem in sniffed.problems if problem.severity == "refuse"]
    mapping, questions = (None, []) if sniffed.refused else _mapping(sniffed, saved, upload.source)
    with run.commit(done=upload.file.size, total=upload.file.size):
        current = plans.current(upload_id)
        if current is None or current.mapping_version:
            return
        current.facts = {
            **current.facts,
            "sniffed": sniffed.to_json(),
            "fingerprint": fingerprint(sniffed),
            "looked": LOOKED,
        }
        current.mapping = mapping.to_json() if mapping else {}
        _know(current, sniffed)
        if sniffed.refused:
            plans.refuse(current, refused)
        elif mapping is None or any(question["required"] and not question["of_file"] for question in questions):
            plans.ask(current, questions)
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


def _saved(source: Source) -> Mapping | None:
    try:
        return Mapping.from_json(source.mapping) if source.mapping else None
    except MappingError:
        return None


def _sniffed(upload: Upload, saved: Mapping | None) -> Sniffed:
    assert upload.file is not None
    path = path_of(upload.file)
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
        if not found.refused and _fits(found, saved):
            return found
    return sniff(path, name=upload.name)


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

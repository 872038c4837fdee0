"""What a plan says of people's scores: whose contact, scored by whom, and which score; and the one that it replaces."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from metrics import blocks, states
from metrics.files.scorings import BETWEEN
from metrics.models import Case, CaseReplaced, Upload

FLAG = "flag:"


@dataclass(frozen=True)
class Scored:
    """One person's score of one contact; ``before``: what stands (or stood), where the plan changes it."""

    contact: str
    rater: str
    before: str
    after: str


def scorings(upload: Upload) -> bool:
    """Whether its file holds people's scores."""
    return bool((upload.mapping.get("cases") or {}).get("scoring"))


def whose(external_id: str) -> tuple[str, str]:
    """The contact and the person of a score, as they were written."""
    contact, _between, rater = external_id.rpartition(BETWEEN)
    return contact, rater


def scored(upload: Upload, columns: Mapping[str, Any], places: list[int]) -> list[Scored]:
    """These rows of a block of the plan; two queries at most."""
    changed = [columns["external_id"][one] for one in places if columns["status"][one] == blocks.CHANGED]
    before = _before(upload, changed) if changed else {}
    words = sorted(name for name in columns if name.startswith(FLAG))
    found = []
    for place in places:
        name = columns["external_id"][place]
        given = [word.removeprefix(FLAG) for word in words if columns[word][place] == 1]
        found.append(Scored(*whose(name), before.get(name, ""), _told(float(columns["score"][place]), given)))
    return found


def _before(upload: Upload, ids: list[str]) -> dict[str, str]:
    """What stands for these; once the upload is merged, what it replaced."""
    if upload.state in (states.RECEIVED, states.PLANNED):
        cases = Case.objects.filter(source=upload.source_id, external_id__in=ids)
        return {one.external_id: _told(one.score, [name for name, yes in one.flags.items() if yes]) for one in cases}
    rows = CaseReplaced.objects.filter(case_source=upload.source_id, external_id__in=ids, replaced_by=upload)
    return {
        row.external_id: _told(
            row.content.get("score"),
            [name.removeprefix(FLAG) for name, yes in row.content.items() if name.startswith(FLAG) and yes],
        )
        for row in rows
    }


def _told(score: float | None, words: list[str]) -> str:
    """The number, or the word that was given."""
    return f"{score:g}" if score is not None and math.isfinite(score) else ", ".join(words)

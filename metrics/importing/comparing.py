"""Cases of a plan against what stands: a case's own time of update decides, then known-at."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from metrics import blocks
from metrics.files import NEVER
from metrics.importing import caserows, standing
from metrics.importing.caserows import COUNTED, Columns
from metrics.models import Block, Case, Upload, VanishedCase
from metrics.queries.vanished import any_taken_out, taken_out

OLD = "old_"


def newer_of(upload: Upload) -> list[Upload]:
    """The other uploads of the source that are known later than this one, oldest first."""
    return [one for one in others_of(upload) if standing.rank_of(one) > standing.rank_of(upload)]


def others_of(upload: Upload) -> list[Upload]:
    """The other uploads of the source that count, oldest first."""
    rows = Upload.objects.filter(source=upload.source_id, state__in=standing.STANDING).exclude(pk=upload.pk)
    return sorted(rows.only("pk", "known_at", "sha256"), key=standing.rank_of)


def judged(upload: Upload, columns: Columns, newer: list[Upload]) -> Columns:
    """The columns with ``status`` and, for what replaces something, the old moments by which it was counted."""
    ids = columns["external_id"]
    places, known, _owner = caserows.standing(upload.source, ids)
    where = np.fromiter((places.get(name, -1) for name in ids), np.int64, len(ids))
    there = np.flatnonzero(where >= 0)
    status = np.full(len(ids), blocks.NEW, np.int8)
    old = {OLD + name: np.full(len(ids), NEVER, np.int64) for name in COUNTED}
    if len(there):
        stands, mine = caserows.taken(known, where[there]), caserows.taken(columns, there)
        told = np.where(caserows.alike(mine, stands), blocks.SAME, blocks.CHANGED).astype(np.int8)
        if any_taken_out(upload.source_id):
            # A case that was taken out of the counts is there again: this upload's word stands from now on.
            back = _back(upload, [ids[place] for place in there.tolist()])
            told[(told == blocks.SAME) & back] = blocks.CHANGED
        told[(told == blocks.CHANGED) & (mine["updated"] < stands["updated"])] = blocks.OLDER
        level = (told == blocks.CHANGED) & (mine["updated"] == stands["updated"])
        if newer and level.any():
            told[level & _said_later(mine, newer)] = blocks.OLDER
        status[there] = told
        for name in COUNTED:
            old[OLD + name][there] = np.where(told == blocks.CHANGED, stands[name], NEVER)
    return columns | {"status": status} | old


def _back(upload: Upload, ids: list[str]) -> NDArray[np.bool_]:
    """Which of these cases are out of the counts by the word of an upload that is known no later than this one."""
    rows = taken_out(Case.objects.filter(source=upload.source_id))
    known = {str(name) for name in rows.values_list("external_id", flat=True)}
    later = VanishedCase.objects.filter(
        upload__source=upload.source_id,
        upload__vanished=Upload.Vanished.TAKE_OUT,
        upload__state__in=standing.STANDING,
        upload__known_at__gt=upload.known_at,
    )
    known -= set(later.values_list("external_id", flat=True)) if known else set()
    return np.fromiter((name in known for name in ids), bool, len(ids))


def _said_later(columns: Columns, newer: list[Upload]) -> NDArray[np.bool_]:
    """Which cases an upload known later tells of, at the same time of update."""
    places = {name: place for place, name in enumerate(columns["external_id"])}
    found = np.zeros(len(places), bool)
    numbers = Block.objects.filter(upload__in=newer, number__gt=0).order_by("upload", "number")
    for upload, number in numbers.values_list("upload", "number"):
        said = standing.content_of(upload, number)
        for place, name in enumerate(said["external_id"]):
            mine = places.get(str(name))
            if mine is not None and said["updated"][place] == columns["updated"][mine]:
                found[mine] = True
    return found

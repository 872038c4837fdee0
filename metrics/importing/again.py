"""The very same file once more: its plan is taken from what it said the last time, if nothing in it is news.

Only the outcome "nothing changes" is taken this way; wherever one row would do anything, the file is read in full.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from django.db import connection
from django.db.models import Q

from jobs.registry import Run
from metrics import blocks, states
from metrics.files import Mapping
from metrics.importing import comparing, judging, standing
from metrics.importing.packing import Packer
from metrics.models import Block, Case, RejectedRow, Series, Upload
from metrics.references import Making
from metrics.workflow import claims
from teams.models import Unit

ROWS = ("new", "changed", "same", "older")
# What depends on more than the file and its mapping: the day, and what the organisation looks like.
PASSING = {"date_future", "unit_outside", "unit_archived", "unit_unknown", "metric_unknown"}
Found = tuple[Packer, str, Making, Upload]


def as_before(upload: Upload, mapping: Mapping, run: Run) -> Found | None:
    """The packed plan, its hash, what it touches and the upload it repeats; None where the file has to be read."""
    last = _last(upload)
    if last is None:
        return None
    packer = Packer(upload, run, upload.sha256.encode())
    found = _measured(upload, last, mapping, packer) if mapping.shape == "measured" else _cases(upload, last, packer)
    if found is None:
        with run.commit():
            Block.objects.filter(upload=upload).delete()
        return None
    _copy_rejected(upload, last, run)
    return packer, packer.finish(), found, last


def told_again(found: Found) -> dict[str, Any]:
    """The account of the reading, which is the last one's: all that was taken then is the same now."""
    _packer, digest, _making, last = found
    counts = last.plan["counts"]
    kept = {name: counts[name] for name in counts if name not in ROWS}
    told = {"rows", "reasons", "excluded", "warned", "warnings", "days", "metrics", "gaps", "repeated", "scored"}
    same = sum(counts[name] for name in ROWS)
    return {name: value for name, value in last.plan.items() if name in told} | {
        "counts": kept | {"same": same},
        "hash": digest,
        "read_before": last.pk,
    }


def _last(upload: Upload) -> Upload | None:
    """The newest upload of these bytes, if it was read by the same mapping and choices, for the same unit."""
    rows = Upload.objects.filter(pk__in=upload.facts.get("same_file", []), unit=upload.unit_id, state=states.DONE)
    last = rows.order_by("-pk").first()
    if last is None or last.mapping != upload.mapping or _said(last) != _said(upload):
        return None
    return None if PASSING & set(last.plan.get("reasons", {})) else last


def _said(upload: Upload) -> dict[str, Any]:
    return {name: said for name, said in upload.choices.items() if name != "confirmed"}


def _packed(last: Upload) -> int:
    return sum(Block.objects.filter(upload=last, number__gt=0).values_list("rows", flat=True))


def _measured(upload: Upload, last: Upload, mapping: Mapping, packer: Packer) -> Making | None:
    touched: set[int] = set()
    for number in range(1, last.plan["blocks"] + 1):
        columns = dict(standing.content_of(last.pk, number))
        keys = standing.keys_of(columns["series"], columns["day"])
        if (np.diff(keys) <= 0).any():
            return None
        values = (columns["series"], columns["day"], columns["numerator"], columns["denominator"])
        columns["status"] = judging.status_of(upload, *values)
        if (columns["status"] != blocks.SAME).any():
            return None
        touched |= set(np.unique(columns["series"]).tolist())
        packer.add(columns)
    rows = Series.objects.filter(pk__in=touched)
    gone = Q(unit__archived_at__isnull=False) | Q(metric__archived_at__isnull=False)
    if rows.filter(gone | ~Q(metric__period=mapping.period)).exists():
        return None
    now = claims.versions(sorted(touched))
    return Making(touched=sorted(touched), versions=[now[pk] for pk in sorted(touched)])


def _cases(upload: Upload, last: Upload, packer: Packer) -> Making | None:
    if _packed(last) != sum(last.plan["counts"][name] for name in ROWS):
        # The file tells of a case more than once: which row counts is found by reading it.
        return None
    units: set[int] = set()
    newer = comparing.newer_of(upload)
    for number in range(1, last.plan["blocks"] + 1):
        said = standing.content_of(last.pk, number)
        own = {name: column for name, column in said.items() if name != "status" and not name.startswith(comparing.OLD)}
        columns = comparing.judged(upload, own, newer)
        if (columns["status"] != blocks.SAME).any():
            return None
        units |= set(np.unique(columns["unit"]).tolist())
        packer.add(columns)
    if Case.objects.filter(source=upload.source_id).count() != _packed(last):
        # There are others by now, which this file does not hold.
        return None
    return None if Unit.objects.filter(pk__in=units, archived_at__isnull=False).exists() else Making()


def _copy_rejected(upload: Upload, last: Upload, run: Run) -> None:
    names = "row, line, cells, problems"
    table = RejectedRow._meta.db_table
    with run.commit(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE upload_id = %s", [upload.pk])
        cursor.execute(
            f"INSERT INTO {table} (upload_id, {names}) SELECT %s, {names} FROM {table} WHERE upload_id = %s ORDER BY id",
            [upload.pk, last.pk],
        )

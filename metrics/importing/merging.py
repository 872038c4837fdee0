"""Apply a committed plan, block by block: each in one short transaction that also says that it is done.

Whatever stops it, the next attempt goes on with the first block that is not done; there is no way back but ``undo``.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from jobs.registry import Run
from metrics import blocks, bulk, states
from metrics.bulk import in_list
from metrics.importing import caserows, deriving, periods, rolling, standing
from metrics.importing.caserows import Columns
from metrics.importing.resting import lean, pause
from metrics.models import Block, CaseReplaced, Observation, ObservationReplaced, Series, Upload
from metrics.queries.plans import making_of
from metrics.references import Making
from metrics.workflow import plans


@lean()
def merge(run: Run, upload_id: int) -> None:
    """Merge the upload's blocks, sum up what lies above, finish. Safe to run again after any crash."""
    run.cancellable = False
    upload = Upload.objects.select_related("source", "unit", "person").get(pk=upload_id)
    if upload.state != states.MERGING:
        return
    making = making_of(upload)
    total = upload.plan["blocks"]
    if not upload.merged:
        _free_sums(run, making)
    counts = upload.plan["counts"]
    # What says only what stands already has nothing to write.
    first = upload.merged + 1 if counts["new"] + counts["changed"] + counts["older"] else total + 1
    for number in range(first, total + 1):
        with run.commit(done=number, total=total, phase="merging"):
            _merge_block(upload, number, making)
            Upload.objects.filter(pk=upload.pk).update(merged=number)
        pause()
    touched = _sum_up(upload, making, run)
    with run.commit(done=total, total=total, phase="finishing"):
        current = (
            Upload.objects.select_for_update(of=("self",)).select_related("source", "unit", "person").get(pk=upload.pk)
        )
        settle_series(touched | set(making.all_series))
        periods.mark(current, touched | _own(current, making))
        plans.finish(current, touched)


def _own(upload: Upload, making: Making) -> set[int]:
    """The series that the upload speaks of, also where it says nothing new."""
    if "source_version" not in upload.plan:
        return set(making.all_series)
    return set(Series.objects.filter(metric__source=upload.source_id).values_list("pk", flat=True))


def _free_sums(run: Run, making: Making) -> None:
    """A series that was summed from units below gives way where values of its own arrive."""
    condition, ids = in_list("id", making.touched)
    with run.commit(), connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM metrics_series WHERE {condition} AND rolled_up", [ids])
        found = [row[0] for row in cursor.fetchall()]
        if found:
            Observation.objects.filter(series__in=found, upload=None).delete()
            Series.objects.filter(pk__in=found).update(rolled_up=False)


def _merge_block(upload: Upload, number: int, making: Making) -> None:
    columns = standing.content_of(upload.pk, number, making)
    if "series" in columns:
        _merge_values(upload, number, columns)
    else:
        _merge_cases(upload, columns)


def _merge_values(upload: Upload, number: int, columns: dict[str, NDArray[Any]]) -> None:
    series = columns["series"]
    Block.objects.filter(upload=upload, number=number, first_series__lt=0).update(
        first_series=int(series.min()), last_series=int(series.max())
    )
    status = columns["status"]
    new = _chosen(columns, status == blocks.NEW)
    bulk.insert(Observation._meta.db_table, len(new["day"]), observed(new, upload.pk))
    changed = _chosen(columns, status == blocks.CHANGED)
    if len(changed["day"]):
        keys = standing.keys_of(changed["series"], changed["day"])
        was = standing.stands(keys, np.unique(changed["series"]).tolist())
        _remember(changed, was, upload.pk)
        bulk.upsert(Observation._meta.db_table, len(changed["day"]), observed(changed, upload.pk), ("series_id", "day"))
    older = _chosen(columns, status == blocks.OLDER)
    if len(older["day"]):
        keys = standing.keys_of(older["series"], older["day"])
        stands = standing.stands(keys, np.unique(older["series"]).tolist())
        history(older, np.full(len(keys), upload.pk, np.int64), stands.upload)


def _chosen(columns: dict[str, NDArray[Any]], where: NDArray[np.bool_]) -> dict[str, NDArray[Any]]:
    return columns if where.all() else {name: column[where] for name, column in columns.items()}


def observed(columns: dict[str, NDArray[Any]], upload: Any) -> list[bulk.Column]:
    """Columns of Observation; ``upload``: one id for all, or an array."""
    return [
        bulk.Column("series_id", columns["series"]),
        bulk.Column("day", columns["day"]),
        bulk.Column("numerator", columns["numerator"]),
        bulk.Column("denominator", columns["denominator"]),
        bulk.Column("upload_id", upload),
    ]


def _remember(columns: dict[str, NDArray[Any]], was: standing.Values, by: int) -> None:
    there = was.there
    old = {"series": columns["series"][there], "day": columns["day"][there]}
    old |= {"numerator": was.numerator[there], "denominator": was.denominator[there]}
    history(old, was.upload[there], np.full(int(there.sum()), by, np.int64))


def history(columns: dict[str, NDArray[Any]], upload: NDArray[np.int64], by: NDArray[np.int64]) -> None:
    """Write values that ``upload`` brought and in whose place a value of ``by`` stands."""
    given = [*observed(columns, upload), bulk.Column("replaced_by_id", by, by == 0)]
    bulk.upsert(ObservationReplaced._meta.db_table, len(upload), given, ("series_id", "day", "upload_id"))


def _merge_cases(upload: Upload, whole: Columns) -> None:
    status = whole["status"]
    changed = caserows.taken(whole, status == blocks.CHANGED)
    if changed["external_id"]:
        places, was, owner = caserows.standing(upload.source, changed["external_id"])
        case_history(upload.source_id, was, owner, np.full(len(owner), upload.pk, np.int64))
    caserows.store(upload.source, upload.pk, caserows.taken(whole, (status == blocks.NEW) | (status == blocks.CHANGED)))
    older = caserows.taken(whole, status == blocks.OLDER)
    if older["external_id"]:
        places, _was, owner = caserows.standing(upload.source, older["external_id"])
        by = owner[[places[name] for name in older["external_id"]]]
        case_history(upload.source_id, older, np.full(len(by), upload.pk, np.int64), by)


def case_history(source: int, columns: Columns, upload: NDArray[np.int64], by: NDArray[np.int64]) -> None:
    """Write what ``upload`` said of cases for which the word of ``by`` stands."""
    rows = [
        CaseReplaced(
            case_source_id=source,
            external_id=name,
            content=caserows.told(columns, place),
            upload_id=int(upload[place]),
            replaced_by_id=int(by[place]),
        )
        for place, name in enumerate(columns["external_id"])
    ]
    CaseReplaced.objects.bulk_create(
        rows,
        batch_size=500,
        update_conflicts=True,
        unique_fields=["case_source", "external_id", "upload"],
        update_fields=["content", "replaced_by"],
    )


def _sum_up(upload: Upload, making: Making, run: Run) -> set[int]:
    """What follows from the merge: figures from cases, sums of units. Returns all series touched beyond its own."""
    counts = upload.plan["counts"]
    takes_out = upload.vanished == Upload.Vanished.TAKE_OUT
    if not counts["new"] + counts["changed"] and not takes_out:
        return set()
    if "source_version" in upload.plan:
        return deriving.derive_for(upload, deriving.days_of(upload), run)
    return rolling.roll_up(making.all_series, upload.plan["days"], run, all_days=upload.plan["replaces_sums"])


def settle_series(series: set[int]) -> None:
    """First and last day of each series, and when its data changed, inside the caller's transaction."""
    rolling.settle(sorted(series))

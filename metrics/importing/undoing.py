"""Take back what an upload brought: each of its values returns to the newest among the other uploads.

What the others say is read from their blocks, so the answer does not depend on the order in which they came.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jobs.registry import Run
from metrics import bulk, states
from metrics.files.zones import Clock
from metrics.importing import caserows, comparing, deriving, merging, periods, rolling, standing, vanishing
from metrics.importing.caserows import Columns
from metrics.importing.resting import lean, pause
from metrics.models import Block, Case, CaseReplaced, Observation, ObservationReplaced, Upload
from metrics.queries.plans import making_of
from metrics.workflow import plans
from teams.queries import workspace


@lean()
def undo(run: Run, upload_id: int) -> None:
    """Give each value back, block by block; safe to run again after any crash."""
    run.cancellable = False
    upload = Upload.objects.select_related("source", "unit", "person").get(pk=upload_id)
    if upload.state != states.UNDONE or upload.undone_at is not None:
        return
    total, counts = upload.plan["blocks"], Counter(upload.plan.get("undone", {}))
    with_cases = "source_version" in upload.plan
    back = _Cases(upload) if with_cases else None
    for number in range(upload.merged + 1, total + 1):
        with run.commit(done=number, total=total, phase="undoing"):
            counts += back.give(number) if back else _give_values(upload, number)
            upload.plan = {**upload.plan, "undone": dict(counts)}
            upload.merged = number
            upload.save(update_fields=["plan", "merged"])
        pause()
    touched = _sum_up(upload, run)
    with run.commit(done=total, total=total, phase="finishing"):
        rolling.settle(sorted(touched | set(making_of(upload).all_series)))
        if upload.plan.get("rows"):
            periods.mark(upload, touched | set(making_of(upload).all_series), undone=True)
        plans.taken_back(upload, touched, dict(counts))


def _sum_up(upload: Upload, run: Run) -> set[int]:
    if "source_version" in upload.plan:
        days = np.union1d(_Cases(upload).days(), vanishing.days_of(upload))
        return deriving.derive_for(upload, days, run)
    series = making_of(upload).all_series
    return rolling.roll_up(series, upload.plan["days"], run, all_days=upload.plan["replaces_sums"])


def _give_values(upload: Upload, number: int) -> Counter[str]:
    """One block of measured values: write what the others say, delete where nobody says anything."""
    mine = standing.content_of(upload.pk, number)
    series, day = mine["series"].astype(np.int64), mine["day"].astype(np.int32)
    order = np.argsort(standing.keys_of(series, day))
    series, day = series[order], day[order]
    keys = standing.keys_of(series, day)
    ids = np.unique(series)
    others = standing.others_of(upload, int(ids[0]), int(ids[-1]), newer=False)
    best, now = standing.newest(keys, others), standing.stands(keys, ids.tolist())
    gone = now.there & ~best.there
    other = best.there & (~now.equal(best.numerator, best.denominator) | (now.upload == upload.pk))
    changed = best.there & ~now.equal(best.numerator, best.denominator)
    where = "upload_id IS NOT NULL"
    bulk.delete_pairs(Observation._meta.db_table, ("series_id", "day"), series[gone], day[gone], where)
    columns = {"series": series, "day": day, "numerator": best.numerator, "denominator": best.denominator}
    columns = {name: column[other] for name, column in columns.items()}
    given = merging.observed(columns, best.upload[other])
    bulk.upsert(Observation._meta.db_table, int(other.sum()), given, ("series_id", "day"))
    _rewrite_history(upload, series, day, best)
    return Counter(removed=int(gone.sum()), returned=int(changed.sum()))


def _rewrite_history(upload: Upload, series: NDArray[np.int64], day: NDArray[np.int32], best: standing.Values) -> None:
    """What stands again is no history any more; what this upload replaced is now replaced by what stands."""
    table = ObservationReplaced._meta.db_table
    bulk.delete_pairs(table, ("series_id", "day"), series, day, f"upload_id = {upload.pk:d}")
    there = best.there
    for one in np.unique(best.upload[there]).tolist():
        mine = best.upload == one
        bulk.delete_pairs(table, ("series_id", "day"), series[mine], day[mine], f"upload_id = {one:d}")
    rows = ObservationReplaced.objects.filter(
        replaced_by=upload, series__in=np.unique(series).tolist(), day__range=(int(day.min()), int(day.max()))
    )
    stands = dict(zip(zip(series.tolist(), day.tolist(), strict=True), best.upload.tolist(), strict=True))
    changed = [row for row in rows if stands.get((row.series_id, row.day))]
    for row in changed:
        row.replaced_by_id = stands[row.series_id, row.day]
    ObservationReplaced.objects.bulk_update(changed, ["replaced_by"], 500)


class _Cases:
    """What the other uploads of the source say of this one's cases."""

    def __init__(self, upload: Upload) -> None:
        self.upload = upload
        self.numbers = list(
            Block.objects.filter(upload=upload, number__gt=0).order_by("number").values_list("number", flat=True)
        )
        self.best = self._best()

    def _best(self) -> dict[str, tuple[int, int, int, int]]:
        """{external id: (its time of update, upload, block, place)} of the newest word among the others."""
        mine = {name for number in self.numbers for name in standing.content_of(self.upload.pk, number)["external_id"]}
        best: dict[str, tuple[int, int, int, int]] = {}
        for other in comparing.others_of(self.upload):
            numbers = Block.objects.filter(upload=other, number__gt=0).order_by("number")
            for number in numbers.values_list("number", flat=True):
                said = standing.content_of(other.pk, number)
                for place, (name, updated) in enumerate(
                    zip(said["external_id"], said["updated"].tolist(), strict=True)
                ):
                    if name in mine and (name not in best or updated >= best[name][0]):
                        best[name] = updated, other.pk, number, place
        return best

    def give(self, number: int) -> Counter[str]:
        """One block of cases: put back the others' newest word, delete what nobody else speaks of."""
        ids = standing.content_of(self.upload.pk, number)["external_id"]
        source = self.upload.source
        gone = [name for name in ids if name not in self.best]
        Case.objects.filter(source=source, external_id__in=gone).delete() if gone else None
        CaseReplaced.objects.filter(case_source=source, upload=self.upload, external_id__in=ids).delete()
        returned = 0
        for owner, columns in self._words(ids):
            places, now, stands_by = caserows.standing(source, columns["external_id"])
            where = np.array([places[name] for name in columns["external_id"]], np.int64)
            other = ~caserows.alike(columns, caserows.taken(now, where))
            returned += int(other.sum())
            rewritten = other | (stands_by[where] == self.upload.pk)
            caserows.store(source, owner, caserows.taken(columns, rewritten))
            rows = CaseReplaced.objects.filter(case_source=source, external_id__in=columns["external_id"])
            rows.filter(upload=owner).delete()
            rows.filter(replaced_by=self.upload).update(replaced_by=owner)
        return Counter(removed=len(gone), returned=returned)

    def _words(self, ids: list[str]) -> list[tuple[int, Columns]]:
        """The newest words about these cases, by the block in which they were said."""
        by_block: dict[tuple[int, int], list[int]] = {}
        for name in ids:
            if name in self.best:
                _updated, owner, number, place = self.best[name]
                by_block.setdefault((owner, number), []).append(place)
        return [
            (owner, caserows.taken(dict(standing.content_of(owner, number)), np.array(places, np.int64)))
            for (owner, number), places in sorted(by_block.items())
        ]

    def days(self) -> NDArray[np.int64]:
        """Every day by which a case of this upload was counted, or is now."""
        clock = Clock(workspace().zone)
        found: list[Any] = [np.zeros(0, np.int64)]
        for number in self.numbers:
            columns = dict(standing.content_of(self.upload.pk, number))
            whole = np.ones(len(columns["opened"]), bool)
            found.append(deriving.days_in(columns, whole, clock))
            for _owner, said in self._words(columns["external_id"]):
                found.append(deriving.days_in(said, np.ones(len(said["opened"]), bool), clock))
        return np.unique(np.concatenate(found))

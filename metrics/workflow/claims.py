"""One merge at a time for the same figures: an odd version of a series or source means that one is under way.

A plan remembers the versions it was computed on. Taking it raises them, and finishing raises them again, so a plan
made before or during another merge is noticed and computed anew; nothing is ever merged that was not shown.
"""

from __future__ import annotations

from django.db import connection
from django.db.models import F
from django.utils.translation import gettext as _

from metrics.bulk import in_list
from metrics.models import Block, Source, Upload
from metrics.queries.plans import making_of
from metrics.workflow import making
from teams.models import Unit
from teams.refusals import Refused


def lock(upload: Upload) -> Upload:
    """The upload's fresh row, with the organisation locked against other imports for this short transaction."""
    top = upload.unit.line_ids[0]
    list(Unit.objects.select_for_update(no_key=True).filter(pk=top))
    return Upload.objects.select_for_update(of=("self",)).select_related("source", "unit", "person").get(pk=upload.pk)


def take(upload: Upload) -> bool:
    """Claim everything the plan touches and make what is new; False if the world has moved on since it was made.

    Raises Refused (``busy``).
    """
    wanted = making_of(upload)
    now = versions(wanted.touched)
    source = Source.objects.get(pk=upload.source_id)
    with_cases = "source_version" in upload.plan
    _not_busy([*now.values(), source.data_version if with_cases else 0])
    moved_on = now != dict(zip(wanted.touched, wanted.versions, strict=True))
    if moved_on or making.clash(wanted, upload) or making.missing(wanted):
        return False
    if with_cases and source.data_version != upload.plan["source_version"]:
        return False
    condition, ids = in_list("id", wanted.touched)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM metrics_series WHERE rolled_up AND {condition}", [ids])
        # Values of its own arrive for a series that was a sum: every day of it, and of the sums above, is another.
        upload.plan["replaces_sums"] = bool(cursor.fetchone()[0])
    making.make(wanted, upload)
    Block.objects.filter(upload=upload, number=0).update(content=wanted.pack())
    _raise(wanted.touched, source if with_cases else None)
    return True


def retake(upload: Upload) -> None:
    """Claim once more, for an undo, what a merged upload touched. Raises Refused (``busy``)."""
    wanted = making_of(upload)
    source = Source.objects.get(pk=upload.source_id)
    with_cases = "source_version" in upload.plan
    _not_busy([*versions(wanted.all_series).values(), source.data_version if with_cases else 0])
    _raise(wanted.all_series, source if with_cases else None)


def release(upload: Upload) -> list[int]:
    """Give back what was claimed, at the end of a merge or an undo; returns the ids of the series."""
    wanted = making_of(upload)
    with_cases = "source_version" in upload.plan
    _raise(wanted.all_series, upload.source if with_cases else None)
    return wanted.all_series


def versions(series: list[int]) -> dict[int, int]:
    """The version of each of these series."""
    condition, ids = in_list("id", series)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, data_version FROM metrics_series WHERE {condition}", [ids])
        return dict(cursor.fetchall())


def _raise(series: list[int], source: Source | None) -> None:
    condition, ids = in_list("id", series)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE metrics_series SET data_version = data_version + 1 WHERE {condition}", [ids])
    if source is not None:
        Source.objects.filter(pk=source.pk).update(data_version=F("data_version") + 1)


def _not_busy(found: list[int]) -> None:
    if any(version % 2 for version in found):
        raise Refused(
            "busy",
            _("Another import of the same figures is being merged. Try again when it is done; nothing is lost."),
        )

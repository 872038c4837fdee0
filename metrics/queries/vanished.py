"""Cases that a newer export of their source does not hold any more, and what the person said about them."""

from __future__ import annotations

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from metrics import states
from metrics.models import Case, Upload, VanishedCase

STANDING = (states.MERGING, states.DONE)
# A case is out of the counts while an upload stands that took it out and is known later than what stands of the case.
NOT_TAKEN_OUT = (
    " AND NOT EXISTS (SELECT 1 FROM metrics_vanishedcase v JOIN metrics_upload u ON u.id = v.upload_id"
    " JOIN metrics_upload o ON o.id = metrics_case.upload_id"
    " WHERE v.external_id = metrics_case.external_id AND u.source_id = metrics_case.source_id"
    f" AND u.vanished = '{Upload.Vanished.TAKE_OUT.value}' AND u.state IN ('{states.MERGING}', '{states.DONE}')"
    " AND (u.known_at > o.known_at OR (u.known_at = o.known_at AND u.id > o.id)))"
)


def counted(rows: QuerySet[Case]) -> QuerySet[Case]:
    """Those of the cases that count."""
    return rows.exclude(_taken_out())


def taken_out(rows: QuerySet[Case]) -> QuerySet[Case]:
    """Those of the cases that are out of the counts."""
    return rows.filter(_taken_out())


def _taken_out() -> Exists:
    out = VanishedCase.objects.filter(
        external_id=OuterRef("external_id"),
        upload__source=OuterRef("source"),
        upload__vanished=Upload.Vanished.TAKE_OUT,
        upload__state__in=STANDING,
    )
    level = Q(upload__known_at=OuterRef("upload__known_at"), upload__gt=OuterRef("upload"))
    return Exists(out.filter(Q(upload__known_at__gt=OuterRef("upload__known_at")) | level))


def any_taken_out(source_id: int) -> bool:
    """Does an upload of this source stand that took cases out?"""
    rows = Upload.objects.filter(source=source_id, vanished=Upload.Vanished.TAKE_OUT, state__in=STANDING)
    return rows.exists()


def vanished(upload: Upload) -> QuerySet[VanishedCase]:
    """The cases that the file does not hold any more, by the day on which they were opened."""
    return VanishedCase.objects.filter(upload=upload).order_by(F("day"), "external_id")

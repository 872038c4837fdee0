"""Keep an uploaded file outside the database, by its hash; nothing is parsed here."""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.utils.translation import gettext as _

from teams import clock
from teams.models import Person, StoredFile, Unit
from teams.refusals import Refused

MEGABYTE = 1024 * 1024
ZIP = b"PK\x03\x04"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Kept:
    """A file under ``settings.FILES_DIR``; ``path`` is relative to it."""

    name: str
    sha256: str
    size: int
    content_type: str
    path: str

    def record(self, person: Person, unit: Unit) -> StoredFile:
        """Its row, inside the caller's transaction."""
        return StoredFile.objects.create(
            name=self.name,
            sha256=self.sha256,
            size=self.size,
            content_type=self.content_type,
            path=self.path,
            unit=unit,
            added_by=person,
            added_at=clock.now(),
        )


def path_of(stored: StoredFile) -> Path:
    """Where the bytes are."""
    return Path(settings.FILES_DIR) / stored.path


def keep(uploaded: File[Any] | None) -> Kept:
    """Copy the bytes under their SHA-256, once for the same content, durable before it returns.

    Raises Refused (``no_file``, ``empty_file``, ``too_large``: checked against the real bytes as they come).
    """
    if uploaded is None or not uploaded.name:
        raise _refused("no_file", _("Choose a file."))
    folder = Path(settings.FILES_DIR)
    incoming = folder / "incoming"
    incoming.mkdir(parents=True, exist_ok=True)
    digest, size, start = hashlib.sha256(), 0, b""
    with tempfile.NamedTemporaryFile(dir=incoming, delete=False) as copy:
        try:
            for part in uploaded.chunks():
                start = start or part[:4]
                size += len(part)
                _check_size(size, start)
                digest.update(part)
                copy.write(part)
            if not size:
                raise _refused("empty_file", _("The file is empty."))
            copy.flush()
            os.fsync(copy.fileno())
        except BaseException:
            os.unlink(copy.name)
            raise
    sha256 = digest.hexdigest()
    place = Path("uploads") / sha256[:2] / sha256
    (folder / place).parent.mkdir(parents=True, exist_ok=True)
    os.replace(copy.name, folder / place)
    name = os.path.basename(uploaded.name.replace("\\", "/"))[-255:]
    return Kept(name, sha256, size, XLSX if start == ZIP else "text/csv", str(place))


def _check_size(size: int, start: bytes) -> None:
    limit = settings.UPLOAD_LIMIT_XLSX if start == ZIP else settings.UPLOAD_LIMIT_CSV
    if size > limit:
        words = _("The file is larger than %(limit)s MB. Export a shorter period, or split it.")
        raise _refused("too_large", words % {"limit": limit // MEGABYTE})


def _refused(code: str, words: str) -> Refused:
    return Refused(code, words, {"file": words})

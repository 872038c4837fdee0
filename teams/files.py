"""Files kept outside the database: by their hash, with the type that their bytes show, handed out as attachments only.

A stored file has no address of its own: it goes through the door of the object that it belongs to.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.http import FileResponse, Http404
from django.utils.translation import gettext_lazy as _

from teams import clock
from teams.models import Person, StoredFile, Unit
from teams.refusals import Refused

MEGABYTE = 1024 * 1024
LIMIT = 10 * MEGABYTE
PLAIN = "text/plain"
ZIPPED = "application/zip"
# First bytes of what people attach; office documents are zip files. Text is what holds no zero byte and is UTF-8.
KINDS = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"PK\x03\x04", ZIPPED),
)


def kind_of(start: bytes) -> str:
    """The content type that the first bytes show, "" for one that is not kept."""
    for magic, kind in KINDS:
        if start.startswith(magic):
            return kind
    if b"\x00" in start:
        return ""
    try:
        start.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        # A character may be cut at the end of what was read.
        return PLAIN if problem.start > len(start) - 4 else ""
    return PLAIN


def keep(uploaded: File[Any], person: Person, unit: Unit, limit: int = LIMIT) -> StoredFile:
    """Keep an uploaded file; inside the transaction of the verb that it is for.

    Raises Refused (``empty_file``, ``too_large``, ``wrong_kind``), checked on the bytes as they come.
    """
    start, size = b"", 0
    parts: list[bytes] = []
    for part in uploaded.chunks():
        size += len(part)
        start = start or part[:512]
        if size > limit:
            large = _("The file is larger than %(limit)s MB.") % {"limit": limit // MEGABYTE}
            raise Refused("too_large", large, {"file": large})
        parts.append(part)
    if not size:
        raise Refused("empty_file", _("The file is empty."), {"file": _("The file is empty.")})
    kind = kind_of(start)
    if not kind:
        words = _("This kind of file is not kept. PDF, PNG, JPEG, office documents and plain text are.")
        raise Refused("wrong_kind", words, {"file": words})
    name = os.path.basename((uploaded.name or "file").replace("\\", "/"))[-255:]
    return store(parts, name, kind, person, unit)


def store(parts: Iterable[bytes], name: str, content_type: str, person: Person | None, unit: Unit | None) -> StoredFile:
    """Write the bytes under their SHA-256, durable before it returns, and make their row."""
    folder = Path(settings.FILES_DIR)
    incoming = folder / "incoming"
    incoming.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with tempfile.NamedTemporaryFile(dir=incoming, delete=False) as copy:
        for part in parts:
            digest.update(part)
            size += len(part)
            copy.write(part)
        copy.flush()
        os.fsync(copy.fileno())
    sha256 = digest.hexdigest()
    place = Path("kept") / sha256[:2] / sha256
    (folder / place).parent.mkdir(parents=True, exist_ok=True)
    os.replace(copy.name, folder / place)
    return StoredFile.objects.create(
        name=name,
        sha256=sha256,
        size=size,
        content_type=content_type,
        path=str(place),
        unit=unit,
        added_by=person,
        added_at=clock.now(),
    )


def path_of(stored: StoredFile) -> Path:
    """Where the bytes are."""
    return Path(settings.FILES_DIR) / stored.path


def download(stored: StoredFile, name: str = "") -> FileResponse:
    """The file as an attachment; the caller has asked its door. Http404 where the bytes are gone."""
    try:
        handle = path_of(stored).open("rb")
    except OSError:
        raise Http404 from None
    return FileResponse(handle, as_attachment=True, filename=name or stored.name, content_type=stored.content_type)

"""Files kept outside the database: only kinds that their bytes show, only up to a size, handed out as attachments."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404

from teams import files
from teams.models import StoredFile
from teams.refusals import Refused

pytestmark = pytest.mark.django_db

KINDS = [
    (b"%PDF-1.7 x", "application/pdf"),
    (b"\x89PNG\r\n\x1a\nx", "image/png"),
    (b"\xff\xd8\xff\xe0x", "image/jpeg"),
    (b"PK\x03\x04x", "application/zip"),
    ("Caf\u00e9, 한국어".encode(), "text/plain"),
    (b"<html><script>alert(1)</script>", "text/plain"),
    (b"MZ\x90\x00\x03", ""),
    (b"\x7fELF\x02\x01\x00", ""),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ""),
]


@pytest.mark.parametrize(("start", "kind"), KINDS)
def test_the_kind_is_what_the_bytes_show(start, kind):
    assert files.kind_of(start) == kind


def test_a_letter_cut_at_the_end_of_what_was_read_is_still_text():
    assert files.kind_of("abc한".encode()[:-1]) == "text/plain"


@pytest.mark.parametrize(
    ("content", "limit", "code"),
    [(b"", 10, "empty_file"), (b"x" * 11, 10, "too_large"), (b"MZ\x00", 10, "wrong_kind")],
)
def test_what_is_not_kept(world, content, limit, code):
    sent = SimpleUploadedFile("a.pdf", content, "application/pdf")
    with pytest.raises(Refused) as refusal:
        files.keep(sent, world.a.supervisor, world.a.team, limit)
    assert (refusal.value.code, StoredFile.objects.count()) == (code, 0)


def test_kept_once_for_the_same_bytes_and_given_back_as_they_were(world):
    one, other = (
        files.keep(SimpleUploadedFile(name, b"The rota of March."), world.a.supervisor, world.a.team)
        for name in ("rota.txt", "../../etc/rota.txt")
    )
    assert (one.path, other.name) == (other.path, "rota.txt")
    answer = files.download(one)
    assert (b"".join(answer), answer["Content-Type"]) == (b"The rota of March.", "text/plain")
    assert answer["Content-Disposition"] == 'attachment; filename="rota.txt"'


def test_bytes_that_are_gone_are_not_found(world):
    stored = files.keep(SimpleUploadedFile("a.txt", b"x"), world.a.supervisor, world.a.team)
    files.path_of(stored).unlink()
    with pytest.raises(Http404):
        files.download(stored)

"""The backup file: a compressed tar with a manifest of hashes at its end."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from django.conf import settings
from django.utils import timezone

from cxreview.backup import databases

MANIFEST, ANCHOR = "manifest.json", "trail.anchor"
KEYS = {"secret-key": "SECRET_KEY", "trail-key": "TRAIL_KEY"}
FORMAT = 1


class Damaged(Exception):
    """The file is not a backup, or not a whole one."""


@dataclass(frozen=True)
class Summary:
    made_at: str
    files: int
    bytes: int


def write(target: Path) -> Summary:
    """Back everything up into ``target``, which must not exist. Web and worker may go on writing.

    The anchor is copied first and the files last: the anchor must not know more of the trail than the database
    does, and a file is kept before its row is written.
    """
    part = target.with_name(target.name + ".part")
    with tempfile.TemporaryDirectory(dir=target.parent) as name:
        folder = Path(name)
        _copy_anchor(folder / ANCHOR)
        (folder / "database").mkdir()
        facts = databases.dump(folder / "database")
        for key in KEYS:
            if (settings.VAR / key).exists():
                (folder / "keys").mkdir(exist_ok=True)
                shutil.copyfile(settings.VAR / key, folder / "keys" / key)
        summary = _pack(folder, part, facts)
    os.replace(part, target)
    return summary


def _copy_anchor(target: Path) -> None:
    try:
        text = settings.TRAIL_ANCHOR.read_bytes()
    except OSError:
        text = b""
    # A line still being written is left for the next backup.
    target.write_bytes(text[: text.rfind(b"\n") + 1])


def _pack(folder: Path, part: Path, facts: dict[str, Any]) -> Summary:
    hashes: dict[str, str] = {}
    size = 0
    files = Path(settings.FILES_DIR)
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as raw:
        with tarfile.open(fileobj=raw, mode="w:gz", compresslevel=1) as tar:
            for base, prefix in ((folder, ""), (files, "files/")):
                for path in _below(base):
                    member = prefix + path.relative_to(base).as_posix()
                    hashes[member] = _hash(path)
                    size += path.stat().st_size
                    tar.add(path, arcname=member, recursive=False)
            made_at = timezone.now().isoformat(timespec="seconds")
            manifest = {"format": FORMAT, "made_at": made_at, "database": facts, "hashes": hashes}
            text = json.dumps(manifest | {"trail_key": _print_of(settings.TRAIL_KEY)}).encode()
            info = tarfile.TarInfo(MANIFEST)
            info.size = len(text)
            tar.addfile(info, io.BytesIO(text))
        raw.flush()
        os.fsync(raw.fileno())
    return Summary(made_at, sum(member.startswith("files/") for member in hashes), size)


def _below(folder: Path) -> Iterator[Path]:
    """Whole files; what is still coming in belongs to no row yet."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "incoming" not in path.relative_to(folder).parts:
            yield path


def _hash(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _print_of(key: str) -> str:
    """By which a key is recognised and from which it cannot be had."""
    return hashlib.sha256(b"cxreview trail key " + key.encode()).hexdigest()[:16]


def read(source: Path) -> Summary:
    """Put everything in ``source`` in its place. Nothing is touched before the whole file has been checked.

    Raises Damaged; ValueError where it belongs to another kind of database or another trail key.
    """
    settings.VAR.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.VAR) as name:
        folder = Path(name)
        manifest = _unpack(source, folder)
        _check_key(folder, manifest["trail_key"])
        databases.load(folder / "database", manifest["database"])
        files = [member for member in manifest["hashes"] if member.startswith("files/")]
        for member in files:
            target = Path(settings.FILES_DIR) / PurePosixPath(member).relative_to("files")
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(shutil.copyfile(folder / member, target.with_name(target.name + ".part")), target)
        settings.TRAIL_ANCHOR.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(folder / ANCHOR, settings.TRAIL_ANCHOR)
        _put_keys(folder)
        size = sum((folder / member).stat().st_size for member in manifest["hashes"])
    return Summary(manifest["made_at"], len(files), size)


def _unpack(source: Path, folder: Path) -> dict[str, Any]:
    try:
        with tarfile.open(source, "r:gz") as tar:
            for info in tar:
                _extract(tar, info, folder)
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text())
    except (tarfile.TarError, EOFError, OSError, ValueError) as problem:
        raise Damaged(f"{source} is not a whole backup: {problem}") from problem
    if manifest.get("format") != FORMAT:
        raise Damaged(f"{source} has a format that this version does not know")
    for member, expected in manifest["hashes"].items():
        if not (folder / member).is_file() or _hash(folder / member) != expected:
            raise Damaged(f"{source} is damaged: {member} is not as it was written")
    return manifest


def _extract(tar: tarfile.TarFile, info: tarfile.TarInfo, folder: Path) -> None:
    place = PurePosixPath(info.name)
    content = tar.extractfile(info) if info.isfile() else None
    if content is None or place.is_absolute() or ".." in place.parts:
        raise ValueError(f"{info.name} does not belong into a backup")
    target = folder / place
    target.parent.mkdir(parents=True, exist_ok=True)
    with open(target, "wb") as file:
        shutil.copyfileobj(content, file)


def _check_key(folder: Path, expected: str) -> None:
    kept = folder / "keys" / "trail-key"
    key = kept.read_text().strip() if kept.exists() else settings.TRAIL_KEY
    if _print_of(key) != expected:
        raise ValueError("the trail was written with another key: set CXREVIEW_TRAIL_KEY to the one it was made with")


def _put_keys(folder: Path) -> None:
    """Keys made by the old install itself come along; those from the environment stay there."""
    for key, setting in KEYS.items():
        kept = folder / "keys" / key
        if kept.exists():
            with open(os.open(settings.VAR / key, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
                file.write(kept.read_text())
            if not os.environ.get(f"CXREVIEW_{setting}"):
                setattr(settings, setting, kept.read_text().strip())

"""What a long write owes to others: a breath between its slices, and no more memory than it needs."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

# SQLite's lock is not fair: without a pause, other writers would wait for the end of the whole merge.
PAUSE = 0.02


def pause() -> None:
    """Let others write."""
    if connection.vendor == "sqlite":
        time.sleep(PAUSE)


@contextmanager
def lean() -> Iterator[None]:
    """SQLite without its window onto the file: what a long write touches of it would all count as memory of ours."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA mmap_size")
        window = int((cursor.fetchone() or [0])[0])
        cursor.execute("PRAGMA mmap_size=0")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA mmap_size={window:d}")

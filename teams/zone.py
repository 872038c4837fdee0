"""The zone of the workspace: days begin and end there, on pages as in the work of a worker."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterator
from contextlib import contextmanager

from django.utils import timezone

from teams.models import Workspace


def of(workspace: Workspace | None) -> zoneinfo.ZoneInfo:
    """The zone of a workspace; UTC while none was named."""
    try:
        return zoneinfo.ZoneInfo(workspace.zone if workspace else "UTC")
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return zoneinfo.ZoneInfo("UTC")


def found() -> zoneinfo.ZoneInfo:
    """The zone of the workspace. One query."""
    return of(Workspace.objects.filter(pk=1).first())


@contextmanager
def of_workspace() -> Iterator[None]:
    """Inside the block "today" and local times are those of the workspace; for workers and commands."""
    with timezone.override(found()):
        yield

"""``manage.py restore FILE``: everything from one file into an empty installation."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error
from django.utils import timezone

from cxreview.backup import archive, databases
from jobs.models import Beat
from teams import trail


class Command(BaseCommand):
    help = "Restore a backup into an empty installation, and verify its trail."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--replace", action="store_true", help="put it in the place of what is here")

    def handle(self, *args: Any, **options: Any) -> None:
        file = options["file"]
        if not file.is_file():
            raise CommandError(f"{file} is not there.")
        if not options["replace"] and not databases.is_empty():
            raise CommandError("Somebody has worked here already. Restore elsewhere, or say --replace.")
        if _running():
            raise CommandError("CX Review is running here. Stop it first, then restore.")
        try:
            done = archive.read(file)
        except (archive.Damaged, ValueError) as problem:
            raise CommandError(f"Nothing was restored: {problem}.") from problem
        verdict = trail.verify()
        self.stdout.write(f"restored: the state of {done.made_at}, {done.files} files, {done.bytes:,} bytes")
        if verdict.bad is not None:
            raise CommandError(f"The trail does not verify: entry {verdict.bad} ({verdict.why}).")
        self.stdout.write(f"the trail verifies: {verdict.entries} entries")


def _running() -> bool:
    """Whether a worker or the schedule signed just now."""
    since = timezone.now() - timedelta(seconds=2 * settings.SIGN_EVERY)
    try:
        return Beat.objects.filter(at__gte=since).exists()
    except Error:
        return False

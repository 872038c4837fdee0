"""``manage.py backup FILE``: everything in one file, while the product runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cxreview.backup import archive


class Command(BaseCommand):
    help = "Back up database, kept files and the anchor of the trail into one file. Keep it as safe as the data."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        file = options["file"].absolute()
        if file.exists():
            raise CommandError(f"{file} is there already; a backup is never written over.")
        if not file.parent.is_dir():
            raise CommandError(f"The folder {file.parent} is not there.")
        done = archive.write(file)
        self.stdout.write(f"backed up: database and {done.files} files, {done.bytes:,} bytes, into {file}")

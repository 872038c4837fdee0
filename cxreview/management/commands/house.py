"""Print the map of the house and the pictures of its workflows into docs/house.md."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from cxreview.drawing import page


class Command(BaseCommand):
    help = "Write docs/house.md from the code; --check only says whether it is up to date."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        file = settings.BASE_DIR / "docs" / "house.md"
        text = page()
        if options["check"]:
            if not file.exists() or file.read_text() != text:
                raise CommandError("docs/house.md is not what the code says: run manage.py house")
            return
        file.write_text(text)
        self.stdout.write(f"{file.relative_to(settings.BASE_DIR)} written")

"""``manage.py health``: every part, green or red, for scripts and service managers."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from cxreview import health


class Command(BaseCommand):
    help = "Say of every part whether it works; exits 1 if one does not."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--url", default=settings.BASE_URL, help="where the web process answers")

    def handle(self, *args: Any, **options: Any) -> None:
        parts = {"web": health.web_answers(options["url"]), **health.check()}
        for name, alive in parts.items():
            self.stdout.write(f"{name:<9} {'green' if alive else 'red'}")
        if not all(parts.values()):
            raise CommandError("not every part works")

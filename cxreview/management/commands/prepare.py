"""``manage.py prepare``: everything between installed packages and a first page. Safe to run at every start."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polib
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Compile translations, collect static files and migrate the database."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        compiled = sum(
            _compile(file) for folder in settings.LOCALE_PATHS for file in sorted(Path(folder).rglob("*.po"))
        )
        call_command("collectstatic", interactive=False, verbosity=0)
        call_command("migrate", interactive=False, verbosity=0)
        self.stdout.write(f"ready: {compiled} translations compiled, static files collected, database migrated")


def _compile(source: Path) -> bool:
    """Write the .mo beside a .po that is newer (gettext's own tools are not on every machine)."""
    target = source.with_suffix(".mo")
    if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
        return False
    polib.pofile(str(source)).save_as_mofile(str(target))
    return True

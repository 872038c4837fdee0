"""Take the demonstration away: rows, files and trail, so that the workspace is as empty as on its first day."""

from __future__ import annotations

import shutil
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management.color import no_style
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from teams.models import Workspace
from teams.refusals import Refused

EMPTIED = ("teams", "jobs", "notices", "processes", "metrics", "reviews", "improvements", "reports", "sessions")


def is_demo() -> bool:
    """Whether all that is here is the demonstration."""
    return Workspace.objects.filter(pk=1, is_demo=True).exists()


def remove() -> None:
    """Empty the demonstration's workspace; a new trail begins with its first administrator.

    The trail of a real workspace cannot be emptied by the product: this asks, under a lock, for the sign that only
    the making of a demonstration sets. Raises Refused (``not_demo``).
    """
    with transaction.atomic():
        if not Workspace.objects.select_for_update().filter(pk=1, is_demo=True).exists():
            raise Refused("not_demo", _("This workspace is not the demonstration. Nothing was removed."))
        statements = connection.ops.sql_flush(no_style(), _tables(), reset_sequences=True, allow_cascade=False)
        # PostgreSQL empties no table whose foreign keys are still to be checked at the end of the transaction.
        connection.check_constraints()
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
        transaction.on_commit(_forget_files)


def _tables() -> list[str]:
    models = apps.get_models(include_auto_created=True)
    return [model._meta.db_table for model in models if model._meta.app_label in EMPTIED and model._meta.managed]


def _forget_files() -> None:
    Path(settings.TRAIL_ANCHOR).unlink(missing_ok=True)
    shutil.rmtree(settings.FILES_DIR, ignore_errors=True)

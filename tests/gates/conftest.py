"""The gates share what is costly: one world per module, one stage per address, each undone when it is left."""

import shutil
import tempfile
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from django.test import override_settings

from tests.gates.stage import Stage, Theatre


@pytest.fixture(scope="module", autouse=True)
def _own_places():
    """Files, the trail's anchor and the clock of a whole module in one folder: its scenes outlive a test."""
    folder = Path(tempfile.mkdtemp(dir=settings.VAR))
    places = {"FILES_DIR": folder / "files", "MEDIA_ROOT": folder / "files"}
    with override_settings(TRAIL_ANCHOR=folder / "trail.anchor", CLOCK_FILE=folder / "clock", **places):
        yield
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def theatre(_own_places, django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield Theatre.open()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def stage(request, theatre):
    """The stage of one address, shared by all tests of that address."""
    with transaction.atomic():
        yield Stage(request.param, theatre)
        transaction.set_rollback(True)

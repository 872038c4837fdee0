"""The demonstration, made once for all tests of a module that only read it, and removed after them."""

import datetime as dt
import shutil
import tempfile
from pathlib import Path

import pytest

AS_OF = dt.datetime(2026, 3, 4, 12, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    """The demonstration as of Wednesday, 4 March 2026; tests read it, and ask for the database themselves."""
    from django.conf import settings
    from django.test import override_settings

    from cxreview.demo import making, removal

    folder = Path(tempfile.mkdtemp(dir=settings.VAR))
    places = {"FILES_DIR": folder / "files", "TRAIL_ANCHOR": folder / "anchor", "CLOCK_FILE": None}
    with override_settings(**places), django_db_blocker.unblock():
        making.make(AS_OF)
    yield AS_OF
    with override_settings(**places), django_db_blocker.unblock():
        removal.remove()
    shutil.rmtree(folder, ignore_errors=True)

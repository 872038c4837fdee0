"""The product's own settings, in a place of their own and with a password hasher that costs nothing."""

import atexit
import os
import shutil
import tempfile

_folder = tempfile.mkdtemp(prefix="cxreview-tests-")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
os.environ["CXREVIEW_VAR"] = _folder
os.environ["CXREVIEW_PLAIN_STATIC"] = "1"
os.mkdir(os.path.join(_folder, "static"))

from cxreview.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

if "sqlite" in DATABASES["default"]["ENGINE"]:  # noqa: F405
    # A file, as in life: an SQLite in memory is shared between threads without ever waiting for a lock.
    DATABASES["default"]["TEST"] = {"NAME": os.path.join(_folder, "tests.sqlite3")}  # noqa: F405

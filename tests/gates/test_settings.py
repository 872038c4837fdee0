"""R9: production does not start half safe, and each install makes a key of its own."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

SECRET = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
GOOD = {
    "CXREVIEW_PRODUCTION": "1",
    "CXREVIEW_SECRET_KEY": SECRET,
    "CXREVIEW_TRAIL_KEY": SECRET[::-1],
    "CXREVIEW_HOSTS": "reviews.example",
}


def run(tmp_path, changes, *command):
    ours = ("CXREVIEW", "DATABASE_URL", "DJANGO_ALLOW_ASYNC_UNSAFE")
    env = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    env |= {"CXREVIEW_VAR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "cxreview.settings", **changes}
    env = {name: value for name, value in env.items() if value is not None}
    return subprocess.run(
        [sys.executable, *command], env=env, cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=120
    )


START = ("-c", "import django; django.setup(); print('started')")


def test_production_starts_with_all_it_needs(tmp_path):
    assert run(tmp_path, GOOD, *START).stdout == "started\n"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"CXREVIEW_SECRET_KEY": None}, "CXREVIEW_SECRET_KEY is not set"),
        ({"CXREVIEW_SECRET_KEY": "short"}, "too short or too simple"),
        ({"CXREVIEW_SECRET_KEY": "a" * 60}, "too short or too simple"),
        ({"CXREVIEW_SECRET_KEY": f"django-insecure-{SECRET}"}, "known"),
        ({"CXREVIEW_TRAIL_KEY": None}, "CXREVIEW_TRAIL_KEY is not set"),
        ({"CXREVIEW_TRAIL_KEY": SECRET}, "differ"),
        ({"CXREVIEW_DEBUG": "1"}, "CXREVIEW_DEBUG must be off"),
        ({"CXREVIEW_HOSTS": None}, "CXREVIEW_HOSTS"),
        ({"CXREVIEW_HOSTS": "*"}, "without wildcards"),
        ({"CXREVIEW_HOSTS": "reviews.example,*.example"}, "without wildcards"),
        ({"CXREVIEW_HOSTS": ".example"}, "without wildcards"),
    ],
)
def test_production_refuses_to_start_and_says_why(tmp_path, changes, words):
    done = run(tmp_path, {**GOOD, **changes}, *START)
    assert (done.returncode != 0, "started" in done.stdout, words in done.stderr) == (True, False, True), done.stderr


def test_the_deployment_check_has_no_warning(tmp_path):
    done = run(tmp_path, GOOD, "manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert (done.returncode, done.stdout) == (0, "System check identified no issues (0 silenced).\n"), done.stderr


def test_each_install_makes_its_own_keys_and_keeps_them(tmp_path):
    ask = ("-c", "from django.conf import settings as s; print(s.SECRET_KEY, s.TRAIL_KEY)")
    (tmp_path / "one").mkdir(), (tmp_path / "two").mkdir()
    first, again, other = (run(tmp_path / place, {}, *ask).stdout.split() for place in ("one", "one", "two"))
    assert first == again
    assert len({*first, *other}) == 4
    assert (tmp_path / "one" / "secret-key").stat().st_mode & 0o777 == 0o600

"""Production without a warning, and nothing that only a trial may do; what it refuses: tests/gates/test_settings.py."""

import secrets
import subprocess
import sys

import pytest

from tests.house.conftest import ROOT, clean_environment

SECRET, TRAIL = secrets.token_urlsafe(48), secrets.token_urlsafe(48)


@pytest.fixture
def manage(tmp_path):
    """manage("check", NAME=value …) runs a command as production; a value of None takes the variable out."""

    def run(*words, **changes):
        given = {
            "CXREVIEW_PRODUCTION": "1",
            "CXREVIEW_VAR": str(tmp_path),
            "CXREVIEW_SECRET_KEY": SECRET,
            "CXREVIEW_TRAIL_KEY": TRAIL,
            "CXREVIEW_HOSTS": "cx.bank.test",
            **changes,
        }
        env = clean_environment(**{name: value for name, value in given.items() if value is not None})
        argv = [sys.executable, "manage.py", *words]
        return subprocess.run(argv, cwd=ROOT, env=env, capture_output=True, text=True, timeout=120)

    return run


def test_check_deploy_has_nothing_to_say(manage):
    done = manage("check", "--deploy", "--fail-level", "DEBUG")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.strip() == "System check identified no issues (0 silenced)."


def test_check_deploy_has_nothing_to_say_behind_a_proxy(manage):
    done = manage("check", "--deploy", "--fail-level", "DEBUG", CXREVIEW_TRUSTED_PROXIES="1")
    assert (done.returncode, done.stderr) == (0, "")


def test_serve_refuses_as_check_does(manage):
    done = manage("serve", CXREVIEW_SECRET_KEY=None)
    assert done.returncode != 0
    assert "CXREVIEW_SECRET_KEY is not set" in done.stderr


def test_nobody_sets_the_clock_in_production(manage):
    done = manage("shell", "-v0", "-c", "from django.conf import settings; print(settings.CLOCK_FILE)")
    assert done.stdout.strip() == "None"

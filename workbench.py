#!/usr/bin/env python3
"""Two commands, and nothing needed but Python 3.11 or newer:

    python3 workbench.py run     sets everything up and starts CX Review with demonstration data
    python3 workbench.py test    sets everything up and runs all checks and tests

Everything is kept inside this folder: packages in .venv and .assets, data in var.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
ASSETS = ROOT / ".assets"
WINDOWS = sys.platform == "win32"
PYTHON = VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")
LOCKS = ROOT / "requirements"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# What a surrounding environment may have set for another project.
FOREIGN = [
    "VIRTUAL_ENV",
    "PYTHONHOME",
    "PYTHONPATH",
    "PYTHONSTARTUP",
    "__PYVENV_LAUNCHER__",
    "DJANGO_SETTINGS_MODULE",
    "PIP_TARGET",
    "PIP_PREFIX",
    "PIP_USER",
    "PIP_REQUIRE_VIRTUALENV",
    "PIP_REQUIREMENT",
    "PIP_CONSTRAINT",
    "PYTEST_ADDOPTS",
]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    run_command = commands.add_parser("run", help="set up and start")
    run_command.add_argument("--empty", action="store_true", help="start without demonstration data")
    run_command.add_argument("--port", help="default: 8000, or CXREVIEW_PORT")
    run_command.add_argument("--bind", help="address to listen on; default: 127.0.0.1, or CXREVIEW_BIND")
    run_command.add_argument("--workers", help="worker processes; default: 1, or CXREVIEW_WORKERS")
    commands.add_parser("set-up", help="install the packages and nothing more, for a server")
    commands.add_parser("test", help="set up and run all checks and tests; further arguments go to pytest")
    options, rest = parser.parse_known_args()
    if options.command != "test" and rest:
        parser.error("unknown: " + " ".join(rest))
    if sys.version_info < (3, 11):  # noqa: UP036
        return stop("CX Review needs Python 3.11 or newer; this is {}.{}.".format(*sys.version_info[:2]))
    try:
        set_up()
        if options.command == "set-up":
            return 0
        return run(options) if options.command == "run" else test(rest)
    except subprocess.CalledProcessError as problem:
        step = " ".join(str(word) for word in problem.cmd)
        return stop(f"This step did not succeed (its own words stand above):\n  {step}")
    except KeyboardInterrupt:
        return 130


def stop(words: str) -> int:
    print(words, file=sys.stderr)
    return 1


# Setting up


def environment(**more: str) -> dict[str, str]:
    """This process's environment without what belongs to another project."""
    return {**{name: value for name, value in os.environ.items() if name not in FOREIGN}, **more}


def call(*words: object) -> None:
    subprocess.run([str(word) for word in words], cwd=ROOT, env=environment(), check=True)


def set_up() -> None:
    """A virtual environment with exactly the locked packages, and the scripts and styles beside it."""
    if not works(PYTHON):
        if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
            version = "{}.{}".format(*sys.version_info[:2])
            raise SystemExit(
                "This Python cannot make virtual environments: its venv module is missing.\n"
                f"On Debian and Ubuntu: apt install python{version}-venv (or python3-venv), then try again."
            )
        say("making a virtual environment")
        call(sys.executable, "-m", "venv", "--clear", VENV)
    install(ROOT / "requirements.txt")
    install(LOCKS / "assets.txt", "--no-deps", "--upgrade", "--target", ASSETS)


def works(python: Path) -> bool:
    """Whether the virtual environment is whole and of this Python's version (it may have been moved or upgraded)."""
    asked = [str(python), "-c", "import sys, pip; print(sys.prefix, *sys.version_info[:2])"]
    try:
        answer = subprocess.run(asked, capture_output=True, text=True, env=environment(), check=True).stdout.split()
    except (OSError, subprocess.CalledProcessError):
        return False
    return answer[-2:] == [str(number) for number in sys.version_info[:2]]


def install(lock: Path, *options: object) -> None:
    """Install a lock file, hash by hash, wheels only; a stamp remembers what is installed."""
    stamp = VENV / f"installed-{lock.stem}"
    wanted = hashlib.sha256(lock.read_bytes() + sys.version.encode() + str(ROOT).encode()).hexdigest()
    there = ASSETS.is_dir() or lock.stem != "assets"
    if there and stamp.exists() and stamp.read_text() == wanted:
        return
    say(f"installing {lock.relative_to(ROOT)} (hash-checked)")
    strict = ["--require-hashes", "--only-binary", ":all:", "--no-input", "--disable-pip-version-check", "--quiet"]
    call(PYTHON, "-m", "pip", "install", *strict, *options, "-r", lock)
    stamp.write_text(wanted)


def say(words: str) -> None:
    print(f"· {words}", flush=True)


def manage(*words: object) -> None:
    call(PYTHON, "manage.py", *words)


# Running


def run(options: argparse.Namespace) -> int:
    """Prepare, fill an empty workspace with the demonstration, print who can sign in, and serve."""
    manage("prepare")
    if not options.empty and (ROOT / "cxreview/management/commands/demo.py").exists():
        manage("demo", "--if-empty")
        manage("demo", "--print-sign-ins")
    given = {"--port": options.port, "--bind": options.bind, "--workers": options.workers}
    words = [str(PYTHON), "manage.py", "serve"]
    for name, value in given.items():
        words += [name, value] if value else []
    sys.stdout.flush()
    os.chdir(ROOT)
    if WINDOWS:
        return subprocess.call(words, env=environment())
    # Become the supervisor: Ctrl-C and every other signal reach it directly.
    os.execve(words[0], words, environment())


# Testing


def test(pytest_arguments: list[str]) -> int:
    """All checks, then the tests: on SQLite with the local queue, and on PostgreSQL with Redis where they are given."""
    began = time.monotonic()
    install(LOCKS / "dev.txt")
    skipped = []
    if browser():
        install(LOCKS / "e2e.txt")
    else:
        skipped.append("browser tests: no Chromium found (CXREVIEW_CHROMIUM may name one)")
    failed = [name for name, words in CHECKS.items() if not passes(name, words)]
    services = given_services()
    if not services:
        skipped.append("the run on PostgreSQL and Redis: TEST_DATABASE_URL and TEST_REDIS_URL are not both given")
    runs = {}
    if services:
        runs["PostgreSQL + Redis"] = pytest("postgresql-redis", pytest_arguments, **services)
        # What answers the same on every database has been run by now.
        pytest_arguments = pytest_arguments if "-m" in pytest_arguments else ["-m", "not once", *pytest_arguments]
    runs["SQLite + local queue"] = pytest("sqlite-local", pytest_arguments)
    for words in skipped:
        print(f"SKIPPED {words}")
    for name in failed:
        print(f"FAILED {name}")
    return summary(runs, len(failed), time.monotonic() - began)


CHECKS = {
    "ruff format --check": ["-m", "ruff", "format", "--check", "--quiet", "."],
    "ruff check": ["-m", "ruff", "check", "--quiet", "."],
    "mypy": ["-m", "mypy", "."],
    "makemigrations --check": ["manage.py", "makemigrations", "--check", "--dry-run"],
}


def passes(name: str, words: list[str]) -> bool:
    say(name)
    return subprocess.run([str(PYTHON), *words], cwd=ROOT, env=environment()).returncode == 0


def browser() -> str | None:
    named = os.environ.get("CXREVIEW_CHROMIUM")
    return named or next((found for name in BROWSERS if (found := shutil.which(name))), None)


def given_services() -> dict[str, str]:
    """Addresses of PostgreSQL and Redis for the second run: from the environment, in CI also the usual local ones."""
    database, redis = os.environ.get("TEST_DATABASE_URL", ""), os.environ.get("TEST_REDIS_URL", "")
    if os.environ.get("CI") == "true":
        database = database or "postgres://postgres@127.0.0.1:5432/cxreview"
        redis = redis or "redis://127.0.0.1:6379/9"
    if not (database and redis):
        return {}
    for url in (database, redis):
        address = urlsplit(url)
        try:
            socket.create_connection((address.hostname or "127.0.0.1", address.port or 5432), timeout=5).close()
        except OSError:
            raise SystemExit(f"Nothing answers at {address.hostname}:{address.port}, where the tests were sent.")
    return {"DATABASE_URL": database, "REDIS_URL": redis}


def pytest(name: str, arguments: list[str], **services: str) -> tuple[int, Path]:
    """One run of the tests; its exit code and its report."""
    report = ROOT / "var" / f"tests-{name}.xml"
    report.parent.mkdir(exist_ok=True)
    report.unlink(missing_ok=True)
    say(f"pytest ({name})")
    own = environment(**services)
    if not services:
        own = {key: value for key, value in own.items() if key not in ("DATABASE_URL", "REDIS_URL")}
    if "-n" not in arguments and (os.cpu_count() or 1) > 1:
        arguments = ["-n", "2", "--dist", "loadfile", *arguments]
    words = [str(PYTHON), "-m", "pytest", f"--junitxml={report}", *arguments]
    return subprocess.run(words, cwd=ROOT, env=own).returncode, report


def summary(runs: dict[str, tuple[int, Path]], failed_checks: int, seconds: float) -> int:
    """One last line, in pytest's own form, over all runs; 0 only if everything passed."""
    names = ("tests", "failures", "errors", "skipped")
    totals = dict.fromkeys(names, 0)
    for _code, report in runs.values():
        suites = ElementTree.parse(report).getroot().iter("testsuite") if report.exists() else []
        for suite in suites:
            for name in names:
                totals[name] += int(suite.get(name, 0))
    bad = totals["failures"] + totals["errors"]
    good = totals["tests"] - bad - totals["skipped"]
    where = " and ".join(runs)
    code = 0 if failed_checks == 0 and all(code == 0 for code, _report in runs.values()) else 1
    if failed_checks:
        where += f"; {failed_checks} of {len(CHECKS)} checks before them failed"
    print(f"{good} passed, {bad} failed, {totals['skipped']} skipped in {seconds:.0f}s ({where})", flush=True)
    return code


if __name__ == "__main__":
    sys.exit(main())

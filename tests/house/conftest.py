"""A real process tree in a folder of its own, on the set-up that is asked for."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OWN = ("DATABASE_URL", "REDIS_URL", "EMAIL_URL")


def pytest_collection_modifyitems(config, items):
    """What starts installations of its own is the same whatever the tests themselves run on: once is enough."""
    if os.environ.get("DATABASE_URL"):
        own = [item for item in items if item.path.parent == Path(__file__).parent and "kills" in item.keywords]
        items[:] = [item for item in items if item not in own]
        config.hook.pytest_deselected(items=own)


def eventually(question, within=60.0, every=0.1):
    """The first true answer to the question; fails if there is none in time."""
    until = time.monotonic() + within
    while time.monotonic() < until:
        answer = question()
        if answer:
            return answer
        time.sleep(every)
    raise AssertionError(f"not within {within:g} s: {question}")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def clean_environment(**more):
    own = {name: value for name, value in os.environ.items() if not name.startswith(("CXREVIEW_", "DJANGO_"))}
    return {**{name: value for name, value in own.items() if name not in OWN}, **more}


def get(url, accept="application/json"):
    """Status and text of a page; status 0 where nobody answers."""
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers={"Accept": accept}), timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as problem:
        return problem.code, problem.read().decode()
    except OSError:
        return 0, ""


class Tree:
    """``manage.py serve`` in ``folder``; lines that it prints are kept in ``log``."""

    def __init__(self, folder, **more):
        self.folder, self.port = folder, free_port()
        quick = {"CXREVIEW_SIGN_EVERY": "0.5", "CXREVIEW_JOB_REAP": "1", "CXREVIEW_JOB_LEASE": "2"}
        self.env = clean_environment(CXREVIEW_VAR=str(folder), **{**quick, **more})
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / "serve.log"
        self.process = None

    def manage(self, *words):
        done = subprocess.run(
            [sys.executable, "manage.py", *words], cwd=ROOT, env=self.env, capture_output=True, text=True, timeout=120
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self):
        with open(self.log, "ab") as log:
            words = [sys.executable, "manage.py", "serve", "--port", str(self.port)]
            self.process = subprocess.Popen(words, cwd=ROOT, env=self.env, stdout=log, stderr=subprocess.STDOUT)
        eventually(lambda: get(f"{self.url}/health")[0] in (200, 503))

    def children(self, word=""):
        """Process ids of the tree below the supervisor whose command line holds the word (Linux)."""
        below, found = {self.process.pid}, []
        parents = {}
        for place in Path("/proc").glob("[0-9]*"):
            try:
                status = (place / "stat").read_text().rsplit(")", 1)[1].split()
                parents[int(place.name)] = (int(status[1]), (place / "cmdline").read_bytes().decode().split("\0"))
            except (OSError, IndexError):
                continue
        grew = True
        while grew:
            grew = False
            for pid, (parent, words) in parents.items():
                if parent in below and pid not in below:
                    below.add(pid)
                    grew = True
                    if word in words:
                        found.append(pid)
        return found

    def stop(self, number=signal.SIGINT):
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(timeout=30)


def alive(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


@pytest.fixture(scope="session")
def prepared(tmp_path_factory):
    """A folder with a prepared, empty SQLite installation to be copied; preparing takes longer than most tests."""
    folder = tmp_path_factory.mktemp("template")
    Tree(folder).manage("prepare")
    for key in ("secret-key", "trail-key"):
        (folder / key).unlink()
    return folder


@pytest.fixture
def tree(tmp_path, prepared):
    """tree(**environment) is a served installation of its own, prepared and started; stopped after the test."""
    started = []

    def make(**more):
        made = Tree(tmp_path, **more)
        started.append(made)
        if "DATABASE_URL" in more:
            made.manage("prepare")
        else:
            shutil.copytree(prepared, tmp_path, dirs_exist_ok=True)
        made.start()
        return made

    yield make
    for made in started:
        if made.process is not None and made.process.poll() is None:
            below = made.children()
            made.stop(signal.SIGTERM)
            for pid in below:
                if alive(pid):
                    os.kill(pid, signal.SIGKILL)

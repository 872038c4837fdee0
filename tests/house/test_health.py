"""The health page: green while every part works, red for the one that is stopped."""

import contextlib
import json
import os
import shutil
import signal
import socket
import sys
import threading
from urllib.parse import urlsplit, urlunsplit

import pytest

from tests.house.conftest import eventually, get

pytestmark = pytest.mark.kills
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only on Linux: reads /proc")


def health(tree):
    status, text = get(f"{tree.url}/health")
    return status, json.loads(text) if text else {}


def only_red(tree, *names):
    def asked():
        status, parts = health(tree)
        return status == 503 and {name for name, colour in parts.items() if colour == "red"} == set(names)

    return asked


def all_green(tree):
    return lambda: health(tree)[0] == 200


@linux
def test_each_part_that_stops_is_red_and_green_again_when_it_is_back(tree):
    served = tree()
    eventually(all_green(served))

    for part in ("worker", "beat"):
        (pid,) = served.children(part)
        os.kill(pid, signal.SIGSTOP)
        eventually(only_red(served, part))
        os.kill(pid, signal.SIGCONT)
        eventually(all_green(served))

    queue = served.folder / "queue"
    shutil.move(queue, served.folder / "elsewhere")
    eventually(only_red(served, "broker"))
    shutil.move(served.folder / "elsewhere", queue)
    eventually(all_green(served))


@linux
def test_a_database_that_is_gone_is_red(tree):
    served = tree()
    eventually(all_green(served))
    file = served.folder / "cxreview.sqlite3"
    file.rename(served.folder / "elsewhere.sqlite3")
    file.mkdir()
    eventually(only_red(served, "database", "worker", "beat"))
    file.rmdir()
    (served.folder / "elsewhere.sqlite3").rename(file)
    eventually(all_green(served))


def test_a_web_process_that_is_stopped_is_red(tree):
    served = tree()
    eventually(all_green(served))
    assert "web       green" in served.manage("health", "--url", served.url)
    served.stop()
    import subprocess

    words = [sys.executable, "manage.py", "health", "--url", served.url]
    done = subprocess.run(words, env=served.env, capture_output=True, text=True, timeout=60)
    assert (done.returncode, "web       red" in done.stdout) == (1, True)


def test_a_browser_gets_a_page(tree):
    served = tree()
    eventually(all_green(served))
    status, text = get(f"{served.url}/health", "text/html")
    assert (status, "Every part works" in text) == (200, True)


class Door:
    """A port of our own in front of a server, which can be shut and opened again."""

    def __init__(self, url):
        self.split = urlsplit(url)
        self.open = True
        self.pairs = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = urlunsplit(
            self.split._replace(
                netloc=self.split.netloc.rpartition("@")[0]
                + ("@" if "@" in self.split.netloc else "")
                + f"127.0.0.1:{self.listener.getsockname()[1]}"
            )
        )
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        while True:
            inside, _address = self.listener.accept()
            if not self.open:
                inside.close()
                continue
            outside = socket.create_connection((self.split.hostname, self.split.port))
            self.pairs.append((inside, outside))
            for one, other in ((inside, outside), (outside, inside)):
                threading.Thread(target=self._pass, args=(one, other), daemon=True).start()

    def _pass(self, one, other):
        try:
            while data := one.recv(65536):
                other.sendall(data)
        except OSError:
            pass
        for end in (one, other):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def shut(self):
        self.open = False
        for pair in self.pairs:
            for end in pair:
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
        self.pairs = []


ASK = "from jobs import workflow; workflow.enqueue('jobs.housekeeping', {})"
TELL = "from jobs.models import Job; print(list(Job.objects.values_list('state', flat=True)))"


@pytest.mark.services
def test_postgresql_and_redis_that_stop_are_red_and_heal_by_themselves(tree, postgresql, redis_url):
    database, broker = Door(postgresql), Door(redis_url)
    served = tree(DATABASE_URL=database.url, REDIS_URL=broker.url)
    eventually(all_green(served))

    database.shut()
    eventually(only_red(served, "database", "worker", "beat"))
    database.open = True
    eventually(all_green(served), within=90)

    broker.shut()
    eventually(only_red(served, "broker"))
    served.manage("shell", "-v0", "-c", ASK)
    assert get(f"{served.url}/about", "text/html")[0] == 200
    broker.open = True
    eventually(all_green(served), within=90)
    eventually(lambda: "['done']" in served.manage("shell", "-v0", "-c", TELL), within=90, every=1)

"""One command runs web, worker and beat; a part that dies comes back, and nothing is left when it stops."""

import json
import os
import signal
import sys

import pytest

from tests.house.conftest import alive, eventually, get

pytestmark = [
    pytest.mark.kills,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only on Linux: reads /proc"),
]


def green(tree):
    status, text = get(f"{tree.url}/health")
    return status == 200 and set(json.loads(text).values()) == {"green"}


def test_parts_come_back_and_nothing_is_left(tree):
    served = tree()
    eventually(lambda: green(served))
    (worker,) = served.children("worker")

    os.kill(worker, signal.SIGKILL)
    new = eventually(lambda: [pid for pid in served.children("worker") if pid != worker])
    assert len(new) == 1
    assert get(f"{served.url}/about", "text/html")[0] == 200
    eventually(lambda: green(served))

    below = served.children()
    assert served.stop(signal.SIGINT) == 0
    assert [pid for pid in below if alive(pid)] == []
    assert "worker1 ended (-9); starting it again in 0.5 s" in served.log.read_text()


def test_nothing_outlives_a_killed_supervisor(tree):
    served = tree()
    eventually(lambda: green(served))
    below = served.children()
    served.process.kill()
    served.process.wait(timeout=10)
    eventually(lambda: not [pid for pid in below if alive(pid)], within=40)


def test_a_taken_port_is_said(tree):
    import subprocess

    served = tree()
    words = [sys.executable, "manage.py", "serve", "--port", str(served.port)]
    done = subprocess.run(words, env=served.env, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr.strip()) == (
        1,
        f"CommandError: Port {served.port} is taken. Stop what listens there, or choose another one by --port.",
    )

"""Real worker and beat processes that can be killed without notice and are started again at once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from django.conf import settings

from cxreview.supervisor import die_with_parent


class Crew:
    """``size`` workers and one beat, each in a session of its own, on this process's set-up."""

    def __init__(self, size: int, log: Path) -> None:
        self.size, self.log = size, log
        self.workers: list[subprocess.Popen[bytes]] = []
        self.beat: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Crew:
        self.workers = [self._worker(number) for number in range(self.size)]
        self.beat = self._start("beat", "-l", "WARNING", "--pidfile=")
        return self

    def __exit__(self, *_problem: object) -> None:
        for process in [*self.workers, *([self.beat] if self.beat else [])]:
            kill(process)

    def kill_worker(self, number: int) -> None:
        """kill -9, and a new one in its place."""
        kill(self.workers[number])
        self.workers[number] = self._worker(number)

    def _worker(self, number: int) -> subprocess.Popen[bytes]:
        lean = ["-P", "solo", "--without-gossip", "--without-mingle", "-l", "WARNING"]
        return self._start("worker", *lean, "-n", f"kills{number}@%h")

    def _start(self, *words: str) -> subprocess.Popen[bytes]:
        argv = [sys.executable, "-m", "celery", "-A", "cxreview", "--quiet", *words]
        with open(self.log, "ab") as log:
            return subprocess.Popen(
                argv,
                cwd=settings.BASE_DIR,
                env={**os.environ, "CELERY_SKIP_CHECKS": "1"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=die_with_parent(signal.SIGKILL),
            )


def kill(process: subprocess.Popen[bytes]) -> None:
    """kill -9 of the process and its group, which holds nobody else."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(timeout=10)

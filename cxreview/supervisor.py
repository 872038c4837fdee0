"""Web, worker and beat in one process tree: started together, restarted when they die, stopped without a rest.

Each part runs in a session of its own, so that Ctrl-C reaches the supervisor alone, and asks the kernel (Linux) to
be told when the supervisor dies, so that nothing outlives even its kill -9.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import IO

LINUX = sys.platform.startswith("linux")
WINDOWS = sys.platform == "win32"
PR_SET_PDEATHSIG = 1
# A worker at a job gets this long to end it; longer jobs go on after the next start, from where they got to.
WARM, COLD = 3.0, 4.0
PRINTING = threading.Lock()
FIRST_PAUSE, LONGEST_PAUSE, LIVED_WELL = 0.5, 30.0, 30.0


@dataclass
class Part:
    """One child: its name in the log, its command line, and the signal that it gets when the supervisor dies."""

    name: str
    argv: list[str]
    orphan_signal: int = signal.SIGTERM
    child: subprocess.Popen[str] | None = None
    pause: float = FIRST_PAUSE
    started: float = 0.0
    due: float = 0.0
    readers: list[threading.Thread] = field(default_factory=list)


class Supervisor:
    """Runs parts until told to stop; ``say(part, line)`` gets each line that a part prints."""

    def __init__(self, parts: list[Part], env: dict[str, str], say: Callable[[str, str], None]) -> None:
        self.parts, self.env, self.say = parts, env, say
        self.stopping = threading.Event()

    def run(self) -> None:
        """Start all, watch them, stop all on SIGINT, SIGTERM or SIGHUP."""
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), lambda *_signal: self.stopping.set())
        try:
            while not self.stopping.is_set():
                for part in self.parts:
                    self._watch(part)
                self.stopping.wait(0.2)
        finally:
            self._stop()

    def _watch(self, part: Part) -> None:
        now = time.monotonic()
        if part.child is None:
            if now >= part.due:
                self._start(part)
        elif part.child.poll() is not None:
            _kill_group(part.child)
            if now - part.started > LIVED_WELL:
                part.pause = FIRST_PAUSE
            self.say("serve", f"{part.name} ended ({part.child.returncode}); starting it again in {part.pause:g} s")
            part.child, part.due, part.pause = None, now + part.pause, min(part.pause * 2, LONGEST_PAUSE)

    def _start(self, part: Part) -> None:
        # From the main thread always: the kernel's promise is tied to the thread that started the child.
        part.child = subprocess.Popen(
            part.argv,
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=not WINDOWS,
            preexec_fn=die_with_parent(part.orphan_signal),
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )
        part.started = time.monotonic()
        reader = threading.Thread(target=self._read, args=(part.name, part.child.stdout), daemon=True)
        reader.start()
        part.readers = [reader]

    def _read(self, name: str, lines: IO[str]) -> None:
        for line in lines:
            self.say(name, line.rstrip("\n"))

    def _stop(self) -> None:
        self.say("serve", "stopping")
        children = [part.child for part in self.parts if part.child is not None]
        for gentle, wait in ((signal.SIGTERM, WARM), (getattr(signal, "SIGQUIT", signal.SIGTERM), COLD)):
            _signal_all(children, gentle)
            if _all_ended(children, wait):
                break
        for child in children:
            _kill_group(child)
        _all_ended(children, COLD)
        for part in self.parts:
            for reader in part.readers:
                reader.join(1.0)
        self.say("serve", "stopped")


def die_with_parent(number: int) -> Callable[[], None] | None:
    """What a child runs first so that the kernel sends it ``number`` when its parent dies (Linux; None elsewhere)."""
    if not LINUX:
        return None
    libc = ctypes.CDLL(None, use_errno=True)
    parent = os.getpid()

    def ask() -> None:
        libc.prctl(PR_SET_PDEATHSIG, number, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return ask


def _signal_all(children: list[subprocess.Popen[str]], number: int) -> None:
    for child in children:
        if child.poll() is None:
            child.terminate() if WINDOWS else child.send_signal(number)


def _all_ended(children: list[subprocess.Popen[str]], wait: float) -> bool:
    until = time.monotonic() + wait
    while time.monotonic() < until:
        if all(child.poll() is not None for child in children):
            return True
        time.sleep(0.05)
    return False


def _kill_group(child: subprocess.Popen[str]) -> None:
    """Whatever is left of a part: it led a session of its own, so its group holds nobody else."""
    if WINDOWS:
        child.kill()
        return
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def say(part: str, line: str) -> None:
    """One line of one part, whole."""
    with PRINTING:
        print(f"{part:<8}| {line}", flush=True)


def tell_when_ready(bind: str, port: int) -> None:
    """Print the address once somebody answers there."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(bind, bind)
    for _try in range(600):
        try:
            with socket.create_connection((host, port), timeout=1):
                break
        except OSError:
            time.sleep(0.1)
    else:
        return
    shown = "localhost" if host in ("127.0.0.1", "::1") else host
    say("serve", f"CX Review answers at http://{shown}:{port}  (Ctrl-C stops it)")


def main(plan: str) -> None:
    """``plan`` is JSON: ``parts`` ([name, argv, orphan signal], …), ``bind`` and ``port`` of the web process."""
    given = json.loads(plan)
    threading.Thread(target=tell_when_ready, args=(given["bind"], given["port"]), daemon=True).start()
    Supervisor([Part(*part) for part in given["parts"]], dict(os.environ), say).run()


if __name__ == "__main__":
    main(sys.argv[1])

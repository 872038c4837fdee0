"""``manage.py serve``: web, worker and beat together, stopped by Ctrl-C."""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.urls import reverse

from cxreview import supervisor
from cxreview.supervisor import WINDOWS
from teams import queries


class Command(BaseCommand):
    help = "Run web, worker and beat in one process tree until Ctrl-C."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=int(os.environ.get("CXREVIEW_PORT", "8000")))
        parser.add_argument("--bind", default=os.environ.get("CXREVIEW_BIND", "127.0.0.1"), help="address to listen on")
        parser.add_argument("--workers", type=int, default=int(os.environ.get("CXREVIEW_WORKERS", "1")))

    def handle(self, *args: Any, **options: Any) -> None:
        bind, port = options["bind"], options["port"]
        if not _free(bind, port):
            raise CommandError(f"Port {port} is taken. Stop what listens there, or choose another one by --port.")
        # Celery would load every page to check it; the web process has done so already.
        env = {**os.environ, "PYTHONUNBUFFERED": "1", "CELERY_SKIP_CHECKS": "1", "CXREVIEW_BIND": bind}
        if not settings.PRODUCTION:
            env.setdefault("CXREVIEW_BASE_URL", f"http://localhost:{port}")
            # On a desk the worker may run as root, in containers for one; in production Celery's warning stays.
            env.setdefault("PYTHONWARNINGS", "ignore:You're running the worker with superuser")
        if settings.START_GUARDED or bind not in settings.LOOPBACK:
            self.stdout.write(first_page(env.get("CXREVIEW_BASE_URL", settings.BASE_URL)), ending="")
        plan = json.dumps({"parts": parts(bind, port, options["workers"]), "bind": bind, "port": port})
        if WINDOWS:
            os.environ.update(env)
            return supervisor.main(plan)
        # Become the supervisor: it holds nothing of the product, and every signal reaches it directly.
        sys.stdout.flush()
        os.execve(sys.executable, [sys.executable, "-P", supervisor.__file__, plan], env)


def first_page(base: str) -> str:
    """The address that makes the first administrator, as a line; "" where there is somebody, or no database yet."""
    try:
        if not queries.nobody_yet():
            return ""
    except DatabaseError:
        return ""
    return f"Nobody is here yet. The first administrator opens {base}{reverse('start')}?token={queries.start_token()}\n"


def parts(bind: str, port: int, workers: int) -> list[tuple[str, list[str], int]]:
    """Name, command line and signal for an orphan of each part.

    One process per worker (no pool): a killed pool child could wedge its siblings.
    """
    python = [sys.executable, "-m"]
    celery = [*python, "celery", "-A", "cxreview", "--quiet"]
    lean = ["-P", "solo", "--without-gossip", "--without-mingle", "-l", "WARNING"]
    quit_at_once = signal.SIGTERM if WINDOWS else signal.SIGQUIT
    return [
        ("web", [*python, *_web(bind, port)], signal.SIGTERM),
        *[
            (f"worker{number}", [*celery, "worker", *lean, "-n", f"worker{number}-{port}@%h"], quit_at_once)
            for number in range(1, workers + 1)
        ],
        ("beat", [*celery, "beat", "-l", "WARNING", "--pidfile="], signal.SIGTERM),
    ]


def _web(bind: str, port: int) -> list[str]:
    if WINDOWS:
        return ["waitress", f"--listen={bind}:{port}", "--threads=8", "cxreview.wsgi:application"]
    size = ["--worker-class=gthread", "--workers=2", "--threads=4", "--preload", "--no-control-socket"]
    patience = ["--graceful-timeout=3", "--timeout=120", "--keep-alive=5", "--log-level=warning"]
    return ["gunicorn", f"--bind={bind}:{port}", *size, *patience, "cxreview.wsgi:application"]


def _free(bind: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in bind else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((bind, port))
        except OSError:
            return False
    return True

"""``manage.py kill_workers``: kill -9 workers at random moments of real work and count what that did (R18, R20)."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from cxreview.kills import imports, ledger
from cxreview.kills.crew import Crew
from cxreview.kills.scratch import SETUPS, scratch
from cxreview.supervisor import die_with_parent
from jobs import states, workflow
from jobs.models import Job

# After the last restart everything has to be finished within a minute.
PATIENCE = 60.0
# Between a worker's taking some work and its end: long enough that most jobs finish, short enough to hit all of them.
LONGEST = 2.5
POSTGRESQL = "postgresql://postgres@127.0.0.1:5432/postgres"


class Command(BaseCommand):
    help = "Kill workers at random moments of real work in a scratch installation; fails on anything lost or doubled."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--kills", type=int, default=50)
        parser.add_argument("--setup", choices=[*SETUPS, "all"], default="all")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--postgresql", default=os.environ.get("TEST_DATABASE_URL", POSTGRESQL))
        parser.add_argument("--redis", default="redis://127.0.0.1:6379/13", help="an empty Redis database")
        parser.add_argument("--here", action="store_true", help="for this command's own use")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["here"]:
            return self._here(options["setup"], options["kills"], options["seed"])
        # Ended from outside, it still takes its scratch installation away.
        signal.signal(signal.SIGTERM, lambda *_signal: sys.exit(1))
        failed = []
        for name in SETUPS if options["setup"] == "all" else [options["setup"]]:
            with scratch(SETUPS[name], options["postgresql"], options["redis"]) as env:
                words = ["--here", "--setup", name, "--kills", str(options["kills"]), "--seed", str(options["seed"])]
                argv = [sys.executable, "manage.py", "kill_workers", *words]
                own = die_with_parent(signal.SIGKILL)
                if subprocess.run(argv, cwd=settings.BASE_DIR, env=env, preexec_fn=own).returncode:
                    failed.append(name)
        if failed:
            raise CommandError("not clean: " + ", ".join(failed))

    def _here(self, name: str, kills: int, seed: int) -> None:
        if os.environ.get("CXREVIEW_SCRATCH") != "1":
            raise CommandError("--here is for this command's own use, in a scratch installation")
        call_command("migrate", verbosity=0)
        ledger.make_table()
        imports.make_workspace()
        chance = random.Random(seed)
        log = Path(settings.VAR) / "workers.log"
        with Crew(SETUPS[name].workers, log) as crew:
            for _kill in range(kills):
                if not _works(crew.size, _tokens()):
                    raise CommandError(f"no worker took a job within a minute\n{log.read_text()[-4000:]}")
                time.sleep(chance.uniform(0.0, LONGEST))
                crew.kill_worker(chance.randrange(crew.size))
            last = time.monotonic()
            finished = _ends(last + PATIENCE)
            seconds = time.monotonic() - last
        found = {"jobs": ledger.count(), "imports": imports.count()}
        for kind, count in found.items():
            words = f"{count.lost} lost, {count.doubled} doubled, {count.partial} partial, {count.stuck} unfinished"
            self.stdout.write(f"{name}: {kills} kills, {count.jobs} {kind}: {words}")
        self.stdout.write(f"{name}: all finished {seconds:.0f} s after the last restart")
        if not finished or any(count.bad for count in found.values()):
            self.stdout.write(log.read_text()[-4000:])
            raise CommandError(f"{name} is not clean")


def _tokens() -> set[Any]:
    """Who held a job before: a dead worker's lease looks like work until it runs out."""
    return set(Job.objects.exclude(token=None).values_list("token", flat=True))


def _works(workers: int, before: set[Any]) -> bool:
    """Keep work coming until a worker has taken some: to kill one that still starts would prove nothing."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        waiting = Job.objects.filter(work=ledger.LEDGER, state__in=workflow.UNFINISHED).count()
        for _each in range(2 * workers - waiting):
            workflow.enqueue(ledger.LEDGER, {})
        imports.drive(new=True)
        if Job.objects.filter(state=states.RUNNING).exclude(token__in=before).exists():
            return True
        time.sleep(0.05)
    return False


def _ends(until: float) -> bool:
    while time.monotonic() < until:
        if imports.drive(new=False) and not Job.objects.filter(state__in=workflow.UNFINISHED).exists():
            return True
        time.sleep(0.2)
    return False

"""``manage.py wander``: people try verbs at random in a scratch installation, and every law of the workflow is held
against what comes of it (R5)."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.test.utils import override_settings

from cxreview.kills.scratch import SETUPS, scratch
from cxreview.supervisor import die_with_parent
from cxreview.wander.company import gather
from cxreview.wander.walking import constraints_hold, walk
from teams import trail

SHOWN = 20


class Command(BaseCommand):
    help = "Try verbs at random by anybody in a scratch installation; fails on any illegal state."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--sequences", type=int, default=5000)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--here", action="store_true", help="for this command's own use")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["here"]:
            return self._here(options["seed"], options["sequences"])
        signal.signal(signal.SIGTERM, lambda *_signal: sys.exit(1))
        with scratch(SETUPS["sqlite-local"], "", "") as env:
            words = ["--here", "--sequences", str(options["sequences"]), "--seed", str(options["seed"])]
            argv = [sys.executable, "manage.py", "wander", *words]
            own = die_with_parent(signal.SIGKILL)
            env["CXREVIEW_PLAIN_STATIC"] = "1"
            if subprocess.run(argv, cwd=settings.BASE_DIR, env=env, preexec_fn=own).returncode:
                raise CommandError("not clean")

    def _here(self, seed: int, sequences: int) -> None:
        if os.environ.get("CXREVIEW_SCRATCH") != "1":
            raise CommandError("--here is for this command's own use, in a scratch installation")
        call_command("migrate", verbosity=0)
        Path(settings.STATIC_ROOT).mkdir(exist_ok=True)
        # What is refused is told to the log as well.
        logging.disable(logging.WARNING)
        began = time.monotonic()
        # Those who are invited have no letterbox.
        with override_settings(EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend"):
            found = walk(gather(), seed, sequences, self._tell)
        constraints_hold()
        verdict = trail.verify()
        for number, step, words in found.faults[:SHOWN]:
            self.stdout.write(f"sequence {number}, {step}: {words}")
        done = sum(count for (_name, came), count in found.tried.items() if came == "done")
        self.stdout.write(
            f"seed {seed}: {found.sequences} sequences, {found.moves} moves, {done} done, {len(found.faults)} illegal; "
            f"the trail of {verdict.entries} entries {'does not hold' if verdict.why else 'holds'}; "
            f"{time.monotonic() - began:.0f} s"
        )
        if found.never_done():
            self.stdout.write(f"never done by anybody, so not tried in earnest: {', '.join(found.never_done())}")
        if found.faults or verdict.why:
            raise CommandError("not clean")

    def _tell(self, number: int) -> None:
        if number and number % 500 == 0:
            self.stdout.write(f"{number} sequences …")
            self.stdout.flush()

"""Walk the whole trail and say whether it can be trusted."""

from __future__ import annotations

import json
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from teams.trail import verify


class Command(BaseCommand):
    help = "Verifies the trail against its key and its anchors. Ends with 1 where an entry cannot be trusted."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the verdict as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.perf_counter()
        verdict = verify()
        seconds = time.perf_counter() - began
        rate = round(verdict.entries / seconds) if seconds else 0
        if options["json"]:
            facts = {"entries": verdict.entries, "bad": verdict.bad, "why": verdict.why}
            self.stdout.write(json.dumps({**facts, "seconds": round(seconds, 3), "entries_per_second": rate}))
        elif verdict.bad is None:
            self.stdout.write(f"The trail is whole: {verdict.entries} entries in {seconds:.2f} s ({rate}/s).")
        if verdict.bad is not None:
            raise CommandError(
                f"Entry {verdict.bad} is the first that cannot be trusted ({verdict.why}).", returncode=1
            )

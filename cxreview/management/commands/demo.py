"""``manage.py demo``: fill an empty workspace with an invented organisation, print who can sign in, or remove it."""

from __future__ import annotations

import datetime as dt
import time
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.dateparse import parse_date

from cxreview.demo import cast, making, removal, sign_ins
from teams import clock
from teams.models import Person
from teams.refusals import Refused


class Command(BaseCommand):
    help = "Make the demonstration: an invented organisation with two years of figures and a review in every state."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--as-of", metavar="DATE", help="the present day of the demonstration; default: today")
        parser.add_argument("--seed", type=int, default=making.SEED, help="another number, other figures")
        parser.add_argument("--if-empty", action="store_true", help="do nothing when anybody is there already")
        parser.add_argument("--remove", action="store_true", help="remove the demonstration, with its files and trail")
        parser.add_argument("--print-sign-ins", action="store_true", help="only print who can sign in")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["print_sign_ins"]:
                self.stdout.write(sign_ins.table() if removal.is_demo() else "", ending="")
            elif options["remove"]:
                removal.remove()
                self.stdout.write("The demonstration is removed. The first page of the empty workspace is /start.")
            elif not (options["if_empty"] and Person.objects.exists()):
                self._make(options)
        except Refused as refused:
            raise CommandError(str(refused.message)) from None

    def _make(self, options: dict[str, Any]) -> None:
        began = time.monotonic()
        scenes = making.make(_present(options["as_of"]), options["seed"])
        self.stdout.write(f"The demonstration is made: {scenes} scenes in {time.monotonic() - began:.1f} s.")
        if not options["if_empty"]:
            self.stdout.write(sign_ins.table(), ending="")


def _present(text: str | None) -> dt.datetime:
    """The end of the day before ``text`` has begun to count, that is noon of that day; now where none is given."""
    if text is None:
        return clock.now()
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None:
        raise CommandError(f"{text} is not a day. Write it like 2026-03-02.")
    return dt.datetime.combine(day, dt.time(12), ZoneInfo(cast.ZONE)).astimezone(dt.UTC)

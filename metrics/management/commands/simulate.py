"""Run simulations and print their tables, so that anybody can check how often a method is wrong."""

import json
import time
from argparse import ArgumentParser
from typing import Any

import numpy as np
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from metrics.kept_runs import FILE, Run, document, read, write
from metrics.simulations import SIMULATIONS, Report, Simulation
from teams import clock


class Command(BaseCommand):
    # Not lazy: argparse wants a string, and the language of a command is settled by now.
    help = _(
        "Run one of the simulations of the statistics, or all of them, and print the tables. With --write the runs are "
        "kept for the page “How we decide” and printed into docs/error-rates.md."
    )

    requires_system_checks = []  # needs neither pages nor a database

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", nargs="?", type=_hyphened, choices=sorted(SIMULATIONS))
        parser.add_argument("--all", action="store_true")
        parser.add_argument("--write", action="store_true")
        parser.add_argument("--repeats", type=int, help=_("default: the full run of each"))
        parser.add_argument("--at-most", type=float, help=_("fewer repeats where a full run takes more seconds"))
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *args: Any, name: str | None, repeats: int | None, seed: int, **options: Any) -> None:
        if bool(name) == options["all"]:
            raise CommandError(_("Name one simulation, or say --all."))
        if repeats is not None and repeats < 1:
            raise CommandError(_("At least one repeat is needed."))
        chosen = sorted(SIMULATIONS) if name is None else [name]
        before = read(settings.BASE_DIR / FILE)
        if options["write"] and repeats is not None:
            _refuse_shorter([one for one in chosen if one in before and repeats < before[one].repeats], before, repeats)
        kept = {} if options["all"] else before
        for one in chosen:
            simulation = SIMULATIONS[one]
            count = repeats or _affordable(simulation, options["at_most"])
            report = simulation.run(count, np.random.default_rng(seed))
            self._print(simulation, report, count, seed)
            kept[one] = Run(
                simulation.source, count, simulation.full_repeats, seed, clock.today().isoformat(), report.columns,
                [tuple(_plain(cell) for cell in row) for row in report.rows],
            )  # fmt: skip
            if options["write"]:
                write(settings.BASE_DIR / FILE, kept)
        if options["write"]:
            (settings.BASE_DIR / "docs" / "error-rates.md").write_text(document(kept), encoding="utf-8")

    def _print(self, simulation: Simulation, report: Report, repeats: int, seed: int) -> None:
        rows = [tuple(_cell(cell) for cell in row) for row in report.rows]
        table = [report.columns, *rows]
        widths = [max(len(row[place]) for row in table) for place in range(len(report.columns))]
        self.stdout.write(f"{simulation.name}: {simulation.source} (repeats {repeats}, seed {seed})")
        for row in table:
            self.stdout.write("  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)))


def _refuse_shorter(shorter: list[str], before: dict[str, Run], repeats: int) -> None:
    """Before anything runs: what is kept of hours must not be lost to a trial of a minute."""
    if not shorter:
        return
    words = _(
        "The run of %(name)s that is kept has %(kept)s repeats; one of %(repeats)s tells less and does not replace it. Leave "
        "--write out to see it, or give at least as many repeats."
    )
    raise CommandError(words % {"name": shorter[0], "kept": before[shorter[0]].repeats, "repeats": repeats})


def _affordable(simulation: Simulation, seconds: float | None) -> int:
    """The full run, or as much of it as is expected to end in time; never fewer repeats than the tests run."""
    if seconds is None:
        return simulation.full_repeats
    begun = time.monotonic()
    simulation.run(simulation.ci_repeats, np.random.default_rng(0))
    taken = max(time.monotonic() - begun, 1e-3)
    return min(simulation.full_repeats, max(simulation.ci_repeats, int(simulation.ci_repeats * seconds / taken)))


def _hyphened(name: str) -> str:
    """Names are written with hyphens; underscores are taken as well."""
    return name.replace("_", "-")


def _cell(cell: str | float | int) -> str:
    if not isinstance(cell, float):
        return str(cell)
    return f"{cell:.4f}" if np.isfinite(cell) else _("too few repeats to say")


def _plain(cell: Any) -> str | float | int:
    """A number of numpy as one of Python, without digits that a simulation does not have."""
    if isinstance(cell, (bool, str, int)):
        return cell
    return json.loads(f"{float(cell):.4g}") if np.isfinite(cell) else "–"

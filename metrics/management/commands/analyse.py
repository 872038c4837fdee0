"""Analyse a folder of tables, so that anybody can check the statistics against other programs."""

from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from metrics.trends.settings import Mode, Settings
from metrics.trends.tables import TableError, Written, analyse_folder

REASONS = {
    "no_file": gettext_lazy("the file is not there"),
    "nothing": gettext_lazy("this folder holds none of the tables that can be analysed: see --help"),
    "not_utf8": gettext_lazy("the file is not text in UTF-8"),
    "no_column": gettext_lazy("this column is missing"),
    "short_row": gettext_lazy("the row has fewer cells than the header"),
    "twice": gettext_lazy("this is listed twice"),
    "unknown_series": gettext_lazy("this is not listed in the table of the series"),
    "not_number": gettext_lazy("this is not a number"),
    "not_whole": gettext_lazy("this is not a whole number"),
    "not_date": gettext_lazy("this is not a date written as year-month-day, such as 2024-03-31"),
    "bad_direction": gettext_lazy("this must be increase, decrease or neutral"),
    "bad_screen": gettext_lazy("this must be TRUE or FALSE"),
    "bad_fix_after": gettext_lazy("this must be empty, or 12 or more points"),
    "bad_chart": gettext_lazy("this must be p, u, c, g or t"),
    "bad_part": gettext_lazy("this is more than the series has points"),
    "bad_funnel": gettext_lazy("this must be PR, SR or RC"),
    "not_json": gettext_lazy("the file is not JSON"),
    "bad_ratings": gettext_lazy("ratings must be rows of numbers of one length, one row for each rater"),
}


class Command(BaseCommand):
    # Not lazy: argparse wants a string, and the language of a command is settled by now.
    help = _(
        "Read from FOLDER what it holds of xmr_series.csv with xmr_points.csv, attr_series.csv with attr_points.csv, "
        "nelson_points.csv, funnel_series.csv with funnel_points.csv, proportion_ci_expected.csv (k and n) and "
        "agreement_expected.json (ratings), and write the tables of answers to OUTPUT. To reproduce the reference's "
        "tables, run it with --mode compat. The default is our own rules: XmR tables differ where the rules do, and "
        "funnels of ratios of counts (RC) are left out, because their limits are wrong for rare events."
    )

    requires_system_checks = []  # needs neither pages nor a database

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument(
            "--mode",
            choices=("compat", "product"),
            default="product",
            help=_(
                "compat: the run that reproduces the reference's tables, RC funnels too; product (default): our rules."
            ),
        )
        parser.add_argument("--output", type=Path, required=True)

    def handle(self, *args: Any, folder: Path, mode: Mode, output: Path, **options: Any) -> None:
        if folder.resolve() == output.resolve():
            raise CommandError(_("The output would overwrite the folder that is read: name another one."))
        try:
            written = analyse_folder(folder, output, Settings(mode=mode))
        except TableError as error:
            raise CommandError(_explain(error)) from error
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from error
        for line in (*_said(written), *_told(mode, written)):
            self.stdout.write(line)


def _said(written: Written) -> Iterator[str]:
    if written.analysed or written.refused:
        yield ngettext("%d series analysed", "%d series analysed", written.analysed) % written.analysed
    if written.refused:
        yield (
            ngettext(
                "%d series refused (two points on one date)",
                "%d series refused (two points on one date)",
                written.refused,
            )
            % written.refused
        )
    yield _("Tables written: %s") % ", ".join(written.names)


def _told(mode: Mode, written: Written) -> Iterator[str]:
    """By which method, for whoever lays the tables beside those of another program."""
    if mode == "compat":
        yield _("Mode: compat. Rules and limits are the reference's own.")
        return
    yield _(
        "Mode: product. Where our rules differ from the reference's, so do the tables; --mode compat takes its own."
    )
    if written.left_out:
        yield ngettext(
            "%d funnel of a ratio of counts (RC) is left out: its limits are wrong for rare events.",
            "%d funnels of ratios of counts (RC) are left out: their limits are wrong for rare events.",
            written.left_out,
        ) % written.left_out  # fmt: skip


def _explain(error: TableError) -> str:
    place = str(error.file)
    if error.line:
        place += ", " + _("line %d") % error.line
    if error.column:
        place += ", " + _("column %s") % error.column
    found = f" ({error.found})" if error.found else ""
    return f"{place}: {REASONS[error.reason]}{found}"

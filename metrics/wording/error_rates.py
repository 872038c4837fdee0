"""The measured error rates in words: what each table shows and its rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from metrics.kept_runs import Run
from metrics.wording.error_columns import COLUMNS
from metrics.wording.error_headlines import headline, percent
from metrics.wording.error_rows import row_name
from metrics.wording.figures import figure

# Simulation -> (title, what its numbers say).
TITLES: dict[str, tuple[Any, Any]] = {
    "icons": (
        gettext_lazy("Icons on series that do not change"),
        gettext_lazy(
            "How often a steady series shows an icon at its latest point, and how often any point of it is marked. "
            "The longer a series, the more certain that some old point is marked by chance: that is why the board "
            "looks at the latest points only."
        ),
    ),
    "in-control": (
        gettext_lazy("What is marked where nothing happened"),
        gettext_lazy(
            "Steady series of 52 points: how often any point is marked, how often the latest shows an icon, and by which "
            "rule, for values that resemble the one before, have a long tail, are counted, rounded or follow a season, "
            "and for rules of other lengths."
        ),
    ),
    "run-lengths": (
        gettext_lazy("How long each rule stays silent"),
        gettext_lazy(
            "With limits that are known: how many values pass on average between false alarms, and how many (in the middle "
            "of all) until a lasting change of 1, 1.5 or 2 ordinary variations is noticed."
        ),
    ),
    "frozen-limits": (
        gettext_lazy("Limits kept from the first points"),
        gettext_lazy(
            "Steady series whose limits stay those of their first points: how often one of the twelve values that follow "
            "is marked. Before and after are read by runs that are counted from the change on."
        ),
    ),
    "icon-rates": (
        gettext_lazy("How many watched series chance alone would bring"),
        gettext_lazy(
            "The share of steady series with an icon, by the number of points and by how much each value resembles "
            "the one before it (phi). The sentence “about 18 would appear even if nothing had changed” adds these up."
        ),
    ),
    "fleets": (
        gettext_lazy("Confirmed, over a thousand series at once"),
        gettext_lazy(
            "A thousand series, of which none, 5 % or 10 % really moved: how many claims each way of deciding makes, "
            "which share of them is false, and which share of the real changes it finds."
        ),
    ),
    "staying": (
        gettext_lazy("How long a Confirmed change stays that was none"),
        gettext_lazy(
            "A thousand steady series, one new value a cycle: how many are confirmed anew in a cycle, how many stand so at a "
            "time, and in how many of the 13 cycles from then on one is told. It stays until more than 1 steady series in 20 "
            "would look like it; beside it what would be if each cycle decided alone."
        ),
    ),
    "skewed": (
        gettext_lazy("Times, shares and other skewed values"),
        gettext_lazy(
            "Steady data of many shapes: how often chance alone reaches a level that it should reach one time in a "
            "hundred, by the values themselves and by their ranks (which is what is tested), and how many of a thousand "
            "steady series would be called confirmed."
        ),
    ),
    "effect-coverage": (
        gettext_lazy("Before and after: how often the interval holds the true change"),
        gettext_lazy(
            "An interval that says 95 % should hold the true change 95 times out of 100. Ours (Prais–Winsten) beside the "
            "textbook method and that of Newey and West, by the number of values and by how much each resembles the one "
            "before it (phi)."
        ),
    ),
    "effect-pace": (
        gettext_lazy("Before and after: when the pace changes, too"),
        gettext_lazy(
            "A step and another slope together: how often the intervals of the change of pace, and of the difference at "
            "first and in the latest period, hold the truth; and how often another pace is told where only the level "
            "moved."
        ),
    ),
    "effect-reading": (
        gettext_lazy("Before and after: the whole reading"),
        gettext_lazy(
            "Known changes, no change, and actions begun at a bad point: how often the interval holds, and how large "
            "an improvement is shown where there was none."
        ),
    ),
    "change-points": (
        gettext_lazy("Proposed dates of a change"),
        gettext_lazy(
            "How often a date is proposed for a steady series (by our scan, and by “eight on one side”), how often a "
            "real step is found, and how near its date is, beside that of least squares."
        ),
    ),
    "several-steps": (
        gettext_lazy("Several changes in one series"),
        gettext_lazy(
            "Series with none or several real steps of 2 sigma, neighbours alike or not: the share of the steps near "
            "which one is proposed, and how many a series are proposed elsewhere, by our scan and by PELT."
        ),
    ),
    "auto-rebase": (
        gettext_lazy("Why limits never begin anew by themselves"),
        gettext_lazy(
            "Steady series: how often new limits would be proposed by our scan, and how often a rule that sets them "
            "by itself at every “eight on one side” would do so. The longer a series, the more often."
        ),
    ),
    "false-season": (
        gettext_lazy("A season where there is none"),
        gettext_lazy(
            "How often a season is found in series without one, by our test and by the usual strength of season; and how "
            "often one that is three ordinary variations high is found by our test."
        ),
    ),
    "seasonal-forecast": (
        gettext_lazy("What a season brings next"),
        gettext_lazy(
            "How often the next month, the highest of a season, lies in the range that should hold it 4 times in 5: by "
            "the month of a year before, and by the level of all months alone."
        ),
    ),
    "false-drift": (
        gettext_lazy("A slow drift where there is none"),
        gettext_lazy(
            "How often a drift is found in series without one: with what a value shares with the one before taken out, "
            "and by the original Mann–Kendall test."
        ),
    ),
    "target-chance": (
        gettext_lazy("The chance of meeting a target"),
        gettext_lazy(
            "What was stated and how often it came true, for each word that tells a chance, for the far tails, and by how many "
            "values it rests on; ours beside the textbook’s. A stated chance of 5 % should be met 5 times in 100."
        ),
    ),
    "target-set": (
        gettext_lazy("Targets that were suggested"),
        gettext_lazy("A target suggested to be met with a chance, and how often the next value met it."),
    ),
    "target-evidence": (
        gettext_lazy("Why the best is no target"),
        gettext_lazy(
            "By how many ordinary variations the best of pure luck lies above its level: best weeks and best teams "
            "flatter, and shrinkage takes most of that away."
        ),
    ),
    "count-charts": (
        gettext_lazy("Charts of shares and rates"),
        gettext_lazy(
            "Steady counts that vary more than the textbook allows: how often a value lies outside by chance."
        ),
    ),
    "time-charts": (
        gettext_lazy("Charts of times"),
        gettext_lazy(
            "Steady times with a long tail: how often a value lies outside by chance, with and without logarithms."
        ),
    ),
    "second-opinion": (
        gettext_lazy("The second opinion (EWMA)"),
        gettext_lazy("How many values pass until it speaks: without a change it should be long, with one short."),
    ),
    "second-opinion-in-use": (
        gettext_lazy("The second opinion as it is used"),
        gettext_lazy(
            "Steady series whose limits come from their own points: how often it calls the latest one changed."
        ),
    ),
    "funnels": (
        gettext_lazy("Teams outside the funnel"),
        gettext_lazy(
            "Teams that differ by chance alone: how many lie outside the 99.8 % limits, which should be 0.2 % at most, and how "
            "many above the upper one, 0.1 % at most. The pages widen the limits by what teams seem to differ beyond chance, "
            "and never draw them narrower than chance alone."
        ),
    ),
    "groups": (
        gettext_lazy("Telling teams apart"),
        gettext_lazy("Equal teams: how often any two are said to differ. A ranking always says so."),
    ),
    "correlations": (
        gettext_lazy("Performance beside quality scores"),
        gettext_lazy("Two series that have nothing to do with one another: how often they are said to move together."),
    ),
    "correlation-readings": (
        gettext_lazy("Two metrics that do move together"),
        gettext_lazy(
            "Two series, the second following the first two periods later with a correlation of 0.6: how often that lag "
            "is told, how often the interval holds the truth (and that of the plain values), and what scores that two "
            "people would give alike only half of the time make of it."
        ),
    ),
    "team-samples": (
        gettext_lazy("How many checks a team needs"),
        gettext_lazy(
            "Twenty teams, by how much is looked at in each: how often the page warns that the samples are too small, how "
            "often a real likeness of 0.8 between two metrics is found, and how often one is told that is not there."
        ),
    ),
    "surveys": (
        gettext_lazy("Survey results"),
        gettext_lazy(
            "How often the interval of a survey result holds the truth, and how far it reaches to either side."
        ),
    ),
    "agreement": (
        gettext_lazy("How far the people who score agree"),
        gettext_lazy("How often the interval holds the true agreement, ours beside that of contacts drawn again."),
    ),
}


@dataclass(frozen=True)
class Table:
    """A kept run for people: ``headline`` in one sentence, ``rows`` are (first cell, cells as texts)."""

    name: str
    title: str
    headline: str
    meaning: str
    made: str
    heads: list[str]
    rows: list[tuple[str, list[str]]]


def tables(runs: Mapping[str, Run]) -> list[Table]:
    """One for each kept run, those first whose titles stand first above."""
    order = {name: place for place, name in enumerate(TITLES)}
    return [_table(name, runs[name]) for name in sorted(runs, key=lambda name: (order.get(name, len(order)), name))]


def _table(name: str, run: Run) -> Table:
    title, meaning = TITLES.get(name, (name, run.source))
    shares = [_is_share(run, place) for place in range(len(run.columns))]
    return Table(
        name,
        str(title),
        headline(name, run),
        str(meaning),
        _made(run),
        [_head(column) for column in run.columns],
        [
            (
                row_name(name, str(row[0])),
                [_cell(cell, share) for cell, share in zip(row[1:], shares[1:], strict=True)],
            )
            for row in run.rows
        ],
    )


def _head(column: str) -> str:
    words = COLUMNS.get(column)
    if words is None and column.startswith("phi "):
        return _("phi %(value)s") % {"value": figure(float(column[4:]), 1)}
    return str(column if words is None else words)


def _is_share(run: Run, place: int) -> bool:
    """Whether a column holds shares: numbers with decimals, none beyond 0 to 1, and no value of a setting."""
    cells = [row[place] for row in run.rows if isinstance(row[place], (int, float))]
    settings = (
        "n", "value", "phi", "placebo rank", "off", "plug-in off", "beyond", "mean", "median", "elsewhere",
        "PELT elsewhere", "average", "without error", "reach", "new", "standing",
        "standing, each alone", "cycles told",
    )  # fmt: skip
    within = all(0 <= float(cell) <= 1 for cell in cells)
    return (
        bool(cells) and within and any(isinstance(cell, float) for cell in cells) and run.columns[place] not in settings
    )


def _cell(cell: str | float | int, share: bool) -> str:
    if isinstance(cell, str):
        return cell
    return percent(cell) if share else figure(cell, 0 if float(cell).is_integer() else 2)


def _made(run: Run) -> str:
    told = {"count": figure(run.repeats, 0), "seed": run.seed, "day": run.day}
    words = ngettext(
        "%(count)s repeat, seed %(seed)s, %(day)s.", "%(count)s repeats, seed %(seed)s, %(day)s.", run.repeats
    )
    if run.repeats < run.full:
        return words % told + " " + _("A full run has %(full)s.") % {"full": figure(run.full, 0)}
    return words % told

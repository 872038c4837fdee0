"""The measured error rates in words: what each table shows, its columns and its rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from metrics.kept_runs import Run
from metrics.wording.error_headlines import headline, percent
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
    "skewed": (
        gettext_lazy("Times and other skewed values"),
        gettext_lazy(
            "Steady data with a long tail: how often chance alone reaches a level that it should reach one time in a "
            "hundred, as the values are and on the scale on which they are tested."
        ),
    ),
    "effect-coverage": (
        gettext_lazy("Before and after: how often the interval holds the true change"),
        gettext_lazy(
            "An interval that says 95 % should hold the true change 95 times out of 100. Ours beside the textbook "
            "method, by how much each value resembles the one before it (phi)."
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
            "real step is found, and how near its date is."
        ),
    ),
    "false_season": (
        gettext_lazy("A season where there is none"),
        gettext_lazy(
            "How often a season is found in series without one, by our test and by the usual strength of season; and how "
            "often one that is three ordinary variations high is found by our test."
        ),
    ),
    "seasonal_forecast": (
        gettext_lazy("What a season brings next"),
        gettext_lazy(
            "How often the next month, the highest of a season, lies in the range that should hold it 4 times in 5: by "
            "the month of a year before, and by the level of all months alone."
        ),
    ),
    "false_drift": (
        gettext_lazy("A slow drift where there is none"),
        gettext_lazy(
            "How often a drift is found in series without one: with what a value shares with the one before taken out, "
            "and by the original Mann–Kendall test."
        ),
    ),
    "target_chance": (
        gettext_lazy("The chance of meeting a target"),
        gettext_lazy(
            "What was stated and how often it came true, ours beside the textbook’s: a stated chance of 5 % should be "
            "met 5 times in 100."
        ),
    ),
    "target_set": (
        gettext_lazy("Targets that were suggested"),
        gettext_lazy("A target suggested to be met with a chance, and how often the next value met it."),
    ),
    "target_evidence": (
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
        gettext_lazy("Teams that differ by chance alone: how many lie outside the 99.8 % limits. It should be 0.2 %."),
    ),
    "groups": (
        gettext_lazy("Telling teams apart"),
        gettext_lazy("Equal teams: how often any two are said to differ. A ranking always says so."),
    ),
    "correlations": (
        gettext_lazy("Performance beside quality scores"),
        gettext_lazy("Two series that have nothing to do with one another: how often they are said to move together."),
    ),
    "surveys": (
        gettext_lazy("Survey results"),
        gettext_lazy(
            "How often the interval of a survey result holds the truth, and how far it reaches to either side."
        ),
    ),
}
COLUMNS: dict[str, Any] = {
    "F test": gettext_lazy("by our test"),
    "strength": gettext_lazy("by strength of season"),
    "PELT": gettext_lazy("by PELT"),
    "year before": gettext_lazy("by the year before"),
    "level alone": gettext_lazy("by the level alone"),
    "season found": gettext_lazy("a real season is found"),
    "years": gettext_lazy("years"),
    "series": gettext_lazy("series"),
    "pre-whitened": gettext_lazy("pre-whitened"),
    "original": gettext_lazy("original Mann–Kendall"),
    "chance": gettext_lazy("chance"),
    "stated": gettext_lazy("stated"),
    "met": gettext_lazy("met"),
    "plug-in stated": gettext_lazy("textbook: stated"),
    "plug-in met": gettext_lazy("textbook: met"),
    "off": gettext_lazy("off by"),
    "plug-in off": gettext_lazy("textbook: off by"),
    "set for": gettext_lazy("set to be met with"),
    "evidence": gettext_lazy("evidence"),
    "beyond": gettext_lazy("beyond the level, in sigma"),
    "counts": gettext_lazy("counts"),
    "p'": gettext_lazy("p′"),
    "p": gettext_lazy("p"),
    "XmR": gettext_lazy("XmR"),
    "times": gettext_lazy("times"),
    "log outside": gettext_lazy("outside, logarithms"),
    "XmR outside": gettext_lazy("outside, XmR"),
    "log icon": gettext_lazy("icon, logarithms"),
    "XmR icon": gettext_lazy("icon, XmR"),
    "change": gettext_lazy("change"),
    "mean": gettext_lazy("mean"),
    "median": gettext_lazy("median"),
    "median outside 3 sigma": gettext_lazy("median of the limits alone"),
    "calls a change": gettext_lazy("calls a change"),
    "limits": gettext_lazy("limits"),
    "outside": gettext_lazy("outside"),
    "method": gettext_lazy("method"),
    "any pair": gettext_lazy("any pair told apart"),
    "pairs": gettext_lazy("share of pairs"),
    "ours": gettext_lazy("ours"),
    "plain correlation": gettext_lazy("plain correlation"),
    "survey": gettext_lazy("survey"),
    "Wald": gettext_lazy("textbook (Wald)"),
    "half": gettext_lazy("to either side"),
    "Prais-Winsten": gettext_lazy("Prais-Winsten"),
    "any claim": gettext_lazy("runs with any claim"),
    "any mark": gettext_lazy("any point marked"),
    "bad start shown": gettext_lazy("shown after a bad start"),
    "claims": gettext_lazy("claims in a run"),
    "exact": gettext_lazy("exact"),
    "false": gettext_lazy("false proposals"),
    "false share": gettext_lazy("share of claims that is false"),
    "found": gettext_lazy("share of real changes found"),
    "holds": gettext_lazy("interval holds the truth"),
    "icon": gettext_lazy("icon at the latest point"),
    "in interval": gettext_lazy("date within its interval"),
    "last four shown": gettext_lazy("shown against the last four values"),
    "n": gettext_lazy("n"),
    "net holds": gettext_lazy("interval of the net change holds the truth"),
    "on its scale": gettext_lazy("on the scale on which they are tested"),
    "ordinary": gettext_lazy("ordinary least squares"),
    "phi": gettext_lazy("phi"),
    "placebo rank": gettext_lazy("rank among placebo dates"),
    "plain": gettext_lazy("as they are"),
    "points": gettext_lazy("points"),
    "run of eight": gettext_lazy("eight on one side"),
    "stable data": gettext_lazy("steady data"),
    "truth: method": gettext_lazy("truth: method"),
    "value": gettext_lazy("value"),
    "within two": gettext_lazy("within two points of the date"),
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
            (str(row[0]), [_cell(cell, share) for cell, share in zip(row[1:], shares[1:], strict=True)])
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
    settings = ("n", "value", "phi", "placebo rank", "off", "plug-in off", "beyond", "mean", "median")
    within = all(0 <= float(cell) <= 1 for cell in cells)
    return (
        bool(cells) and within and any(isinstance(cell, float) for cell in cells) and run.columns[place] not in settings
    )


def _cell(cell: str | float | int, share: bool) -> str:
    if isinstance(cell, str):
        return cell
    if share:
        return percent(cell)
    return figure(cell, 0 if float(cell).is_integer() else 2)


def _made(run: Run) -> str:
    told = {"count": figure(run.repeats, 0), "seed": run.seed, "day": run.day}
    words = ngettext(
        "%(count)s repeat, seed %(seed)s, %(day)s.", "%(count)s repeats, seed %(seed)s, %(day)s.", run.repeats
    )
    if run.repeats < run.full:
        return words % told + " " + _("A full run has %(full)s.") % {"full": figure(run.full, 0)}
    return words % told

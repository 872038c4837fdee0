"""The measured error rates in words: what each table shows, its columns and its rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from metrics.kept_runs import Run
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
            "An interval that says 95 % should hold the true change 95 times out of 100. Ours beside the textbook "
            "method, by how much each value resembles the one before it (phi)."
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
COLUMNS: dict[str, Any] = {
    "F test": gettext_lazy("by our test"),
    "strength": gettext_lazy("by strength of season"),
    "PELT": gettext_lazy("by PELT"),
    "PELT found": gettext_lazy("found by PELT"),
    "PELT elsewhere": gettext_lazy("elsewhere a series, by PELT"),
    "elsewhere": gettext_lazy("elsewhere a series"),
    "proposed": gettext_lazy("proposed by our scan"),
    "steps": gettext_lazy("steps"),
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
    "above": gettext_lazy("above the upper limit"),
    "method": gettext_lazy("method"),
    "any pair": gettext_lazy("any pair told apart"),
    "pairs": gettext_lazy("share of pairs"),
    "ours": gettext_lazy("ours"),
    "plain correlation": gettext_lazy("plain correlation"),
    "right lag": gettext_lazy("the right lag is told"),
    "interval holds": gettext_lazy("interval holds the truth"),
    "plain holds": gettext_lazy("interval of the plain values holds it"),
    "average": gettext_lazy("correlation on average"),
    "without error": gettext_lazy("with the error of the scores taken out"),
    "looked at": gettext_lazy("looked at"),
    "warned": gettext_lazy("warned of"),
    "survey": gettext_lazy("survey"),
    "scores": gettext_lazy("scores"),
    "bootstrap": gettext_lazy("by contacts drawn again (bootstrap)"),
    "reach": gettext_lazy("to either side"),
    "told": gettext_lazy("an interval is told"),
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
    "icon: outside": gettext_lazy("by: outside"),
    "icon: trend": gettext_lazy("by: trend"),
    "icon: two of three": gettext_lazy("by: two of three near a limit"),
    "icon: shift": gettext_lazy("by: shift"),
    "marked in the next 12": gettext_lazy("marked in the next 12"),
    "counted from then on": gettext_lazy("by runs counted from then on"),
    "in interval": gettext_lazy("date within its interval"),
    "last four shown": gettext_lazy("shown against the last four values"),
    "n": gettext_lazy("n"),
    "net holds": gettext_lazy("interval of the net change holds the truth"),
    "values": gettext_lazy("by the values themselves"),
    "ranks": gettext_lazy("by their ranks"),
    "values, confirmed": gettext_lazy("confirmed of a thousand by the values"),
    "ranks, confirmed": gettext_lazy("confirmed of a thousand by their ranks"),
    "ordinary": gettext_lazy("ordinary least squares"),
    "rules": gettext_lazy("rules"),
    "no change": gettext_lazy("without a change"),
    "1 sigma": gettext_lazy("1 sigma"),
    "1.5 sigma": gettext_lazy("1.5 sigma"),
    "2 sigma": gettext_lazy("2 sigma"),
    "pace": gettext_lazy("change of pace"),
    "first": gettext_lazy("difference at first"),
    "latest": gettext_lazy("difference in the latest period"),
    "ordinary pace": gettext_lazy("textbook: pace"),
    "ordinary first": gettext_lazy("textbook: at first"),
    "ordinary latest": gettext_lazy("textbook: latest"),
    "false pace": gettext_lazy("another pace told without one"),
    "phi": gettext_lazy("phi"),
    "placebo rank": gettext_lazy("rank among placebo dates"),
    "plain": gettext_lazy("as they are"),
    "points": gettext_lazy("points"),
    "run of eight": gettext_lazy("eight on one side"),
    "stable data": gettext_lazy("steady data"),
    "truth: method": gettext_lazy("truth: method"),
    "value": gettext_lazy("value"),
    "within two": gettext_lazy("within two points of the date"),
    "least squares": gettext_lazy("by least squares"),
    "within two, anywhere": gettext_lazy("within two, where it lies anywhere"),
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
        "PELT elsewhere", "average", "without error", "reach",
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

"""What each measured error rate comes to, in one sentence with its figures from the kept run."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from metrics.kept_runs import Run
from metrics.wording.figures import figure

NEARLY_AGREED = "words 0.7, 2 people, 20 contacts, agreement 0.9"
# In place of a row: the lowest number of the column.
FEWEST = "the fewest of all rows"
# Simulation -> (sentence, name in it -> (first cell of the row, column)).
HEADLINES: dict[str, tuple[Any, dict[str, tuple[str, str]]]] = {
    "icons": (
        gettext_lazy(
            "%(now)s of steady series of 52 points show an icon at their latest point; %(ever)s have a mark somewhere."
        ),
        {"now": ("52", "icon"), "ever": ("52", "any mark")},
    ),
    "in-control": (
        gettext_lazy(
            "%(plain)s of steady series of 52 points show an icon; where each value resembles the one before (phi 0.4) "
            "%(alike)s do, with a long tail %(tail)s."
        ),
        {"plain": ("normal", "icon"), "alike": ("alike .4", "icon"), "tail": ("exponential", "icon")},
    ),
    "run-lengths": (
        gettext_lazy(
            "The four rules together speak by chance once in %(four)s values, the second opinion once in %(second)s; a "
            "lasting change of 1.5 sigma is noticed after %(slow)s and %(fast)s."
        ),
        {
            "four": ("all four rules", "no change"),
            "second": ("EWMA", "no change"),
            "slow": ("all four rules", "1.5 sigma"),
            "fast": ("EWMA", "1.5 sigma"),
        },
    ),
    "frozen-limits": (
        gettext_lazy(
            "%(few)s of steady series show a mark within the next 12 values where their limits are kept from 12 points; "
            "with limits from 52 points it is %(many)s."
        ),
        {"few": ("12", "counted from then on"), "many": ("52", "counted from then on")},
    ),
    "icon-rates": (
        gettext_lazy(
            "Chance alone puts an icon on %(alone)s of steady series of 104 points, on %(alike)s where each value "
            "resembles the one before (phi 0.5)."
        ),
        {"alone": ("104", "phi 0.0"), "alike": ("104", "phi 0.5")},
    ),
    "fleets": (
        gettext_lazy(
            "%(ours)s of the changes called confirmed are false where 5 %% of the series moved; of the icons alone "
            "%(icons)s would be."
        ),
        {
            "ours": ("5 % moved 2 sigma: confirmed", "false share"),
            "icons": ("5 % moved 2 sigma: MDC icon", "false share"),
        },
    ),
    "staying": (
        gettext_lazy(
            "Of a thousand steady series %(standing)s are called confirmed at a time; of those that are, %(soon)s still are "
            "4 cycles later and %(late)s 13 cycles later."
        ),
        {
            "standing": ("phi 0.0", "standing"),
            "soon": ("phi 0.0", "told 4 later"),
            "late": ("phi 0.0", "told 13 later"),
        },
    ),
    "skewed": (
        gettext_lazy(
            "On times with a long tail a level that chance should reach in 1 %% of series is reached in %(ours)s; "
            "by the values themselves, without their ranks, in %(values)s."
        ),
        {"ours": ("exponential", "ranks"), "values": ("exponential", "values")},
    ),
    "effect-coverage": (
        gettext_lazy(
            "Of the intervals that say 95 %% at least %(ours)s hold the true change, however many values there are and "
            "however much they resemble one another; of the textbook’s down to %(textbook)s, of Newey and West’s down to "
            "%(newey)s."
        ),
        {
            "ours": (FEWEST, "Prais-Winsten"),
            "textbook": (FEWEST, "ordinary"),
            "newey": (FEWEST, "Newey-West"),
        },
    ),
    "effect-pace": (
        gettext_lazy(
            "%(ours)s of the intervals of another pace that say 95 %% hold the truth where values resemble one another "
            "(phi 0.6); of the textbook’s %(textbook)s."
        ),
        {"ours": ("0.6", "pace"), "textbook": ("0.6", "ordinary pace")},
    ),
    "effect-reading": (
        gettext_lazy(
            "Where nothing changed but the start was bad, %(ours)s of readings show an improvement; against the last "
            "four values alone %(four)s would."
        ),
        {"ours": ("0.3", "bad start shown"), "four": ("0.3", "last four shown")},
    ),
    "change-points": (
        gettext_lazy(
            "A step is proposed in %(ours)s of steady series, by “eight on one side” in %(eight)s; %(found)s of real "
            "steps are found."
        ),
        {"ours": ("0.3", "false"), "eight": ("0.3", "run of eight"), "found": ("0.3", "found")},
    ),
    "several-steps": (
        gettext_lazy(
            "Of six steps in one series %(ours)s are found; where there is none and each value resembles the one before "
            "(phi 0.3), %(false)s are proposed a series, by PELT %(pelt)s."
        ),
        {
            "ours": ("six steps, phi 0.0", "found"),
            "false": ("no step, phi 0.3", "elsewhere"),
            "pelt": ("no step, phi 0.3", "PELT elsewhere"),
        },
    ),
    "auto-rebase": (
        gettext_lazy(
            "New limits are proposed in %(ours)s of steady series of 104 points; a rule that begins them at every “eight on "
            "one side” would do so in %(eight)s."
        ),
        {"ours": ("104 points", "proposed"), "eight": ("104 points", "run of eight")},
    ),
    "false-season": (
        gettext_lazy(
            "In three years without a season one is seen in %(ours)s of series where each value resembles the one before "
            "(phi 0.6); by strength in %(strength)s."
        ),
        {"ours": ("3 years, phi 0.6", "F test"), "strength": ("3 years, phi 0.6", "strength")},
    ),
    "seasonal-forecast": (
        gettext_lazy(
            "%(ours)s of the ranges that say “4 times in 5” hold the next month of a season; by the level alone "
            "%(level)s would."
        ),
        {"ours": ("3 years, phi 0.3", "year before"), "level": ("3 years, phi 0.3", "level alone")},
    ),
    "false-drift": (
        gettext_lazy(
            "Where there is no drift one is seen in %(ours)s of series; by the original Mann–Kendall test in %(original)s."
        ),
        {"ours": ("phi 0.3", "pre-whitened"), "original": ("phi 0.3", "original")},
    ),
    "target-chance": (
        gettext_lazy(
            "Where “very likely” is told from 12 values, a chance of %(stated)s is stated on average and the target is met "
            "%(met)s of the time; the textbook’s %(other)s come true %(otherwise)s of the time."
        ),
        {
            "stated": ("12 points, very_likely", "stated"),
            "met": ("12 points, very_likely", "met"),
            "other": ("12 points, very_likely", "plug-in stated"),
            "otherwise": ("12 points, very_likely", "plug-in met"),
        },
    ),
    "target-set": (
        gettext_lazy("Targets suggested to be met half of the time were met %(half)s of the time."),
        {"half": ("0.5", "met")},
    ),
    "target-evidence": (
        gettext_lazy(
            "The best of ten equal teams lies %(best)s sigma beyond its level by luck; the better quarter, shrunken, "
            "%(shrunken)s."
        ),
        {"best": ("best of 10 teams", "beyond"), "shrunken": ("better quarter, shrunken", "beyond")},
    ),
    "count-charts": (
        gettext_lazy("%(ours)s of steady shares lie outside by chance; on the textbook’s p chart %(textbook)s."),
        {"ours": ("overdispersed", "p'"), "textbook": ("overdispersed", "p")},
    ),
    "time-charts": (
        gettext_lazy("%(ours)s of steady times lie outside by chance; without logarithms %(plain)s."),
        {"ours": ("lognormal 0.5", "log outside"), "plain": ("lognormal 0.5", "XmR outside")},
    ),
    "second-opinion": (
        gettext_lazy(
            "Without a change it speaks about once in %(never)s values; a change of one sigma it sees after %(soon)s."
        ),
        {"never": ("no change", "mean"), "soon": ("1 sigma", "mean")},
    ),
    "second-opinion-in-use": (
        gettext_lazy("It calls the latest value of a steady series of 52 points changed in %(ours)s of series."),
        {"ours": ("52", "calls a change")},
    ),
    "funnels": (
        gettext_lazy(
            "%(rates)s of 8 equal teams lie outside the limits of a funnel of rates as the pages draw it, %(shares)s in a "
            "funnel of shares; by widened limits that are narrower than chance in places %(alone)s of rates would."
        ),
        {
            "rates": ("rates, 8 teams, as drawn", "outside"),
            "shares": ("shares, 8 teams, as drawn", "outside"),
            "alone": ("rates, 8 teams, widened alone", "outside"),
        },
    ),
    "groups": (
        gettext_lazy(
            "Any two of equal teams are told apart in %(ours)s of comparisons; pair by pair in %(pairs)s, by a "
            "ranking always."
        ),
        {"ours": ("all pairs at once", "any pair"), "pairs": ("pair by pair", "any pair")},
    ),
    "correlations": (
        gettext_lazy(
            "Two metrics that have nothing to do with one another but both rise are said to move together in %(ours)s "
            "of pairs; by a plain correlation in %(plain)s."
        ),
        {"ours": ("trend", "ours"), "plain": ("trend", "plain correlation")},
    ),
    "correlation-readings": (
        gettext_lazy(
            "%(ours)s of the intervals hold the true correlation of two series that rise; of the intervals of the plain "
            "values %(plain)s."
        ),
        {"ours": ("alike and rising", "interval holds"), "plain": ("alike and rising", "plain holds")},
    ),
    "team-samples": (
        gettext_lazy(
            "With 5 to 15 looked at in each team a real likeness of 0.8 is found in %(few)s of cases, and %(warned)s are "
            "warned of; with 200 to 600 it is found in %(many)s."
        ),
        {
            "few": ("5 to 15 a team", "found"),
            "warned": ("5 to 15 a team", "warned"),
            "many": ("200 to 600 a team", "found"),
        },
    ),
    "surveys": (
        gettext_lazy(
            "%(ours)s of the intervals of a share of 90 %% among 30 answers hold the truth; of the textbook’s %(wald)s."
        ),
        {"ours": ("share 0.9, n 30", "ours"), "wald": ("share 0.9, n 30", "Wald")},
    ),
    "agreement": (
        gettext_lazy(
            "%(ours)s of the intervals that say 95 %% hold the true agreement of two people who nearly agree on 20 "
            "contacts; of those from contacts drawn again (bootstrap) %(bootstrap)s."
        ),
        {"ours": (NEARLY_AGREED, "ours"), "bootstrap": (NEARLY_AGREED, "bootstrap")},
    ),
}
# Columns that are no shares: so many values, sigma, or so many a series.
PLAIN = {
    "no change": 0,
    "1.5 sigma": 0,
    "mean": 0,
    "beyond": 2,
    "standing": 1,
    "elsewhere": 2,
    "PELT elsewhere": 2,
    "average": 2,
    "without error": 2,
}


def headline(name: str, run: Run) -> str:
    """The sentence of a kept run; empty where the run has none, or has not the rows that it is made of."""
    if name not in HEADLINES:
        return ""
    words, places = HEADLINES[name]
    cells = {str(row[0]): dict(zip(run.columns, row, strict=True)) for row in run.rows}
    numbers = {column: [row[place] for row in run.rows] for place, column in enumerate(run.columns) if place}
    cells[FEWEST] = {column: min(found, key=float) for column, found in numbers.items() if _numbers(found)}
    try:
        return str(words) % {key: _figure(cells[row][column], column) for key, (row, column) in places.items()}
    except KeyError:
        return ""


def _numbers(cells: list[Any]) -> bool:
    return bool(cells) and all(isinstance(cell, (int, float)) for cell in cells)


def _figure(cell: Any, column: str) -> str:
    if column in PLAIN:
        return figure(cell, PLAIN[column])
    return percent(cell)


def percent(share: float) -> str:
    """With one decimal; with two where one would call a few in ten thousand none."""
    return _("%(percent)s %%") % {"percent": figure(100 * share, 2 if 0 < share < 0.001 else 1)}

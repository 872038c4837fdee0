"""A comparison in words, from its stored facts; the names of the groups are the reader's own."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from metrics.models import Metric
from metrics.wording import turning
from metrics.wording.figures import amount, day_of, decimals_of, figure
from metrics.wording.narration import Narration

Facts = dict[str, Any]
NAMED = 4
PROBLEMS: dict[str, str | Promise] = {
    "no_values": gettext_lazy("There is no value in this period."),
    "one_group": gettext_lazy("Only one of them has enough values: there is nothing to compare it with."),
    "cannot_add": gettext_lazy(
        "These are ready-made numbers, such as medians: those of several services, products or channels cannot be "
        "added up. Choose one of them above."
    ),
    "gone": gettext_lazy("What was compared is no longer there."),
}
SHAPES: dict[str, str | Promise] = {
    "shares": gettext_lazy("exact limits for shares"),
    "rates": gettext_lazy("exact limits for rates"),
    "means": gettext_lazy("ready-made numbers: intervals from each one's own series, no funnel"),
}
OUTSIDE: dict[int, str | Promise] = {
    1: gettext_lazy("above the 99.8 % limits"),
    -1: gettext_lazy("below the 99.8 % limits"),
    0: gettext_lazy("within the limits"),
}


def letter(band: int, bands: int) -> str:
    """The name of a band: A for the one with the highest values."""
    place = bands - 1 - band
    return chr(65 + place) if 0 <= place < 26 else str(place + 1)


def named(names: list[str]) -> str:
    """A few names, or how many there are."""
    if len(names) <= NAMED:
        return _(", ").join(sorted(names, key=str.casefold))
    return ngettext("%(count)s of them", "%(count)s of them", len(names)) % {"count": len(names)}


def decimals_for(metric: Metric, facts: Facts) -> int:
    """Digits that say something: two of the narrowest interval."""
    widths = [row["high"] - row["low"] for row in facts.get("groups", []) if None not in (row["low"], row["high"])]
    return decimals_of(min((width for width in widths if width > 0), default=None), metric.kind)


def narrate_groups(metric: Metric, facts: Facts, names: dict[int, str]) -> Narration:
    """What a comparison of groups says."""
    return Narration(
        _fact(metric, facts, names),
        _meaning(facts, names),
        _caveat(facts),
        _next_step(facts, names),
        turning.of_groups(facts["bands"], any(pair[4] for pair in facts["pairs"])),
    )


def changed_within(count: int) -> str:
    """That some of those compared have changed within the period, of which the verdict says nothing."""
    return ngettext(
        "The verdict is about the whole period. Within it one change is confirmed:",
        "The verdict is about the whole period. Within it %(count)s changes are confirmed:",
        count,
    ) % {"count": figure(count, 0)}


def _fact(metric: Metric, facts: Facts, names: dict[int, str]) -> str:
    told = {
        "metric": metric.name,
        "first": day_of(facts["first"], metric.period),
        "last": day_of(facts["last"], metric.period),
        "middle": amount(facts["middle"], metric, decimals_for(metric, facts)),
    }
    rows = [row for row in facts["groups"] if row["band"] >= 0]
    if facts["bands"] <= 1 and any(pair[4] for pair in facts["pairs"]):
        words = _(
            "%(metric)s: no line can be drawn between these %(count)s, from %(first)s to %(last)s; together %(middle)s."
        )
        return words % {**told, "count": len(rows)}
    if facts["bands"] <= 1:
        words = ngettext(
            "%(metric)s: %(count)s place cannot be told apart, from %(first)s to %(last)s; together %(middle)s.",
            "%(metric)s: these %(count)s cannot be told apart, from %(first)s to %(last)s; together %(middle)s.",
            len(rows),
        )
        return words % {**told, "count": len(rows)}
    parts = [
        _("%(letter)s (%(names)s)")
        % {
            "letter": letter(band, facts["bands"]),
            "names": named([names[row["id"]] for row in rows if row["band"] == band]),
        }
        for band in reversed(range(facts["bands"]))
    ]
    return _("%(metric)s, from %(first)s to %(last)s, falls into %(count)s groups, from the highest: %(groups)s.") % {
        **told,
        "count": facts["bands"],
        "groups": "; ".join(parts),
    }


def _meaning(facts: Facts, names: dict[int, str]) -> str:
    parted = [pair for pair in facts["pairs"] if pair[4]]
    if facts["bands"] > 1:
        return _(
            "Every member of one group can be told from every member of the next; within a group nobody can be put "
            "before another. Among equals, any such line would be drawn in at most 1 comparison of 20."
        )
    if parted:
        words = ngettext(
            "%(count)s pair can be told apart, but not one set from another: the table says where each could stand. Among "
            "equals, any pair would be in at most 1 comparison of 20.",
            "%(count)s pairs can be told apart, but not one set from another: the table says where each could stand. Among "
            "equals, any pair would be in at most 1 comparison of 20.",
            len(parted),
        )
        return words % {"count": len(parted)}
    return _(
        "Their differences are no larger than chance makes them among equals in 19 comparisons of 20, so an order would be "
        "made up."
    )


def _caveat(facts: Facts) -> str:
    parts = []
    if facts["shape"] == "means":
        parts.append(
            _(
                "The numbers came ready-made, without the counts behind them: the intervals rest on how each one's "
                "own series moves."
            )
        )
    if facts["inflation"] > 1.2:
        parts.append(
            _(
                "Within each one, periods differ %(times)s times as much as chance makes them; the intervals allow for it."
            )
            % {"times": figure(facts["inflation"], 1)}
        )
    if facts["tau2"] and facts["curves"]:
        parts.append(_("The limits of the funnel are widened by what all of them seem to differ beyond chance."))
    return " ".join(parts)


def _next_step(facts: Facts, names: dict[int, str]) -> str:
    outside = [names[row["id"]] for row in facts["groups"] if row["outside"]]
    if outside:
        return _(
            "Ask what is different at %(names)s: work, customers, recording or practice. The chart cannot say which."
        ) % {"names": named(outside)}
    if facts["bands"] > 1:
        return _("Ask what the groups do differently, and whether they serve the same kind of customer.")
    return _("Look at what all of them share: a change there would move every one.")


def places(row: Facts, facts: Facts, direction: int) -> str:
    """Where one could stand among all, best first (highest first where neither is better): no rank, a range."""
    count = sum(each["band"] >= 0 for each in facts["groups"])
    if row["band"] < 0 or count < 2:
        return ""
    first, last = row["first"], row["last"]
    if direction < 0:
        first, last = count + 1 - last, count + 1 - first
    told = {"first": first, "last": last, "count": count}
    if first == last:
        return _("%(first)s of %(count)s, told from all others") % told
    return _("anywhere from %(first)s to %(last)s of %(count)s") % told


def groups_line(facts: Facts) -> str:
    """By which rules the comparison was made, in one line; ``method_lines`` explain them."""
    parts: list[Any] = [
        SHAPES[facts["shape"]],
        _("all pairs judged at once: among equals at most 1 comparison of 20 sets any two apart"),
    ]
    return str(format_lazy("{}", " · ".join(str(part) for part in parts)))


def method_lines(facts: Facts, direction: int) -> list[tuple[str, str]]:
    """(what stands over a column, what it means): the table explained, with the names under which a statistician knows
    the methods."""
    best = _("counted from the best") if direction else _("counted from the highest")
    lines = [
        (
            _("95 % interval"),
            _("Where the true value lies in 19 of 20 cases, given how much was counted and how much periods differ."),
        ),
        (
            _("Allowing for chance"),
            _(
                "What to expect of each one next. A small one swings by luck, so its value is drawn towards the middle "
                "of all, the more the smaller it is (empirical Bayes)."
            ),
        ),
        (
            _("Group"),
            _(
                "Those with the same letter cannot be told apart; those with different letters can, A with the highest "
                "values. All pairs are judged at once (Tukey, %(sigmas)s standard errors)."
            )
            % {"sigmas": figure(facts["sigmas"], 2)},
        ),
        (
            _("Could stand"),
            _(
                "Every place that the values leave open to it, %(best)s. It is no ranking: two whose ranges overlap "
                "cannot be put in an order."
            )
            % {"best": best},
        ),
    ]
    if facts["shape"] != "means":
        words = _(
            "Outside the outer limits, chance alone would put 1 in 500 that are like all others. What they differ by "
            "beyond chance widens them (variance %(tau2)s)."
        )
        lines.insert(2, (_("Funnel"), words % {"tau2": figure(facts["tau2"], 5)}))
    return lines

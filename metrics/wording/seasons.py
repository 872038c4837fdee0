"""What a signal would be without the season of its series: a caveat of its sentences, from the stored closer look."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from metrics.models import Signal
from metrics.wording.closer import day_of_cycle
from metrics.wording.figures import amount, decimals_of

Facts = dict[str, Any]


def season_left(signal: Signal, season: Facts | None, below: bool = False) -> str:
    """Whether the change is there without the season; "" where none was found or nothing is known of this signal.
    ``below``: the season itself is told further down the same page."""
    found = _entry(signal, season)
    if season is None or found is None:
        return ""
    if not found["alone"]:
        return _(
            "A season is seen in these values, but only while this pattern counts towards it: what looks like a season may "
            "be no more than the change itself."
        )
    told = {"season": _season(season, below)}
    if signal.rule == Signal.Rule.SCAN:
        return _moved(signal, found, told)
    told |= {name: found[name] for name in ("left", "other", "points")}
    return _kept(found) % told


def season_note(signal: Signal, season: Facts | None) -> str:
    """The same in a few words for a list, where nothing of the signal is left without the season, or it turns round."""
    found = _entry(signal, season)
    if found is None or not found["alone"]:
        return ""
    if signal.rule == Signal.Rule.SCAN:
        return _("nothing of it is left with the season taken out") if _gone(signal, found) else ""
    if found["left"]:
        return ""
    if found["other"]:
        return _("marked in the other direction with the season taken out")
    return _("not marked with the season taken out")


def _gone(signal: Signal, found: Facts) -> bool:
    """Whether a change of level does not go its way any more."""
    level, before = found["level"], found["before"]
    return level is not None and before is not None and (level - before) * signal.direction <= 0


def _entry(signal: Signal, season: Facts | None) -> Facts | None:
    """What the closer look keeps of this signal; None of one that is over, or that has changed since."""
    if season is None or signal.gone or not signal.current:
        return None
    scan = signal.rule == Signal.Rule.SCAN
    key = (signal.rule, signal.direction, signal.facts.get("window_day") if scan else signal.first_day)
    found = (one for one in season.get("signals", ()) if (one["rule"], one["direction"], one["day"]) == key)
    return next((one for one in found if scan or one["points"] == signal.points), None)


def _season(season: Facts, below: bool) -> str:
    if below:
        return _("see the closer look below")
    weekly = season["cycle"] == "week"
    return _("highest around %(high)s, lowest around %(low)s") % {
        "high": day_of_cycle(season["high"], weekly),
        "low": day_of_cycle(season["low"], weekly),
    }


def _kept(found: Facts) -> str:
    if not found["left"] and found["other"]:
        return ngettext(
            "With the season taken out (%(season)s), %(other)s of the %(points)s points of this pattern is marked, in the "
            "other direction, and none in this one.",
            "With the season taken out (%(season)s), %(other)s of the %(points)s points of this pattern are marked, in the "
            "other direction, and none in this one.",
            found["other"],
        )
    if not found["left"]:
        return ngettext(
            "With the season taken out (%(season)s), the point of this pattern is not marked any more.",
            "With the season taken out (%(season)s), none of the %(points)s points of this pattern is marked any more.",
            found["points"],
        )
    if found["left"] == found["points"]:
        return ngettext(
            "The change is there without the season, too (%(season)s): the point of this pattern stays marked.",
            "The change is there without the season, too (%(season)s): all %(points)s points of this pattern stay marked.",
            found["points"],
        )
    if found["latest"]:
        return ngettext(
            "The change is there without the season, too (%(season)s): %(left)s of the %(points)s points of this pattern "
            "stays marked, the latest.",
            "The change is there without the season, too (%(season)s): %(left)s of the %(points)s points of this pattern "
            "stay marked, the latest among them.",
            found["left"],
        )
    return ngettext(
        "With the season taken out (%(season)s), %(left)s of the %(points)s points of this pattern stays marked, but not "
        "the latest.",
        "With the season taken out (%(season)s), %(left)s of the %(points)s points of this pattern stay marked, but not "
        "the latest.",
        found["left"],
    )


def _moved(signal: Signal, found: Facts, told: dict[str, str]) -> str:
    """A change of level: what it would be between the same periods."""
    level, before, metric = found["level"], found["before"], signal.series.metric
    if level is None or before is None:
        return ""
    decimals = decimals_of(signal.facts.get("amr"), metric.kind)
    told |= {"level": amount(level, metric, decimals), "before": amount(before, metric, decimals)}
    if _gone(signal, found):
        words = _(
            "With the season taken out (%(season)s), nothing of the change is left: the level went from %(before)s to "
            "%(level)s."
        )
    elif found["latest"]:
        words = _(
            "The change is there without the season, too (%(season)s): with it taken out, the level went from %(before)s "
            "to %(level)s, and the latest point is marked."
        )
    else:
        words = _("With the season taken out (%(season)s), the level went from %(before)s to %(level)s.")
    return words % told

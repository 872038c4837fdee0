"""Before and after in words, made from the stored facts of a comparison (codes and numbers) alone."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from metrics.models import Metric
from metrics.wording.figures import (
    NOTHING,
    amount,
    day_of,
    decimals_of,
    difference,
    end_of_interval,
    figure,
    in_period,
    stretch,
)
from metrics.wording.narration import Narration

Facts = dict[str, Any]


@dataclass(frozen=True)
class Told:
    """What a comparison is about: the metric, what changed, its first day after (ordinal), the comparison series."""

    metric: Metric
    label: str
    day: int
    against: str = ""


def narrate_effect(facts: Facts, told: Told) -> Narration:
    """The sentences of a comparison; ``facts`` are empty until it is computed."""
    if not facts:
        return Narration(_("The points before and after “%(label)s” are being compared.") % _of(told), "", "", "")
    if facts["reading"] == "not_enough":
        return Narration(_lacking(facts, told), "", "", _when(facts))
    cautions = cautions_of(facts, told)
    return Narration(_fact(facts, told), _meaning(facts, told), cautions[0] if cautions else "", _next(facts, told))


def cautions_of(facts: Facts, told: Told) -> list[str]:
    """All that weakens the reading, the heaviest first."""
    if not facts:
        return []
    sentences = {code: make(facts, told) for code, make in _CAUTIONS.items() if code in facts["cautions"]}
    found = list(sentences.values())
    if facts.get("seasonal"):
        found.append(_("The season is taken out of the values first."))
    if facts["reading"] != "not_enough":
        found.append(_placebos(facts))
    return found


def change_words(change: Facts | None, told: Told) -> str:
    """A difference with its interval: "+3.1 percentage points (+0.4 to +5.8)"; in per cent where it was so read."""
    if change is None:
        return NOTHING
    decimals = _decimals(change, told.metric)
    size = _plus(difference(change["difference"], told.metric, decimals), change["difference"])
    ends = [_signed(change[name], told.metric, decimals) for name in ("low", "high")]
    words = _("%(size)s (%(low)s to %(high)s)") % dict(zip(("size", "low", "high"), (size, *ends), strict=True))
    if change["percent"] is None:
        return words
    shares = [_share(change[name]) for name in ("percent", "percent_low", "percent_high")]
    share = _("%(size)s (%(low)s to %(high)s)") % dict(zip(("size", "low", "high"), shares, strict=True))
    return _("%(share)s, that is %(size)s") % {"share": share, "size": size}


def level_words(facts: Facts, metric: Metric) -> str:
    """The level before, as exact as the change is known."""
    change = facts.get("change")
    return amount(facts["level"], metric, _decimals(change, metric)) if change else NOTHING


def contacts_words(facts: Facts) -> str:
    """How many contacts went another way since the change, "" where that cannot be counted."""
    found = facts.get("contacts")
    if not found or found["count"] is None or facts["reading"] != "shown":
        return ""
    more = found["count"] > 0
    ends = sorted((abs(found["low"] or 0), abs(found["high"] or 0)))
    given = {"count": figure(abs(found["count"]), 0), "low": figure(ends[0], 0), "high": figure(ends[1], 0)}
    if found["of"] is None:
        words = (
            _("about %(count)s more (%(low)s to %(high)s)")
            if more
            else _("about %(count)s fewer (%(low)s to %(high)s)")
        )
        return words % given
    given["of"] = figure(found["of"], 0)
    if more:
        return _("about %(count)s more (%(low)s to %(high)s) of %(of)s contacts") % given
    return _("about %(count)s fewer (%(low)s to %(high)s) of %(of)s contacts") % given


def _of(told: Told) -> dict[str, str]:
    return {
        "label": told.label,
        "metric": told.metric.name,
        "day": day_of(told.day, told.metric.period),
        "against": told.against,
    }


def _deciding(facts: Facts) -> Facts:
    """What the reading stands on: net of the comparison series where there is one."""
    found: Facts = facts["net"] or facts["change"]
    return found


def _decimals(change: Facts, metric: Metric) -> int:
    """Two digits of the doubt: a quarter of the interval is about one standard error."""
    if change["low"] is None or change["high"] is None:
        return 1
    return decimals_of((change["high"] - change["low"]) / 4, metric.kind)


def _signed(value: float | None, metric: Metric, decimals: int) -> str:
    return _plus(end_of_interval(value, metric, decimals), value)


def _share(value: float | None) -> str:
    return _plus(_("%(share)s %%") % {"share": figure(value, 0)}, value)


def _plus(words: str, value: float | None) -> str:
    return f"+{words}" if value is not None and value > 0 else words


def _lacking(facts: Facts, told: Told) -> str:
    given = _of(told) | {"n": facts["missing_after"]}
    if "too_few_after" in facts["reasons"]:
        words = ngettext(
            "Too early to tell what “%(label)s” (%(day)s) changed: %(n)s more point is needed.",
            "Too early to tell what “%(label)s” (%(day)s) changed: %(n)s more points are needed.",
            facts["missing_after"],
        )
        return words % given
    if "too_few_before" in facts["reasons"]:
        words = ngettext(
            "Too few points lie before “%(label)s” (%(day)s): %(n)s more would be needed to compare with.",
            "Too few points lie before “%(label)s” (%(day)s): %(n)s more would be needed to compare with.",
            facts["missing_before"],
        )
        return words % (given | {"n": facts["missing_before"]})
    return (
        _("The values around “%(label)s” (%(day)s) do not vary, so there is nothing to measure a change against.")
        % given
    )


def _when(facts: Facts) -> str:
    if not facts.get("enough_on"):
        return ""
    day = date_format(dt.date.fromisoformat(facts["enough_on"]))
    return _("Enough can be known from %(day)s on.") % {"day": day}


def _fact(facts: Facts, told: Told) -> str:
    found = _deciding(facts)
    up = found["difference"] is not None and found["difference"] > 0
    shown = facts["reading"] == "shown"
    given = _of(told) | _numbers(found, told.metric, shown)
    if facts["net"]:
        return _net_words(up, shown) % given
    if shown and up:
        return (
            _("After “%(label)s” (%(day)s) %(metric)s rose by %(size)s (95 %% interval %(low)s to %(high)s).") % given
        )
    if shown:
        return (
            _("After “%(label)s” (%(day)s) %(metric)s fell by %(size)s (95 %% interval %(low)s to %(high)s).") % given
        )
    if up:
        words = _("Since “%(label)s” (%(day)s) %(metric)s is higher by %(size)s (95 %% interval %(low)s to %(high)s).")
    else:
        words = _("Since “%(label)s” (%(day)s) %(metric)s is lower by %(size)s (95 %% interval %(low)s to %(high)s).")
    return words % given


def _net_words(up: bool, shown: bool) -> str:
    if shown and up:
        return _(
            "After “%(label)s” (%(day)s) %(metric)s rose by %(size)s more than %(against)s "
            "(95 %% interval %(low)s to %(high)s)."
        )
    if shown:
        return _(
            "After “%(label)s” (%(day)s) %(metric)s fell by %(size)s more than %(against)s "
            "(95 %% interval %(low)s to %(high)s)."
        )
    if up:
        return _(
            "Since “%(label)s” (%(day)s) %(metric)s gained %(size)s on %(against)s "
            "(95 %% interval %(low)s to %(high)s)."
        )
    return _(
        "Since “%(label)s” (%(day)s) %(metric)s lost %(size)s against %(against)s (95 %% interval %(low)s to %(high)s)."
    )


def _numbers(found: Facts, metric: Metric, shown: bool) -> dict[str, str]:
    """Sizes without a sign where the verb says which way; with it where the interval goes both ways."""
    percent = found["percent"] is not None
    names = ("percent", "percent_low", "percent_high") if percent else ("difference", "low", "high")
    centre, low, high = (found[name] for name in names)
    decimals = 0 if percent else _decimals(found, metric)
    if percent:
        size = _("%(share)s %%") % {"share": figure(abs(centre), 0)} if centre is not None else NOTHING
    else:
        size = difference(abs(centre) if centre is not None else None, metric, decimals)
    if not shown:
        ends = [_share(end) if percent else _signed(end, metric, decimals) for end in (low, high)]
        return {"size": size, "low": ends[0], "high": ends[1]}
    near, far = sorted(abs(end or 0) for end in (low, high))
    ends = [figure(end, decimals) if percent else end_of_interval(end, metric, decimals) for end in (near, far)]
    return {"size": size, "low": ends[0], "high": ends[1]}


def _meaning(facts: Facts, told: Told) -> str:
    if facts["reading"] != "shown":
        return _("The interval holds “no change” too: an effect is not shown.")
    found = _deciding(facts)["difference"] or 0
    side = told.metric.direction * (1 if found > 0 else -1)
    if side > 0:
        words = _("A change to the better: the interval leaves “no change” out.")
    elif side < 0:
        words = _("A change to the worse: the interval leaves “no change” out.")
    else:
        words = _("The interval leaves “no change” out.")
    contacts = contacts_words(facts)
    return f"{words} {_('Since then that is %(contacts)s.') % {'contacts': contacts}}" if contacts else words


def _next(facts: Facts, told: Told) -> str:
    if facts["reading"] == "shown" and facts["net"] is None:
        return _("Choose a series in which nothing was done: what happened there would have happened here anyway.")
    if facts["reading"] == "shown":
        return _("If the work stays as it is, new limits from the change on will show whether it lasts.")
    return _("Ask whether it was carried out as meant, and read it again when there are more points.")


def _placebos(facts: Facts) -> str:
    count = len(facts["placebos"])
    if not count:
        return _("There is not enough history to try dates on which nothing was done.")
    words = ngettext(
        "Of %(n)s earlier date on which nothing was done, %(large)s shows a difference as large.",
        "Of %(n)s earlier dates on which nothing was done, %(large)s show a difference as large.",
        count,
    )
    return words % {"n": count, "large": facts["as_large"]}


def _earlier(facts: Facts, told: Told) -> str:
    return _("The change began %(stretch)s before that, %(in_day)s, so part of it may have another cause.") % _onset(
        facts, told
    )


def _later(facts: Facts, told: Told) -> str:
    return _("The change began %(stretch)s later, %(in_day)s, so something else may have made it.") % _onset(
        facts, told
    )


def _onset(facts: Facts, told: Told) -> dict[str, str]:
    period = told.metric.period
    return {"stretch": stretch(abs(facts["onset_steps"]), period), "in_day": in_period(facts["onset"], period)}


def _bad_start(facts: Facts, told: Told) -> str:
    words = ngettext(
        "%(n)s point just before the change was far to the worse and is left out of what it is compared with, for what "
        "is picked for being bad gets better by itself. With it the difference would be %(plain)s.",
        "%(n)s points just before the change were far to the worse and are left out of what it is compared with, for "
        "what is picked for being bad gets better by itself. With them the difference would be %(plain)s.",
        len(facts["left_out"]),
    )
    return words % {"n": len(facts["left_out"]), "plain": change_words(facts["plain"], told)}


def _drift(facts: Facts, told: Told) -> str:
    return _(
        "The values were moving steadily before the change already, and the difference is net of that. Without it the "
        "difference would be %(plain)s."
    ) % {"plain": change_words(facts["plain"], told)}


def _short(facts: Facts, told: Told) -> str:
    return _(
        "%(against)s shares too few periods with this series, or moves exactly with it, so it cannot show what would "
        "have happened anyway."
    ) % _of(told)


def _plain_scale(facts: Facts, told: Told) -> str:
    return _("Some values are 0, so the change is not given in per cent.")


def _unseen(facts: Facts, told: Told) -> str:
    return _("It is also set against a series that you may not see: what that series did is left out here.")


# Added for a reader, never stored.
UNSEEN = "comparison_unseen"
_CAUTIONS = {
    UNSEEN: _unseen,
    "began_earlier": _earlier,
    "began_later": _later,
    "bad_start": _bad_start,
    "drift_before": _drift,
    "comparison_too_short": _short,
    "not_logarithmic": _plain_scale,
}

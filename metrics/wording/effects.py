"""Before and after in words, made from the stored facts of a comparison (codes and numbers) alone."""

from __future__ import annotations

import datetime as dt

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from metrics.models import Metric
from metrics.wording import turning
from metrics.wording.changes import Facts, Told, change_words, decimals_for, share, signed
from metrics.wording.figures import (
    NOTHING,
    amount,
    day_of,
    difference,
    end_of_interval,
    figure,
    in_period,
    stretch,
)
from metrics.wording.narration import Narration
from metrics.wording.paces import pace_caution, pace_changed
from teams import clock


def narrate_effect(facts: Facts, told: Told) -> Narration:
    """The sentences of a comparison; ``facts`` are empty until it is computed."""
    if not facts:
        return Narration(_("The points before and after “%(label)s” are being compared.") % _of(told), "", "", "")
    if facts["reading"] == "not_enough":
        return Narration(_lacking(facts, told), "", "", _when(facts))
    cautions = cautions_of(facts, told)
    return Narration(
        _fact(facts, told),
        _meaning(facts, told),
        cautions[0] if cautions else "",
        _next(facts, told),
        turning.of_interval(facts["reading"] == "shown"),
    )


def cautions_of(facts: Facts, told: Told) -> list[str]:
    """All that weakens the reading, the heaviest first."""
    if not facts:
        return []
    sentences = {code: make(facts, told) for code, make in _CAUTIONS.items() if code in facts["cautions"]}
    found = list(sentences.values())
    if told.others and facts["reading"] != "not_enough":
        found.insert(0, _others(told))
    pace = pace_caution(facts, told)
    if pace:
        found.insert(0, pace)
    if facts.get("seasonal"):
        found.append(_("The season is taken out of the values first."))
    if facts["reading"] != "not_enough":
        found.append(_placebos(facts))
    return found


def level_words(facts: Facts, metric: Metric) -> str:
    """The level before, as exact as the change is known."""
    change = facts.get("change")
    return amount(facts["level"], metric, decimals_for(change, metric)) if change else NOTHING


def contacts_words(facts: Facts, told: Told) -> str:
    """How many of what is counted went another way since the change, "" where that cannot be counted."""
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
    given["of"] = _counted(found["of"], told)
    if more:
        return _("about %(count)s more (%(low)s to %(high)s) of %(of)s") % given
    return _("about %(count)s fewer (%(low)s to %(high)s) of %(of)s") % given


def _counted(number: float, told: Told) -> str:
    """A number of what the metric counts, in its own words where it has them: they need not be contacts."""
    given = {"n": figure(number, 0), "what": told.metric.denominator}
    if told.metric.denominator:
        return _("%(n)s (%(what)s)") % given
    return (_("%(n)s answers") if told.answers else _("%(n)s cases counted")) % given


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


def _lacking(facts: Facts, told: Told) -> str:
    given = _of(told) | {"n": facts["missing_after"], "before": facts["missing_before"]}
    if {"too_few_before", "too_few_after"} <= set(facts["reasons"]):
        return (
            _(
                "Too few points lie on either side of “%(label)s” (%(day)s): %(before)s more before it and %(n)s more "
                "from it on would be needed."
            )
            % given
        )
    if "too_few_after" in facts["reasons"]:
        if _enough_on(facts):
            words = ngettext(
                "Too early to tell what “%(label)s” (%(day)s) changed: %(n)s more point after it is needed.",
                "Too early to tell what “%(label)s” (%(day)s) changed: %(n)s more points after it are needed.",
                facts["missing_after"],
            )
        else:
            words = ngettext(
                "Too few points lie after “%(label)s” (%(day)s) to tell what it changed: %(n)s more is needed.",
                "Too few points lie after “%(label)s” (%(day)s) to tell what it changed: %(n)s more are needed.",
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


def _enough_on(facts: Facts) -> dt.date | None:
    """The day that may be waited for; None where it has gone by, or where points before lack, which no waiting brings."""
    if not facts.get("enough_on") or "too_few_before" in facts["reasons"]:
        return None
    day = dt.date.fromisoformat(facts["enough_on"])
    return day if day > clock.today() else None


def _when(facts: Facts) -> str:
    day = _enough_on(facts)
    return _("Enough can be known from %(day)s on.") % {"day": date_format(day)} if day else ""


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
    decimals = 0 if percent else decimals_for(found, metric)
    if percent:
        size = _("%(share)s %%") % {"share": figure(abs(centre), 0)} if centre is not None else NOTHING
    else:
        size = difference(abs(centre) if centre is not None else None, metric, decimals)
    if not shown:
        ends = [share(end) if percent else signed(end, metric, decimals) for end in (low, high)]
        return {"size": size, "low": ends[0], "high": ends[1]}
    near, far = sorted(abs(end or 0) for end in (low, high))
    ends = [figure(end, decimals) if percent else end_of_interval(end, metric, decimals) for end in (near, far)]
    return {"size": size, "low": ends[0], "high": ends[1]}


def _meaning(facts: Facts, told: Told) -> str:
    if facts["reading"] != "shown" and pace_changed(facts):
        return _("The interval of the level holds “no change” too, but since then the values move at another pace.")
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
    contacts = contacts_words(facts, told)
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


def _others(told: Told) -> str:
    names = ", ".join(f"“{name}”" for name in told.others)
    words = ngettext(
        "%(n)s other change falls at the same time (%(names)s): the two cannot be told apart.",
        "%(n)s other changes fall at the same time (%(names)s): they cannot be told apart.",
        len(told.others),
    )
    return words % {"n": len(told.others), "names": names}


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


def _mostly_one(facts: Facts, told: Told) -> str:
    return _(
        "More than half of the values are one and the same on either side of the change, so the interval is rough and "
        "no change of pace is told."
    )


def _plain_scale(facts: Facts, told: Told) -> str:
    return _("Some values are 0, so the change is not given in per cent.")


def _unseen(facts: Facts, told: Told) -> str:
    return _("It is also set against a series that you may not see: what that series did is left out here.")


# Added for a reader, never stored.
UNSEEN = "comparison_unseen"
_CAUTIONS = {
    UNSEEN: _unseen,
    "mostly_one_value": _mostly_one,
    "began_earlier": _earlier,
    "began_later": _later,
    "bad_start": _bad_start,
    "drift_before": _drift,
    "comparison_too_short": _short,
    "not_logarithmic": _plain_scale,
}

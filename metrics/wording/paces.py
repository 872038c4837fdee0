"""Another pace of the values since a change, in words, from the stored facts of a comparison alone."""

from __future__ import annotations

from django.utils.translation import gettext as _

from metrics.trends.sides import PACE_AFTER, PACE_BEFORE
from metrics.wording.changes import Facts, Told, change_words, decimals_for, percent_words, plus, signed
from metrics.wording.figures import difference, in_period


def pace_of(facts: Facts) -> Facts | None:
    """What the reading stands on: net of the comparison series where there is one."""
    found: Facts | None = facts.get("net_pace") if facts.get("net") else facts.get("pace")
    return found


def pace_changed(facts: Facts) -> bool:
    """Whether the interval of the change of pace leaves none out, so that one difference does not tell it all."""
    found = pace_of(facts)
    ends = [found["change"][name] for name in ("low", "high")] if found else []
    return bool(ends) and None not in ends and (ends[0] > 0 or ends[1] < 0)


def pace_caution(facts: Facts, told: Told) -> str:
    """That the values move at another pace since, "" where that is not shown."""
    found = pace_of(facts)
    if found is None or not pace_changed(facts):
        return ""
    gains = found["change"]["difference"] > 0
    given = {
        "label": told.label,
        "metric": told.metric.name,
        "against": told.against,
        "pace": _a_period(found["change"], told),
        "first": change_words(found["first"], told),
        "latest": change_words(found["latest"], told),
        "in_day": in_period(found["days"][-1], told.metric.period),
    }
    if facts.get("net"):
        words = (
            _(
                "Since “%(label)s” %(metric)s also gains on %(against)s as time goes on, by %(pace)s, so one difference "
                "does not tell it all: it was %(first)s at first and %(latest)s %(in_day)s."
            )
            if gains
            else _(
                "Since “%(label)s” %(metric)s also falls behind %(against)s as time goes on, by %(pace)s, so one "
                "difference does not tell it all: it was %(first)s at first and %(latest)s %(in_day)s."
            )
        )
        return words % given
    words = (
        _(
            "Since “%(label)s” %(metric)s also moves upwards from its old course, by %(pace)s, so one difference does "
            "not tell it all: it was %(first)s at first and %(latest)s %(in_day)s."
        )
        if gains
        else _(
            "Since “%(label)s” %(metric)s also moves downwards from its old course, by %(pace)s, so one difference does "
            "not tell it all: it was %(first)s at first and %(latest)s %(in_day)s."
        )
    )
    return words % given


def pace_figures(facts: Facts, told: Told) -> list[tuple[str, str]]:
    """(term, value) of the pace, or from how many points on it can be told."""
    found = pace_of(facts)
    if "pace" not in facts:  # frozen with a verdict before paces were told
        return []
    if "mostly_one_value" in facts["cautions"]:
        return [(_("Change of pace"), _("not told: most values are one and the same"))]
    if found is None:
        words = _("told from %(before)s points before and %(after)s since")
        return [(_("Change of pace"), words % {"before": PACE_BEFORE, "after": PACE_AFTER})]
    rows = [(_("Change of pace"), _a_period(found["change"], told))]
    if not pace_changed(facts):
        return rows
    latest = _("Difference %(in_day)s, by level and pace") % {
        "in_day": in_period(found["days"][-1], told.metric.period)
    }
    return [*rows, (latest, change_words(found["latest"], told))]


def _a_period(change: Facts, told: Told) -> str:
    """ "+0.8 percentage points (+0.3 to +1.3) a month"."""
    metric = told.metric
    if change["percent"] is not None:
        size = percent_words(change)
    else:
        decimals = decimals_for(change, metric)
        size = _("%(size)s (%(low)s to %(high)s)") % {
            "size": plus(difference(change["difference"], metric, decimals), change["difference"]),
            "low": signed(change["low"], metric, decimals),
            "high": signed(change["high"], metric, decimals),
        }
    return _("%(size)s a %(period)s") % {"size": size, "period": metric.get_period_display()}

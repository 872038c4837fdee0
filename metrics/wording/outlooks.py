"""The outlook of a series told in sentences: the chance of meeting its target, and what could be a target."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from metrics.models import Analysis, Metric, Series, Standing
from metrics.trends import odds
from metrics.wording import turning
from metrics.wording.figures import amount, day_of, decimals_of, figure
from metrics.wording.narration import Narration

Facts = dict[str, Any]
# In the order of the bands of metrics.trends.odds.
_CHANCES = (
    gettext_lazy("Target %(target)s: unlikely to be met next %(period)s."),
    gettext_lazy("Target %(target)s: doubtful, more likely missed than met next %(period)s."),
    gettext_lazy("Target %(target)s: even odds of meeting it next %(period)s."),
    gettext_lazy("Target %(target)s: likely to be met next %(period)s."),
    gettext_lazy("Target %(target)s: very likely to be met next %(period)s."),
)
BANDS = (
    gettext_lazy("unlikely"),
    gettext_lazy("doubtful"),
    gettext_lazy("even odds"),
    gettext_lazy("likely"),
    gettext_lazy("very likely"),
)
_PLACES = {
    Metric.Period.DAY: gettext_lazy("day"),
    Metric.Period.WEEK: gettext_lazy("week"),
    Metric.Period.MONTH: gettext_lazy("month"),
}


def chance_told(series: Series, analysis: Analysis) -> Narration | None:
    """The target, how likely the next period meets it, and what would make it even odds; None without a target."""
    facts = analysis.outlook
    if facts.get("target") is None or not series.metric.direction:
        return None
    decimals = decimals_of(analysis.amr, series.metric.kind)
    told = {
        "target": amount(facts["target"], series.metric, decimals),
        "period": _PLACES[Metric.Period(series.metric.period)],
    }
    chance = analysis.target_chance
    if chance is None:
        return Narration(_("Target %(target)s.") % told, _why_not(facts), _hits(facts), "")
    if lasting_chance(analysis) is None:
        return _changing(facts, told)
    fact = str(_CHANCES[band(chance)]) % told
    meaning = " ".join(part for part in (_often(chance, series.metric), _even(series, facts, decimals)) if part)
    caveat = " ".join(part for part in (_hits(facts), _weak(facts)) if part)
    return Narration(fact, meaning, caveat, _advice(facts, chance), turning.of_chance(series.metric, facts, decimals))


def criterion_told(analysis: Analysis, threshold: float | None) -> str:
    """How likely the next period meets the target, and the threshold of a criterion where that is another value; ""
    without either. Nothing of chance where the level has moved away from what it rests on."""
    series, told = analysis.series, chance_told(analysis.series, analysis)
    parts = [told.fact, told.meaning] if told else []
    if threshold is not None and threshold != analysis.outlook.get("target") and not moved(analysis):
        word = band_told(analysis, threshold)
        value = amount(threshold, series.metric, decimals_of(analysis.amr, series.metric.kind))
        parts.append(_("Threshold %(value)s: %(odds)s.") % {"value": value, "odds": word} if word else "")
    return " ".join(part for part in parts if part)


def lasting_chance(analysis: Analysis) -> float | None:
    """The chance that the next period meets the target; None while the level is moving, or is confirmed to have moved,
    away from what it rests on."""
    return None if moved(analysis) else analysis.target_chance


def moved(analysis: Analysis) -> bool:
    """Whether the level is moving, or is confirmed to have moved, away from what the outlook rests on."""
    return bool(analysis.outlook.get("moving")) or analysis.standing == Standing.CONFIRMED


def band_word(chance: float | None) -> str:
    """The word for a chance, "" for none."""
    return "" if chance is None else str(BANDS[band(chance)])


def band(chance: float) -> int:
    """0 unlikely, 1 doubtful, 2 even, 3 likely, 4 very likely."""
    return int(odds.band_of(chance))


def expected_told(series: Series, analysis: Analysis, season: Facts | None = None) -> str:
    """What the next period brings if nothing changes, "" where that cannot be said. ``season``: of
    ``metrics.analysing.closer.season_facts``, for the same values."""
    facts = analysis.outlook
    if season and season.get("found"):
        return _seasonal(series, analysis, season)
    if facts.get("next_low") is None or moved(analysis):
        return ""
    decimals = decimals_of(analysis.amr, series.metric.kind)
    return _("If nothing changes, the next %(period)s lies between %(low)s and %(high)s (19 times in 20).") % {
        "period": _PLACES[Metric.Period(series.metric.period)],
        "low": amount(facts["next_low"], series.metric, decimals),
        "high": amount(facts["next_high"], series.metric, decimals),
    }


def _seasonal(series: Series, analysis: Analysis, season: Facts) -> str:
    """The range by the season; what is said of the target goes by the level alone, and that is told."""
    parts, found = [], season.get("next")
    if found:
        decimals = decimals_of(analysis.amr, series.metric.kind)
        words = (
            _(
                "If the season goes on, %(day)s lies between %(low)s and %(high)s (4 times in 5): the value of a week "
                "before, and how far off that was in the %(n)s periods that have one."
            )
            if season["cycle"] == "week"
            else _(
                "If the season goes on, %(day)s lies between %(low)s and %(high)s (4 times in 5): the value of a year "
                "before, and how far off that was in the %(n)s periods that have one."
            )
        )
        parts.append(
            words
            % {
                "day": day_of(found["day"], series.metric.period),
                "low": amount(found["low"], series.metric, decimals),
                "high": amount(found["high"], series.metric, decimals),
                "n": found["n"],
            }
        )
    if analysis.target_chance is not None:
        parts.append(_("The chance of meeting the target does not know the season."))
    return " ".join(parts)


def _changing(facts: Facts, told: dict[str, Any]) -> Narration:
    """No chance where the values that it would rest on are of two levels: what was met so far, and what to do."""
    fact = _("Target %(target)s: how likely it is met next %(period)s cannot be said while the level is changing.")
    step = _("Look into the change first. Once new limits begin at the new level, the chance is worked out from there.")
    return Narration(fact % told, "", _hits(facts), step)


def _why_not(facts: Facts) -> str:
    if not facts.get("enough"):
        return ngettext(
            "Only %(n)s value in the phase in force: too few to say how likely it is met.",
            "Only %(n)s values in the phase in force: too few to say how likely it is met.",
            facts.get("n", 0),
        ) % {"n": facts.get("n", 0)}
    if facts.get("mostly"):
        return _(
            "More than half of the values of the phase in force are one and the same, so how often the target was met "
            "says more than a chance worked out from their average."
        )
    return _("All values of the phase in force are the same, so nothing can be said of chance.")


def _often(chance: float, metric: Metric) -> str:
    """How often a period at today's level meets the target."""
    missed = chance >= 0.5
    rare = 1 - chance if missed else chance
    told = {"period": _PLACES[Metric.Period(metric.period)], "n": odds.once_in(chance)}
    if rare < 0.01:
        words = (
            _("At today's level fewer than 1 %(period)s in 100 misses it.")
            if missed
            else _("At today's level fewer than 1 %(period)s in 100 reaches it.")
        )
    elif missed:
        words = _("At today's level about 1 %(period)s in %(n)s misses it.")
    else:
        words = _("At today's level about 1 %(period)s in %(n)s reaches it.")
    return words % told


def _even(series: Series, facts: Facts, decimals: int) -> str:
    """What would make it even odds; "" where they are better already."""
    gap = facts["target"] - facts["p50"] if facts.get("p50") is not None else 0.0
    if gap * series.metric.direction <= 0:
        return ""
    if amount(abs(gap), series.metric, decimals) == amount(0.0, series.metric, decimals):
        return _("A trifle more would make it even odds.") if gap > 0 else _("A trifle less would make it even odds.")
    if series.metric.measure == "%":
        told = {"gap": figure(abs(gap), decimals)}
        words = (
            _("%(gap)s points more would make it even odds.")
            if gap > 0
            else _("%(gap)s points less would make it even odds.")
        )
        return words % told
    told = {"gap": amount(abs(gap), series.metric, decimals)}
    words = _("%(gap)s more would make it even odds.") if gap > 0 else _("%(gap)s less would make it even odds.")
    return words % told


def _hits(facts: Facts) -> str:
    if not facts.get("of"):
        return ""
    return _(
        "So far it met the target then in force in %(hits)s of %(of)s periods (the share lies between %(low)s and "
        "%(high)s %% with 95 %% confidence)."
    ) % {
        "hits": facts["hits"],
        "of": facts["of"],
        "low": figure(100 * facts["hits_low"], 0),
        "high": figure(100 * facts["hits_high"], 0),
    }


def _weak(facts: Facts) -> str:
    if facts.get("n", 0) < 13:
        return _("It rests on only %(n)s values.") % {"n": facts["n"]}
    return ""


def _advice(facts: Facts, chance: float) -> str:
    if facts.get("advice") == "lower":
        return _("It has been out of reach for two quarters: change the process, or propose a target that can be met.")
    if facts.get("advice") == "raise":
        return _("It has been met without effort for two quarters: propose a more challenging target.")
    if band(chance) <= 1:
        return _("Change the process before asking for more effort: at this level the target is met by luck.")
    return ""


@dataclass(frozen=True)
class Offer:
    """One value that could be a target: its name, the value as it is and in words, and what it stands for."""

    name: str
    value: float
    shown: str
    means: str

    @property
    def given(self) -> str:
        """The value for a form: four digits, never with a comma."""
        return f"{float(f'{self.value:.4g}'):.10g}"


def offers(series: Series, analysis: Analysis) -> list[Offer]:
    """Commit, stretch and ceiling from the phase in force; [] where it is moving or too short."""
    facts = analysis.outlook
    if moved(analysis) or facts.get("p90") is None:
        return []
    named = (
        (_("Commit"), "p90", _("met 9 times in 10 at today's level")),
        (_("Stretch"), "p30", _("met 3 times in 10 at today's level")),
        (_("Ceiling"), "ceiling", _("the limit of the process: beyond it the process itself must change")),
    )
    decimals = decimals_of(analysis.amr, series.metric.kind)
    return [
        Offer(name, facts[key], amount(facts[key], series.metric, decimals), means)
        for name, key, means in named
        if facts.get(key) is not None
    ]


def best_told(series: Series, analysis: Analysis) -> str:
    """The best that was sustained, and why it flatters; "" where there is none."""
    facts = analysis.outlook
    if facts.get("best") is None:
        return ""
    return _(
        "Best average of 8 in a row: %(best)s, from %(day)s. Taken as a target it flatters: the best 8 of a stable "
        "metric lie about half a sigma beyond its level by chance alone."
    ) % {
        "best": amount(facts["best"], series.metric, decimals_of(analysis.amr, series.metric.kind)),
        "day": day_of(facts["best_day"], series.metric.period),
    }


def band_told(analysis: Analysis, value: float) -> str:
    """How likely the next period would meet this value at today's level, "" where that cannot be said. What is shown as
    the value of a border counts with the words nearer to even odds, as a chance on it does."""
    facts = analysis.outlook
    edges = [facts.get(name) for name in ("p90", "p60", "p40", "p10")]
    way = analysis.series.metric.direction
    if any(edge is None for edge in edges) or not way or moved(analysis):
        return ""
    decimals = decimals_of(analysis.amr, analysis.series.metric.kind)
    past = [way * (round(value, decimals) - round(edge, decimals)) for edge in edges if edge is not None]
    beyond = sum(gap >= 0 for gap in past[:2]) + sum(gap > 0 for gap in past[2:])
    words = (
        _("at today's level very likely met (more than 9 times in 10)"),
        _("at today's level likely met (6 to 9 times in 10)"),
        _("at today's level even odds (4 to 6 times in 10)"),
        _("at today's level doubtful (1 to 4 times in 10)"),
        _("at today's level unlikely to be met (less than 1 time in 10)"),
    )
    return words[beyond]

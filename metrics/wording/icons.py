"""The two icons of a metric: is it changing (variation), can it meet its target (assurance)?"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Icon:
    """A symbol of ``static/img/icons.svg``, its words, and what it means. ``tone`` is a class of the style sheet."""

    symbol: str
    words: str | Promise
    meaning: str | Promise
    tone: str


COMMON = Icon(
    "common-cause",
    _("Common cause"),
    _("The metric goes up and down as it always does. Nothing points to a change."),
    "common",
)
IMPROVING_UP = Icon(
    "improvement-up",
    _("Improvement, upwards"),
    _("A special cause to the better: the latest value belongs to a pattern that chance alone would rarely make."),
    "improvement",
)
IMPROVING_DOWN = Icon("improvement-down", _("Improvement, downwards"), IMPROVING_UP.meaning, "improvement")
CONCERN_UP = Icon(
    "concern-up",
    _("Concern, upwards"),
    _("A special cause to the worse: the latest value belongs to a pattern that chance alone would rarely make."),
    "concern",
)
CONCERN_DOWN = Icon("concern-down", _("Concern, downwards"), CONCERN_UP.meaning, "concern")
CHANGE_UP = Icon(
    "change-up",
    _("Change, upwards"),
    _("A special cause in a metric of which neither more nor less is better."),
    "neutral",
)
CHANGE_DOWN = Icon("change-down", _("Change, downwards"), CHANGE_UP.meaning, "neutral")
NOTHING = Icon("no-value", _("No value yet"), _("There is no value to look at."), "common")

TOO_FEW = Icon(
    "no-value",
    _("Too few values"),
    _("With fewer than 13 values nobody can tell a change from chance."),
    "common",
)

TOO_FEW_TO_MEET = Icon(
    "no-value",
    _("Too few values"),
    _("With fewer than 13 values nobody can tell whether the target will be met."),
    "common",
)

VARIATIONS = (COMMON, IMPROVING_UP, IMPROVING_DOWN, CONCERN_UP, CONCERN_DOWN, CHANGE_UP, CHANGE_DOWN, TOO_FEW)
_MET = (
    _("Will meet the target"),
    _("The target lies outside the usual range, on the good side: as long as nothing changes, it will be met."),
    "improvement",
)
_MISSED = (
    _("Cannot meet the target"),
    _("The target lies outside the usual range, on the wrong side: unless something changes, it will be missed."),
    "concern",
)
MET_ABOVE, MET_BELOW = Icon("target-above-met", *_MET), Icon("target-below-met", *_MET)
MISSED_ABOVE, MISSED_BELOW = Icon("target-above-missed", *_MISSED), Icon("target-below-missed", *_MISSED)
HIT_OR_MISS = Icon(
    "target-within",
    _("May meet the target or miss it"),
    _("The target lies within the usual range: it will be met in one period and missed in another."),
    "common",
)
NO_TARGET = Icon("no-target", _("No target"), _("No target is in force, or neither more nor less is better."), "common")
ASSURANCES = (MET_BELOW, MET_ABOVE, HIT_OR_MISS, MISSED_ABOVE, MISSED_BELOW, TOO_FEW_TO_MEET, NO_TARGET)

KINDS = {
    "common_cause": _("common cause"),
    "improvement": _("improvement"),
    "concern": _("concern"),
    "neutral_high": _("change, higher"),
    "neutral_low": _("change, lower"),
}
_VARIATION = {
    ("improvement", 1): IMPROVING_UP,
    ("improvement", -1): IMPROVING_DOWN,
    ("concern", 1): CONCERN_DOWN,
    ("concern", -1): CONCERN_UP,
    ("neutral_high", 0): CHANGE_UP,
    ("neutral_low", 0): CHANGE_DOWN,
}
_ASSURANCE = {
    ("consistent_pass", 1): MET_BELOW,
    ("consistent_pass", -1): MET_ABOVE,
    ("consistent_fail", 1): MISSED_ABOVE,
    ("consistent_fail", -1): MISSED_BELOW,
}


def kind_words(kind: str, trial: bool) -> str | Promise:
    """What a point is, in words. trial: its phase has too few values for anybody to know that it is common cause."""
    return _("too few values") if trial and kind == "common_cause" else KINDS[kind]


def variation_icon(code: str, direction: int) -> Icon:
    """The icon of the latest point's type, for a metric of which higher (1), lower (-1) or neither (0) is better."""
    if not code:
        return NOTHING
    if code == "too_few":
        return TOO_FEW
    return _VARIATION.get((code, direction), COMMON)


def assurance_icon(code: str, direction: int) -> Icon:
    """The icon of the target against the limits of the latest phase, for the same metric."""
    if code == "inconsistent":
        return HIT_OR_MISS
    if code == "too_few":
        return TOO_FEW_TO_MEET
    return _ASSURANCE.get((code, direction), NO_TARGET)

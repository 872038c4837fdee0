"""What stands beside the ask: who was heard, what lies outside the parameters, what may be decided."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from improvements.models import Decision
from improvements.paper.figures import Cell, cell, date, money, plain
from reviews.models import Answer, Invitation

Content = dict[str, Any]
SEATS = {
    Invitation.Seat.COLLEAGUE.value: gettext_lazy("%(answered)s of %(asked)s who do the work"),
    Invitation.Seat.MANAGER.value: gettext_lazy("%(answered)s of %(asked)s who manage it"),
}


def heard(content: Content) -> list[Cell]:
    """One line per closed round and per briefing; says so where nobody was heard."""
    lines: list[Cell] = []
    for one in content["heard"]["rounds"]:
        lines += [_round(one), *_dissent(one)]
    lines += [_briefing(one) for one in content["heard"]["briefings"]]
    return lines or [cell(_("No challenge round was closed and nobody was briefed before this paper was written."))]


def _round(one: dict[str, Any]) -> Cell:
    parts = [
        SEATS[seat] % {"answered": plain(count["answered"]), "asked": plain(count["asked"])}
        for seat, count in one["seats"].items()
        if count["asked"]
    ]
    words = _("Challenge round “%(title)s”, closed on %(day)s: answered by %(who)s.") % {
        "title": one["title"],
        "day": date(one["closed_at"]),
        "who": ", ".join(str(part) for part in parts) or _("nobody"),
    }
    return cell(words, one["url"])


def _dissent(one: dict[str, Any]) -> list[Cell]:
    """Who saw it differently, in their own words; that nobody did is said, too."""
    if not one.get("dissent"):
        return [cell(_("Nobody gave a reason for seeing it otherwise than most."))]
    choices = dict(Answer.Choice.choices)
    return [
        cell(
            _("Against most, on “%(about)s” (%(choice)s): “%(text)s”")
            % {"about": said["about"], "choice": choices.get(said["choice"], said["choice"]), "text": said["text"]}
        )
        for said in one["dissent"]
    ]


def _briefing(one: dict[str, Any]) -> Cell:
    words = ngettext(
        "Briefing “%(title)s”: read by %(read)s of %(people)s person.",
        "Briefing “%(title)s”: read by %(read)s of %(people)s people.",
        one["people"],
    ) % {"title": one["title"], "read": plain(one["read"]), "people": plain(one["people"])}
    return cell(words, one["url"])


def outside(content: Content) -> list[Cell]:
    """What the recommended option asks for beyond the parameters for change, and why."""
    chosen = next(one for one in content["options"] if one["preferred"])
    lines = beyond(chosen)
    if lines and chosen["outside_reason"]:
        lines.append(cell(_("Why it should be allowed: %(reason)s") % {"reason": chosen["outside_reason"]}))
    return lines


def outside_title(content: Content) -> str:
    """Above those lines: whether it goes outside, or needs no more than the approval that the plan foresees."""
    found = next(one for one in content["options"] if one["preferred"])["outside"]
    if found["fixed"] or found["over_limit"]:
        return _("Outside the parameters for change")
    return _("Needs approval")


def beyond(option: dict[str, Any]) -> list[Cell]:
    """Where one option leaves the parameters, in sentences."""
    found = option["outside"]
    lines = []
    if found["fixed"]:
        names = ", ".join(found["fixed"])
        lines.append(cell(_("Outside the parameters for change, which fix: %(names)s.") % {"names": names}))
    if found["over_limit"]:
        amount = money(found["over_limit"])
        lines.append(cell(_("The first year costs %(amount)s more than the spend limit.") % {"amount": amount}))
    if found["approval"]:
        names = ", ".join(found["approval"])
        lines.append(cell(_("Needs approval, which this decision gives: %(names)s.") % {"names": names}))
    return lines


def may_decide(content: Content) -> list[Cell]:
    """The ways to decide, without revoking, which comes later."""
    return [cell(words) for value, words in Decision.Outcome.choices if value != Decision.Outcome.REVOKE]

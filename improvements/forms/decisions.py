"""The form of a decision."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from improvements import states
from improvements.forms.linked import DayInput, PlainLines, lines
from improvements.models import Decision, Submission
from teams import clock

WORDS = {
    Decision.Outcome.APPROVE: _("Approve"),
    Decision.Outcome.APPROVE_TRIAL: _("Approve as a trial, until a day"),
    Decision.Outcome.APPROVE_CONDITIONS: _("Approve with conditions"),
    Decision.Outcome.DEFER: _("Defer until a day"),
    Decision.Outcome.SEND_BACK: _("Send back to be mended"),
    Decision.Outcome.REJECT: _("Reject"),
}


class DecideForm(PlainLines, forms.Form):
    """What the decision-maker decides. ``seen``: the hash of what lay beneath the page when it was shown."""

    outcome = forms.ChoiceField(label=_("Decision"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reason"),
        widget=lines(3),
        max_length=4000,
        help_text=_("It stands beside the decision, for everybody who asks later."),
    )
    conditions = forms.CharField(
        label=_("Conditions"), widget=lines(2), max_length=4000, required=False, help_text=_("If you approve with any.")
    )
    until_day = forms.DateField(
        label=_("Until"), widget=DayInput, required=False, help_text=_("If you defer, or approve as a trial.")
    )
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, paper: Submission, seen: str, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"seen": seen}
        super().__init__(*args, **kwargs)
        allowed = [(code, words) for code, words in WORDS.items() if states.SUBMISSION.allows(paper.state, code)]
        self.fields["outcome"].choices = allowed  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        outcome, until = found.get("outcome"), found.get("until_day")
        dated = (Decision.Outcome.APPROVE_TRIAL, Decision.Outcome.DEFER)
        if outcome in dated and (until is None or until <= clock.today()):
            self.add_error("until_day", _("Give a day in the future until which this holds."))
        if outcome == Decision.Outcome.APPROVE_CONDITIONS and not found.get("conditions", "").strip():
            self.add_error("conditions", _("Say the conditions."))
        return found

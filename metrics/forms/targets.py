"""Forms of targets: set or proposed, approved, turned down."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _

from metrics.forms.fields import DayInput, Words
from metrics.models import Target
from metrics.trajectories import Planned
from teams import clock
from teams.forms.people import UnitField
from teams.models import Unit


class TargetForm(forms.Form):
    """A target, benchmark or tolerance for a unit and all below it that have none of their own."""

    unit = UnitField(
        label=_("For the unit"),
        queryset=Unit.objects.none(),
        help_text=_("It holds for the units below, too, where they have none of their own."),
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=Target.Kind.choices,
        required=False,
        help_text=_("A benchmark is a line to compare with and decides nothing; a tolerance is a band."),
    )
    value = forms.FloatField(label=_("Value (of a tolerance: from)"))
    upper = forms.FloatField(label=_("Up to (of a tolerance only)"), required=False)
    from_day = forms.DateField(label=_("In force from"), widget=DayInput)
    start_value = forms.FloatField(
        label=_("Trajectory from the value"),
        required=False,
        help_text=_(
            "Where the way to the target begins, if you plan it. It is drawn beside the values and decides nothing."
        ),
    )
    start_day = forms.DateField(
        label=_("Trajectory begins on"),
        widget=DayInput,
        required=False,
        help_text=_("Left empty, the day on which the target comes into force."),
    )
    reach_by = forms.DateField(label=_("Target reached by"), widget=DayInput, required=False)
    reason = Words(label=_("Why this value"), max_length=2_000)
    source = forms.CharField(
        label=_("Where it is written"),
        max_length=200,
        help_text=_("A contract, a plan, a promise; of one that is new the paper or meeting it comes from."),
    )
    agreed_with = forms.CharField(
        label=_("Agreed with"), max_length=120, help_text=_("Who answers for it besides you.")
    )

    def __init__(self, units: QuerySet[Unit], measure: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        # Help texts are written as they are, for they may hold markup; a measure is anybody's words.
        self.fields["value"].help_text = escape(measure)

    def clean(self) -> dict[str, Any]:
        """The three fields of a trajectory as one, None where it has none."""
        given = super().clean() or {}
        value, day, by = (given.pop(name, None) for name in ("start_value", "start_day", "reach_by"))
        if value is None and day is None and by is None:
            return {**given, "trajectory": None}
        if value is None and "start_value" not in self.errors:
            self.add_error("start_value", _("A trajectory begins at a value."))
        if by is None and "reach_by" not in self.errors:
            self.add_error("reach_by", _("A trajectory ends on the day by which the target is reached."))
        begins = day or given.get("from_day")
        if value is None or begins is None or by is None:
            return given
        return {**given, "trajectory": Planned(value, begins, by)}

    def clean_kind(self) -> str:
        return self.cleaned_data["kind"] or Target.Kind.TARGET.value


def _not_past(day: dt.date) -> dt.date:
    """Whatever is decided later begins on the day it is decided at the earliest: a day that has passed is a promise that
    nobody can keep."""
    if day < clock.today():
        raise forms.ValidationError(
            _("That day has passed, and what was then stays judged by what held then. Choose today or a later day.")
        )
    return day


class ProposeForm(TargetForm):
    """The same for somebody else to decide on, so that it begins today at the earliest; who decides agrees to it, so
    nobody else need have done so yet."""

    agreed_with = forms.CharField(label=_("Agreed with"), max_length=120, required=False)

    def clean_from_day(self) -> dt.date:
        return _not_past(self.cleaned_data["from_day"])


class EndForm(forms.Form):
    """From when on something agreed no longer holds, and why."""

    from_day = forms.DateField(label=_("No longer from"), widget=DayInput)
    reason = Words(label=_("Why it ends"), max_length=2_000)
    source = forms.CharField(label=_("Where it is written"), max_length=200, required=False)
    agreed_with = forms.CharField(label=_("Agreed with"), max_length=120, required=False)

    def clean_from_day(self) -> dt.date:
        return _not_past(self.cleaned_data["from_day"])


class DecideForm(forms.Form):
    word = Words(label=_("A word with it"), max_length=2_000, required=False)


class TurnDownForm(forms.Form):
    word = Words(label=_("Why not"), max_length=2_000)

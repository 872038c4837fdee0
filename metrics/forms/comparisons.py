"""Forms for comparisons before and after."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from metrics.forms.fields import DayInput, Words
from metrics.models import Series


class CompareForm(forms.Form):
    day = forms.DateField(
        label=_("Day of the change"),
        widget=DayInput,
        help_text=_("The period in which it lies counts as after."),
    )
    label = forms.CharField(
        label=_("What changed"), max_length=80, help_text=_("A few words; they stand in the sentence.")
    )


class AgainstForm(forms.Form):
    """Which series shows what would have happened anyway; the likest is suggested first, none is forced. ``name``: of the
    chosen one, for this reader."""

    against = forms.ChoiceField(label=_("Comparison series"), required=False)

    def __init__(
        self, candidates: list[Series], chosen: Series | None, *args: Any, name: str = "", **kwargs: Any
    ) -> None:
        kwargs.setdefault("initial", {"against": chosen.pk if chosen else ""})
        super().__init__(*args, **kwargs)
        self.candidates = {str(one.pk): one for one in candidates}
        choices = [(key, one.place) for key, one in self.candidates.items()]
        if chosen is not None and str(chosen.pk) not in self.candidates:
            choices.insert(0, (str(chosen.pk), name or chosen.place))
            self.candidates[str(chosen.pk)] = chosen
        self.fields["against"].choices = [("", _("none")), *choices]  # type: ignore[attr-defined]

    @property
    def picked(self) -> Series | None:
        return self.candidates.get(self.cleaned_data["against"])


class DismissForm(forms.Form):
    word = Words(
        label=_("Why the limits run on"),
        max_length=2_000,
        help_text=_("A passing event, a season, a change in counting: whoever reads the chart later sees your word."),
    )

"""Forms of a question on a signal."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from metrics.forms.fields import DayInput, Words
from metrics.models import Inquiry
from teams.models import Person


class AskForm(forms.Form):
    question = Words(
        label=_("What do you want to know?"),
        max_length=2_000,
        rows=2,
        help_text=_("For example: what was different in these weeks?"),
    )
    asked_of = forms.ModelChoiceField(
        label=_("Who looks into it"), queryset=Person.objects.none(), empty_label=_("choose somebody")
    )
    due_on = forms.DateField(label=_("Answer by"), widget=DayInput, required=False)

    def __init__(self, people: QuerySet[Person], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["asked_of"].queryset = people  # type: ignore[attr-defined]


class LookForm(forms.Form):
    notes = Words(
        label=_("What was looked at, and what was found"),
        max_length=10_000,
        help_text=_("Rows, rotas, release notes, colleagues. It may be added to until there is an answer."),
    )
    # The notes as they stood when the page was opened, so that nobody writes over what came meanwhile.
    seen = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)

    def clean_seen(self) -> str | None:
        return self.cleaned_data["seen"] if self.add_prefix("seen") in self.data else None


class AnswerForm(forms.Form):
    answer = Words(label=_("Answer"), max_length=10_000)
    leads_to = forms.ChoiceField(
        label=_("What does it lead to?"), choices=Inquiry.LeadsTo.choices, widget=forms.RadioSelect
    )

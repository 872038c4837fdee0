"""Forms of what is offered and how it runs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from processes.models import Feature, Step
from teams.forms.people import UnitField
from teams.forms.versioned import VersionedForm
from teams.models import Unit


class OfferedForm(forms.Form):
    """A service, a product or a channel."""

    name = forms.CharField(label=_("Name"), max_length=120)
    code = forms.CharField(
        label=_("Code used in files"),
        max_length=60,
        required=False,
        help_text=_("How files name it, where that is not its name."),
    )


class NewOfferedForm(OfferedForm):
    unit = UnitField(label=_("Belongs to"), queryset=Unit.objects.none(), help_text=_("All units below may use it."))

    field_order = ["name", "unit", "code"]

    def __init__(self, units: QuerySet[Unit], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]


class ProcessForm(forms.Form):
    name = forms.CharField(
        label=_("Name"), max_length=120, help_text=_("From where to where it runs: “From the call to the answer”.")
    )


class NewStepForm(forms.ModelForm):
    class Meta:
        model = Step
        fields = ("name", "who", "description", "minutes", "cost")
        widgets = {"description": forms.Textarea(attrs={"rows": 3})}


class StepForm(VersionedForm):
    class Meta:
        model = Step
        fields = ("name", "who", "description", "minutes", "cost")
        widgets = {"description": forms.Textarea(attrs={"rows": 3})}


class NewFeatureForm(forms.Form):
    name = forms.CharField(
        label=_("Name"), max_length=120, help_text=_("Opening hours, tone, one-stop answers: what customers meet.")
    )
    drives = forms.CharField(
        label=_("How it drives satisfaction and loyalty"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class FeatureForm(VersionedForm):
    class Meta:
        model = Feature
        fields = ("name", "drives")
        widgets = {"drives": forms.Textarea(attrs={"rows": 3})}

"""Forms for sources, files and values typed in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from metrics.forms.fields import DayInput
from metrics.models import Metric, Source, Upload
from teams.forms.people import UnitField
from teams.models import Unit

ZONE_HELP = _("Where the clock of the file stands, for times without an offset: Europe/London, UTC …")


class SourceForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("“Ticket system”, “NHS England, monthly” …"))
    zone = forms.CharField(label=_("Time zone of its files"), max_length=64, required=False, help_text=ZONE_HELP)


class NewSourceForm(SourceForm):
    unit = UnitField(label=_("Belongs to"), queryset=Unit.objects.none())

    field_order = ["name", "unit", "zone"]

    def __init__(self, units: QuerySet[Unit], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]


class SourceField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} · {obj.unit.name}"


class ImportForm(forms.Form):
    """A file for a source, which may be made on the way."""

    file = forms.FileField(
        label=_("File"), help_text=_("CSV up to 200 MB or XLSX up to 50 MB. Drop it here or choose it.")
    )
    source = SourceField(
        label=_("Source"),
        queryset=Source.objects.none(),
        required=False,
        empty_label=_("a new source"),
        help_text=_("Files of one source are read alike; the mapping is remembered."),
    )
    new_source = forms.CharField(label=_("Name of the new source"), max_length=120, required=False)
    unit = UnitField(
        label=_("Unit"),
        queryset=Unit.objects.none(),
        help_text=_("Units named in the file are looked for here and below."),
    )
    known_at = forms.DateField(
        label=_("Known at"),
        required=False,
        widget=DayInput,
        help_text=_("The day on which the file was made, if that was not today. Of two files the later one wins."),
    )

    def __init__(self, sources: QuerySet[Source], units: QuerySet[Unit], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].queryset = sources  # type: ignore[attr-defined]
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if "source" in given and not given["source"] and not given.get("new_source", "").strip():
            self.add_error("new_source", _("Choose a source, or give the new one a name."))
        return given


class ValueForm(forms.Form):
    """One value of a series: the day (any of its period), the numerator, and the denominator where there is one."""

    day = forms.DateField(label=_("Period (any day of it)"), widget=DayInput)
    numerator = forms.FloatField(label=_("Value"))
    denominator = forms.FloatField(label=_("Denominator"), required=False)

    def __init__(self, metric: Metric, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if metric.numerator:
            self.fields["numerator"].label = metric.numerator
        if metric.denominator:
            self.fields["denominator"].label = metric.denominator
            self.fields["denominator"].required = True
        else:
            del self.fields["denominator"]


ROWS = 6
Values = forms.formset_factory(ValueForm, extra=ROWS, max_num=100)


class CommitForm(forms.Form):
    """What a person confirms when they take a plan over; ``seen`` is the hash of the plan they looked at."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
    accept_valid = forms.BooleanField(label=_("Leave the rejected rows out"), required=False)
    accept_truncated = forms.BooleanField(label=_("The file is whole, although it looks cut off"), required=False)

    vanished = forms.ChoiceField(
        label=_("Cases that are not in the file any more"), choices=Upload.Vanished.choices, widget=forms.RadioSelect
    )
    whole = forms.BooleanField(label=_("The last period is complete"), required=False)

    def __init__(self, plan: dict[str, Any], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rejected, truncated = plan["counts"]["rejected"], plan["truncated"]
        if not plan.get("vanished"):
            del self.fields["vanished"]
        elif plan.get("scored"):
            self.fields["vanished"].label = _("Scores that are not in the file any more")
        if not plan.get("partial"):
            del self.fields["whole"]
        if not rejected:
            del self.fields["accept_valid"]
        if not truncated:
            del self.fields["accept_truncated"]

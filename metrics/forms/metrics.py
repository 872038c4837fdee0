"""Forms for metrics, definitions, targets, rebases, notes and signals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from metrics.forms.fields import DayInput, Words
from metrics.models import Metric
from teams.forms.people import UnitField
from teams.forms.versioned import VersionedForm
from teams.models import Unit

METRIC_HELP = {
    "name": _("As people say it: “First response within 4 hours”."),
    "code": _("How files name it. Small letters, digits and hyphens."),
    "measure": _("%, hours, contacts … A proportion in per cent is multiplied by 100."),
    "numerator": _("What is counted, in words: “contacts answered within 4 hours”."),
    "denominator": _("Of how many, in words: “all contacts”. Leave empty for a plain number."),
    "sums": _("Right for counts and for shares with numerator and denominator; not for medians."),
}
METRIC_FIELDS = (
    "name", "code", "direction", "kind", "period", "measure", "scale", "numerator", "denominator", "sums",
)  # fmt: skip


class NewMetricForm(forms.ModelForm):
    """A new metric with the first version of its definition."""

    definition = Words(
        label=_("Definition"),
        max_length=10_000,
        help_text=_("What exactly is counted, and what is left out. Later changes are kept as versions."),
    )

    class Meta:
        model = Metric
        fields = ("unit", *METRIC_FIELDS)
        field_classes = {"unit": UnitField}
        help_texts = METRIC_HELP

    def __init__(self, units: QuerySet[Unit], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]

    @property
    def given(self) -> dict[str, Any]:
        """The metric's own fields."""
        return {name: self.cleaned_data[name] for name in METRIC_FIELDS}


class MetricForm(VersionedForm):
    class Meta:
        model = Metric
        fields = METRIC_FIELDS
        help_texts = METRIC_HELP


class DefinitionForm(forms.Form):
    """The next version of a definition; ``number`` is the version it was written over."""

    text = Words(label=_("Definition"), max_length=10_000, rows=6)
    reason = Words(label=_("Why it changes"), max_length=2_000)
    from_day = forms.DateField(
        label=_("In force from"),
        required=False,
        widget=DayInput,
        help_text=_("The day becomes a mark on every chart of this metric. Leave empty where only words change."),
    )
    number = forms.IntegerField(widget=forms.HiddenInput)


class ChartForm(forms.Form):
    """Another chart for a metric, with the reason."""

    chart = forms.ChoiceField(
        label=_("Chart"),
        choices=Metric.Chart.choices,
        widget=forms.RadioSelect,
        help_text=_(
            "What is measured decides as a rule: shares and rates are judged by how much was counted, times by their "
            "logarithms. A chart that the data cannot carry is drawn as an XmR chart, and says so."
        ),
    )
    reason = Words(
        label=_("Why"),
        max_length=2_000,
        help_text=_("It becomes a version of the definition and a mark on every chart of this metric."),
    )


class RebaseForm(forms.Form):
    day = forms.DateField(
        label=_("New limits from"),
        widget=DayInput,
        help_text=_("Mean and limits are computed anew from the first value on or after this day."),
    )
    reason = Words(
        label=_("Why"),
        max_length=2_000,
        help_text=_("What changed in the process? A change that nobody can explain is a signal, not a rebase."),
    )


class NoteForm(forms.Form):
    day = forms.DateField(label=_("Day"), widget=DayInput)
    label = forms.CharField(
        label=_("What happened"), max_length=80, help_text=_("A few words; they stand on the chart.")
    )


class AcknowledgeForm(forms.Form):
    word = Words(
        label=_("What is known about it"),
        max_length=2_000,
        help_text=_("A cause, a question that is being asked, or that nothing is known. It is not announced again."),
    )
    all = forms.BooleanField(required=False)
    # Those that were on the page when the box was ticked: no other is acknowledged by it.
    those = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, others: Sequence[Any] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.others = others
        if not others:
            del self.fields["all"], self.fields["those"]
            return
        self.fields["all"].label = ngettext(
            "Say the same of the other signal of this change", "Say the same of the %(n)s other signals of this change",
            len(others),
        ) % {"n": len(others)}  # fmt: skip
        self.fields["all"].help_text = _("Otherwise they stay open. Each is kept in the trail.")
        self.initial["those"] = ",".join(str(one.pk) for one in others)

    @property
    def meant(self) -> list[Any]:
        """The others of which the same is said."""
        told = self.cleaned_data
        if not told.get("all"):
            return []
        those = set(told["those"].split(","))
        return [one for one in self.others if str(one.pk) in those]

"""Forms of a new review and of its plan."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _

from metrics.models import Series
from processes.models import ProcessVersion, Service
from reviews.forms.kept import Day, FewLines, KeptForm, ReasonField
from reviews.models import CollectionMethod, Criterion, Parameter, Review
from teams.forms.people import UnitField
from teams.models import Person, Unit

HELP = {
    "question": _("What do you want to know at the end? One question, in the words of the customers if you can."),
    "start_point": _("What happens first, seen by the customer."),
    "end_point": _("What happens last, seen by the customer."),
    "inside": _("What belongs to it: teams, channels, kinds of case."),
    "outside": _("What is left out on purpose."),
    "spend_limit": _("The most that a recommendation may cost without asking further up."),
    "decision_maker": _("Agrees the plan and decides on what is recommended. Never you: you supervise the review."),
}


class NewReviewForm(forms.Form):
    """Six things to know; everything else has a usual value and can be changed in the plan."""

    question = forms.CharField(label=_("Question to answer"), widget=FewLines(2), help_text=HELP["question"])
    unit = UnitField(label=_("Unit"), queryset=Unit.objects.none())
    service = forms.ModelChoiceField(
        label=_("Service"), queryset=Service.objects.none(), required=False, empty_label=_("a new one, named below")
    )
    new_service = forms.CharField(
        label=_("Name of a new service"), max_length=120, required=False, help_text=_("Only if it is not in the list.")
    )
    start_point = forms.CharField(label=_("Start point of the process"), max_length=200, help_text=HELP["start_point"])
    end_point = forms.CharField(label=_("End point of the process"), max_length=200, help_text=HELP["end_point"])
    customers = forms.ChoiceField(label=_("Customers"), choices=Review.Customers.choices)
    first_day = forms.DateField(label=_("Period from"), widget=Day())
    last_day = forms.DateField(label=_("Period to, that day included"), widget=Day())
    decision_maker = forms.ModelChoiceField(
        label=_("Decision-maker"), queryset=Person.objects.none(), help_text=HELP["decision_maker"]
    )
    title = forms.CharField(
        label=_("Title"), max_length=160, required=False, help_text=_("Left empty, the question is the title.")
    )
    suggested = forms.BooleanField(label=_("Take over the suggested criterion"), required=False)

    def __init__(
        self,
        units: QuerySet[Unit],
        services: QuerySet[Service],
        people: QuerySet[Person],
        *args: Any,
        suggestion: str = "",
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        self.fields["service"].queryset = services  # type: ignore[attr-defined]
        self.fields["decision_maker"].queryset = people  # type: ignore[attr-defined]
        if suggestion:
            self.fields["suggested"].help_text = escape(suggestion)
        else:
            del self.fields["suggested"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("service") and not cleaned.get("new_service", "").strip():
            self.add_error("service", _("Choose the service under review, or name a new one below."))
        return cleaned

    @property
    def values(self) -> dict[str, Any]:
        """The fields of the review."""
        left_out = ("unit", "new_service", "suggested")
        return {name: value for name, value in self.cleaned_data.items() if name not in left_out}


class PlanForm(KeptForm):
    """The question and the boundaries."""

    class Meta:
        model = Review
        fields = [
            "title",
            "question",
            "service",
            "start_point",
            "end_point",
            "inside",
            "outside",
            "customers",
            "first_day",
            "last_day",
            "spend_limit",
            "decision_maker",
        ]
        help_texts = HELP
        widgets = {
            "question": FewLines(2),
            "inside": FewLines(2),
            "outside": FewLines(2),
            "first_day": Day(),
            "last_day": Day(),
        }

    def __init__(self, services: QuerySet[Service], people: QuerySet[Person], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["service"].queryset = services  # type: ignore[attr-defined]
        self.fields["decision_maker"].queryset = people  # type: ignore[attr-defined]


class CriterionForm(KeptForm):
    """A defined criterion. The series gives the metric; the measure is filled from it where left empty."""

    class Meta:
        model = Criterion
        fields = ["name", "why", "series", "measure", "rule", "threshold", "source", "weight"]
        widgets = {"why": FewLines(2)}
        help_texts = {
            "name": _("What has to be true, in plain words: “Customers hear from us within four hours”."),
            "series": _("Whose stored analysis the rule reads. Leave it empty where the reviewer judges."),
            "measure": _("What is measured, and in which unit. Left empty, the metric gives it."),
            "threshold": _("In the unit of the metric."),
            "source": _("Where the threshold comes from: a standard, a contract, a promise, a benchmark."),
            "weight": _("1 counts once, 2 twice."),
        }

    def __init__(self, series: QuerySet[Series], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["series"].queryset = series  # type: ignore[attr-defined]
        self.fields["series"].empty_label = _("none: judged by hand")  # type: ignore[attr-defined]
        self.fields["series"].label = _("Metric and unit")
        self.fields["measure"].required = False

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        series = cleaned.get("series")
        if not cleaned.get("measure") and series:
            measure = series.metric.measure
            cleaned["measure"] = f"{series.metric.name} ({measure})" if measure else series.metric.name
        if not cleaned.get("measure"):
            self.add_error("measure", _("Say what is measured, or choose a metric."))
        return cleaned


class ParameterForm(KeptForm):
    class Meta:
        model = Parameter
        fields = ["aspect", "freedom", "detail"]
        help_texts = {"aspect": _("Staffing, systems, opening hours, policy …")}


class MethodForm(KeptForm):
    class Meta:
        model = CollectionMethod
        fields = ["name", "expected"]
        help_texts = {"expected": _("How much has to come of it so that it counts: answers, points, cases.")}


class YieldForm(forms.ModelForm):
    class Meta:
        model = CollectionMethod
        fields = ["got", "fell_short"]
        help_texts = {"fell_short": _("Then change the method: that is an amendment with its reason.")}

    def _post_clean(self) -> None:
        """The verb writes."""


class WithReason(forms.Form):
    """A form whose change of a frozen plan needs a reason."""

    def __init__(self, *args: Any, frozen: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        if frozen:
            self.fields["reason"] = ReasonField(label=_("Why the frozen plan has to change"))

    @property
    def reason(self) -> str:
        return str(self.cleaned_data.get("reason", ""))


class StepForm(WithReason):
    """One more step at the end of the process under review."""

    name = forms.CharField(label=_("Step"), max_length=160, help_text=_("A verb and a thing: “Read the message”."))
    who = forms.CharField(label=_("Done by"), max_length=120, required=False)
    description = forms.CharField(label=_("What happens"), required=False, widget=FewLines(2), max_length=4000)
    minutes = forms.DecimalField(
        label=_("Minutes of work"), required=False, min_value=0, max_digits=9, decimal_places=2
    )
    cost = forms.DecimalField(label=_("Cost per case"), required=False, min_value=0, max_digits=9, decimal_places=2)


class FeatureForm(WithReason):
    """A feature of service delivery."""

    name = forms.CharField(
        label=_("Feature"), max_length=120, help_text=_("Opening hours, tone, one-stop answers, updates …")
    )
    drives = forms.CharField(
        label=_("How it drives satisfaction and loyalty"), required=False, widget=FewLines(2), max_length=4000
    )


class ProcessForm(WithReason):
    """All steps of a process that is known already."""

    version = forms.ModelChoiceField(label=_("Process"), queryset=ProcessVersion.objects.none())

    def __init__(self, versions: QuerySet[ProcessVersion], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["version"].queryset = versions  # type: ignore[attr-defined]


class RemoveForm(WithReason):
    """Nothing to fill in, unless the plan is frozen."""


class ReasonForm(forms.Form):
    """One reason."""

    reason = ReasonField()

    def __init__(self, *args: Any, label: Any = None, help_text: Any = "", **options: Any) -> None:
        super().__init__(*args, **options)
        if label:
            self.fields["reason"].label = label
        self.fields["reason"].help_text = help_text


class BriefForm(forms.Form):
    """What the review is for, told to colleagues by name."""

    title = forms.CharField(label=_("Title"), max_length=160)
    text = forms.CharField(
        label=_("Text"),
        widget=FewLines(6),
        max_length=8000,
        help_text=_("What is looked at, why, what it is not for, and what happens with what they say."),
    )
    people = forms.ModelMultipleChoiceField(
        label=_("Who is told"), queryset=Person.objects.none(), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, people: QuerySet[Person], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["people"].queryset = people  # type: ignore[attr-defined]

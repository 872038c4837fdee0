"""Forms of actions: the sentence of a SMART action, its proof and its verdict. Choices come through the doors."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from improvements.forms.linked import DayInput, LinkedForm, PlainLines, lines
from improvements.models import Action, OutcomeCheck, Recommendation
from improvements.queries.beneath import findings_of
from metrics.models import Series
from processes.models import Step
from reviews.models import Criterion, Subject
from teams import access
from teams.forms.people import UnitField
from teams.models import Person, Unit

FIELDS = (
    "owner", "kind", "what", "step", "unit", "series", "target", "due_on", "rule", "hours",
    "beyond_best_reason", "findings", "criteria", "verifier", "check_on", "needed_points",
)  # fmt: skip
WIDGETS: dict[str, Any] = {
    "what": lines(2),
    "beyond_best_reason": lines(2),
    "due_on": DayInput,
    "check_on": DayInput,
    "findings": forms.CheckboxSelectMultiple,
    "criteria": forms.CheckboxSelectMultiple,
}
HELP = {
    "owner": _("One person, who will carry it out."),
    "what": _("One change, in words that somebody else can check: what, how much, where."),
    "unit": _("The team that carries it out."),
    "series": _("The chart on which it will be read. Its baseline is filled from the stored analysis."),
    "target": _("In the metric's own unit."),
    "due_on": _("By when it is done."),
    "hours": _("Hours of work it needs."),
    "beyond_best_reason": _("Only where the target lies beyond the best value ever reached."),
    "verifier": _("Reads whether it worked. Neither the owner nor anybody of the owner's team."),
    "check_on": _("When the outcome is read."),
    "needed_points": _("How many points after the change the reading needs; a shift shows from seven on."),
}


def choices_for(person: Person, recommendation: Recommendation) -> dict[str, QuerySet[Any]]:
    """What the person may choose for an action under this recommendation."""
    review = recommendation.review
    units = access.visible_to(person, Unit).filter(path__startswith=review.unit.path, archived_at__isnull=True)
    people = access.visible_to(person, Person).filter(is_active=True)
    own_steps = Subject.objects.filter(review=review, step__isnull=False)
    series = access.visible_to(person, Series).filter(metric__archived_at__isnull=True)
    place = ("metric", "unit", "service", "product", "channel")
    return {
        "owner": people,
        "verifier": people,
        "unit": units,
        "step": Step.objects.filter(pk__in=own_steps.values("step")),
        "series": series.select_related(*place).order_by("metric__name", "unit__name", "pk"),
        "findings": findings_of(review),
        "criteria": Criterion.objects.filter(review=review).select_related("series__metric", "series__unit"),
    }


class SeriesField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.metric.name}, {obj.place}"


def _offer(form: forms.BaseForm, choices: dict[str, QuerySet[Any]], read: tuple[str, ...] = ()) -> None:
    """``read``: of which the view needs the rows, too; a query that keeps them is asked once for both."""
    for name, rows in choices.items():
        if name in form.fields:
            field: Any = form.fields[name]
            field.queryset = rows
            if name in read:
                field.choices = [(field.prepare_value(one), field.label_from_instance(one)) for one in rows]
    if {"owner", "verifier"} <= form.fields.keys():
        # The same people, read once; a list made of the choices themselves would first ask how many they are.
        people = [*iter(form.fields["owner"].choices)]  # type: ignore[attr-defined]
        form.fields["owner"].choices = form.fields["verifier"].choices = people  # type: ignore[attr-defined]


class NewActionForm(PlainLines, forms.ModelForm):
    class Meta:
        model = Action
        fields = FIELDS
        widgets = WIDGETS
        help_texts = HELP
        field_classes: ClassVar[dict[str, Any]] = {"unit": UnitField, "series": SeriesField}

    def __init__(self, choices: dict[str, QuerySet[Any]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, choices, ("findings", "criteria"))

    def _post_clean(self) -> None:
        """The verb and the database check the row; half a row cannot be checked here."""


class ActionForm(LinkedForm):
    links: ClassVar[tuple[str, ...]] = ("findings", "criteria")

    class Meta:
        model = Action
        fields = FIELDS
        widgets = WIDGETS
        help_texts = HELP
        field_classes: ClassVar[dict[str, Any]] = {"unit": UnitField, "series": SeriesField}

    def __init__(self, choices: dict[str, QuerySet[Any]], *args: Any, instance: Action, **kwargs: Any) -> None:
        super().__init__(*args, instance=instance, **kwargs)
        _offer(self, choices)

    def _post_clean(self) -> None:
        """The verb and the database check the row."""


class ProofForm(PlainLines, forms.Form):
    """What shows that it was done: words, a file, or both."""

    proof = forms.CharField(
        label=_("Proof"),
        widget=lines(3),
        max_length=4000,
        required=False,
        help_text=_("Where it can be seen: the new procedure, the list of those trained, the roster …"),
    )
    file = forms.FileField(label=_("File"), required=False, max_length=200)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if not found.get("proof", "").strip() and not found.get("file"):
            self.add_error("proof", _("Give the proof: words, a file, or both."))
        return found


class VerdictForm(PlainLines, forms.Form):
    """The verdict beside the one that the chart offers. ``seen``: hash of the inputs of the chart shown.

    ``possible``: the verdicts to choose from, those of a first reading or those of a later look.
    """

    verdict = forms.ChoiceField(label=_("Verdict"), widget=forms.RadioSelect)
    why = forms.CharField(
        label=_("Why"),
        widget=lines(3),
        max_length=4000,
        required=False,
        help_text=_("Needed where your verdict differs from what the chart says."),
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, possible: Iterable[str], offered: str, seen: str, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"verdict": offered, "seen": seen}
        super().__init__(*args, **kwargs)
        words = dict(OutcomeCheck.Verdict.choices)
        self.fields["verdict"].choices = [(code, words[code]) for code in possible]  # type: ignore[attr-defined]
        self.offered = offered

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        verdict = found.get("verdict")
        if self.offered and verdict and verdict != self.offered and not found.get("why", "").strip():
            self.add_error("why", _("Your verdict differs from what the chart says. Say why."))
        return found

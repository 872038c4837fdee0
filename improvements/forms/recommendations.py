"""Forms of recommendations, their options and their papers."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from improvements.forms.linked import DayInput, LinkedForm, PlainLines, lines
from improvements.models import Option, Recommendation
from improvements.queries.beneath import findings_of
from reviews.models import Parameter, Review

FIELDS = ("title", "ask", "benefit", "waiting", "by_day", "findings")
WIDGETS: dict[str, Any] = {
    "title": lines(2),
    "ask": lines(2),
    "benefit": lines(2),
    "waiting": lines(2),
    "by_day": DayInput,
    "findings": forms.CheckboxSelectMultiple,
}
HELP = {
    "title": _("In at most 40 words. It is the first thing that the decision-maker reads."),
    "ask": _("What the decision-maker is asked to allow, to pay or to order."),
    "benefit": _("What customers and the organisation gain, with its size."),
    "waiting": _("What it costs to leave things as they are, and from when on."),
    "findings": _("Only agreed findings of the review can be chosen."),
}


class NewRecommendationForm(PlainLines, forms.ModelForm):
    class Meta:
        model = Recommendation
        fields = FIELDS
        widgets = WIDGETS
        help_texts = HELP

    def __init__(self, review: Review, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["findings"].queryset = findings_of(review)  # type: ignore[attr-defined]


class RecommendationForm(LinkedForm):
    links: ClassVar[tuple[str, ...]] = ("findings",)

    class Meta:
        model = Recommendation
        fields = FIELDS
        widgets = WIDGETS
        help_texts = HELP

    def __init__(self, *args: Any, instance: Recommendation, **kwargs: Any) -> None:
        super().__init__(*args, instance=instance, **kwargs)
        self.fields["findings"].queryset = findings_of(instance.review)  # type: ignore[attr-defined]


OPTION_FIELDS = (
    "kind", "name", "description", "satisfaction", "cost_effect", "compliance",
    "one_off", "yearly", "hours", "weeks", "risk", "touches", "outside_reason",
)  # fmt: skip
OPTION_WIDGETS: dict[str, Any] = {
    "description": lines(2),
    "risk": lines(2),
    "outside_reason": lines(2),
    "touches": forms.CheckboxSelectMultiple,
}
OPTION_HELP = {
    "yearly": _("Below zero where it saves money."),
    "hours": _("Hours of people's work to bring it about."),
    "touches": _("What it changes of that which the plan calls fixed, free or in need of approval."),
    "outside_reason": _(
        "Needed where it touches what is fixed or costs more than the spend limit: the decision-maker is asked to "
        "allow it, and the paper says so."
    ),
}
CHOICES = [choice for choice in Option.Kind.choices if choice[0] != Option.Kind.DO_NOTHING]


class TouchesField(forms.ModelMultipleChoiceField):
    """Parameters with how free they are."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.aspect} ({obj.get_freedom_display()})"


def _touches(review: Review) -> TouchesField:
    return TouchesField(
        label=_("Parameters it touches"),
        queryset=Parameter.objects.filter(review=review),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=OPTION_HELP["touches"],
    )


class NewOptionForm(PlainLines, forms.ModelForm):
    class Meta:
        model = Option
        fields = OPTION_FIELDS
        widgets = OPTION_WIDGETS
        help_texts = OPTION_HELP

    def __init__(self, recommendation: Recommendation, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = CHOICES  # type: ignore[attr-defined]
        self.fields["touches"] = _touches(recommendation.review)


class OptionForm(LinkedForm):
    links: ClassVar[tuple[str, ...]] = ("touches",)

    class Meta:
        model = Option
        fields = OPTION_FIELDS
        widgets = OPTION_WIDGETS
        help_texts = OPTION_HELP

    def __init__(self, *args: Any, instance: Option, **kwargs: Any) -> None:
        super().__init__(*args, instance=instance, **kwargs)
        only = [(Option.Kind.DO_NOTHING.value, Option.Kind.DO_NOTHING.label)]
        self.fields["kind"].choices = only if instance.is_do_nothing else CHOICES  # type: ignore[attr-defined]
        self.fields["touches"] = _touches(instance.recommendation.review)


class ReasonForm(PlainLines, forms.Form):
    """One reason, for withdrawing, revoking, cancelling, opening again."""

    reason = forms.CharField(label=_("Reason"), widget=lines(2), max_length=4000)

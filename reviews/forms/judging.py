"""Forms of judgements, outcomes of steps, findings and conclusions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from reviews.forms.kept import FewLines, KeptForm
from reviews.models import Conclusion, Criterion, Finding, Judgement, StepOutcome, Subject


class JudgementForm(KeptForm):
    """One respect of one step, with the evidence it rests on. ``evidence``: what a signal or a note adds."""

    rating = forms.ChoiceField(label=_("Judgement"), choices=Judgement.Rating.choices, widget=forms.RadioSelect)
    signal = forms.ChoiceField(label=_("Evidence: a signal"), required=False)
    note = forms.CharField(label=_("Evidence: in your own words"), required=False, widget=FewLines(2), max_length=4000)

    class Meta:
        model = Judgement
        fields = ["rating", "why", "confidence"]
        widgets = {"why": FewLines(2)}

    def __init__(self, signals: list[tuple[str, str]], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["signal"].choices = [("", _("none")), *signals]  # type: ignore[attr-defined]
        if not signals:
            del self.fields["signal"]
        self.initial["confidence"] = self.initial.get("confidence") or Judgement.Confidence.MEDIUM

    @property
    def links(self) -> list[tuple[str, str, str]]:
        """(kind, thing id, note) of the evidence added."""
        note, signal = self.cleaned_data.get("note", ""), self.cleaned_data.get("signal", "")
        if signal:
            return [("signal", signal, note)]
        return [("note", "", note)] if note.strip() else []


class OutcomeForm(KeptForm):
    """What becomes of a step."""

    outcome = forms.ChoiceField(label=_("Outcome"), choices=StepOutcome.Outcome.choices, widget=forms.RadioSelect)

    class Meta:
        model = StepOutcome
        fields = ["outcome", "reason"]
        widgets = {"reason": FewLines(2)}


class FindingForm(KeptForm):
    class Meta:
        model = Finding
        fields = ["title", "sort", "condition", "effect", "cause", "confidence", "criterion", "subject"]
        widgets = {"condition": FewLines(3), "effect": FewLines(2), "cause": FewLines(2)}
        labels = {"subject": _("Step or feature"), "criterion": _("Criterion")}
        help_texts = {
            "condition": _("What is, as it was seen: facts, not blame."),
            "effect": _("What it means for customers, cost or compliance; how many, how much."),
            "cause": _("Why it is so, as far as known."),
        }

    def __init__(self, criteria: QuerySet[Criterion], subjects: QuerySet[Subject], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, rows in (("criterion", criteria), ("subject", subjects)):
            self.fields[name].queryset = rows  # type: ignore[attr-defined]
            self.fields[name].empty_label = _("none")  # type: ignore[attr-defined]


class LinkForm(forms.Form):
    """Evidence in one's own words; or, hidden, of another kind that names a thing."""

    kind = forms.CharField(widget=forms.HiddenInput, max_length=30, initial="note")
    thing = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)
    note = forms.CharField(label=_("Note"), widget=FewLines(2), max_length=4000, required=False)


class MergeForm(forms.Form):
    """Another finding of the same review."""

    into = forms.ModelChoiceField(label=_("Merge into"), queryset=Finding.objects.none())

    def __init__(self, others: QuerySet[Finding], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["into"].queryset = others  # type: ignore[attr-defined]


class ConclusionForm(KeptForm):
    """The reviewer's judgement beside the rule's result."""

    rating = forms.ChoiceField(label=_("Your judgement"), choices=Judgement.Rating.choices, widget=forms.RadioSelect)

    class Meta:
        model = Conclusion
        fields = ["rating", "why", "why_different"]
        widgets = {"why": FewLines(3), "why_different": FewLines(3)}
        help_texts = {
            "why": _("What the judgement rests on."),
            "why_different": _("Needed where your judgement is not the rule's result."),
        }


class OverallForm(forms.Form):
    """The whole, summed up."""

    overall = forms.CharField(
        label=_("Overall conclusion"),
        widget=FewLines(6),
        max_length=8000,
        help_text=_("Answer the question of the review in a few sentences. This opens the decision paper."),
    )

"""The mapping of a file of people's scores: a row for each person and contact, or a column for each person."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from metrics.files.mapping import CELL, HEADING
from metrics.forms.mapping import CASES, DIMENSIONS, MappingForm
from metrics.models import Metric

SCALES = (("number", _("numbers (82, 4.5, 90 %)")), ("category", _("words or classes (met, partly, not met)")))


class ScoringsForm(MappingForm):
    """One row for each person's score of a contact, or one for each contact with a column for each person."""

    shape = CASES
    contact = forms.ChoiceField(
        label=_("Contact"), help_text=_("The number of the call, ticket or message that was scored.")
    )
    rater = forms.ChoiceField(
        label=_("Scored by"),
        required=False,
        help_text=_("Names are kept only to tell scorings apart; no page compares the people who score."),
    )
    score = forms.ChoiceField(label=_("Score"), required=False)
    raters = forms.MultipleChoiceField(
        label=_("Or: a column for each person who scored"),
        required=False,
        help_text=_(
            "Instead of the two fields before this: each chosen heading is a person, each cell below it their score, and "
            "an empty cell means not scored. Several: hold Ctrl or Cmd."
        ),
    )
    scale = forms.ChoiceField(label=_("Scores are"), choices=SCALES)
    low = forms.FloatField(label=_("Lowest possible score"), required=False, help_text=_("Numbers only; empty: any."))
    high = forms.FloatField(label=_("Highest possible score"), required=False, help_text=_("Numbers only; empty: any."))
    opened = forms.ChoiceField(label=_("Scored on"))
    period = forms.ChoiceField(
        label=_("A figure per"),
        choices=Metric.Period.choices,
        help_text=_("Long enough for ten contacts or more that two people scored."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        needed = self.letters.choices(_("choose"))
        for name in ("contact", "rater", "score", "opened"):
            self.fields[name].choices = needed  # type: ignore[attr-defined]
        self.fields["raters"].choices = needed[1:]  # type: ignore[attr-defined]
        self.fields["unit_column"].help_text = _(
            "The team whose contact was scored, not that of the person who scored."
        )
        own = ["contact", "rater", "score", "raters", "scale", "low", "high", "opened", "period"]
        self.order_fields([*own, "date_order", "zone", "unit_column"])

    def initial_of(self, base: dict[str, Any]) -> dict[str, Any]:
        cases = base.get("cases") or {}
        scoring = cases.get("scoring") or {}
        own = {name: scoring.get(name) for name in ("rater", "score", "low", "high")}
        if scoring and base.get("wide") is not None:
            own |= {"rater": "", "score": "", "raters": base["wide"].get("columns", [])}
        told = {"contact": cases.get("id", ""), "opened": cases.get("opened", ""), **own}
        period = base.get("period") if scoring else "month"
        return {**super().initial_of(base), **told, "scale": scoring.get("scale", "number"), "period": period}

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        raters = given.get("raters") or []
        for name in ("rater", "score"):
            if raters and given.get(name):
                self.add_error(name, _("With a column for each person, leave this empty: its heading says who scored."))
            elif not raters and not given.get(name):
                self.add_error(name, _("Choose a column, or choose a column for each person who scored."))
        chosen = [given[name] for name in ("contact", "rater", "score", "opened") if given.get(name)]
        if len(set(chosen)) < len(chosen):
            self.add_error(None, _("Contact, scored by, score and scored on are four different columns."))
        others = {
            given.get(name) for name in ("contact", "opened", "unit_column", *(name for name, _label in DIMENSIONS))
        }
        if others & set(raters):
            self.add_error("raters", _("A column of scores is not also the contact, the day, the unit or a dimension."))
        low, high = given.get("low"), given.get("high")
        if low is not None and high is not None and low >= high:
            self.add_error("high", _("The highest possible score lies above the lowest."))
        return given

    def mapping(self) -> dict[str, Any]:
        """The whole mapping as JSON; what the form does not show stays as it was."""
        given = self.cleaned_data
        known = (self.base.get("cases") or {}).get("scoring") or {}
        numbers, raters = given["scale"] == "number", given["raters"]
        read = {"rater": HEADING, "score": CELL} if raters else {name: given[name] for name in ("rater", "score")}
        scoring = {**known, **read, "scale": given["scale"]}
        scoring |= {name: given[name] if numbers else None for name in ("low", "high")}
        cases = {"id": given["contact"], "opened": given["opened"], "scoring": scoring}
        told = {**self.common(), "period": given["period"], "cases": cases, "metrics": []}
        return {**told, "date": "", "metric_column": "", "wide": {"columns": raters} if raters else None}

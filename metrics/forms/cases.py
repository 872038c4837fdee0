"""The mapping of a file with one row per case."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from metrics.forms.mapping import CASE_COLUMNS, CASES, LENGTHS, LIMITS, MappingForm

LENGTH_FIELDS = (
    ("first_response_duration", _("Time to first response")),
    ("resolution_duration", _("Time to resolution")),
)


class CasesForm(MappingForm):
    """One row per ticket, call or response."""

    shape = CASES
    within_limit = forms.ChoiceField(
        label=_("Within the limit"), required=False, help_text=_("The helpdesk's own yes or no.")
    )
    limit_hours = forms.FloatField(
        label=_("Or within this many hours"), required=False, min_value=0, help_text=_("Computed from the times.")
    )
    limit_of = forms.ChoiceField(label=_("Limit for"), choices=LIMITS, required=False)
    satisfaction = forms.ChoiceField(label=_("Satisfaction"), required=False)
    good = forms.CharField(
        label=_("Answers that count as satisfied"), max_length=400, required=False, help_text=_("good, 4, 5")
    )
    bad = forms.CharField(
        label=_("Answers that count as not satisfied"), max_length=400, required=False, help_text=_("bad, 1, 2, 3")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        none = self.letters.choices(_("not in the file"))
        for name, label, needed in CASE_COLUMNS:
            self.fields[name] = forms.ChoiceField(label=label, choices=none, required=needed)
        for name, label in LENGTH_FIELDS:
            self.fields[name] = forms.ChoiceField(label=label, choices=none, required=False)
            self.fields[f"{name}_measure"] = forms.ChoiceField(label=_("written in"), choices=LENGTHS, required=False)
        for name in ("within_limit", "satisfaction"):
            self.fields[name].choices = none  # type: ignore[attr-defined]
        own = [name for name, _label, _needed in CASE_COLUMNS]
        self.order_fields([*own, "date_order", "zone", "unit_column"])

    def initial_of(self, base: dict[str, Any]) -> dict[str, Any]:
        cases = base.get("cases") or {}
        told = {**super().initial_of(base), **{name: cases.get(name, "") for name, _label, _needed in CASE_COLUMNS}}
        for name, _label in LENGTH_FIELDS:
            amount = cases.get(name) or {}
            told[name] = (amount.get("plus") or [""])[0]
            told[f"{name}_measure"] = amount.get("measure", "clock")
        score = cases.get("satisfaction") or {}
        limit = cases.get("limit_seconds")
        return {
            **told,
            "within_limit": (cases.get("within_limit") or {}).get("column", ""),
            "limit_hours": limit / 3600 if limit else None,
            "limit_of": cases.get("limit_of", "resolution"),
            "satisfaction": score.get("column", ""),
            "good": ", ".join(score.get("good", ("good", "4", "5"))),
            "bad": ", ".join(score.get("bad", ("bad", "1", "2", "3"))),
        }

    def mapping(self) -> dict[str, Any]:
        """The whole mapping as JSON; what the form does not show stays as it was."""
        given = self.cleaned_data
        known = self.base.get("cases") or {}
        cases = {**known, **{name: given[name] for name, _label, _needed in CASE_COLUMNS}}
        for name, _label in LENGTH_FIELDS:
            measure = given[f"{name}_measure"] or "clock"
            cases[name] = {"plus": [given[name]], "minus": [], "measure": measure} if given[name] else None
        cases["limit_seconds"] = given["limit_hours"] * 3600 if given["limit_hours"] else None
        cases["limit_of"] = given["limit_of"] or "resolution"
        cases["within_limit"] = self._flag(known, given["within_limit"])
        cases["satisfaction"] = self._score(known, given)
        cases["scoring"] = None
        return {**self.common(), "cases": cases, "metrics": [], "date": "", "metric_column": "", "wide": None}

    def _flag(self, known: dict[str, Any], column: str) -> dict[str, Any] | None:
        if not column:
            return None
        return {"name": "within_limit", **(known.get("within_limit") or {}), "column": column}

    def _score(self, known: dict[str, Any], given: dict[str, Any]) -> dict[str, Any] | None:
        if not given["satisfaction"]:
            return None
        words = {name: [word.strip() for word in given[name].split(",") if word.strip()] for name in ("good", "bad")}
        return {**(known.get("satisfaction") or {}), "column": given["satisfaction"], **words}

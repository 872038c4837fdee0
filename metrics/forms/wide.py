"""The mapping of a table with months, units or metrics as columns, as a form."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from metrics.files.mapping import CELL, HEADING
from metrics.forms.mapping import DIMENSIONS, KINDS, MEASURED, MEASURES, MappingForm
from metrics.models import Metric

HEADED = (
    ("date", _("days, weeks or months")),
    ("unit_column", _("units")),
    ("metric_column", _("metrics")),
    *DIMENSIONS,
)


class WideForm(MappingForm):
    """A table whose headings are data: each cell below them is a figure of its own."""

    shape = MEASURED
    headings = forms.ChoiceField(label=_("The headings of the columns are"), choices=HEADED)
    date = forms.ChoiceField(label=_("Date or period"), required=False, help_text=_("Empty where the headings say it."))
    period = forms.ChoiceField(label=_("A figure per"), choices=Metric.Period.choices)
    metric_column = forms.ChoiceField(label=_("Name of the metric"), required=False)
    name = forms.CharField(
        label=_("Metric"),
        max_length=120,
        required=False,
        help_text=_("What all cells are; empty where a column says it."),
    )
    measure = forms.ChoiceField(label=_("The cells hold"), choices=MEASURES)
    kind = forms.ChoiceField(label=_("Kind"), choices=KINDS, required=False)
    direction = forms.TypedChoiceField(
        label=_("Direction"), choices=Metric.Direction.choices, coerce=int, help_text=_("Used where the metric is new")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["date"].choices = self.letters.choices(_("the headings"))  # type: ignore[attr-defined]
        self.fields["metric_column"].choices = self.letters.choices(_("none"))  # type: ignore[attr-defined]
        dimensions = [name for name, _label in DIMENSIONS]
        first = ["headings", "name", "measure", "date", "date_order", "period", "unit_column", *dimensions]
        self.order_fields([*first, "metric_column", "kind", "direction", "decimal"])

    def initial_of(self, base: dict[str, Any]) -> dict[str, Any]:
        told = super().initial_of(base) | {name: base.get(name, "") for name in ("date", "metric_column")}
        heads = [name for name, _label in HEADED if told.get(name) == HEADING]
        metric = (base.get("metrics") or [{}])[0]
        amount = metric.get("value") or {}
        told |= dict.fromkeys(heads, "")
        told |= {"name": metric.get("name", ""), "kind": metric.get("kind", ""), "direction": 0}
        told |= {"measure": amount.get("measure", "number"), "period": base.get("period") or "month"}
        return {**told, "headings": heads[0] if heads else "date"}

    def ask(self, about: Iterable[str]) -> None:
        """The date's own column is no question where the headings are dates, and the metric is a name."""
        super().ask(["name" if one == "metrics" else one for one in about if one != "date"])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        heads = given.get("headings")
        if heads != "date" and not given.get("date"):
            self.add_error("date", _("Say which column holds the date."))
        if heads != "metric_column" and not given.get("metric_column") and not given.get("name", "").strip():
            self.add_error("name", _("Say what the figures are, or which column says it."))
        return given

    def mapping(self) -> dict[str, Any]:
        """The whole mapping as JSON."""
        given = self.cleaned_data
        told = self.common() | {name: given[name] for name in ("date", "period", "metric_column")}
        heads = given["headings"]
        if heads in dict(DIMENSIONS):
            others = [one for one in told["dimensions"] if one["name"] != heads]
            told["dimensions"] = [*others, {"name": heads, "column": HEADING}]
        else:
            told[heads] = HEADING
        cell = {"plus": [CELL], "minus": [], "measure": given["measure"]}
        told["metrics"] = [{"name": given["name"].strip(), "kind": given["kind"], "value": cell}]
        wide = self.base.get("wide") or {"columns": []}
        return {**told, "cases": None, "wide": wide, "layout": "wide"}

"""The mapping of a file as a form: which column is what. It gives and takes ``metrics.files.Mapping`` as JSON.

Columns are named by their spreadsheet letters, as the preview above the form shows them; sums and differences of
columns are written like "B" or "B − C".
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from metrics.forms.fields import DayInput
from metrics.models import Metric
from metrics.queries.uploads import ColumnSeen

MEASURED, WIDE, CASES, SCORINGS = "measured", "wide", "cases", "scorings"
ORDERS = (
    ("ymd", _("year first (2026-03-31)")),
    ("dmy", _("day first (31/03/2026)")),
    ("mdy", _("month first (03/31/2026)")),
    ("serial", _("numbers of a spreadsheet (46112)")),
)
MARKS = ((".", _("point (1.5)")), (",", _("comma (1,5)")))
MEASURES = (
    ("number", pgettext_lazy("what cells hold", "numbers")),
    ("percent", _("percentages")),
    ("seconds", _("seconds")),
    ("minutes", _("minutes")),
    ("hours", _("hours")),
    ("days", _("days")),
    ("clock", _("clock times (3:09:00)")),
    ("words", _("words (1 day 3 hours)")),
)
LENGTHS = MEASURES[2:]
KINDS = (("", _("as the cells say")), *Metric.Kind.choices)
DIMENSIONS = (("service", _("Service")), ("product", _("Product")), ("channel", _("Channel")))
LIMITS = (("resolution", _("resolution")), ("first_response", _("first response")))
CASE_COLUMNS = (
    ("id", _("Case number"), True),
    ("opened", _("Opened"), True),
    ("first_response", _("First response"), False),
    ("resolved", _("Resolved"), False),
    ("closed", _("Closed"), False),
    ("updated", _("Last updated"), False),
    ("reopens", _("How often reopened"), False),
)
METRIC_ROWS = 3
Words = str | Promise
Choices = list[tuple[str, Words]]


class Letters:
    """The columns of one file by letter and by key."""

    def __init__(self, columns: Iterable[ColumnSeen]) -> None:
        self.columns = list(columns)
        self.by_letter = {column.letter: column.key for column in self.columns}
        self.by_key = {column.key: column.letter for column in self.columns}

    def choices(self, nothing: Words) -> Choices:
        named = [(column.key, f"{column.letter} · {column.header or column.key}"[:80]) for column in self.columns]
        return [("", nothing), *named]

    def parse(self, text: str) -> dict[str, Any] | None:
        """ "B − C" as an amount of keys; None for nothing. Raises ValidationError."""
        if not text.strip():
            return None
        found = re.findall(r"([+\-−]?)\s*([A-Za-z]{1,3})\s*", text)
        if "".join(f"{sign}{letter}" for sign, letter in found) != re.sub(r"\s+", "", text):
            raise forms.ValidationError(_("Write letters of columns with + or − between them: B, or B − C."))
        unknown = [letter.upper() for _sign, letter in found if letter.upper() not in self.by_letter]
        if unknown:
            words = _("There is no column %(letters)s in this file.")
            raise forms.ValidationError(words % {"letters": ", ".join(unknown)})
        keys = [(sign, self.by_letter[letter.upper()]) for sign, letter in found]
        plus = [key for sign, key in keys if sign in ("", "+")]
        if not plus:
            raise forms.ValidationError(_("Name at least one column that is added."))
        return {"plus": plus, "minus": [key for sign, key in keys if sign not in ("", "+")]}

    def told(self, amount: dict[str, Any] | None) -> str:
        """The inverse of ``parse``; a column that this file does not have is left out."""
        if not amount:
            return ""
        plus = [self.by_key[key] for key in amount.get("plus", ()) if key in self.by_key]
        minus = [self.by_key[key] for key in amount.get("minus", ()) if key in self.by_key]
        return " + ".join(plus) + "".join(f" − {letter}" for letter in minus)


class MappingForm(forms.Form):
    """What both shapes of file have in common. ``base``: the mapping known so far, kept where the form is silent."""

    shape = ""
    date_order = forms.ChoiceField(label=_("Dates are written"), choices=ORDERS)
    decimal = forms.ChoiceField(label=_("Decimal mark"), choices=MARKS)
    zone = forms.CharField(
        label=_("Time zone of times without an offset"),
        max_length=64,
        help_text=_("Where the clock of the file stood: Europe/London, UTC …"),
    )
    sheet = forms.ChoiceField(label=_("Sheet"), required=False)
    header_row = forms.IntegerField(
        label=_("Row of the header"), required=False, min_value=1, help_text=_("Empty: as it was found.")
    )
    unit_column = forms.ChoiceField(label=_("Unit"), required=False)
    known_at = forms.DateField(
        label=_("Known at"),
        required=False,
        widget=DayInput,
        help_text=_("The day on which the file was made. Of two files the later one wins."),
    )

    def __init__(
        self, base: dict[str, Any], letters: Letters, facts: dict[str, Any], *args: Any, **kwargs: Any
    ) -> None:
        self.base, self.letters = base, letters
        kwargs["initial"] = {**self.initial_of(base), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        if facts.get("date_order") and self.initial["date_order"] == COMMON["date_order"]:
            self.initial["date_order"] = facts["date_order"]
        whole = _("the whole file belongs to one unit")
        self.fields["unit_column"].choices = letters.choices(whole)  # type: ignore[attr-defined]
        self._offer_sheets(facts)
        for name, label in DIMENSIONS:
            self.fields[name] = forms.ChoiceField(label=label, required=False, choices=letters.choices(_("none")))

    def _offer_sheets(self, facts: dict[str, Any]) -> None:
        sheets = [sheet["name"] for sheet in facts.get("sheets") or []]
        if len(sheets) < 2:
            del self.fields["sheet"]
            return
        self.fields["sheet"].choices = [(name, name) for name in sheets]  # type: ignore[attr-defined]
        self.initial.setdefault("sheet", facts.get("sheet") or sheets[0])

    def initial_of(self, base: dict[str, Any]) -> dict[str, Any]:
        told = {name: base.get(name) or default for name, default in COMMON.items()}
        told |= {one["name"]: one.get("column", "") for one in base.get("dimensions", ())}
        rows = base.get("header_rows") or [None]
        return {**told, "header_row": rows[0]}

    def ask(self, about: Iterable[str]) -> None:
        """Leave the fields empty whose answer only a person knows, so that nothing is guessed for them."""
        for name in about:
            field = self.fields.get(name)
            if field is None:
                continue
            self.initial[name] = ""
            field.required = True
            if isinstance(field, forms.ChoiceField):
                answers: list[Any] = [pair for pair in field.choices if pair[0] != ""]  # type: ignore[index, union-attr]
                field.choices = [("", _("choose")), *answers]

    def common(self) -> dict[str, Any]:
        """The parts of the mapping that both shapes share, laid over what was known."""
        given = self.cleaned_data
        told = {**self.base, "shape": self.shape}
        told |= {name: given[name] for name in COMMON if name in given and name != "sheet"}
        if given.get("sheet"):
            told["sheet"] = given["sheet"]
        known = tuple(self.base.get("header_rows") or ())
        row = given.get("header_row")
        told["header_rows"] = list(known) if row and known and known[0] == row else [row] if row else []
        fixed = [one for one in self.base.get("dimensions", ()) if one.get("fixed")]
        named = [{"name": name, "column": given[name]} for name, _label in DIMENSIONS if given.get(name)]
        told["dimensions"] = fixed + named
        told.setdefault("version", 1)
        return told


COMMON = {"date_order": "ymd", "decimal": ".", "zone": "UTC", "sheet": "", "unit_column": ""}


class MeasuredForm(MappingForm):
    """A file with one figure (or a numerator and a denominator) per period."""

    shape = MEASURED
    date = forms.ChoiceField(label=_("Date or period"))
    period = forms.ChoiceField(label=_("A figure per"), choices=Metric.Period.choices)
    metric_column = forms.ChoiceField(label=_("Name of the metric"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["date"].choices = self.letters.choices(_("choose"))  # type: ignore[attr-defined]
        named = self.letters.choices(_("the metrics are named below"))
        self.fields["metric_column"].choices = named  # type: ignore[attr-defined]
        dimensions = [name for name, _label in DIMENSIONS]
        self.order_fields(["date", "date_order", "period", "unit_column", *dimensions, "metric_column", "decimal"])

    def initial_of(self, base: dict[str, Any]) -> dict[str, Any]:
        told = {name: base.get(name, "") for name in ("date", "metric_column")}
        return {**super().initial_of(base), **told, "period": base.get("period") or "day"}

    def mapping(self, metrics: list[dict[str, Any]]) -> dict[str, Any]:
        """The whole mapping as JSON."""
        own = {name: self.cleaned_data[name] for name in ("date", "period", "metric_column")}
        return {**self.common(), **own, "metrics": metrics, "cases": None, "wide": None}


class MetricFromForm(forms.Form):
    """One metric of a measured file."""

    name = forms.CharField(label=_("Metric"), max_length=120, required=False)
    value = forms.CharField(
        label=_("Value or numerator"), max_length=200, required=False, help_text=_("Letters: B, or B − C")
    )
    denominator = forms.CharField(
        label=_("Divided by"), max_length=200, required=False, help_text=_("Empty for a plain value")
    )
    measure = forms.ChoiceField(label=_("The cells hold"), choices=MEASURES)
    kind = forms.ChoiceField(label=_("Kind"), choices=KINDS, required=False)
    direction = forms.TypedChoiceField(
        label=_("Direction"), choices=Metric.Direction.choices, coerce=int, help_text=_("Used where the metric is new")
    )

    def __init__(self, letters: Letters, *args: Any, **kwargs: Any) -> None:
        self.letters = letters
        super().__init__(*args, **kwargs)

    def clean_value(self) -> dict[str, Any] | None:
        return self.letters.parse(self.cleaned_data["value"])

    def clean_denominator(self) -> dict[str, Any] | None:
        return self.letters.parse(self.cleaned_data["denominator"])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("name") and not given.get("value") and "value" not in self.errors:
            self.add_error("value", _("Say which column it comes from."))
        return given

    @property
    def metric(self) -> dict[str, Any] | None:
        """One metric of the mapping as JSON; None for an empty line."""
        given = self.cleaned_data
        if not given.get("value"):
            return None
        value = {**given["value"], "measure": given["measure"]}
        told = {"name": given["name"].strip(), "kind": given["kind"]}
        if given["denominator"]:
            return {**told, "numerator": value, "denominator": {**given["denominator"], "measure": "number"}}
        return {**told, "value": value}


MetricsFrom = forms.formset_factory(MetricFromForm, extra=METRIC_ROWS, max_num=40)


def metrics_initial(base: dict[str, Any], letters: Letters, about: dict[str, Any]) -> list[dict[str, Any]]:
    """The lines of the metrics known so far."""
    lines = []
    for metric in base.get("metrics") or ():
        amount = metric.get("value") or metric.get("numerator") or {}
        lines.append(
            {
                "name": metric.get("name", ""),
                "value": letters.told(amount),
                "denominator": letters.told(metric.get("denominator")),
                "measure": amount.get("measure", "number"),
                "kind": metric.get("kind", ""),
                "direction": about.get(metric.get("name", ""), {}).get("direction", 0),
            }
        )
    return lines

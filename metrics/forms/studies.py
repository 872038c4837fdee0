"""What to compare: a metric, how to part it, where and when. The whole question lives in the address."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from metrics.forms.fields import DayInput
from metrics.queries.board import Choices
from metrics.queries.studies import PARTS

BY: tuple[tuple[str, str | Promise], ...] = (
    ("unit", _("units")),
    ("department", _("departments")),
    ("service", _("services")),
    ("product", _("products")),
    ("channel", _("channels")),
)
Pairs = Sequence[tuple[int, str]]


def _choice(pairs: Pairs, label: Any, *, required: bool = False, first: str | Promise = "") -> Any:
    empty: list[tuple[Any, Any]] = [("", first or _("all"))]
    return forms.TypedChoiceField(
        choices=empty + [(str(pk), name) for pk, name in pairs],
        coerce=int,
        empty_value=None,
        required=required,
        label=label,
    )


class PlaceForm(forms.Form):
    """Where and when: unit and below, service, product, channel, from and to."""

    def __init__(self, choices: Choices, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"] = _choice(choices.unit, _("Unit and below"))
        for name, label in (("service", _("Service")), ("product", _("Product")), ("channel", _("Channel"))):
            pairs = getattr(choices, name)
            if pairs:
                self.fields[name] = _choice(pairs, label)
        # "from" is no name that a class could hold.
        self.fields["from"] = forms.DateField(label=_("From"), required=False, widget=DayInput)
        self.fields["to"] = forms.DateField(label=_("To"), required=False, widget=DayInput)

    def dressed(self) -> None:
        """Give each field the look of the filter bars of other pages."""
        for field in self.fields.values():
            kind = (
                "form-select form-select-sm"
                if isinstance(field.widget, forms.Select)
                else "form-control form-control-sm"
            )
            field.widget.attrs["class"] = kind

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("from") and given.get("to") and given["from"] > given["to"]:
            self.add_error("to", _("The end lies before the beginning."))
        return given

    @property
    def place(self) -> dict[str, int | None]:
        """The filters by id."""
        return {name: self.cleaned_data.get(name) for name in ("unit", *PARTS)}

    @property
    def days(self) -> tuple[int | None, int | None]:
        """First and last day as ordinals, None where open."""
        first, last = self.cleaned_data.get("from"), self.cleaned_data.get("to")
        return (first.toordinal() if first else None, last.toordinal() if last else None)


class CompareForm(PlaceForm):
    """One metric, parted by unit, service, product or channel."""

    def __init__(self, choices: Choices, *args: Any, **kwargs: Any) -> None:
        super().__init__(choices, *args, **kwargs)
        known = [pair for pair in BY if getattr(choices, pair[0])]
        metric = _choice(choices.metric, _("Metric"), required=True, first=_("choose one"))
        by = forms.ChoiceField(label=_("Compare"), choices=known, required=False)
        self.fields = {"metric": metric, "by": by, **self.fields}
        self.dressed()

    def clean_by(self) -> str:
        return str(self.cleaned_data.get("by") or "unit")


class GapForm(CompareForm):
    """Two of the groups of a comparison."""

    def __init__(self, choices: Choices, *args: Any, **kwargs: Any) -> None:
        super().__init__(choices, *args, **kwargs)
        by = str((self.data or self.initial).get("by") or "unit")
        pairs = getattr(choices, by, choices.unit) if by in dict(BY) else choices.unit
        one = _choice(pairs, _("The first"), required=True, first=_("choose one"))
        other = _choice(pairs, _("less the second"), required=True, first=_("choose one"))
        fields = dict(self.fields)
        self.fields = {"metric": fields.pop("metric"), "by": fields.pop("by"), "one": one, "other": other, **fields}
        self.dressed()

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if given.get("one") and given.get("one") == given.get("other"):
            self.add_error("other", _("Choose two different ones."))
        return given


class CorrelateForm(PlaceForm):
    """Two metrics of one place."""

    def __init__(self, choices: Choices, agreements: Pairs, *args: Any, **kwargs: Any) -> None:
        super().__init__(choices, *args, **kwargs)
        metric = _choice(choices.metric, _("Metric"), required=True, first=_("choose one"))
        other = _choice(choices.metric, _("beside"), required=True, first=_("choose one"))
        reliability = forms.FloatField(
            label=_("or typed in"), required=False, min_value=0.01, max_value=1, localize=True
        )
        reliability.widget.attrs["step"] = "0.01"
        reliability.widget.attrs["title"] = _(
            "Of the second metric, between people who score: 0 to 1, where it was measured"
        )
        agreement = forms.ChoiceField(
            label=_("Agreement of the scores"),
            required=False,
            choices=[
                ("", _("as measured with the scores")),
                *((str(pk), name) for pk, name in agreements),
                ("none", _("not corrected for it")),
            ],
        )
        self.fields = {"metric": metric, "other": other, **self.fields, "agreement": agreement}
        self.fields["reliability"] = reliability
        self.dressed()

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if given.get("metric") and given.get("metric") == given.get("other"):
            self.add_error("other", _("Choose two different metrics."))
        return given

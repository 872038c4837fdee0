"""Fields that several forms use."""

from __future__ import annotations

from typing import Any

from django import forms


class DayInput(forms.DateInput):
    """The browser's own calendar; the value is written as year-month-day in every language."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class Words(forms.CharField):
    """A few lines of text."""

    def __init__(self, rows: int = 3, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **kwargs)

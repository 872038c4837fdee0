"""The hidden field that says with which values a form was opened."""

from __future__ import annotations

from typing import Any

from django import forms


class BaseField(forms.JSONField):
    """JSON, and no JSON that would stop the reader itself: numbers of thousands of digits, lists without end."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except (ValueError, RecursionError):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None

    def bound_data(self, data: Any, initial: Any) -> Any:
        try:
            return super().bound_data(data, initial)
        except (ValueError, RecursionError):
            return None

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False

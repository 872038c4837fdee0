"""A form for a row that people edit by hand: it carries the version and the values it was opened with."""

from __future__ import annotations

import copy
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from teams import trail
from teams.forms.base import BaseField
from teams.models import Versioned


class VersionedForm(forms.ModelForm):
    """Hidden ``version`` and ``base`` go to ``teams.edits.save``, so that edits of different fields merge.

    The row itself is left alone: the form works on a copy. ``Meta.fields`` names what may be edited.
    """

    version = forms.IntegerField(widget=forms.HiddenInput)
    base = BaseField()

    def __init__(self, *args: Any, instance: Versioned, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "version": instance.version,
            "base": trail.values(instance, *self.Meta.fields),  # type: ignore[attr-defined]
            **(kwargs.pop("initial", None) or {}),
        }
        kwargs["instance"] = copy.copy(instance)
        super().__init__(*args, **kwargs)

    def clean_base(self) -> dict[str, Any]:
        base = self.cleaned_data["base"]
        if not isinstance(base, dict):
            raise forms.ValidationError(_("The form is not whole. Load the page again."), code="invalid")
        return base

    @property
    def mine(self) -> dict[str, Any]:
        """What was sent, by field."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}  # type: ignore[attr-defined]

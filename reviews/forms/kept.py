"""Forms over rows that several people may edit: they carry what they were opened with, so that nothing is lost."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from teams.forms.base import BaseField
from teams.models import Versioned
from teams.trail import plain


class Day(forms.DateInput):
    """A day as the browser's own picker wants it."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class FewLines(forms.Textarea):
    """A text field of a few lines."""

    def __init__(self, rows: int = 3) -> None:
        super().__init__(attrs={"rows": rows})


class ReasonField(forms.CharField):
    """A text that somebody else will read."""

    widget = FewLines

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"label": _("Reason"), "max_length": 2000, "widget": FewLines(), **options})


class KeptForm(forms.ModelForm):
    """A form over a ``Versioned`` row: hidden ``version`` and ``base`` say what it was opened with.

    It changes no row: the verb gets ``base_version``, ``base_values`` and ``mine``. ``frozen`` adds the reason that an
    amendment needs.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    base = BaseField(required=False)

    def __init__(self, *args: Any, frozen: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        row: Versioned = self.instance
        known = row.pk is not None
        self.initial["version"] = row.version if known else 0
        self.initial["base"] = {name: plain(getattr(row, name)) for name in self.own} if known else {}
        if frozen:
            self.fields["reason"] = ReasonField(
                label=_("Why the frozen plan has to change"),
                help_text=_("The plan is frozen. This change becomes a numbered amendment and prints this reason."),
            )

    @property
    def own(self) -> list[str]:
        """The fields of the row, without what the form carries along."""
        return [name for name in self._meta.fields or () if name in self.fields]

    def clean(self) -> dict[str, Any]:
        """Line ends as the database keeps them, so that an untouched text is not taken for a changed one."""
        super().clean()
        for name, value in self.cleaned_data.items():
            if isinstance(value, str):
                self.cleaned_data[name] = value.replace("\r\n", "\n")
        return self.cleaned_data

    def _post_clean(self) -> None:
        """The verb and the database check the row; the form must not touch it."""

    @property
    def base_version(self) -> int:
        return self.cleaned_data.get("version") or 0

    @property
    def base_values(self) -> dict[str, Any]:
        base = self.cleaned_data.get("base")
        return base if isinstance(base, dict) else {}

    @property
    def mine(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.own}

    @property
    def reason(self) -> str:
        return str(self.cleaned_data.get("reason", ""))

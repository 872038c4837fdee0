"""Names in a file that are not known here: matched to what there is, made, or left out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from metrics.models import Metric

CREATE, LEAVE_OUT = "create", "leave_out"
SHOWN, OPEN = 50, 8  # names that are asked one by one, and how many of them before the rest is folded


class MatchingForm(forms.Form):
    """One choice per unknown name of one kind (units or metrics), and one for all others.

    ``question``: as the plan asked it; ``known``: (id, name) of what may be chosen.
    """

    def __init__(self, question: dict[str, Any], known: list[tuple[int, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = question["about"]
        self.names = list(question.get("evidence", ()))[:SHOWN]
        why = question.get("why", {})
        counts = why.get("counts", {})
        verbs = [("", _("choose")), (CREATE, _("make it")), (LEAVE_OUT, _("leave its rows out"))]
        choices = [*verbs, *((str(pk), name) for pk, name in known)]
        others = [("", _("choose")), *verbs[1:]]
        self.fields["others"] = forms.ChoiceField(
            label=_("All names for which nothing is chosen below"), choices=others, required=False
        )
        unlisted = why.get("names", len(self.names)) - len(self.names)
        if unlisted:
            words = ngettext_lazy(
                "%(count)d more name is not listed below; this decides about it too.",
                "%(count)d more names are not listed below; this decides about them too.",
                unlisted,
            )
            self.fields["others"].help_text = words % {"count": unlisted}
        for place, name in enumerate(self.names):
            label = _("%(name)s (%(rows)s rows)") % {"name": name, "rows": counts.get(name, "?")}
            self.fields[f"name-{place}"] = forms.ChoiceField(label=label, choices=choices, required=False)

    @property
    def open(self) -> list[forms.BoundField]:
        """The choice for all, and the first names; where few are left over, they come along."""
        fields = list(self)
        return fields if len(self.names) <= OPEN + 2 else fields[: OPEN + 1]

    @property
    def folded(self) -> list[forms.BoundField]:
        """The names below the fold."""
        return list(self)[len(self.open) :]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        chosen = [given.get(f"name-{place}") for place in range(len(self.names))]
        if not given.get("others") and not all(chosen):
            self.add_error("others", _("Choose for each name, or for all the others at once."))
        return given

    @property
    def choices(self) -> dict[str, Any]:
        """As ``uploads.map`` takes them."""
        chosen: dict[str, Any] = {}
        for place, name in enumerate(self.names):
            word = self.cleaned_data.get(f"name-{place}")
            if word:
                chosen[name] = int(word) if word.isdigit() else word
        told: dict[str, Any] = {self.kind: chosen}
        if self.cleaned_data.get("others"):
            told[f"other_{self.kind}"] = self.cleaned_data["others"]
        return told


class AboutForm(forms.Form):
    """Of which new metrics more is better, and of which less. ``names``: {name: direction as planned}."""

    def __init__(self, names: dict[str, int], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = list(names)
        for place, name in enumerate(self.names):
            self.fields[f"metric-{place}"] = forms.TypedChoiceField(
                label=name, choices=Metric.Direction.choices, coerce=int, initial=names[name]
            )

    @property
    def about(self) -> dict[str, dict[str, int]]:
        """As ``uploads.map`` takes it."""
        return {name: {"direction": self.cleaned_data[f"metric-{place}"]} for place, name in enumerate(self.names)}

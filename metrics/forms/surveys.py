"""How a metric is asked of customers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from metrics.models import Metric, Survey


class SurveyForm(forms.ModelForm):
    class Meta:
        model = Survey
        fields = ("kind", "weighted", "asked", "promoters", "spread")
        labels = {
            "asked": _("How many were asked"),
            "promoters": _("How many are promoters"),
            "spread": _("Standard deviation of the answers"),
        }
        help_texts = {
            "asked": _("The metric that counts them, of the same place and period. Gives the response rate."),
            "promoters": _(
                "For a net promoter score: the metric that counts the 9s and 10s. Without it the interval is the widest."
            ),
            "spread": _("For a mean: the metric that holds it. Without it the interval rests on how the series moves."),
        }

    def __init__(self, metrics: QuerySet[Metric], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("asked", "promoters", "spread"):
            self.fields[name].queryset = metrics  # type: ignore[attr-defined]
            self.fields[name].required = False

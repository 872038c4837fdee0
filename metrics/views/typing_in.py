"""A few values typed in: an upload like any other."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from metrics.forms.imports import Values
from metrics.models import Series
from metrics.views.series import fetch_series
from metrics.workflow import uploads
from metrics.workflow.typed_values import Typed
from teams import answers
from teams.access import door
from teams.refusals import Refused


@require_http_methods(["GET", "HEAD", "POST"])
@door("metrics.import")
def type_in(request: HttpRequest, pk: int) -> HttpResponse:
    one = fetch_series(request, pk, "metrics.import")
    forms = Values(request.POST or None, form_kwargs={"metric": one.metric})
    said = ""
    if forms.is_valid():
        typed = [_typed(one, form.cleaned_data) for form in forms if form.cleaned_data]
        try:
            upload = uploads.typed(request.user, one.unit, typed)  # type: ignore[arg-type]
            messages.success(request, _("The values are being taken in."))
            return redirect(upload)
        except Refused as refused:
            said = str(refused.message)
            _point_out(forms, refused)
    context = {"series": one, "forms": forms, "said": said, "failed": request.method == "POST"}
    return answers.page(request, "metrics/type_in.html", context)


def _typed(one: Series, given: dict[str, Any]) -> Typed:
    return Typed(
        metric=one.metric,
        unit=one.unit,
        day=given["day"],
        numerator=given["numerator"],
        denominator=given.get("denominator"),
        service=one.service,
        product=one.product,
        channel=one.channel,
    )


def _point_out(forms: Any, refused: Refused) -> None:
    """Put what is wrong with a value at its line; lines left empty were not counted."""
    filled = [form for form in forms if form.cleaned_data]
    for name, words in refused.fields.items():
        place, _dash, field = name.partition("-")
        if place.isdigit() and int(place) < len(filled):
            form = filled[int(place)]
            form.add_error(field if field in form.fields else None, str(words))

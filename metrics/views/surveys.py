"""Say how a metric is asked of customers."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from metrics.forms.surveys import SurveyForm
from metrics.models import Metric
from metrics.queries import certainty
from metrics.workflow import surveys as workflow
from teams import access, answers
from teams.access import door


@require_http_methods(["GET", "HEAD", "POST"])
@door("metrics.edit")
def survey(request: HttpRequest, pk: int) -> HttpResponse:
    one = access.fetch(request.user, Metric, pk, "metrics.edit")
    others = access.visible_to(request.user, Metric).filter(period=one.period, archived_at=None).exclude(pk=one.pk)
    form = SurveyForm(others.order_by("name"), request.POST or None, instance=certainty.survey_of(one))
    if form.is_valid():
        workflow.declare(request.user, one, **form.cleaned_data)  # type: ignore[arg-type]
        messages.success(request, _("The survey is described. Its intervals are being computed."))
        return redirect(one)
    context = {"form": form, "title": _("How it is asked"), "verb": _("Save how it is asked"), "metric": one}
    return answers.page(request, "metrics/survey.html", context)

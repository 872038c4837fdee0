"""Dismiss a proposed change point; taking it up is the page for new limits."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from metrics.forms.comparisons import DismissForm
from metrics.queries import breaks as questions
from metrics.views.series import fetch_series, get_or_post
from metrics.workflow import breaks as workflow
from teams import answers
from teams.access import door, person_of
from teams.refusals import Refused


@get_or_post
@door("metrics.rebase")
def dismiss(request: HttpRequest, pk: int, day: int) -> HttpResponse:
    one = fetch_series(request, pk, "metrics.rebase")
    if questions.proposal_on(one, day) is None:
        raise Http404
    form = DismissForm(request.POST or None)
    if form.is_valid():
        try:
            workflow.dismiss(person_of(request), one, day, form.cleaned_data["word"])
            messages.success(request, _("The proposal is dismissed. It comes back only if its values change."))
            return redirect(one)
        except Refused as refused:
            answers.refuse(form, refused)
    context = {"series": one, "form": form, "title": _("Dismiss a change point"), "verb": _("Dismiss the proposal")}
    return answers.page(request, "metrics/series_form.html", context)

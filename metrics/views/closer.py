"""The button that asks for a closer look at a series; what it says is a section of the metric page."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from metrics.models import Series
from metrics.workflow import closer as workflow
from teams import access
from teams.access import door, person_of


@require_POST
@door("metrics.view")
def look_closer(request: HttpRequest, pk: int) -> HttpResponse:
    person = person_of(request)
    one = access.fetch(person, Series, pk)
    workflow.look_closer(person, one)
    messages.success(request, _("The closer look is being computed. Look again in a moment."))
    return redirect(f"{reverse('series', args=[one.pk])}#closer")

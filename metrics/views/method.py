"""How the product decides: the rules in plain words, and how often each is wrong."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from metrics.queries.error_rates import error_rates
from metrics.wording.error_rates import tables
from teams import access
from teams.access import door


@require_safe
@door("metrics.view")
def method(request: HttpRequest) -> HttpResponse:
    access.require(request.user, "metrics.view")
    return render(request, "metrics/method.html", {"tables": tables(error_rates()), "cautious": settings.CAUTIOUS})

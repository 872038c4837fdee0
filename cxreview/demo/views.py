"""The page on which an administrator removes the demonstration."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from cxreview.demo import removal
from teams.access import door


@require_http_methods(["GET", "HEAD", "POST"])
@door("teams.administer", role_only=True)
def remove_demo(request: HttpRequest) -> HttpResponse:
    """What goes, and one button. Afterwards the first page of an empty workspace."""
    if not removal.is_demo():
        raise Http404
    if request.method != "POST":
        return render(request, "cxreview/remove_demo.html")
    # The session's own row goes with all others.
    logout(request)
    removal.remove()
    messages.success(request, _("The demonstration is removed. This workspace is empty and yours."))
    return redirect("start")

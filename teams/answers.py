"""Small answers that views share: a refused verb shown at the form it came from."""

from __future__ import annotations

from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme

from teams.refusals import Refused


def refuse(form: BaseForm, refused: Refused) -> None:
    """Put the words of a refusal at the fields they belong to, else on top of the form."""
    for field, words in refused.fields.items():
        form.add_error(field if field in form.fields else None, str(words))
    if not refused.fields:
        form.add_error(None, str(refused.message))


def page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """The page with its form; 422 where the form was sent and did not pass."""
    sent = request.method == "POST"
    return render(request, template, context, status=422 if sent else 200)


def safe_next(request: HttpRequest, default: str = "home") -> str:
    """Where to go on to: the ``next`` of the request if it lies on this site, else the address of that name."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    # A bare word would be taken for the name of a page, and most words name none.
    addressed = asked.startswith(("/", "http://", "https://"))
    if addressed and url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure()):
        return asked
    return reverse(default)


def address(name: str, *args: Any) -> str:
    """The address of that name, empty where the product has no such page."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""

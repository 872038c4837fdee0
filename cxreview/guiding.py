"""Guidance on pages: shown until its reader folds it, for good; the reader's choice is kept with the account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_POST

from metrics.wording.guides import GUIDES, Guide
from teams import answers
from teams.access import SIGNED_IN, door, person_of
from teams.workflow import people as workflow


@dataclass(frozen=True)
class Shown:
    """A guide on a page; ``code`` is what is sent to fold it."""

    code: str
    guide: Guide
    folded: bool


def guides(request: HttpRequest) -> dict[str, Any]:
    """Every guide by its code, for templates: asked for only where a page has one."""
    return {"guides": SimpleLazyObject(lambda: _shown(request))}


def _shown(request: HttpRequest) -> dict[str, Shown]:
    folded = getattr(request.user, "folded_guides", [])
    return {code: Shown(code, guide, code in folded) for code, guide in GUIDES.items()}


def _code(request: HttpRequest) -> str:
    code = request.POST.get("guide", "")
    if code not in GUIDES:
        raise Http404
    return code


@require_POST
@door(SIGNED_IN)
def fold(request: HttpRequest) -> HttpResponse:
    workflow.fold_guide(person_of(request), _code(request))
    return redirect(answers.safe_next(request))


@require_POST
@door(SIGNED_IN)
def unfold(request: HttpRequest) -> HttpResponse:
    workflow.unfold_guide(person_of(request), _code(request))
    return redirect(answers.safe_next(request))

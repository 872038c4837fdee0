"""The list of reviews, and a new one: from a signal, from nothing, or like another."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from metrics.models import Signal
from metrics.queries.signals import WITH_SERIES
from processes.models import Service
from reviews import workflow
from reviews.forms.planning import NewReviewForm
from reviews.models import Review
from reviews.queries import reviews as queries
from reviews.queries import suggestions
from reviews.views.frame import attempt, get_review, posted
from teams import access
from teams.access import door, person_of
from teams.lists import CHOICE, TEXT, Column, Filter, Listing
from teams.models import Unit

OPEN, ARCHIVED = "open", "archived"


def _put_away(rows: QuerySet[Review], value: str) -> QuerySet[Review]:
    return rows.filter(archived_at__isnull=value != ARCHIVED)


def _filters() -> list[Filter]:
    return [
        Filter("words", _("Words"), ("title", "question"), TEXT),
        Filter("state", _("State"), "state", CHOICE, Review.State.choices),
        Filter(
            "archived",
            _("Archive"),
            _put_away,
            CHOICE,
            [(OPEN, _("not archived")), (ARCHIVED, _("archived"))],
            default=OPEN,
        ),
    ]


def _columns() -> list[Column]:
    return [
        Column("title", _("Review"), "title", sort=("title", "pk"), link=Review.get_absolute_url),
        Column(
            "state",
            _("State"),
            "state",
            sort=("state", "pk"),
            shown=lambda review: review.get_state_display(),
            code=lambda review: review.state,
        ),
        Column("unit", _("Unit"), "unit.name", sort=("unit__name", "pk")),
        Column("service", _("Service"), "service.name", sort=("service__name", "pk")),
        Column("supervisor", _("Supervisor"), "supervisor.name", sort=("supervisor__name", "pk")),
        Column("decision_maker", _("Decision-maker"), "decision_maker.name", sort=("decision_maker__name", "pk")),
        Column("findings", _("Findings"), "findings_found", sort=("findings_found", "pk"), number=True),
        Column("created", _("Begun"), "created_at", sort=("created_at", "pk"), shown=_day),
    ]


def _day(review: Review) -> Any:
    return review.created_at.date()


@require_safe
@door("reviews.view")
def reviews(request: HttpRequest) -> HttpResponseBase:
    rows = queries.listed(person_of(request))
    listing = Listing(request, rows, _columns(), _filters(), default_sort="-created", caption=_("Reviews"))
    file = listing.export("reviews")
    if file is not None:
        return file
    may_create = access.may(person_of(request), "reviews.create")
    return render(request, "reviews/reviews.html", {"listing": listing, "may_create": may_create})


@require_http_methods(["GET", "HEAD", "POST"])
@door("reviews.create", role_only=True)
def new_review(request: HttpRequest) -> HttpResponse:
    signal = _signal_of(request)
    suggested = suggestions.from_signal(signal) if signal else suggestions.from_nothing()
    form = NewReviewForm(
        *_choices(request), posted(request), initial=_first_values(request, suggested), suggestion=suggested.words
    )
    if request.method == "POST" and form.is_valid():
        criteria = [suggested.criterion] if form.cleaned_data.get("suggested") and suggested.criterion else []
        made = attempt(
            form,
            lambda: workflow.create(
                person_of(request),
                form.cleaned_data["unit"],
                form.values,
                new_service=form.cleaned_data["new_service"] if not form.cleaned_data["service"] else "",
                signal=signal,
                criteria=criteria,
            ),
        )
        if made is not None:
            messages.success(request, _("The review is begun. Make its plan, then ask for agreement."))
            return redirect(made)
    context = {"form": form, "signal": signal}
    return render(request, "reviews/new_review.html", context, status=422 if form.errors else 200)


def _signal_of(request: HttpRequest) -> Signal | None:
    pk = request.GET.get("signal", "")
    return access.fetch(person_of(request), Signal, pk, related=WITH_SERIES) if pk else None


def _choices(request: HttpRequest) -> tuple[QuerySet[Unit], QuerySet[Service], Any]:
    units = access.visible_to(person_of(request), Unit, "reviews.create").filter(archived_at=None)
    services = access.visible_to(person_of(request), Service).filter(archived_at=None)
    return units, services, queries.possible_decision_makers(person_of(request))


def _first_values(request: HttpRequest, suggested: suggestions.Suggestion) -> dict[str, Any]:
    """What was suggested, and the only choice where there is just one."""
    initial = dict(suggested.initial)
    units, _services, people = _choices(request)
    if "unit" not in initial:
        initial["unit"] = units.order_by("path").values_list("pk", flat=True).first()
    only = list(people[:2])
    if len(only) == 1:
        initial["decision_maker"] = only[0].pk
    return initial


@require_POST
@door("reviews.create")
def copy_review(request: HttpRequest, pk: int) -> HttpResponse:
    made = workflow.copy(person_of(request), get_review(request, pk))
    messages.success(request, _("This is the copy: check its period and its words."))
    return redirect(made)

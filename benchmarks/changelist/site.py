"""Three changelists: of the fields only; with filters; with filters and a date hierarchy. All else is Django's default."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import admin
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.urls import path

from benchmarks.changelist.models import Dated
from metrics.models import Observation

FIELDS = ("series", "day", "numerator", "denominator", "n", "parts")
# A series is called after its metric and its place; without these the page would ask for each of them row by row.
NAMES = ("series__metric", "series__unit", "series__service", "series__product", "series__channel")
FILTERS = ("series__metric", "series__unit")


class Bare(admin.ModelAdmin):
    list_display = FIELDS
    list_select_related = NAMES


class Filtered(Bare):
    list_filter = FILTERS


class ByDate(Filtered):
    date_hierarchy = "day"


class Superuser(AnonymousUser):
    """Somebody who may everything: the product's people have none of the admin site's permissions."""

    is_active = is_staff = is_superuser = is_authenticated = True  # type: ignore[assignment]

    def has_perm(self, *_args: object, **_kwargs: object) -> bool:
        return True

    def has_module_perms(self, *_args: object) -> bool:
        return True

    def get_short_name(self) -> str:
        return "Superuser"

    def has_usable_password(self) -> bool:
        return False


def as_superuser(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        request.user = Superuser()
        return get_response(request)

    return middleware


def _site(name: str, model: type, by: type) -> admin.AdminSite:
    site = admin.AdminSite(name)
    site.register(model, by)
    return site


SITES = {
    "bare": _site("bare", Observation, Bare),
    "filters": _site("filters", Observation, Filtered),
    "filters and dates": _site("dates", Dated, ByDate),
}
ADDRESSES = {
    "bare": "/bare/metrics/observation/",
    "filters": "/filters/metrics/observation/",
    "filters and dates": "/dates/changelist/dated/",
}
urlpatterns = [path(f"{site.name}/", site.urls) for site in SITES.values()]

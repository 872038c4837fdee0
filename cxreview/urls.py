"""All addresses: each app has its own; what lies above them is composed here."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("cxreview.pages")),
    path("", include("teams.urls")),
    path("", include("jobs.urls")),
    path("", include("notices.urls")),
    path("", include("processes.urls")),
    path("", include("metrics.urls")),
    path("", include("reviews.urls")),
    path("", include("improvements.urls")),
    path("", include("reports.urls")),
]

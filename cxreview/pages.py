"""Addresses of what is composed from all apps: home, search, threads."""

from __future__ import annotations

from django.urls import URLPattern, path

from cxreview import guiding, views
from cxreview.demo.views import remove_demo
from cxreview.hand_over import hand_over
from cxreview.health import health

urlpatterns: list[URLPattern] = [
    path("", views.home, name="home"),
    path("search", views.search, name="search"),
    path("thread/<str:kind>/<str:pk>", views.thread, name="thread"),
    path("about", views.about, name="about"),
    path("people/<int:pk>/hand-over", hand_over, name="hand-over"),
    path("remove-demo", remove_demo, name="remove-demo"),
    path("guides/fold", guiding.fold, name="fold"),
    path("guides/unfold", guiding.unfold, name="unfold"),
    path("health", health, name="health"),
]

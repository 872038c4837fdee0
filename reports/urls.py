"""Addresses of reports."""

from __future__ import annotations

from django.urls import URLPattern, path

from reports import views

urlpatterns: list[URLPattern] = [
    path("submissions/<int:pk>/editions", views.editions, name="editions"),
    path("submissions/<int:pk>/issue", views.issue, name="issue"),
    path("editions/<int:pk>", views.edition, name="edition"),
]

"""Addresses of notices."""

from __future__ import annotations

from django.urls import URLPattern, path

from notices import views

urlpatterns: list[URLPattern] = [
    path("briefings/<int:pk>", views.briefing, name="briefing"),
    path("briefings/<int:pk>/read", views.read_briefing, name="read-briefing"),
    path("mails", views.mails, name="mails"),
    path("mails/<int:pk>/again", views.again_mail, name="again-mail"),
]

"""Addresses of jobs."""

from __future__ import annotations

from django.urls import URLPattern, path

from jobs import views

urlpatterns: list[URLPattern] = [
    path("jobs", views.jobs, name="jobs"),
    path("jobs/<uuid:pk>", views.job, name="job"),
    path("jobs/<uuid:pk>/cancel", views.cancel_job, name="cancel-job"),
    path("jobs/<uuid:pk>/again", views.again_job, name="again-job"),
]

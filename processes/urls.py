"""Addresses of processes."""

from __future__ import annotations

from django.urls import URLPattern, path

from processes.views import offered, processes


def _kind(name: str, many: str) -> list[URLPattern]:
    given = {"kind": name}
    return [
        path(f"{many}/new", offered.new_offered, given, name=f"new-{name}"),
        path(f"{many}/<int:pk>/edit", offered.edit_offered, given, name=f"edit-{name}"),
        path(f"{many}/<int:pk>/archive", offered.archive_offered, given, name=f"archive-{name}"),
        path(f"{many}/<int:pk>/restore", offered.restore_offered, given, name=f"restore-{name}"),
    ]


def _part(name: str, many: str) -> list[URLPattern]:
    given = {"part": name}
    return [
        path(f"{many}/<int:pk>/archive", processes.archive_part, given, name=f"archive-{name}"),
        path(f"{many}/<int:pk>/restore", processes.restore_part, given, name=f"restore-{name}"),
    ]


urlpatterns: list[URLPattern] = [
    path("services", offered.services, name="services"),
    path("services/<int:pk>", offered.service, name="service"),
    path("products", offered.products, name="products"),
    path("channels", offered.channels, name="channels"),
    *_kind("service", "services"),
    *_kind("product", "products"),
    *_kind("channel", "channels"),
    path("services/<int:pk>/processes/new", processes.new_process, name="new-process"),
    path("services/<int:pk>/features/new", processes.new_feature, name="new-feature"),
    path("processes/<int:pk>", processes.process, name="process"),
    path("processes/<int:pk>/rename", processes.rename_process, name="rename-process"),
    path("process-versions/<int:pk>/steps/new", processes.new_step, name="new-process-step"),
    path("process-steps/<int:pk>/edit", processes.edit_step, name="edit-process-step"),
    path("process-steps/<int:pk>/earlier", processes.move_step, {"way": "earlier"}, name="move-step-earlier"),
    path("process-steps/<int:pk>/later", processes.move_step, {"way": "later"}, name="move-step-later"),
    path("features/<int:pk>/edit", processes.edit_feature, name="edit-feature"),
    *_part("process", "processes"),
    *_part("step", "process-steps"),
    *_part("feature", "features"),
]

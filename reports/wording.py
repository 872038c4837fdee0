"""The words of what reports do in the background."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from jobs import registry

RENDER = "reports.render"
registry.describe(RENDER, _("Decision paper as PDF"))

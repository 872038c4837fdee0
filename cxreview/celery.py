"""The Celery app: its settings stand in ``cxreview/settings.py`` under ``CELERY_``."""

from __future__ import annotations

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cxreview.settings")

app = Celery("cxreview")
app.config_from_object("django.conf:settings", namespace="CELERY")
# For every thread of the web process too, not only the one that imported this.
app.set_default()

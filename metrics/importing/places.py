"""Where a series stands: found, or made, by its metric, unit and dimensions."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from metrics.models import Series


def series_at(
    metric: int, unit: int, service: int | None, product: int | None, channel: int | None, *, rolled_up: bool
) -> int:
    """The id of the series there; a new one is marked as ``rolled_up`` says."""
    place: dict[str, Any] = {
        "metric_id": metric,
        "unit_id": unit,
        "service_id": service or None,
        "product_id": product or None,
        "channel_id": channel or None,
    }
    # The transaction takes SQLite's lock before the look, so that two workers never make it twice.
    with transaction.atomic():
        return Series.objects.get_or_create(**place, defaults={"rolled_up": rolled_up})[0].pk

"""What keeps a signal although its run is no longer seen: somebody's word, or something that points to it.

Upper apps whose link is no foreign key (evidence that names a signal by kind and id) register a ``Keeper``.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import ForeignObjectRel

from metrics import states
from metrics.models import Signal

# Given ids of signals, the ids among them that are pointed at.
Keeper = Callable[[list[int]], set[int]]

_keepers: list[Keeper] = []
_series_keepers: list[Keeper] = []


def register(keeper: Keeper) -> Keeper:
    """Add a keeper; to be used where an app is loaded (as a decorator, too)."""
    if keeper not in _keepers:
        _keepers.append(keeper)
    return keeper


def register_series(keeper: Keeper) -> Keeper:
    """The same for series: a keeper of those that a link which is no foreign key names."""
    if keeper not in _series_keepers:
        _series_keepers.append(keeper)
    return keeper


def series_pointed_at(ids: list[int]) -> set[int]:
    """Which of these series a keeper names; foreign keys are for the asker to follow."""
    return {pk for keeper in _series_keepers for pk in keeper(ids)} if ids else set()


def pointed_at(ids: list[int]) -> set[int]:
    """Which of these signals must be kept: acknowledged ones, and those that a foreign key or a keeper names."""
    if not ids:
        return set()
    kept = set(Signal.objects.filter(pk__in=ids, state=states.ACKNOWLEDGED).values_list("pk", flat=True))
    # Hidden relations (related_name="+") are not among Django's related_objects.
    for relation in Signal._meta.get_fields(include_hidden=True):
        if isinstance(relation, ForeignObjectRel) and relation.related_model is not None:
            rows = relation.related_model._base_manager.filter(**{f"{relation.field.name}__in": ids})
            kept.update(rows.values_list(relation.field.attname, flat=True))
    for keeper in _keepers:
        kept |= keeper(ids)
    return kept

"""The filters of the signal board that people keep for themselves."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from metrics.models import SavedFilter
from teams import access, trail
from teams.models import Person
from teams.refusals import Refused

MOST = 20


def save(person: Person, name: str, query: str) -> SavedFilter:
    """Keep the query string of the board under a name; one of the same name is replaced.

    Raises Refused (``no_name``, ``too_many``).
    """
    access.require(person, "metrics.view")
    name = name.strip()[:60]
    if not name:
        raise Refused("no_name", _("Give the filter a name."), {"name": _("Give the filter a name.")})
    with transaction.atomic():
        mine = SavedFilter.objects.select_for_update().filter(person=person)
        known = mine.filter(name=name).first()
        if known is None and mine.count() >= MOST:
            raise Refused("too_many", _("You keep %(most)s filters already. Remove one first.") % {"most": MOST})
        before = trail.values(known, "name", "query") if known else {}
        made, _created = SavedFilter.objects.update_or_create(person=person, name=name, defaults={"query": query})
        trail.record(person, "save_filter", made, before, trail.values(made, "name", "query"))
    return made


def forget(person: Person, saved: SavedFilter) -> None:
    """Remove one of one's own."""
    access.require(person, "metrics.keep", saved)
    with transaction.atomic():
        trail.record(person, "forget_filter", saved, trail.values(saved, "name", "query"), {})
        saved.delete()

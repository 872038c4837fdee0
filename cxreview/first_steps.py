"""What a new workspace still lacks, for whoever can mend it. Empty once there are people, figures and a review."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from metrics.models import Series
from reviews.models import Review
from teams import access
from teams.models import Person, Unit

Words = str | Promise


@dataclass(frozen=True)
class Step:
    """One step: why, the words of its button, where it leads."""

    why: Words
    verb: Words
    url: str


def first_steps(person: Person) -> list[Step]:
    """The steps that are still to be taken and that this person may take, in order; a few quick questions."""
    found: list[Step] = []
    if access.may(person, "teams.administer"):
        if not access.visible_to(person, Unit).filter(parent__isnull=False).exists():
            why = _("Add your departments and teams: a role is held for a unit and reaches all units below it.")
            found.append(Step(why, _("Add units"), reverse("units")))
        if access.visible_to(person, Person).count() < 2:
            why = _("Invite the people who review, decide and answer, each with a role for a unit.")
            found.append(Step(why, _("Invite somebody"), reverse("invite")))
    if access.may(person, "metrics.import") and not access.visible_to(person, Series).exists():
        why = _("Import a file of figures. You see the plan first, and every import can be undone.")
        found.append(Step(why, _("Import a file"), reverse("new-import")))
    if access.may(person, "reviews.create") and not access.visible_to(person, Review).exists():
        why = _("Begin a review, from a signal on the board or from a question of your own.")
        found.append(Step(why, _("Begin a review"), reverse("new-review")))
    return found

"""Questions about jobs."""

from __future__ import annotations

from django.db.models import QuerySet

from jobs.models import Job
from teams import access
from teams.models import Person


def visible(person: Person) -> QuerySet[Job]:
    """Jobs of the person's units and those they asked for, newest first."""
    return access.visible_to(person, Job).select_related("person", "unit").order_by("-created_at")


def of_the_system(person: Person) -> list[Job]:
    """The last runs of what nobody asked for and belongs to no unit (schedules); empty for who steers no jobs."""
    if not access.may(person, "jobs.steer"):
        return []
    return list(Job.objects.filter(unit=None, person=None).order_by("-created_at")[:20])

"""Questions to what is offered; ``thread_of`` and ``search`` are what ``cxreview`` composes from every app."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import Count, Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from processes.models import Channel, Feature, Offered, Process, ProcessVersion, Product, Service, Step
from teams import access
from teams.links import DEPENDS, FROM, Hit, ThreadLink
from teams.models import Person

O = TypeVar("O", bound=Offered)  # noqa: E741
LIMIT = 20
NOUNS: dict[type[Model], Any] = {
    Service: _("service"),
    Product: _("product"),
    Channel: _("channel"),
    Process: _("process"),
    Feature: _("feature"),
    Step: _("step"),
}


def offered(person: Person, kind: type[O]) -> QuerySet[O]:
    """Services, products or channels that the person may see."""
    return access.visible_to(person, kind).select_related("unit")


def services(person: Person) -> QuerySet[Service]:
    """Services the person may see, with how many processes and features in use they have."""
    return offered(person, Service).annotate(
        process_count=Count("processes", filter=Q(processes__archived_at=None), distinct=True),
        feature_count=Count("features", filter=Q(features__archived_at=None), distinct=True),
    )


def processes_of(person: Person, service: Service) -> list[Process]:
    """The processes of a service, archived ones last."""
    rows = list(access.visible_to(person, Process).filter(service=service))
    return sorted(rows, key=lambda one: (one.archived_at is not None, one.name.casefold()))


def features_of(person: Person, service: Service) -> list[Feature]:
    """The features of a service, archived ones last."""
    rows = list(access.visible_to(person, Feature).filter(service=service))
    return sorted(rows, key=lambda one: (one.archived_at is not None, one.name.casefold()))


def version_of(process: Process) -> ProcessVersion | None:
    """The newest version of a process as it is."""
    rows = ProcessVersion.objects.filter(process=process, kind=ProcessVersion.Kind.AS_IS)
    return rows.order_by("-number").first()


def steps_of(version: ProcessVersion | None) -> tuple[list[Step], list[Step]]:
    """The steps in use, in order, and those put away."""
    rows = list(Step.objects.filter(process_version=version).order_by("position", "pk")) if version else []
    return [one for one in rows if one.archived_at is None], [one for one in rows if one.archived_at is not None]


def thread_of(person: Person, thing: object) -> list[ThreadLink]:
    """What a process, a step or a feature belongs to, and what a service consists of."""
    if isinstance(thing, Service):
        processes = access.visible_to(person, Process).filter(service=thing)[:LIMIT]
        features = access.visible_to(person, Feature).filter(service=thing)[:LIMIT]
        return [*(_link(DEPENDS, one) for one in processes), *(_link(DEPENDS, one) for one in features)]
    if isinstance(thing, Process):
        return [_link(FROM, one) for one in access.visible_to(person, Service).filter(pk=thing.service_id)]
    if isinstance(thing, Feature):
        return [_link(FROM, one) for one in access.visible_to(person, Service).filter(pk=thing.service_id)]
    if isinstance(thing, Step):
        return [
            _link(FROM, one) for one in access.visible_to(person, Process).filter(versions=thing.process_version_id)
        ]
    return []


def search(person: Person, words: str) -> list[Hit]:
    """Services and processes whose name holds every word."""
    services = access.visible_to(person, Service).select_related("unit")
    processes = access.visible_to(person, Process).select_related("service")
    for word in words.split():
        services = services.filter(name__icontains=word)
        processes = processes.filter(name__icontains=word)
    hits = [Hit(NOUNS[Service], one.name, one.get_absolute_url(), one.unit.name) for one in services[:LIMIT]]
    left = LIMIT - len(hits)
    return hits + [Hit(NOUNS[Process], one.name, one.get_absolute_url(), one.service.name) for one in processes[:left]]


def _link(relation: str, thing: Any) -> ThreadLink:
    return ThreadLink(relation, NOUNS[type(thing)], str(thing), thing.get_absolute_url())

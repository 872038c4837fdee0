"""Questions about notices: what waits for somebody, what they have not seen, who has read a briefing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.apps import apps
from django.db.models import Model, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from notices import kinds
from notices.models import Briefing, Notice, Outbox, Receipt
from teams import access, clock
from teams.links import DEPENDS, ThreadLink
from teams.models import Person


@dataclass(frozen=True)
class Line:
    """One notice in words. ``instead_of`` names the person away for whom the reader stands in, else ""."""

    pk: int
    kind: str
    sentence: str
    button: str
    url: str
    at: dt.datetime
    due_on: dt.date | None
    overdue: bool
    instead_of: str


def waiting_for(person: Person) -> list[Line]:
    """What the person, or somebody they stand in for, has to do: earliest due day first, then the newest.

    What is personal to somebody away (their answer, their reading) is not the stand-in's to do, so it is left out.
    """
    rows = Notice.objects.filter(person__in=access.grants(person).acts_for, waits=True, settled_at=None)
    rows = rows.filter(Q(person=person) | ~Q(kind__in=kinds.personal()))
    lines = [_line(notice, person) for notice in rows.select_related("person")]
    far = dt.date.max
    return sorted(lines, key=lambda line: (line.due_on or far, -line.at.timestamp()))


def news_for(person: Person, limit: int = 20) -> list[Line]:
    """What happened that concerns the person and asks for nothing, newest first."""
    rows = Notice.objects.filter(person=person, waits=False).order_by("-at", "-pk")
    return [_line(notice, person) for notice in rows.select_related("person")[:limit]]


def _line(notice: Notice, reader: Person) -> Line:
    kind = kinds.of(notice.kind)
    return Line(
        notice.pk,
        notice.kind,
        kind.words(notice.facts),
        str(kind.button),
        notice.url,
        notice.at,
        notice.due_on,
        notice.due_on is not None and notice.due_on < clock.today(),
        "" if notice.person_id == reader.pk else notice.person.name,
    )


def briefings_about(person: Person, thing: Model) -> QuerySet[Briefing]:
    """Briefings about an object that the person may see, newest first."""
    return access.visible_to(person, Briefing).filter(thing_kind=thing._meta.label_lower, thing_id=str(thing.pk))


@dataclass(frozen=True)
class Readers:
    """Receipts of one briefing, by name; ``read`` and ``told`` count them."""

    receipts: list[Receipt]
    read: int
    told: int


def readers_of(briefing: Briefing) -> Readers:
    """Who was told and who has said that they have read it."""
    receipts = list(Receipt.objects.filter(briefing=briefing).select_related("person").order_by("person__name"))
    return Readers(receipts, sum(receipt.read_at is not None for receipt in receipts), len(receipts))


def readers_of_each(briefings: Iterable[Briefing]) -> list[tuple[Briefing, Readers]]:
    """Each briefing with its readers; one query, however many."""
    shown = list(briefings)
    receipts: dict[int, list[Receipt]] = {}
    for receipt in Receipt.objects.filter(briefing__in=shown).select_related("person").order_by("person__name"):
        receipts.setdefault(receipt.briefing_id, []).append(receipt)
    found = [(one, receipts.get(one.pk, [])) for one in shown]
    return [
        (one, Readers(all_of, sum(row.read_at is not None for row in all_of), len(all_of))) for one, all_of in found
    ]


def receipt_of(person: Person, briefing: Briefing) -> Receipt | None:
    """The person's own receipt, None if they were not told."""
    return Receipt.objects.filter(briefing=briefing, person=person).first()


def may_see_readers(person: Person, briefing: Briefing) -> bool:
    """Who has read it concerns its author and whoever leads reviews in the unit."""
    return person.pk == briefing.author_id or access.may(person, "reviews.edit", briefing.unit)


def about(person: Person, briefing: Briefing) -> Model | None:
    """The object that the briefing tells about, if the person may see it."""
    model = apps.get_model(briefing.thing_kind)
    return access.visible_to(person, model).filter(pk=briefing.thing_id).first()


def mails_to_mend(person: Person) -> list[Outbox]:
    """Mails that failed or are not known to have left, to people whom the person administers."""
    rows = access.visible_to(person, Outbox, "notices.mend")
    return list(rows.filter(sent_at=None).exclude(error="").select_related("notice__person")[:200])


def thread_of(person: Person, thing: Model) -> list[ThreadLink]:
    """Briefings that tell about the object."""
    return [
        ThreadLink(DEPENDS, _("briefing"), each.title, reverse("briefing", args=[each.pk]), at=each.at)
        for each in briefings_about(person, thing)
    ]

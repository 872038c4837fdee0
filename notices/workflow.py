"""Verbs of notices: tell, settle, brief, read, send, send again.

``tell`` writes lines on people's home pages and, where mail is on, a row of the outbox, in the transaction of the
verb that tells. Mails leave after the commit, at most once per event and person.
"""

from __future__ import annotations

import smtplib
import uuid
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Model
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

import jobs.workflow
from jobs.models import Job
from notices import kinds, mails
from notices.models import Briefing, Notice, Outbox, Receipt
from notices.wording import BRIEFING
from teams import access, clock, trail
from teams.models import Person, Unit
from teams.refusals import Refused


def tell(
    people: Iterable[Person],
    kind: str,
    thing: Model,
    url: str,
    facts: dict[str, Any],
    *,
    waits: bool = False,
    due_on: date | None = None,
    event: str = "",
) -> list[Notice]:
    """Tell people once; inside the caller's transaction. Returns the notices that are new.

    The same ``event`` told twice changes nothing. Without one, each call is an event of its own, except that nobody
    gets a second line for what already waits for them. ``waits``: they have to act, until ``settle``.
    """
    kinds.of(kind)
    told = {person.pk: person for person in people if person.is_active}
    if not event:
        if waits:
            open_already = about(thing).filter(kind=kind, waits=True, settled_at=None, person__in=told)
            for pk in open_already.values_list("person_id", flat=True):
                told.pop(pk)
        event = f"{kind}:{thing.pk}:{uuid.uuid4()}"
    known = set(Notice.objects.filter(event=event, person__in=told).values_list("person_id", flat=True))
    new = [
        Notice(
            person=person,
            kind=kind,
            facts=trail.plain(facts),
            thing_kind=thing._meta.label_lower,
            thing_id=str(thing.pk),
            url=url,
            waits=waits,
            due_on=due_on,
            event=event,
            at=clock.now(),
        )
        for person in told.values()
        if person.pk not in known
    ]
    Notice.objects.bulk_create(new, ignore_conflicts=True)
    rows = list(Notice.objects.filter(event=event, person__in=[notice.person_id for notice in new]))
    _queue_mails([notice for notice in rows if told[notice.person_id].wants_mail])
    return rows


def about(thing: Model) -> Any:
    """The notices about one object, as a queryset."""
    return Notice.objects.filter(thing_kind=thing._meta.label_lower, thing_id=str(thing.pk))


def _queue_mails(notices: list[Notice]) -> None:
    if not notices or not settings.MAIL:
        return
    rows = []
    for notice in Notice.objects.filter(pk__in=[row.pk for row in notices], mail=None).select_related("person"):
        mail = mails.compose(notice)
        rows.append(
            Outbox(
                notice=notice, to=notice.person.email, subject=mail.subject, body=mail.body, queued_at=timezone.now()
            )
        )
    Outbox.objects.bulk_create(rows, ignore_conflicts=True)
    if rows:
        enqueue_sending()


def settle(thing: Model, kind: str = "", person: Person | None = None) -> int:
    """What waited about ``thing`` (of one kind, for one person) waits no longer. Returns how many lines ended."""
    open_now = about(thing).filter(settled_at=None)
    if kind:
        open_now = open_now.filter(kind=kind)
    if person is not None:
        open_now = open_now.filter(person=person)
    return open_now.update(settled_at=clock.now())


def brief(author: Person, unit: Unit, people: Iterable[Person], title: str, text: str, thing: Model) -> Briefing:
    """Tell named people something about ``thing`` and keep who has read it; its author knows it already.

    Writes the trail entry itself (verb "brief"); the calling verb asks the doors of ``thing`` first.
    """
    others = {person.pk: person for person in people if person.is_active and person.pk != author.pk}
    told = sorted(others.values(), key=lambda each: each.pk)
    if not told:
        raise Refused(
            "nobody_told", _("Nobody would be told. Choose at least one person besides yourself who can sign in.")
        )
    with transaction.atomic():
        briefing = Briefing.objects.create(
            title=title,
            text=text,
            unit=unit,
            author=author,
            thing_kind=thing._meta.label_lower,
            thing_id=str(thing.pk),
            at=clock.now(),
        )
        Receipt.objects.bulk_create([Receipt(briefing=briefing, person=person) for person in told])
        after = {"title": title, "thing": f"{briefing.thing_kind} {briefing.thing_id}", "told": [p.pk for p in told]}
        trail.record(author, "brief", briefing, {}, after)
        facts = {"author": author.name, "title": title}
        url = reverse("briefing", args=[briefing.pk])
        tell(told, BRIEFING, briefing, url, facts, waits=True, event=f"{BRIEFING}:{briefing.pk}")
    return briefing


def read(person: Person, briefing: Briefing) -> Receipt:
    """The person says that they have read it; said twice it stays as it was."""
    access.require(person, "briefings.read", briefing)
    with transaction.atomic():
        receipt = Receipt.objects.select_for_update().filter(briefing=briefing, person=person).first()
        if receipt is None:
            raise Refused("not_told", _("Only those who were told can say that they have read it."))
        if receipt.read_at is None:
            receipt.read_at = clock.now()
            receipt.save(update_fields=["read_at"])
            settle(briefing, BRIEFING, person)
            trail.record(person, "read", briefing, {}, {"read_at": receipt.read_at})
    return receipt


def enqueue_sending() -> Job:
    """Ask for the outbox to be emptied; one sending at a time."""
    return jobs.workflow.enqueue("notices.send", {}, key="notices.send")


def waiting_mails() -> Any:
    """Mails that nobody has taken yet, as a queryset."""
    return Outbox.objects.filter(claimed_at=None)


def send_next() -> bool:
    """Claim one mail, send it, mark it. False when nothing waits.

    Claimed first, in a transaction of its own: killed in between, a mail is listed as not known to have been
    sent, and never sent twice by itself.
    """
    pk = waiting_mails().order_by("queued_at", "pk").values_list("pk", flat=True).first()
    if pk is None:
        return False
    if not Outbox.objects.filter(pk=pk, claimed_at=None).update(claimed_at=timezone.now(), error="interrupted"):
        return True
    mail = Outbox.objects.get(pk=pk)
    try:
        EmailMessage(mail.subject, mail.body, settings.DEFAULT_FROM_EMAIL, [mail.to]).send()
    except (OSError, smtplib.SMTPException, ValueError) as problem:
        Outbox.objects.filter(pk=pk).update(error=f"{type(problem).__name__}: {problem}"[:1000])
    else:
        Outbox.objects.filter(pk=pk).update(sent_at=timezone.now(), error="")
    return True


def send_again(person: Person, mail: Outbox) -> Outbox:
    """The administrator has a mail sent that failed, or that nobody knows to have left."""
    access.require(person, "notices.mend", mail)
    with transaction.atomic():
        current = Outbox.objects.select_for_update().get(pk=mail.pk)
        if current.sent_at is not None or not current.error:
            raise Refused("not_failed", _("This mail is not waiting to be mended: it has been sent, or will be."))
        before = trail.values(current, "error", "claimed_at")
        current.claimed_at, current.error = None, ""
        current.save(update_fields=["claimed_at", "error"])
        trail.record(person, "send_again", current, before, trail.values(current, "error", "claimed_at"))
        enqueue_sending()
    return current

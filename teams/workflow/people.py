"""People and their roles: invite, name, move, disable; one's own profile."""

from __future__ import annotations

from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from teams import access, mails, roles, tokens, trail
from teams.models import Person, Role, Unit
from teams.refusals import Refused


def invite(person: Person, email: str, name: str, unit: Unit, role: str, limit: Decimal | None = None) -> Person:
    """Make an account with one role and mail its owner a link to choose a password."""
    access.require(person, "teams.administer", unit)
    _in_use(unit)
    words = _("This address cannot be invited: an account with it exists already.")
    try:
        with transaction.atomic():
            invited = Person.objects.create_user(email, name)
            row = Role.objects.create(person=invited, unit=unit, name=role, limit=limit)
            after = trail.values(invited, "name", "email") | _role(row)
            trail.record(person, "invite", invited, {}, after, unit)
            mails.send_link(invited, tokens.INVITATION, person)
    except IntegrityError:
        raise Refused("email", words, {"email": words}) from None
    return invited


def invite_again(person: Person, whom: Person) -> Person:
    """Mail a new link; links mailed before no longer work. For people who never chose a password."""
    access.require_administered(person, whom)
    if whom.has_usable_password():
        raise Refused("has_password", _("%(name)s has a password already.") % {"name": whom.name})
    with transaction.atomic():
        whom = _changed(whom)
        trail.record(person, "invite_again", whom)
        mails.send_link(whom, tokens.INVITATION, person)
    return whom


def edit_person(person: Person, whom: Person, name: str, email: str) -> Person:
    """Correct somebody's name or address; a new address ends their sessions."""
    access.require_administered(person, whom)
    words = _("This address cannot be used: an account with it exists already.")
    try:
        with transaction.atomic():
            whom = Person.objects.select_for_update().get(pk=whom.pk)
            before = trail.values(whom, "name", "email")
            whom.name, address = name, email.strip().lower()
            if address != whom.email:
                whom.email, whom.session_key_version = address, whom.session_key_version + 1
            whom.save(update_fields=["name", "email", "session_key_version"])
            trail.record(person, "edit_person", whom, before, trail.values(whom, "name", "email"))
    except IntegrityError:
        raise Refused("email", words, {"email": words}) from None
    return whom


def give_role(person: Person, whom: Person, unit: Unit, role: str, limit: Decimal | None = None) -> Role:
    """Give one more role; the sessions of the person end, so that it holds from the next sign-in on."""
    access.require_administered(person, whom)
    access.require(person, "teams.administer", unit)
    _in_use(unit)
    words = _("%(name)s holds this role there already.") % {"name": whom.name}
    try:
        with transaction.atomic():
            whom = _changed(whom)
            row = Role.objects.create(person=whom, unit=unit, name=role, limit=limit)
            trail.record(person, "give_role", whom, {}, _role(row), unit)
    except IntegrityError:
        raise Refused("role", words, {"name": words}) from None
    access.forget(person)
    return row


def take_role(person: Person, row: Role) -> None:
    """Take a role away; not somebody's last one (disable the account instead), nor the last administrator's."""
    access.require_administered(person, row.person)
    with transaction.atomic():
        whom = _changed(row.person)
        if not Role.objects.filter(person=whom).exclude(pk=row.pk).exists():
            raise Refused(
                "last_role",
                _("This is the last role of %(name)s. Disable the account instead, or give another role first.")
                % {"name": whom.name},
            )
        before, unit = _role(row), row.unit
        row.delete()
        _somebody_administers(unit)
        trail.record(person, "take_role", whom, before, {}, unit)
    access.forget(person)


def move(person: Person, row: Role, unit: Unit) -> Role:
    """Move somebody with this role to another unit."""
    access.require_administered(person, row.person)
    access.require(person, "teams.administer", unit)
    _in_use(unit)
    words = _("%(name)s holds this role there already.") % {"name": row.person.name}
    try:
        with transaction.atomic():
            whom = _changed(row.person)
            before, left = _role(row), row.unit
            row.unit = unit
            row.save(update_fields=["unit"])
            _somebody_administers(left)
            trail.record(person, "move", whom, before, _role(row), unit)
    except IntegrityError:
        raise Refused("role", words, {"unit": words}) from None
    access.forget(person)
    return row


def disable(person: Person, whom: Person) -> Person:
    """Shut an account; its sessions end at once. What the person did stays under their name."""
    access.require_administered(person, whom)
    if whom.pk == person.pk:
        raise Refused("oneself", _("You cannot disable your own account."))
    with transaction.atomic():
        whom = _changed(whom, is_active=False)
        for row in Role.objects.filter(person=whom, name=roles.ADMINISTRATOR).select_related("unit"):
            _somebody_administers(row.unit)
        trail.record(person, "disable", whom, {"is_active": True}, {"is_active": False})
    return whom


def enable(person: Person, whom: Person) -> Person:
    """Open a disabled account again."""
    access.require_administered(person, whom)
    with transaction.atomic():
        whom = _changed(whom, is_active=True)
        trail.record(person, "enable", whom, {"is_active": False}, {"is_active": True})
    return whom


def edit_me(person: Person, name: str, wants_mail: bool) -> Person:
    """One's own name, and whether mails are wanted."""
    with transaction.atomic():
        me = Person.objects.select_for_update().get(pk=person.pk)
        before = trail.values(me, "name", "wants_mail")
        me.name, me.wants_mail = name, wants_mail
        me.save(update_fields=["name", "wants_mail"])
        trail.record(me, "edit_me", me, before, trail.values(me, "name", "wants_mail"))
    return me


def fold_guide(person: Person, code: str) -> Person:
    """Show this guidance folded from now on."""
    return _fold(person, "fold_guide", code, folded=True)


def unfold_guide(person: Person, code: str) -> Person:
    """Show this guidance open again."""
    return _fold(person, "unfold_guide", code, folded=False)


def _fold(person: Person, verb: str, code: str, folded: bool) -> Person:
    with transaction.atomic():
        me = Person.objects.select_for_update().get(pk=person.pk)
        before = trail.values(me, "folded_guides")
        me.folded_guides = sorted({*me.folded_guides, code} if folded else {*me.folded_guides} - {code})
        me.save(update_fields=["folded_guides"])
        trail.record(me, verb, me, before, trail.values(me, "folded_guides"))
    return me


def _changed(whom: Person, **fields: bool) -> Person:
    """Lock the account, write ``fields`` and end its sessions."""
    locked = Person.objects.select_for_update().get(pk=whom.pk)
    if fields and all(getattr(locked, field) == value for field, value in fields.items()):
        raise Refused("as_it_is", _("The account of %(name)s is like that already.") % {"name": locked.name})
    Person.objects.filter(pk=whom.pk).update(session_key_version=F("session_key_version") + 1, **fields)
    locked.refresh_from_db()
    return locked


def _in_use(unit: Unit) -> None:
    if unit.archived_at:
        words = _("“%(unit)s” is archived.") % {"unit": unit.name}
        raise Refused("archived", words, {"unit": words})


def _somebody_administers(unit: Unit) -> None:
    """An organisation that nobody can administer could never be mended through the product."""
    top = Unit.objects.select_for_update().get(pk=unit.line_ids[0])
    if not Role.objects.filter(unit=top, name=roles.ADMINISTRATOR, person__is_active=True).exists():
        raise Refused(
            "last_administrator", _("“%(unit)s” needs an administrator who may sign in.") % {"unit": top.name}
        )


def _role(row: Role) -> dict[str, object]:
    return {"role": row.name, "unit": row.unit_id, "limit": None if row.limit is None else str(row.limit)}

"""A proposed change point is dismissed with a word; to take it up is a rebase, by a person and with a reason."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from metrics.models import Dismissal, Series
from metrics.queries import breaks as questions
from teams import access, clock, trail
from teams.models import Person
from teams.refusals import Refused


def dismiss(person: Person, series: Series, day: int, word: str) -> Dismissal:
    """Say that a proposed step (its day as an ordinal) is none. It does not come back while the values stay the same.

    Raises Refused (``no_word``, ``not_proposed``)."""
    access.require(person, "metrics.rebase", series)
    if not word.strip():
        words = _("Say why the limits should run on.")
        raise Refused("no_word", words, {"word": words})
    with transaction.atomic():
        found = questions.proposal_on(series, day)
        if found is None or found[0].dismissed is not None:
            raise Refused("not_proposed", _("This change point is not proposed any more."))
        facts, points = found[0].facts, found[1]
        since, until = int(points.days[points.phase_starts[-2]]), int(points.days[-1])
        made = Dismissal.objects.create(
            series=series,
            first_day=facts["first_day"],
            last_day=facts["last_day"],
            since=since,
            until=until,
            values_hash=questions.values_hash(points, since, until),
            word=word.strip(),
            person=person,
            at=clock.now(),
        )
        trail.record(person, "dismiss", made, {}, trail.values(made, "series", "first_day", "last_day", "word"))
    return made

"""Questions about reviews as a whole: lists, home, who may be named, search."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from reviews import states
from reviews.models import Finding, Review
from teams import access, roles
from teams.links import Hit
from teams.models import Person, Role, Unit

ENDED = (states.CLOSED, states.CANCELLED)
FOUND = 20
LEADS = (roles.TEAM_LEAD, roles.SUPERVISOR)


def decision_makers(unit: Unit, besides: Person | None = None) -> QuerySet[Person]:
    """People who may be named as decision-maker of a review of this unit; never ``besides``, its supervisor."""
    people = access.holders("reviews.back", unit)
    return people.exclude(pk=besides.pk) if besides else people


def possible_decision_makers(person: Person) -> QuerySet[Person]:
    """People who may decide on a review of some unit for which ``person`` may begin one; never the person."""
    reached = Q(pk__in=[])
    for path in access.grants(person).paths("reviews.create"):
        above = [int(part) for part in path.strip("/").split("/")]
        reached |= Q(unit__in=above) | Q(unit__path__startswith=path)
    roles_held = Role.objects.filter(reached, name__in=roles.PERMISSIONS["reviews.back"])
    return Person.objects.filter(is_active=True, pk__in=roles_held.values("person")).exclude(pk=person.pk)


def affected(person: Person, unit: Unit) -> QuerySet[Person]:
    """People who work in the unit or below, and those who lead it from above, as far as ``person`` may see them."""
    leads = Q(roles__unit__in=unit.line_ids, roles__name__in=LEADS)
    people = access.visible_to(person, Person).filter(Q(roles__unit__path__startswith=unit.path) | leads)
    return people.filter(is_active=True).distinct().order_by("name")


def listed(person: Person) -> QuerySet[Review]:
    """Reviews that the person may see, with what a list shows of them."""
    rows = access.visible_to(person, Review).select_related("unit", "service", "supervisor", "decision_maker")
    return rows.annotate(findings_found=Count("findings", filter=~Q(findings__state=states.MERGED), distinct=True))


@dataclass(frozen=True)
class Strip:
    """One of my reviews on home: where it stands and what comes next."""

    title: str
    url: str
    state: str
    code: str
    sentence: str
    next_url: str
    next_words: str


NEXT: dict[str, tuple[str, str | Promise]] = {
    states.PLANNED: ("review", _("Go on planning")),
    states.AGREED: ("review", _("Freeze the plan")),
    states.FROZEN: ("review", _("Start the review")),
    states.UNDER_WAY: ("review-process", _("Go on judging")),
    states.CONCLUDED: ("review-decide", _("Recommend")),
    states.DECIDED: ("review-act", _("Watch the actions")),
}


def mine(person: Person, limit: int = 10) -> list[Strip]:
    """Open reviews that the person supervises or decides on, the newest first. Four queries."""
    rows = (
        access.visible_to(person, Review)
        .filter(Q(supervisor=person) | Q(decision_maker=person), archived_at=None)
        .exclude(state__in=ENDED)
        .select_related("unit")
        .annotate(
            judged=Count("subjects__judgements", distinct=True),
            to_judge=Count("subjects", distinct=True),
            concluded=Count("criteria__conclusion", distinct=True),
            to_conclude=Count("criteria", distinct=True),
        )
    )
    return [_strip(person, review) for review in rows[:limit]]


def _strip(person: Person, review: Review) -> Strip:
    place, words = NEXT[review.state]
    own = person.pk == review.supervisor_id
    return Strip(
        title=review.title,
        url=review.get_absolute_url(),
        state=review.get_state_display(),
        code=review.state,
        sentence=_progress(review),
        next_url=reverse(place, args=[review.pk]) if own else "",
        next_words=str(words) if own else "",
    )


def _progress(review: Review) -> str:
    unit = review.unit.name
    if review.agreement_is_asked:
        return _now("%(unit)s · waits for the decision-maker's agreement") % {"unit": unit}
    if review.sent_back and review.state == states.PLANNED:
        return _now("%(unit)s · the plan was sent back") % {"unit": unit}
    if review.state != states.UNDER_WAY:
        return unit
    return _now("%(unit)s · %(judged)s of %(judgements)s judgements, %(concluded)s of %(criteria)s conclusions") % {
        "unit": unit,
        "judged": getattr(review, "judged", 0),
        "judgements": getattr(review, "to_judge", 0) * len(states.DIMENSIONS),
        "concluded": getattr(review, "concluded", 0),
        "criteria": getattr(review, "to_conclude", 0),
    }


def open_reviews(person: Person, permission: str) -> list[Review]:
    """Reviews under way in which the person may do ``permission``, for a finding raised from elsewhere."""
    rows = access.visible_to(person, Review, permission).filter(state=states.UNDER_WAY, archived_at=None)
    return list(rows.select_related("unit").order_by("title"))


def search(person: Person, words: str) -> list[Hit]:
    """Reviews and findings whose words contain all of ``words``; answers are never searched."""
    reviews, findings = Q(), Q()
    for word in words.split():
        reviews &= Q(title__icontains=word) | Q(question__icontains=word) | Q(overall__icontains=word)
        findings &= Q(title__icontains=word) | Q(condition__icontains=word) | Q(cause__icontains=word)
    hits = [
        Hit(_("review"), row.title, row.get_absolute_url(), row.question, row.get_state_display())
        for row in access.visible_to(person, Review).filter(reviews)[:FOUND]
    ]
    hits += [
        Hit(_("finding"), row.title, row.get_absolute_url(), row.condition, row.get_state_display())
        for row in access.visible_to(person, Finding).filter(findings)[:FOUND]
    ]
    return hits[:FOUND]

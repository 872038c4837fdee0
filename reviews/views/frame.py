"""What every page of a review has: its stages, what may be done now, and the way from a refusal back to the form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.forms import BaseForm
from django.http import Http404, HttpRequest, QueryDict

from reviews import states
from reviews.models import Amendment, Review
from reviews.queries.stages import stages
from teams import access
from teams.access import person_of
from teams.answers import refuse
from teams.models import Person
from teams.refusals import Conflict, Refused

T = TypeVar("T")

EDIT, JUDGE, FIND, AGREE = "reviews.edit", "reviews.judge", "reviews.find", "reviews.agree"
# What a button does: (move of the table, permission its door asks for).
DOORS: dict[str, tuple[str, str]] = {
    "edit_plan": ("edit_plan", EDIT),
    "amend": ("amend", EDIT),
    "brief": ("brief", EDIT),
    "ask_agreement": ("ask_agreement", EDIT),
    "withdraw_request": ("withdraw_request", EDIT),
    "agree": ("agree", AGREE),
    "send_back": ("send_back", AGREE),
    "freeze": ("freeze", EDIT),
    "start": ("start", EDIT),
    "cancel": ("cancel", EDIT),
    "close": ("close", EDIT),
    "archive": ("archive", EDIT),
    "work": ("work", EDIT),
    "judge": ("work", JUDGE),
    "find": ("work", FIND),
    "conclude": ("conclude", JUDGE),
    "reopen": ("reopen", JUDGE),
}


class Can:
    """``can.freeze`` in a template: whether the move is possible now and the person may make it."""

    def __init__(self, person: Person, review: Review) -> None:
        self.person, self.review = person, review
        self._held: dict[str, bool] = {}

    def __getitem__(self, name: str) -> bool:
        review = self.review
        if name == "fix":
            return self.holds(EDIT)
        if name == "change_plan":
            return self["amend" if review.is_frozen else "edit_plan"] and not review.agreement_is_asked
        move, permission = DOORS[name]
        if not states.REVIEW.allows(review.state, move):
            return False
        if name == "ask_agreement" and review.agreement_is_asked:
            return False
        if name in ("withdraw_request", "agree", "send_back") and not review.agreement_is_asked:
            return False
        if permission == AGREE and self.person.pk == review.supervisor_id:
            return False
        return self.holds(permission)

    def holds(self, permission: str) -> bool:
        """Whether the person holds the permission over the review; asked once."""
        if permission not in self._held:
            # Held through a role, it is held for the unit of the review; to agree is for the one who is named.
            where = self.review if permission == AGREE else self.review.unit
            self._held[permission] = access.may(self.person, permission, where)
        return self._held[permission]


def frame(request: HttpRequest, review: Review, here: str, **more: Any) -> dict[str, Any]:
    """The context of a page inside a review; ``here`` is the code of its stage."""
    person = person_of(request)
    return {
        "review": review,
        "stages": stages(person, review, here),
        "can": Can(person, review),
        "amended": getattr(review, "amended", 0) if review.is_frozen else 0,
        **more,
    }


def get_review(request: HttpRequest, pk: int, permission: str = "") -> Review:
    """The review through its door, with the people and the unit that its pages show."""
    person = person_of(request)
    related = ("unit", "service", "supervisor", "decision_maker", "agreed_by", "process_version__process", "signal")
    amendments = Amendment.objects.filter(review=OuterRef("pk")).order_by().values("review").annotate(n=Count("pk"))
    rows = access.visible_to(person, Review).annotate(amended=Coalesce(Subquery(amendments.values("n")), 0))
    review = rows.select_related(*related).filter(pk=pk).first()
    if review is None:
        raise Http404
    if permission:
        access.require(person, permission, review)
    return review


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent, however little; None where the page is only asked for."""
    return request.POST if request.method == "POST" else None


def attempt(form: BaseForm, verb: Callable[[], T]) -> T | None:
    """Call the verb; what it refuses becomes an error of the form (None), a conflict goes on to its own page."""
    try:
        return verb()
    except Conflict:
        raise
    except Refused as refused:
        refuse(form, refused)
        return None

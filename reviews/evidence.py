"""Kinds of evidence: each freezes the facts of one thing when it is linked, and puts them into words later.

Registered here, so that scorecards and feedback can join later. ``thing_id`` is the text that names the thing:
"12:736695" for the point of series 12 on that ordinal day, an id for the others, empty for a note.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from metrics import pointers
from metrics import wording as words
from metrics.models import Analysis, Series, Signal
from metrics.queries import analyses
from metrics.queries.signals import WITH_SERIES
from reviews import wording
from reviews.models import Answer, Evidence, Invitation, Judgement, Review, Subject
from teams import access
from teams.models import Person
from teams.numbers import whole
from teams.refusals import Refused

Facts = dict[str, Any]
POINT, SIGNAL, JUDGEMENT, ANSWER, NOTE = "point", "signal", "judgement", "answer", "note"


@dataclass(frozen=True)
class Kind:
    """``collect`` (person, review, thing id) freezes facts through the doors, or raises Http404 or Refused.

    ``words`` makes a sentence of the facts, ``title`` a finding's first title, ``url`` leads to the thing.
    """

    code: str
    name: str | Promise
    collect: Callable[[Person, Review | None, str], Facts]
    title: Callable[[Facts], str]
    words: Callable[[Facts], str]
    url: Callable[[Facts], str]


KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    """Make a kind of evidence known."""
    KINDS[kind.code] = kind
    return kind


def of(code: str) -> Kind:
    """The kind, or Http404: it comes from an address or a form."""
    try:
        return KINDS[code]
    except KeyError:
        raise Http404 from None


@dataclass(frozen=True)
class Line:
    """One piece of evidence in words."""

    pk: int
    kind: str
    name: str | Promise
    words: str
    note: str
    url: str


def line(evidence: Evidence) -> Line:
    """The evidence as a page shows it; a kind no longer registered is shown by its code."""
    kind = KINDS.get(evidence.kind)
    if kind is None:
        return Line(evidence.pk, evidence.kind, evidence.kind, "", evidence.note, "")
    return Line(evidence.pk, kind.code, kind.name, kind.words(evidence.facts), evidence.note, kind.url(evidence.facts))


# A point of a chart


def _point(person: Person, review: Review | None, thing_id: str) -> Facts:
    series_id, _colon, day = thing_id.partition(":")
    if whole(day) is None:
        raise Http404
    series = access.fetch(person, Series, series_id)
    analysis = analyses.analysis_of(series)
    points = analyses.points_of(analysis) if analysis else None
    places = [place for place, found in enumerate(points.days) if int(found) == int(day)] if points is not None else []
    if analysis is None or points is None or not places:
        raise Http404
    place = places[0]
    return {
        **_series_facts(series, analysis),
        "day": int(day),
        "value": _number(points.values[place]),
        "mean": _number(points.mean[place]),
        "lower": _number(points.lpl[place]),
        "upper": _number(points.upl[place]),
        "rules": int(points.rules[place]),
        "type": int(points.point_type[place]),
    }


def _series_facts(series: Series, analysis: Analysis | None) -> Facts:
    return {
        "series": series.pk,
        "metric": series.metric.name,
        "place": str(series.place),
        **wording.metric_facts(series.metric, analysis.amr if analysis else None),
        "analysis": analysis.inputs_hash if analysis else "",
    }


def _number(value: Any) -> float | None:
    return None if value != value else float(value)


def _of_what(facts: Facts) -> str:
    return _now("%(metric)s, %(place)s") % facts


def _point_words(facts: Facts) -> str:
    told = {key: wording.amount(facts, facts.get(key)) for key in ("value", "mean", "lower", "upper")}
    told |= {"what": _of_what(facts), "day": wording.day(facts, facts["day"])}
    if facts["lower"] is None:
        return _now("%(what)s, %(day)s: %(value)s.") % told
    sentence = _now("%(what)s, %(day)s: %(value)s, with a mean of %(mean)s and limits from %(lower)s to %(upper)s")
    rules = words.rule_words(facts["rules"])
    return f"{sentence % told} ({rules})." if rules else f"{sentence % told}."


def _point_title(facts: Facts) -> str:
    return _now("%(what)s: %(value)s, %(day)s") % {
        "what": _of_what(facts),
        "value": wording.amount(facts, facts.get("value")),
        "day": wording.day(facts, facts["day"]),
    }


def _series_url(facts: Facts) -> str:
    return reverse("series", args=[facts["series"]])


# A signal


def _signal(person: Person, review: Review | None, thing_id: str) -> Facts:
    """The sentence is kept as it was said, in the words and the language of that day."""
    signal = access.fetch(person, Signal, thing_id, related=WITH_SERIES)
    analysis = analyses.analysis_of(signal.series_id)
    return {
        **_series_facts(signal.series, analysis),
        "signal": signal.pk,
        "rule": signal.rule,
        "direction": signal.direction,
        "type": signal.point_type,
        "first_day": signal.first_day,
        "last_day": signal.last_day,
        "points": signal.points,
        "facts": signal.facts,
        "sentence": words.narrate(signal).fact,
    }


def _signal_title(facts: Facts) -> str:
    return _now("%(what)s: %(rule)s since %(first)s") % {
        "what": _of_what(facts),
        "rule": dict(Signal.Rule.choices).get(facts["rule"], facts["rule"]),
        "first": wording.day(facts, facts["first_day"]),
    }


@pointers.register
def _signals_kept(ids: list[int]) -> set[int]:
    """Signals that evidence points to, so that a new analysis keeps them."""
    rows = Evidence.objects.filter(kind=SIGNAL, thing_id__in=[str(pk) for pk in ids])
    return {int(thing_id) for thing_id in rows.values_list("thing_id", flat=True)}


@pointers.register_series
def _series_kept(ids: list[int]) -> set[int]:
    """Series of whose points evidence speaks, so that an undo leaves their unit where it is."""
    rows = Evidence.objects.filter(kind=POINT).values_list("thing_id", flat=True).distinct()
    return {pk for thing_id in rows if (pk := whole(thing_id.split(":")[0])) is not None} & set(ids)


# A judgement


def _judgement(person: Person, review: Review | None, thing_id: str) -> Facts:
    judgement = access.fetch(person, Judgement, thing_id)
    if review is not None and judgement.subject.review_id != review.pk:
        raise Http404
    return {
        "judgement": judgement.pk,
        "subject": judgement.subject_id,
        "about": str(judgement.subject),
        "respect": judgement.respect,
        "rating": judgement.rating,
        "why": judgement.why,
        "confidence": judgement.confidence,
        "version": judgement.version,
    }


def _judgement_words(facts: Facts) -> str:
    sentence = _now("%(about)s, %(respect)s: %(rating)s.") % {
        "about": facts["about"],
        "respect": dict(Judgement.Respect.choices).get(facts["respect"], facts["respect"]),
        "rating": dict(Judgement.Rating.choices).get(facts["rating"], facts["rating"]),
    }
    return f"{sentence} {facts['why']}".strip()


def _judgement_title(facts: Facts) -> str:
    return _now("%(about)s: %(respect)s %(rating)s") % {
        "about": facts["about"],
        "respect": dict(Judgement.Respect.choices).get(facts["respect"], facts["respect"]),
        "rating": dict(Judgement.Rating.choices).get(facts["rating"], facts["rating"]),
    }


# An answer of a revealed round


def _answer(person: Person, review: Review | None, thing_id: str) -> Facts:
    """An answer can be named only once its round is revealed; before that it is as if it did not exist."""
    answers = Answer.objects.select_related("question__subject", "question__round")
    found = answers.filter(pk=whole(thing_id) or 0).first()
    if found is None or not found.question.round.is_revealed:
        raise Http404
    subject = access.fetch(person, Subject, found.question.subject_id)
    if review is not None and subject.review_id != review.pk:
        raise Http404
    seat = Invitation.objects.filter(round=found.question.round_id, person=found.person_id).first()
    return {
        "answer": found.pk,
        "round": found.question.round_id,
        "subject": subject.pk,
        "about": str(subject),
        "question": found.question.text,
        "choice": found.choice,
        "comment": found.comment,
        "seat": seat.seat if seat else "",
    }


def _answer_words(facts: Facts) -> str:
    sentence = _now("%(about)s, “%(question)s”: %(choice)s (%(seat)s).") % {
        "about": facts["about"],
        "question": facts["question"],
        "choice": dict(Answer.Choice.choices).get(facts["choice"], facts["choice"]),
        "seat": dict(Invitation.Seat.choices).get(facts["seat"], facts["seat"]),
    }
    return f"{sentence} {facts['comment']}".strip()


def _answer_title(facts: Facts) -> str:
    choice = dict(Answer.Choice.choices).get(facts["choice"], facts["choice"])
    return f"{facts['about']}: {facts['comment'] or choice}"


def _note(person: Person, review: Review | None, thing_id: str) -> Facts:
    if thing_id:
        raise Refused("no_thing", _("A note names nothing: it is its own words."))
    return {}


register(Kind(POINT, _("point of a chart"), _point, _point_title, _point_words, _series_url))
register(Kind(SIGNAL, _("signal"), _signal, _signal_title, lambda facts: facts["sentence"], _series_url))
register(
    Kind(
        JUDGEMENT,
        _("judgement"),
        _judgement,
        _judgement_title,
        _judgement_words,
        lambda facts: f"{reverse('step', args=[facts['subject']])}#{facts['respect']}",
    )
)
register(
    Kind(
        ANSWER,
        _("answer"),
        _answer,
        _answer_title,
        _answer_words,
        lambda facts: reverse("round", args=[facts["round"]]),
    )
)
register(Kind(NOTE, _("note"), _note, lambda facts: "", lambda facts: "", lambda facts: ""))

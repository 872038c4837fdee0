"""What metrics add to a thread and to the search; only what the person may see."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from metrics.models import Analysis, Inquiry, Metric, Observation, Rebase, Series, Signal, Source, Target, Upload
from metrics.queries.plans import making_of
from metrics.queries.signals import WITH_SERIES
from processes.models import Channel, Product, Service
from teams import access
from teams.links import DEPENDS, FROM, Hit, ThreadLink
from teams.models import Person

LIMIT = 20
NOUNS = {
    Metric: _("metric"),
    Series: _("series"),
    Signal: _("signal"),
    Source: _("source"),
    Upload: _("import"),
    Inquiry: _("question"),
}


def thread_of(person: Person, thing: object) -> list[ThreadLink]:
    """The neighbours of an object among metrics, series, signals, sources and imports."""
    for kind, links in _THREADS.items():
        if isinstance(thing, kind):
            return links(person, thing)
    return []


def search(person: Person, words: str) -> list[Hit]:
    """Metrics whose name, code or definition holds every word, sources by name, questions by what was said."""
    found = access.visible_to(person, Metric).select_related("unit")
    sources = access.visible_to(person, Source).select_related("unit")
    questions = access.visible_to(person, Inquiry).select_related("signal__series__unit")
    for word in words.split():
        told = Q(name__icontains=word) | Q(code__icontains=word) | Q(definitions__text__icontains=word)
        found = found.filter(told)
        sources = sources.filter(name__icontains=word)
        said = Q(question__icontains=word) | Q(notes__icontains=word) | Q(answer__icontains=word)
        questions = questions.filter(said)
    hits = [
        Hit(NOUNS[Metric], one.name, one.get_absolute_url(), one.unit.name, _archived(one))
        for one in found.distinct()[:LIMIT]
    ]
    hits += [
        Hit(NOUNS[Source], one.name, one.get_absolute_url(), one.unit.name, _archived(one))
        for one in sources[: LIMIT - len(hits)]
    ]
    return hits + [
        Hit(NOUNS[Inquiry], str(one), one.get_absolute_url(), one.signal.series.unit.name, one.get_state_display())
        for one in questions[: max(0, LIMIT - len(hits))]
    ]


def _archived(thing: Metric | Source) -> Any:
    return _("archived") if thing.archived_at else ""


def _link(relation: str, thing: Any, title: str = "", state: Any = "", at: dt.datetime | None = None) -> ThreadLink:
    return ThreadLink(relation, NOUNS[type(thing)], title or str(thing), thing.get_absolute_url(), state, at)


def _depending(rows: QuerySet[Any], link: Callable[[Any], ThreadLink] | None = None) -> list[ThreadLink]:
    """The first of them, and a line that says so where there are more."""
    found = list(rows[: LIMIT + 1])
    links = [link(one) if link else _link(DEPENDS, one) for one in found[:LIMIT]]
    if len(found) > LIMIT:
        links.append(
            ThreadLink(DEPENDS, _("and more"), _("Only the first %(count)s are listed here.") % {"count": LIMIT}, "")
        )
    return links


def _series_of(person: Person, **where: Any) -> QuerySet[Series]:
    rows = access.visible_to(person, Series).filter(**where)
    return rows.select_related("metric", "unit", "service", "product", "channel")


def _of_signal(person: Person, signal: Signal) -> list[ThreadLink]:
    asked = access.visible_to(person, Inquiry).filter(signal=signal)[:LIMIT]
    return [
        *(_link(FROM, one) for one in _series_of(person, pk=signal.series_id)),
        *(_link(DEPENDS, one, state=one.get_state_display(), at=one.asked_at) for one in asked),
    ]


def _of_inquiry(person: Person, inquiry: Inquiry) -> list[ThreadLink]:
    found = access.visible_to(person, Signal).select_related(*WITH_SERIES).filter(pk=inquiry.signal_id)
    return [_link(FROM, one, state=one.get_state_display(), at=one.first_seen_at) for one in found]


def _of_series(person: Person, series: Series) -> list[ThreadLink]:
    metrics = access.visible_to(person, Metric).filter(pk=series.metric_id)
    uploads = access.visible_to(person, Upload).filter(pk__in=_recent_uploads(series))
    signals = access.visible_to(person, Signal).select_related(*WITH_SERIES).filter(series=series, current=True)
    return [
        *(_link(FROM, one) for one in metrics),
        *(_link(FROM, one, state=one.get_state_display(), at=one.at) for one in uploads.order_by("-at", "-pk")),
        *(
            _link(DEPENDS, one, state=one.get_state_display(), at=one.first_seen_at)
            for one in signals.filter(gone=False)[:LIMIT]
        ),
    ]


def _recent_uploads(series: Series) -> list[int]:
    rows = Observation.objects.filter(series=series, upload__isnull=False).order_by("-upload_id")
    return list(rows.values_list("upload_id", flat=True).distinct()[:5])


def _of_metric(person: Person, metric: Metric) -> list[ThreadLink]:
    return _depending(_series_of(person, metric=metric).order_by("unit__path", "pk"))


def _of_upload(person: Person, upload: Upload) -> list[ThreadLink]:
    sources = access.visible_to(person, Source).filter(pk=upload.source_id)
    # As many ids as are asked for and one more: an import may touch tens of thousands.
    touched = _series_of(person, pk__in=making_of(upload).all_series[: LIMIT + 1])
    if "source_version" in upload.plan:
        touched = _series_of(person, metric__source=upload.source_id)
    return [*(_link(FROM, one) for one in sources), *_depending(touched)]


def _of_source(person: Person, source: Source) -> list[ThreadLink]:
    uploads = access.visible_to(person, Upload).filter(source=source).order_by("-at", "-pk")
    return _depending(uploads, lambda one: _link(DEPENDS, one, state=one.get_state_display(), at=one.at))


def _of_series_part(person: Person, thing: Analysis | Rebase) -> list[ThreadLink]:
    return [_link(FROM, one) for one in _series_of(person, pk=thing.series_id)]


def _of_target(person: Person, target: Target) -> list[ThreadLink]:
    return [_link(FROM, one) for one in access.visible_to(person, Metric).filter(pk=target.metric_id)]


def _of_dimension(name: str) -> Callable[[Person, Any], list[ThreadLink]]:
    def links(person: Person, thing: Any) -> list[ThreadLink]:
        return _depending(_series_of(person, **{name: thing.pk}).order_by("metric__name"))

    return links


_THREADS: dict[type, Callable[[Person, Any], list[ThreadLink]]] = {
    Signal: _of_signal,
    Inquiry: _of_inquiry,
    Series: _of_series,
    Metric: _of_metric,
    Upload: _of_upload,
    Source: _of_source,
    Analysis: _of_series_part,
    Rebase: _of_series_part,
    Target: _of_target,
    Service: _of_dimension("service"),
    Product: _of_dimension("product"),
    Channel: _of_dimension("channel"),
}

"""The signal board, what its icons mean, and the verbs on a signal."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from metrics import charts, states, wording
from metrics.forms.asking import AskForm
from metrics.forms.metrics import AcknowledgeForm
from metrics.models import Analysis, SavedFilter, Signal
from metrics.queries import ages, analyses, board, inquiries, standings
from metrics.queries import metrics as questions
from metrics.queries import signals as found
from metrics.queries.alike import same_change
from metrics.queries.closer import season_of
from metrics.queries.told_once import told_once
from metrics.tables import board as table
from metrics.views.links import point_url, review_url
from metrics.workflow import filters as keeping
from metrics.workflow import signals as workflow
from teams import access, answers, clock
from teams.access import SIGNED_IN, door, person_of
from teams.lists import CHOICE, Filter, Listing
from teams.refusals import Refused

FOLDED, PER_PAGE, PRINTED, IN_FIELD = 25, 25, 1000, 6
ASSURANCES = tuple((code, words) for code, words, _code in table.ASSURANCE_COLUMNS)
STANDINGS = tuple(wording.standing.WORDS.items())


def _assures(rows: QuerySet[Analysis], value: str) -> QuerySet[Analysis]:
    return rows.filter(assurance="" if value == "none" else value)


def _in_unit(rows: QuerySet[Analysis], value: str) -> QuerySet[Analysis]:
    return rows.filter(series__unit__path__contains=f"/{value}/")


def _places(choices: board.Choices) -> list[Filter]:
    return [
        Filter("metric", _("Metric"), "series__metric", CHOICE, choices.metric),
        Filter("unit", _("Unit and below"), _in_unit, CHOICE, choices.unit),
        Filter("service", _("Service"), "series__service", CHOICE, choices.service),
        Filter("product", _("Product"), "series__product", CHOICE, choices.product),
        Filter("channel", _("Channel"), "series__channel", CHOICE, choices.channel),
    ]


def _without_news(rows: QuerySet[Analysis], _value: str) -> QuerySet[Analysis]:
    return rows.filter(ages.silent(clock.today().toordinal()))


KINDS = [
    Filter("standing", _("How sure"), "sure", CHOICE, STANDINGS),
    Filter("variation", _("Change"), "change", CHOICE, table.VARIATION_ROWS),
    Filter("assurance", _("Target"), _assures, CHOICE, ASSURANCES),
    Filter("data", _("Data"), _without_news, CHOICE, (("old", _("without new values for long")),)),
]


def _narrowed(request: HttpRequest, rows: QuerySet[Analysis], filters: list[Filter]) -> QuerySet[Analysis]:
    for one in filters:
        value = one.parse(request.GET.get(one.key, ""))
        if value:
            rows = one.narrow(rows, value)
    return rows


@require_safe
@door("metrics.view")
def signals(request: HttpRequest) -> HttpResponseBase:
    person: Any = request.user
    rows = board.analyses(person)
    told = table.Told()
    places = _places(board.choices(person))
    if request.GET.get("export"):
        told.beside = board.beside(rows, with_points=False)
    # A file, a print or a list asked for by kind holds all rows; otherwise the stable ones are one line below.
    kinds = any(request.GET.get(one.key) for one in KINDS)
    whole = bool(request.GET.get("export") or kinds)
    shown = rows if whole else rows.exclude(board.CALM)
    once = {} if whole or _each(request) else told_once(_narrowed(request, shown, places))
    listing = Listing(
        request,
        shown.exclude(series__in=[pk for also in once.values() for pk in also]) if once else shown,
        table.columns(told),
        [*places, *KINDS],
        default_sort="variation",
        per_page=PRINTED if request.GET.get("print") else PER_PAGE,
        caption=_("Signal board"),
        keep=("view", "each"),
    )
    file = listing.export("signals")
    if file is not None:
        return file
    # What chance would show is counted over all kinds: rows chosen because they are marked cannot say how many are.
    among = _narrowed(request, rows, places)
    context = _around(request, listing, board.summary(among))
    if context["view"] == "quadrants":
        context |= _quadrants(request, listing, among, context["summary"])
    else:
        context |= _list(listing, told, () if whole else board.folds(among, FOLDED), shown, once)
    return render(request, "metrics/signals.html", context)


def _each(request: HttpRequest) -> bool:
    """Whether every row has a line of its own; the quadrant view has no lines."""
    return bool(request.GET.get("each")) or request.GET.get("view") == "quadrants"


def _around(request: HttpRequest, listing: Listing, summary: board.Summary) -> dict[str, Any]:
    """What stands above both views: the line of chance, the views, the saved filters, what the person may do."""
    kept = request.GET.copy()
    for key in ("page", "export", "print"):
        kept.pop(key, None)
    saved = board.saved_filters(person_of(request))
    return {
        "listing": listing,
        "view": "quadrants" if request.GET.get("view") == "quadrants" else "list",
        "list_url": listing.url(view=None, page=None),
        "quadrants_url": listing.url(view="quadrants", page=None),
        "print_url": listing.url(print=1, page=None),
        "printing": bool(request.GET.get("print")),
        "summary": summary,
        "chance_line": wording.standing.board_line(summary.watch, summary.chance),
        "silent_line": wording.standing.silent_line(summary.silent, summary.asked),
        "silent_url": listing.url(data="old", view=None, page=None),
        "query": kept.urlencode()[:500],
        "saved": [(one, one.query == kept.urlencode()) for one in saved],
        "may_import": access.may(request.user, "metrics.import"),
        "may_see_imports": access.may(request.user, "metrics.rows"),
    }


def _list(
    listing: Listing,
    told: table.Told,
    folds: tuple[board.Fold, ...],
    shown: QuerySet[Analysis],
    once: dict[int, list[int]],
) -> dict[str, Any]:
    page = list(listing.page.object_list)
    leads = {row.series_id: once[row.series_id] for row in page if row.series_id in once}
    told_of = [pk for folded in leads.values() for pk in folded[:FOLDED]]
    also = {row.series_id: row for row in shown.filter(series__in=told_of)}
    told.beside = board.beside([*page, *also.values()])
    maybe, stable, few = (fold.count for fold in folds) if folds else (0, 0, 0)
    words = (
        ngettext(
            "%(n)s quiet metric whose target may be met or missed",
            "%(n)s quiet metrics whose target may be met or missed",
            maybe,
        )
        % {"n": maybe},
        ngettext("%(n)s stable metric", "%(n)s stable metrics", stable) % {"n": stable},
        ngettext("%(n)s metric with too few values to tell", "%(n)s metrics with too few values to tell", few)
        % {"n": few},
    )
    urls = (
        listing.url(variation="common_cause", assurance="inconsistent", page=None),
        listing.url(variation="common_cause", page=None),
        listing.url(variation="too_few", page=None),
    )
    return {
        "heads": table.heads(listing),
        "lines": table.lines(page, told, {row.series_id: _also(listing, row, leads, also) for row in page}),
        "rows": listing.size + (folded := sum(map(len, once.values()))),
        "folded": folded,
        "each_url": listing.url(each=1, page=None),
        "once_url": listing.url(each=None, page=None) if listing.request.GET.get("each") else "",
        "folds": [
            (say, table.lines(fold.first, table.Told()), url if fold.count > len(fold.first) else "")
            for say, fold, url in zip(words, folds, urls, strict=False)
            if fold.count
        ],
    }


def _also(listing: Listing, row: Analysis, leads: dict[int, list[int]], also: dict[int, Analysis]) -> table.Also | None:
    """What is folded under a row: how many, the first of them, and where all have a line of their own."""
    folded = leads.get(row.series_id)
    if not folded:
        return None
    first = [also[pk] for pk in folded[:FOLDED]]
    more = len(folded) - len(first)
    return table.Also(len(folded), first, listing.url(each=1, metric=row.series.metric_id, page=None) if more else "")


def _quadrants(
    request: HttpRequest, listing: Listing, among: QuerySet[Analysis], summary: board.Summary
) -> dict[str, Any]:
    shown = _narrowed(request, among, KINDS)
    fields = board.summary(shown).fields if shown is not among else summary.fields
    return {
        "quadrants": table.quadrants(fields, board.leading_of_fields(shown, IN_FIELD), listing),
        "quadrant_heads": [words for _code, words in ASSURANCES],
    }


@require_POST
@door(SIGNED_IN)
def save_filter(request: HttpRequest) -> HttpResponse:
    """Keep the board as it is narrowed now under a name."""
    query = QueryDict(request.POST.get("query", "")[:500]).urlencode()
    try:
        made = keeping.save(person_of(request), request.POST.get("name", ""), query)
    except Refused as refused:
        messages.error(request, str(refused.message))
        return redirect(f"{reverse('signals')}?{query}")
    messages.success(request, _("Saved: %(name)s") % {"name": made.name})
    return redirect(made)


@require_POST
@door(SIGNED_IN)
def forget_filter(request: HttpRequest, pk: int) -> HttpResponse:
    keeping.forget(person_of(request), access.fetch(request.user, SavedFilter, pk))
    messages.success(request, _("The saved filter is removed."))
    return redirect("signals")


@require_safe
@door("metrics.view")
def icons(request: HttpRequest) -> HttpResponse:
    access.require(request.user, "metrics.view")
    standings = [(words, wording.standing.MEANINGS[code]) for code, words in wording.standing.WORDS.items()]
    context = {
        "variations": wording.icons.VARIATIONS,
        "assurances": wording.icons.ASSURANCES,
        "standings": standings,
    }
    return render(request, "metrics/icons.html", context)


@require_safe
@door("metrics.view")
def signal(request: HttpRequest, pk: int) -> HttpResponse:
    """One signal in sentences, with its chart."""
    return render(request, "metrics/signal.html", signal_context(request.user, pk))


@require_POST
@door("metrics.acknowledge")
def acknowledge(request: HttpRequest, pk: int) -> HttpResponse:
    one = access.fetch(request.user, Signal, pk, "metrics.acknowledge")
    others = same_change(person_of(request), one)
    form = AcknowledgeForm(request.POST, others=others)
    if form.is_valid():
        try:
            done = workflow.acknowledge_all(person_of(request), one, form.cleaned_data["word"], form.meant)
            also = len(done) - 1
            messages.success(request, wording.standing.acknowledged(also, len(others) - also))
            return redirect(one)
        except Refused as refused:
            answers.refuse(form, refused)
    return answers.page(request, "metrics/signal.html", signal_context(request.user, pk, form))


def signal_context(
    person: Any, pk: int, form: AcknowledgeForm | None = None, ask: AskForm | None = None
) -> dict[str, Any]:
    """What the page of a signal shows; either form as it was sent."""
    try:
        one = found.signals(person).select_related("acknowledged_by", "series__closer_look").get(pk=pk)
    except (Signal.DoesNotExist, OverflowError):
        raise Http404 from None
    analysis = analyses.analysis_of(one.series_id)
    marks, rebases = questions.marks(one.series), questions.rebases(one.series)
    path = one.series.unit.path
    cycles = standings.latest_cycles([standings.organisation_of(path)])
    judged = standings.judged(analysis, path, one.series.metric.period, cycles) if analysis else None
    url_of = point_url(one.series) if access.may(person, "metrics.rows", one.series.unit) else None
    may_acknowledge = access.may(person, "metrics.acknowledge", one.series.unit)
    may_acknowledge, may_reopen = (
        may_acknowledge and one.state == state for state in (states.OPEN, states.ACKNOWLEDGED)
    )
    if form is None:
        form = AcknowledgeForm(others=same_change(person, one) if may_acknowledge else ())
    may_ask = access.may(person, "metrics.ask", one.series.unit)
    standing, now = wording.standing.of_signal(one, judged)
    chart = None
    if analysis is not None:
        chart = charts.figure(analysis, marks, rebases, analyses.behind(one.series, charts.SHOWN), url_of)
    return {
        "signal": one,
        "series": one.series,
        "narration": wording.narrate(one, marks, judged, season_of(one.series, analysis)),
        "standing": wording.standing.WORDS.get(standing, ""),
        "standing_code": standing,
        "now": now,
        "new_limits": wording.standing.new_limits(rebases, one, whole=True) if one.rule == Signal.Rule.SCAN else "",
        "icon": wording.variation_icon(one.point_type, one.series.metric.direction),
        "chart": chart,
        "settings_line": wording.settings_line(analysis) if analysis is not None else "",
        "form": form,
        "others": [(other, wording.narrate(other).fact) for other in form.others],
        "may_acknowledge": may_acknowledge,
        "may_reopen": may_reopen,
        "questions": inquiries.of_signal(person, one),
        "ask": (ask or AskForm(inquiries.may_be_asked(one))) if may_ask else None,
        "review_url": review_url(person, one),
    }


@require_POST
@door("metrics.acknowledge")
def reopen_signal(request: HttpRequest, pk: int) -> HttpResponse:
    one = workflow.reopen(request.user, access.fetch(request.user, Signal, pk, "metrics.acknowledge"))  # type: ignore[arg-type]
    messages.success(request, _("The signal is open again."))
    return redirect(one)


@require_POST
@door("metrics.view")
def signals_seen(request: HttpRequest) -> HttpResponse:
    workflow.seen(request.user)  # type: ignore[arg-type]
    return redirect("home")

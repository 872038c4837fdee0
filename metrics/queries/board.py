"""The signal board: one row per series, those that concern first, in a constant number of queries."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
    Window,
)
from django.db.models.functions import Cast, RowNumber

from metrics.models import Analysis, Mark, Rebase, SavedFilter, Series, Signal, Standing
from metrics.queries import ages, signals
from metrics.queries.analyses import DEFAULT_KEY
from metrics.queries.closer import Facts, with_season
from metrics.queries.ranks import CANNOT, NO_CHANGE, ranked
from teams import access, clock
from teams.models import Person

SERIES = tuple(f"series__{name}" for name in ("metric", "unit", "service", "product", "channel"))
# What is folded into a line: nothing changes, or nobody can tell yet, and the target is not out of reach.
CALM = Q(change__in=NO_CHANGE) & ~CANNOT
# The folds of these: the target may be met or missed; stable; too few values to say either. By columns, not by ``change``,
# which is worked out anew wherever it stands: of what is calm, "too few" is what the icon says.
MAYBE, STABLE, TOO_FEW = range(3)
FOLD = Case(
    When(variation="too_few", then=Value(TOO_FEW)),
    When(assurance="inconsistent", then=Value(MAYBE)),
    default=Value(STABLE),
    output_field=IntegerField(),
)


def analyses(person: Person) -> QuerySet[Analysis]:
    """The analyses that the person may see, of metrics in use; ``rank`` orders the board (``ranks.ranked``)."""
    rows = access.visible_to(person, Analysis).filter(settings_key=DEFAULT_KEY, series__metric__archived_at=None)
    return ranked(rows.select_related(*SERIES).defer("settings", "notes", "inputs_hash"))


@dataclass(frozen=True)
class Fold:
    """The first of the rows that are folded into a line, and how many there are in all."""

    first: list[Analysis]
    count: int


def folds(rows: QuerySet[Analysis], limit: int) -> tuple[Fold, ...]:
    """The calm analyses by ``FOLD``, each by name; two queries: which they are, and what they say."""
    by_name = ("series__metric__name", "series__unit__name", "pk")
    placed: QuerySet[Any] = (
        rows.filter(CALM)
        .select_related(None)
        .order_by()
        .annotate(
            fold=FOLD,
            place=Window(RowNumber(), partition_by=[FOLD], order_by=list(by_name)),
            total=Window(Count("pk"), partition_by=[FOLD]),
        )
        .filter(place__lte=limit)
    )
    said = {pk: rest for pk, *rest in placed.values_list("pk", "fold", "total", "sure")}
    found: list[list[Any]] = [[], [], []]
    counts = [0, 0, 0]
    page: QuerySet[Any] = Analysis.objects.filter(pk__in=list(said)).select_related(*SERIES)
    for row in page.defer("settings", "notes", "inputs_hash").order_by(*by_name):
        fold, count, row.sure = said[row.pk]
        counts[fold] = count
        row.change = "too_few" if fold == TOO_FEW else "common_cause"
        found[fold].append(row)
    return tuple(Fold(part, count) for part, count in zip(found, counts, strict=True))


@dataclass(frozen=True)
class Beside:
    """What stands beside the analyses of a page, each by series: the leading signal with what has to be said besides it,
    the last mark, the last points, the season that a closer look found (only what concerns signals), and the new limits
    that somebody has begun, where a confirmed change is over."""

    signals: dict[int, list[Signal]]
    marks: dict[int, Mark]
    points: dict[int, bytes]
    seasons: dict[int, Facts] = field(default_factory=dict)
    rebases: dict[int, list[Rebase]] = field(default_factory=dict)


def beside(rows: Iterable[Analysis], with_points: bool = True) -> Beside:
    """Read signals, last marks and points for the rows of a page: three queries."""
    shown = list(rows)
    ids = [row.series_id for row in shown]
    found = signals.told_of(ids)
    for row in shown:
        for signal in found.get(row.series_id, ()):
            signal.series = row.series
    last = Mark.objects.filter(series=OuterRef("series"), day__lte=clock.today()).order_by("-day", "-pk")
    told = Analysis.objects.filter(pk__in=[row.pk for row in shown]).annotate(
        label=Subquery(last.values("label")[:1]),
        day=Subquery(last.values("day")[:1]),
        left=Subquery(with_season().values("facts__season__signals")[:1]),
    )
    names = ("series_id", "label", "day", "left", *(["drawn__tail"] if with_points else []))
    marks, points, seasons = {}, {}, {}
    for series, label, day, left, *blob in told.values_list(*names):
        if label is not None:
            marks[series] = Mark(series_id=series, label=label, day=day)
        if left:
            seasons[series] = {"signals": left}
        if blob and blob[0] is not None:
            points[series] = bytes(blob[0])
    over = [series for series, told in found.items() if any(not one.current for one in told)]
    rebases: dict[int, list[Rebase]] = defaultdict(list)
    for one in Rebase.objects.filter(series__in=over, withdrawn_at=None):
        rebases[one.series_id].append(one)
    return Beside(found, marks, points, seasons, dict(rebases))


@dataclass(frozen=True)
class Choices:
    """What the filters offer: (id, name) of what the person's own series have; departments where they are compared."""

    metric: list[tuple[int, str]]
    unit: list[tuple[int, str]]
    service: list[tuple[int, str]]
    product: list[tuple[int, str]]
    channel: list[tuple[int, str]]
    department: tuple[tuple[int, str], ...] = ()


def choices(person: Person) -> Choices:
    """The filters' choices, in one query."""
    rows = access.visible_to(person, Series).filter(metric__archived_at=None, last_day__isnull=False).order_by()
    parts = [_choice(rows, kind) for kind in ("metric", "unit", "service", "product", "channel")]
    found: dict[str, list[tuple[int, str]]] = {"metric": [], "unit": [], "service": [], "product": [], "channel": []}
    for kind, pk, name in parts[0].union(*parts[1:]):
        found[kind].append((pk, name))
    by_name = {kind: sorted(pairs, key=lambda pair: pair[1].casefold()) for kind, pairs in found.items()}
    return Choices(by_name["metric"], by_name["unit"], by_name["service"], by_name["product"], by_name["channel"])


def _choice(rows: QuerySet[Series], kind: str) -> QuerySet[Any, Any]:
    named = rows.filter(**{f"{kind}__isnull": False})
    return named.values_list(
        Cast(Value(kind), CharField()), f"{kind}_id", Cast(f"{kind}__name", CharField())
    ).distinct()


@dataclass(frozen=True)
class Summary:
    """What a set of analyses says together: how many on watch and how many confirmed, how many marks chance alone would
    show among them, and {(change, assurance): how many}. ``silent``: how many have had no new value for long, which
    count neither as on watch nor for chance; ``asked``: how many others there are."""

    watch: int
    confirmed: int
    chance: float
    fields: dict[tuple[str, str], int]
    silent: int = 0
    asked: int = 0


def summary(rows: QuerySet[Any]) -> Summary:
    """All of it in one query."""
    silent = Case(When(ages.silent(clock.today().toordinal()), then=Value(1)), default=Value(0))
    counted = rows.annotate(silent=silent).order_by().values_list("change", "assurance", "sure", "silent")
    count_of: Counter[str] = Counter()
    chance = 0.0
    fields: dict[tuple[str, str], int] = defaultdict(int)
    for change, assurance, sure, old, count, rate in counted.annotate(count=Count("pk"), rate=Sum("chance")):
        fields[change, assurance] += count
        count_of["silent" if old else "asked"] += count
        if sure == Standing.CONFIRMED or not old:
            count_of[sure] += count
        chance += 0.0 if old else rate or 0.0
    return Summary(
        count_of[Standing.WATCH],
        count_of[Standing.CONFIRMED],
        chance,
        dict(fields),
        count_of["silent"],
        count_of["asked"],
    )


def leading_of_fields(rows: QuerySet[Any], limit: int) -> list[Analysis]:
    """The first analyses of each field of the quadrant view, Confirmed before others; one query."""
    placed = rows.annotate(
        place=Window(RowNumber(), partition_by=["change", "assurance"], order_by=["rank", "series__metric__name", "pk"])
    )
    return list(placed.filter(place__lte=limit).order_by("rank", "series__metric__name", "series__unit__name", "pk"))


def saved_filters(person: Person) -> list[SavedFilter]:
    """The person's own saved filters of the board, by name."""
    return list(access.visible_to(person, SavedFilter).filter(person=person).order_by("name"))

"""The signal board as a table: one row per series."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from metrics.charts import Spark, sparkline
from metrics.charts.spark import SPARK_POINTS
from metrics.models import Analysis, Mark, Metric, Signal, Standing
from metrics.queries.board import Beside
from metrics.queries.ranks import BY_NAME, CANNOT_MEET
from metrics.trends import Points, unpack
from metrics.wording import (
    Icon,
    amount,
    assurance_icon,
    day_of,
    decimals_of,
    figure,
    narrate,
    variation_icon,
)
from metrics.wording import standing as standing_words
from metrics.wording.figures import end_of, short_day_of
from metrics.wording.outlooks import band_word, lasting_chance
from metrics.wording.seasons import season_note
from metrics.wording.stretches import late
from teams import clock
from teams.lists import Column, Head, Listing


@dataclass(frozen=True)
class Said:
    """One signal of a row: what it says, where it is looked into, and what is known of it besides."""

    words: str
    url: str
    notes: tuple[str, ...] = ()


@dataclass
class Told:
    """What stands beside the rows (signals, marks, points); filled for a page, or for a whole export."""

    beside: Beside = field(default_factory=lambda: Beside({}, {}, {}))

    def sentences(self, row: Analysis) -> tuple[Said, ...]:
        """What the signals of a row say: the one that leads, then what is seen today where that is over, then what is
        over and still open; and that its target cannot be met."""
        found = self.beside.signals.get(row.series_id, [])
        for signal in found:
            signal.series = row.series
        told = [self._said(row, signal, signal is found[0]) for signal in found]
        if row.assurance == CANNOT_MEET:
            icon = assurance_icon(row.assurance, row.series.metric.direction)
            told.append(Said(str(icon.meaning), row.get_absolute_url()))
        return tuple(told)

    def _said(self, row: Analysis, signal: Signal, leads: bool) -> Said:
        words = narrate(signal).fact
        if not leads:
            words = standing_words.besides(words, signal.current)
        notes = (
            season_note(signal, self.beside.seasons.get(row.series_id)),
            "" if signal.current else standing_words.held_since(signal, standing_of(row)),
            "" if signal.current else standing_words.new_limits(self.beside.rebases.get(row.series_id, ()), signal),
            _("acknowledged") if signal.acknowledged_at else "",
        )
        return Said(words, signal.get_absolute_url(), tuple(filter(None, notes)))

    def mark(self, row: Analysis) -> Mark | None:
        return self.beside.marks.get(row.series_id)


def age_of(row: Analysis) -> int | None:
    """Days since the end of the latest period with a value."""
    if row.latest_day is None:
        return None
    return max(0, clock.today().toordinal() - end_of(row.latest_day, row.series.metric.period))


def stale(row: Analysis) -> bool:
    """Whether a value is overdue: the next period ended long ago."""
    age = age_of(row)
    return age is not None and late(age, row.series.metric.period)


def columns(told: Told) -> list[Column]:
    """The columns of page and export; numbers as they are in the stored analysis."""
    return [
        Column("metric", gettext_lazy("metric"), lambda row: row.series.metric.name, sort=BY_NAME),
        Column("place", gettext_lazy("where"), lambda row: row.series.place, sort=("series__unit__name", *BY_NAME)),
        Column(
            "variation",
            gettext_lazy("change"),
            lambda row: _change_icon(row).words,
            sort=("rank", *BY_NAME),
        ),
        Column(
            "assurance",
            gettext_lazy("target met?"),
            lambda row: assurance_icon(row.assurance, row.series.metric.direction).words,
            sort=("assurance", *BY_NAME),
        ),
        Column("standing", gettext_lazy("how sure"), sure_words, sort=("rank", *BY_NAME)),
        Column("now", gettext_lazy("latest values"), lambda row: standing_words.NOW.get(_now(row), "")),
        Column(
            "p", gettext_lazy("chance of a stable series to look like this"), "p", number=True, sort=("p", *BY_NAME)
        ),
        Column("sentence", gettext_lazy("signal"), lambda row: " ".join(said.words for said in told.sentences(row))),
        Column("period", gettext_lazy("latest period"), _period, sort=("latest_day", *BY_NAME)),
        Column("latest", gettext_lazy("latest"), "latest", number=True),
        Column("measure", gettext_lazy("unit of measurement"), lambda row: row.series.metric.measure),
        Column("mean", gettext_lazy("mean"), "mean", number=True),
        Column("lower", gettext_lazy("lower limit"), "lower", number=True),
        Column("upper", gettext_lazy("upper limit"), "upper", number=True),
        Column("target", gettext_lazy("target"), "target", number=True),
        Column("chance", gettext_lazy("chance that the next period meets it"), lasting_chance, number=True),
        Column("points", gettext_lazy("points"), "n", number=True),
        Column("mark", gettext_lazy("last event"), lambda row: _mark_words(told.mark(row))),
        Column("age", gettext_lazy("data age in days"), age_of, number=True, sort=("-latest_day", *BY_NAME)),
        Column("stale", gettext_lazy("stale"), lambda row: _("stale") if stale(row) else ""),
    ]


def standing_of(row: Analysis) -> str:
    """How sure its latest values are, "" before the first judgement. They may have become too few since (new limits)."""
    known = row.standing in (Standing.CONFIRMED, Standing.WATCH)
    return Standing.TOO_FEW.value if row.variation == "too_few" and not known else row.standing


def _sure(row: Analysis) -> str:
    """How sure a change is: a confirmed one stays so until somebody has said what is known about it (``ranks``)."""
    return Standing.CONFIRMED.value if getattr(row, "held", "") else standing_of(row)


def sure_words(row: Analysis) -> str:
    """Confirmed, Watch, Quiet … in words."""
    return str(standing_words.WORDS.get(_sure(row), ""))


def _now(row: Analysis) -> str:
    """What the latest values are, where the row says Confirmed of a change that is over."""
    now = standing_of(row)
    return now if now != _sure(row) else ""


def _period(row: Analysis) -> str:
    return day_of(row.latest_day, row.series.metric.period)


def _mark_words(mark: Mark | None) -> str:
    if mark is None:
        return ""
    return f"{mark.label} ({day_of(mark.day.toordinal(), Metric.Period.DAY)})"


def heads(listing: Listing) -> list[Head]:
    """The headers of the page, which puts some columns of the export together."""
    known = {head.key: head for head in listing.heads}
    spark = Head("spark", gettext_lazy("last values"), "", False, "", "")
    latest = replace(known["period"], title=gettext_lazy("latest"), number=True)
    usual = Head("usual", gettext_lazy("mean and limits"), "", True, "", "")
    middle = [latest, spark, usual, known["target"], known["mark"]]
    age = replace(known["age"], title=gettext_lazy("data age"))
    return [known["metric"], known["standing"], known["assurance"], *middle, age]


@dataclass(frozen=True)
class Also:
    """The rows of the same change under one that leads: how many, the first of them, the address of all ("" for these)."""

    count: int
    first: Sequence[Analysis]
    more_url: str = ""


@dataclass(frozen=True)
class BoardRow:
    """One row of the board, ready to be shown."""

    url: str
    metric: str
    place: str
    variation: Icon
    standing: str
    standing_code: str
    now: str
    assurance: Icon
    said: tuple[Said, ...]
    spark: Spark | None
    spark_told: str
    latest: str
    measure: str
    period: str
    mean: str
    lower: str
    upper: str
    target: str
    chance: str
    mark: str
    age: str
    stale: bool
    also: tuple[BoardRow, ...] = ()
    also_count: int = 0
    also_url: str = ""


def lines(rows: Iterable[Analysis], told: Told, also: Mapping[int, Also | None] | None = None) -> list[BoardRow]:
    """The rows of a page; ``also``: {series: the rows of the same change that are folded under it}."""
    return [_line(row, told, (also or {}).get(row.series_id)) for row in rows]


def _line(row: Analysis, told: Told, also: Also | None = None) -> BoardRow:
    metric = row.series.metric
    decimals = decimals_of(row.amr, metric.kind)
    points = told.beside.points.get(row.series_id)
    drawn = unpack(points) if points else None
    return BoardRow(
        url=row.series.get_absolute_url(),
        metric=metric.name,
        place=row.series.place,
        variation=_change_icon(row),
        standing=sure_words(row),
        standing_code=_sure(row),
        now=str(standing_words.NOW.get(_now(row), "")),
        assurance=assurance_icon(row.assurance, metric.direction),
        said=told.sentences(row),
        spark=sparkline(drawn, target=row.target) if drawn is not None else None,
        spark_told=_spark_told(drawn, row, decimals) if drawn is not None else "",
        latest=_bare(row.latest, metric, decimals),
        measure=_measure(metric),
        period=short_day_of(row.latest_day, metric.period),
        mean=_bare(row.mean, metric, decimals),
        lower=_bare(row.lower, metric, decimals),
        upper=_bare(row.upper, metric, decimals),
        target=_bare(row.target, metric, decimals),
        chance=band_word(lasting_chance(row)),
        mark=_mark_words(told.mark(row)),
        age=_age_words(age_of(row)),
        stale=stale(row),
        also=tuple(_line(folded, told) for folded in also.first) if also else (),
        also_count=also.count if also else 0,
        also_url=also.more_url if also else "",
    )


def _spark_told(points: Points, row: Analysis, decimals: int) -> str:
    """The days of the values that are drawn, and the target in force."""
    metric = row.series.metric
    days = points.days[-SPARK_POINTS:]
    told = {
        "first": short_day_of(int(days[0]), metric.period),
        "last": short_day_of(int(days[-1]), metric.period),
        "target": amount(row.target, metric, decimals),
    }
    if row.target is None:
        return _("%(first)s to %(last)s; no target") % told
    return _("%(first)s to %(last)s; target %(target)s") % told


def _bare(value: float | None, metric: Metric, decimals: int) -> str:
    """A value in its row: a long unit stands once below the name, so that no cell is three lines high."""
    return figure(value, decimals) if _said_once(metric) else amount(value, metric, decimals)


def _said_once(metric: Metric) -> bool:
    return metric.kind != Metric.Kind.DURATION and len(metric.measure) > 2


def _measure(metric: Metric) -> str:
    """The unit below the name; not where the name says it ("Contacts")."""
    return metric.measure if _said_once(metric) and metric.measure.casefold() != metric.name.casefold() else ""


def _rule_icon(row: Analysis) -> Icon:
    """The icon of the latest value."""
    return variation_icon(row.variation, row.series.metric.direction)


def _change_icon(row: Analysis) -> Icon:
    """The icon of the latest value; of a confirmed change where no rule has marked that value, and of one that is over
    and still open."""
    better = row.series.metric.direction
    if _now(row):
        return variation_icon(getattr(row, "held", ""), better)
    if row.standing != Standing.CONFIRMED or row.variation not in ("common_cause", "too_few", "") or not row.scan:
        return _rule_icon(row)
    up = row.scan > 0
    if not better:
        return variation_icon("neutral_high" if up else "neutral_low", better)
    return variation_icon("improvement" if up == (better > 0) else "concern", better)


def _age_words(days: int | None) -> str:
    if days is None:
        return figure(None)
    if days < 61:
        return ngettext("%(days)s day", "%(days)s days", days) % {"days": days}
    return _("%(months)s months") % {"months": round(days / 30.44)}


@dataclass(frozen=True)
class Quadrant:
    """One field of the quadrant view: what its column is called, how many metrics, the address of their list ("" for
    none), the first of them and how many more."""

    head: object
    metrics: int
    url: str
    leading: list[BoardRow]
    more: int


VARIATION_ROWS = (
    ("concern", gettext_lazy("concern")),
    ("improvement", gettext_lazy("improvement")),
    ("change", gettext_lazy("change, neither better")),
    ("common_cause", gettext_lazy("no special cause")),
    ("too_few", gettext_lazy("too few values")),
)
ASSURANCE_COLUMNS = (
    ("consistent_fail", gettext_lazy("cannot meet it"), "consistent_fail"),
    ("inconsistent", gettext_lazy("may meet it or miss it"), "inconsistent"),
    ("consistent_pass", gettext_lazy("will meet it"), "consistent_pass"),
    ("too_few", gettext_lazy("too few values"), "too_few"),
    ("none", gettext_lazy("no target"), ""),
)


def quadrants(
    counts: dict[tuple[str, str], int], first: Iterable[Any], listing: Listing
) -> list[tuple[object, list[Quadrant]]]:
    """Change against target: one row per kind of change, one field per kind of assurance."""
    of: dict[tuple[str, str], list[BoardRow]] = defaultdict(list)
    for row, line in zip(shown := list(first), lines(shown, Told()), strict=True):
        of[row.change, row.assurance].append(line)
    rows: list[tuple[object, list[Quadrant]]] = []
    for change, words in VARIATION_ROWS:
        fields = []
        for assurance, head, code in ASSURANCE_COLUMNS:
            count = counts.get((change, code), 0)
            url = listing.url(view=None, variation=change, assurance=assurance, page=None) if count else ""
            some = of[change, code]
            fields.append(Quadrant(head, count, url, some, count - len(some)))
        rows.append((words, fields))
    return rows

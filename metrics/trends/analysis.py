"""The analysis of all series at once, in blocks of whole series that fit the processor's cache."""

from dataclasses import dataclass, fields, replace
from typing import TypeVar

import numpy as np

from . import codes
from .arrays import Bools, Bytes, Codes, Floats, Ints, Notes
from .batch import Batch
from .charting import Scale, back, on_scale, slack_of, to_lines, to_scale
from .choice import choose
from .limits import Limits, find_limits, take_block
from .phases import Phases, find_phases
from .result import OwnLines, Result
from .rules import find_marks
from .second import second_opinion, since_of
from .settings import Settings
from .usual import at_usual, usual_of

BLOCK_POINTS = 1 << 16

DEFAULT = Settings()

_Lines = TypeVar("_Lines", Limits, OwnLines)


def analyse(batch: Batch, settings: Settings = DEFAULT) -> Result:
    """Limits, rules, point types and icons of every series of the batch, each on the chart that fits it (design
    sections 1.1-1.5). Compat mode: XmR for all.

    Missing, constant, short or empty series never raise: what cannot be computed is nan, and noted.
    """
    with np.errstate(all="ignore"):
        values, infinite = _clean(batch, settings)
        charts, chosen = choose(batch, values, settings.product)
        phases = find_phases(batch, settings)
        holes = np.flatnonzero(np.isnan(values))
        count, latest = _counts(batch, values, holes, settings)
        found = _compute(batch, values, charts, phases, latest, settings)
        drawn = found.drawn
        _note_short_phases(drawn.notes, phases, holes, settings)
        return Result(
            values=values,
            days=batch.days,
            phase_starts=phases.starts,
            phase_number=phases.number,
            phase_mean=drawn.mean,
            phase_amr=drawn.amr,
            phase_lpl=drawn.lpl,
            phase_upl=drawn.upl,
            phase_nlpl=drawn.nlpl,
            phase_nupl=drawn.nupl,
            phase_notes=drawn.notes,
            marks=found.marks,
            label=found.label,
            point_type=found.point_type,
            own=found.own,
            second=found.second,
            batch=batch,
            settings=settings,
            phase_series=phases.series,
            variation=_variation(found.point_type, latest, count),
            assurance=_assurance(batch, drawn, phases, settings),
            n=count,
            latest=latest,
            notes=_series_notes(batch, infinite | chosen | phases.notes, drawn.notes, phases, count),
            chart=charts,
            second_side=found.second_side,
            second_since=found.second_since,
            x=found.x,
            scale_mean=found.limits.mean,
            scale_amr=found.limits.amr,
            usual=found.usual,
        )


def _clean(batch: Batch, settings: Settings) -> tuple[Floats, Notes]:
    """The values, in product mode with infinite ones made missing, and the note that says so."""
    notes = np.zeros(batch.size, np.uint16)
    if not settings.product or np.isfinite(batch.values).all():
        return batch.values, notes
    infinite = np.flatnonzero(np.isinf(batch.values))
    if not len(infinite):
        return batch.values, notes
    values = batch.values.copy()
    values[infinite] = np.nan
    notes[np.searchsorted(batch.starts, infinite, side="right") - 1] |= codes.INFINITE_AS_MISSING
    return values, notes


def _blocks(phases: Phases) -> list[tuple[int, int]]:
    """Ranges of phases, each of whole series and of about BLOCK_POINTS points."""
    heads = np.flatnonzero(np.diff(phases.series, prepend=-1))
    if not len(heads):
        return []
    first = heads[np.diff(phases.starts[heads] // BLOCK_POINTS, prepend=-1) > 0].tolist()
    return list(zip(first, [*first[1:], len(phases.series)], strict=True))


@dataclass(frozen=True, eq=False)
class _Found:
    """x and limits on the scale of each chart; drawn: the lines of the phases in the units of the values; usual
    float64[p]: the value that most points of the phase have (nan = none)."""

    x: Floats
    limits: Limits
    drawn: Limits
    own: OwnLines | None
    marks: Bytes
    label: Codes
    point_type: Codes
    second: Floats | None
    second_side: Codes
    second_since: Ints
    usual: Floats


def _compute(batch: Batch, values: Floats, charts: Codes, phases: Phases, latest: Ints, settings: Settings) -> _Found:
    """Limits per phase; marks, label and type per point; the second opinion (product mode)."""
    fix = np.where(batch.fix_after > 0, batch.fix_after, settings.fix_after_n)[phases.series]
    length = np.diff(phases.starts)
    scale = None
    if len(values) and (charts != codes.XMR).any():
        base = np.where(fix > 0, np.minimum(fix, length), length)
        scale = to_scale(batch, values, charts, phases, base)
    x = values if scale is None else scale.x
    limits, marks, label, point_type, usual = _ruled(batch, values, x, scale, phases, fix, settings)
    lines = None if scale is None else to_lines(limits, scale, values, phases)
    smooth, side, since = None, np.zeros(batch.size, np.int8), np.full(batch.size, -1, np.int64)
    if settings.product:
        # Where one value is the rule, a smoothed one drifts towards it and away from the mean.
        skip = (charts[phases.series] == codes.G) | ~np.isnan(usual)
        smooth, side, since = _second(x, limits, phases, skip, latest)
        if scale is not None:
            smooth = back(smooth, scale, np.repeat(np.arange(len(length)), length))
    own = None
    if lines is not None and np.isin(charts, codes.VARYING).any():
        own = OwnLines(lines.lpl, lines.upl, lines.nlpl, lines.nupl, _counted(batch))
    drawn = limits if lines is None else lines.per_phase
    if np.isfinite(batch.least).any() or np.isfinite(batch.most).any():
        least, most = batch.least[phases.series], batch.most[phases.series]
        drawn = _cut(drawn, least, most)
        own = None if own is None else _cut(own, np.repeat(least, length), np.repeat(most, length))
    return _Found(x, limits, drawn, own, marks, label, point_type, smooth, side, since, usual)


def _cut(lines: _Lines, least: Floats, most: Floats) -> _Lines:
    """The lines as they are drawn, no further than the ends of the scale. The rules ran on the whole ones: a value at
    the end of its scale lies on a line that was cut there, and never beyond it."""
    return replace(
        lines,
        lpl=np.clip(lines.lpl, least, most),
        upl=np.clip(lines.upl, least, most),
        nlpl=np.clip(lines.nlpl, least, most),
        nupl=np.clip(lines.nupl, least, most),
    )


def _ruled(
    batch: Batch, values: Floats, x: Floats, scale: Scale | None, phases: Phases, fix: Ints, settings: Settings
) -> tuple[Limits, Bytes, Codes, Codes, Floats]:
    """Block by block: limits on the scale of the charts, marks, labels and types, the usual value of each phase."""
    screen = batch.screen[phases.series] & settings.screen
    direction = batch.direction[phases.series]
    marks = np.zeros(len(values), np.uint8)
    label, point_type = np.zeros(len(values), np.int8), np.zeros(len(values), np.int8)
    found: list[Limits] = []
    usual = np.full(len(phases.series), np.nan)
    for first, end in _blocks(phases):
        begin, stop = phases.starts[first], phases.starts[end]
        span = slice(begin, stop)
        starts = phases.starts[first : end + 1] - begin
        block = take_block(x[span], starts, fix[first:end], screen[first:end])
        limits, slack = find_limits(block, settings), None
        if scale is not None:
            limits = on_scale(limits, scale, first, end, values[span], starts)
            slack = slack_of(limits, scale, first, end)
            # A rise is what the reader sees rise: steps of the values, not of z.
            block = replace(block, step=take_block(values[span], starts, fix[first:end], screen[first:end]).step)
        last_phases = np.flatnonzero(np.diff(phases.series[first:end], append=-1))
        sideless = None
        if settings.product:
            usual[first:end] = usual_of(values[span], block)
            limits.notes[~np.isnan(usual[first:end])] |= codes.MOSTLY_ONE_VALUE
            sideless = at_usual(values[span], block, usual[first:end])
        marks[span] = find_marks(block, limits, starts[last_phases + 1] - 1, settings, slack, sideless)
        label[span] = _labels(values[span], marks[span], starts, settings)
        point_type[span] = _point_types(label[span], np.repeat(direction[first:end], block.length))
        found.append(limits)
    return _join(found), marks, label, point_type, usual


def _counted(batch: Batch) -> Floats:
    return np.full(len(batch.values), np.nan) if batch.denominators is None else batch.denominators


def _second(x: Floats, limits: Limits, phases: Phases, skip: Bools, latest: Ints) -> tuple[Floats, Codes, Ints]:
    """Block by block, for its steps on the way are ten times as large as what is kept: the smoothed values, and of
    every series the side of the second opinion at its latest point and where that run began (-1 = none)."""
    smooth = np.empty(len(x))
    side, since = np.zeros(len(latest), np.int8), np.full(len(latest), -1, np.int64)
    for first, end in _blocks(phases):
        begin, stop = phases.starts[first], phases.starts[end]
        starts = phases.starts[first : end + 1] - begin
        part = Limits(*(getattr(limits, field.name)[first:end] for field in fields(Limits)))
        found = second_opinion(x[begin:stop], part, starts, skip[first:end])
        smooth[begin:stop] = found.smooth
        own = slice(phases.series[first], phases.series[end - 1] + 1)
        at = np.where(latest[own] >= 0, latest[own] - begin, -1)
        side[own] = np.where(at >= 0, found.side[at], 0)
        begun = since_of(found.side, at, starts)
        since[own] = np.where(begun >= 0, begun + begin, -1)
    return smooth, side, since


def _join(found: list[Limits]) -> Limits:
    if not found:
        nothing = np.zeros(0)
        return Limits(nothing, nothing, nothing, nothing, nothing, nothing, np.zeros(0, np.uint16))
    names = [field.name for field in fields(Limits)]
    return Limits(**{name: np.concatenate([getattr(limits, name) for limits in found]) for name in names})


def _labels(values: Floats, marks: Bytes, starts: Ints, settings: Settings) -> Codes:
    """One label per point by precedence.

    A trend has the direction of its run; on a turning point that of the run which ended there. Compat mode:
    of the step to the right if the next point is in a trend too, else of the step to the left.
    """
    label = codes.LABEL_OF_MARKS[marks]
    both = codes.TREND_UP | codes.TREND_DOWN
    if settings.product:
        doubtful = np.flatnonzero((marks & both == both) & (np.abs(label) == codes.TREND))
        left = values[doubtful] - values[doubtful - 1]
        label[doubtful] = np.where(left > 0, codes.TREND, -codes.TREND)
        return label
    doubtful = np.flatnonzero(np.abs(label) == codes.TREND)
    following = np.minimum(doubtful + 1, len(values) - 1)
    inside = (marks[following] & both > 0) & ~np.isin(following, starts) & (following > doubtful)
    right = values[following] - values[doubtful]
    left = values[doubtful] - values[doubtful - 1]
    label[doubtful] = np.where(np.where(inside, right, left) > 0, codes.TREND, -codes.TREND)
    return label


def _point_types(label: Codes, direction: Codes) -> Codes:
    special = np.flatnonzero(label)
    result = np.zeros(len(label), np.int8)
    result[special] = codes.TYPE_OF[direction[special] + 1, np.sign(label[special]) + 1]
    return result


def _counts(batch: Batch, values: Floats, holes: Ints, settings: Settings) -> tuple[Ints, Ints]:
    """Number of values that are not missing, and the index of the latest point, of every series."""
    length = np.diff(batch.starts)
    latest = np.where(length > 0, batch.starts[1:] - 1, -1)
    if not len(holes):
        return length, latest
    owner = np.searchsorted(batch.starts, holes, side="right") - 1
    count = length - np.bincount(owner, minlength=batch.size)
    if settings.product:
        present = np.flatnonzero(~np.isnan(values))
        place = np.searchsorted(present, batch.starts[1:], side="left") - 1
        latest = np.where(count > 0, present[place] if len(present) else -1, -1)
    return count, latest


def _note_short_phases(notes: Notes, phases: Phases, holes: Ints, settings: Settings) -> None:
    """Compat mode counts missing points too, as the reference does."""
    count = np.diff(phases.starts)
    if settings.product and len(holes):
        owner = np.searchsorted(phases.starts, holes, side="right") - 1
        count = count - np.bincount(owner, minlength=len(count))
    notes[count < settings.min_points] |= codes.TRIAL_LIMITS


def _series_notes(batch: Batch, own: Notes, of_phases: Notes, phases: Phases, count: Ints) -> Notes:
    notes = own.copy()
    np.bitwise_or.at(notes, phases.series, of_phases)
    notes[count < np.diff(batch.starts)] |= codes.MISSING_VALUES
    notes[count == 0] |= codes.NO_VALUES | codes.TOO_FEW_POINTS
    return notes


def _variation(point_type: Codes, latest: Ints, count: Ints) -> Codes:
    icon = np.full(len(latest), codes.NO_ICON, np.int8)
    seen = (latest >= 0) & (count > 0)
    icon[seen] = point_type[latest[seen]]
    return icon


def _assurance(batch: Batch, limits: Limits, phases: Phases, settings: Settings) -> Codes:
    """Target against the limits of the latest phase. Without limits product mode gives no icon; the reference
    calls it inconsistent."""
    icon = np.zeros(batch.size, np.int8)
    last = np.flatnonzero(np.diff(phases.series, append=-1))
    series = phases.series[last]
    target, direction = batch.target[series], batch.direction[series]
    above, below = target > limits.upl[last], target < limits.lpl[last]
    good = np.where(direction > 0, below, above)
    fail = np.where(direction > 0, above, below)
    verdict = np.where(good, codes.CONSISTENT_PASS, np.where(fail, codes.CONSISTENT_FAIL, codes.INCONSISTENT))
    silent = np.isnan(target) | (direction == 0)
    if settings.product:
        silent |= np.isnan(limits.upl[last])
    icon[series] = np.where(silent, codes.NO_ASSURANCE, verdict)
    return icon

"""The scale on which the rules of a chart run, and its lines turned back into the units of the values (1.4).

XmR: the values. Times: their logarithms (log-XmR) or 3.6th roots (t). Counts: Laney's z, the distance from the centre
in binomial or Poisson standard deviations, so that a point is judged by how much was counted. Sources: Laney 2002
(p', u'); Nelson 1994 (t); Provost and Murray 2011 (g).
"""

from dataclasses import dataclass, replace

import numpy as np

from . import codes
from .arrays import Bools, Codes, Floats, Ints
from .batch import Batch
from .limits import TOLERANCE, Limits
from .phases import Phases

D2 = 1.128
POWER = 3.6
FEW = 3.0  # expected events in a period below which three-sigma limits of counts are rough


@dataclass(frozen=True, eq=False)
class Scale:
    """x float64[n]: the values on their chart's scale. chart int8[p], of each phase.

    For counts, per phase: centre float64[p] (a share or rate, not multiplied), flat bool[p] (no standard deviation: all
    are 0, or all of all), few bool[p], size float64[p] (of the numbers that z was made from, in z); per point: sd
    float64[n], in the centre's unit. factor float64[p]: what the metric multiplies by. base int64[p]: baseline points.
    """

    x: Floats
    chart: Codes
    centre: Floats
    flat: Bools
    few: Bools
    size: Floats
    sd: Floats
    factor: Floats
    base: Ints

    def is_(self, *charts: int) -> Bools:
        return np.isin(self.chart, charts)


def to_scale(batch: Batch, values: Floats, charts: Codes, phases: Phases, base: Ints) -> Scale:
    """The values of every series on the scale of its chart; base int64[p]: baseline points of each phase."""
    length = np.diff(phases.starts)
    chart = charts[phases.series]
    of_point = np.repeat(chart, length)
    x = values.copy()
    timed = of_point == codes.LOG
    x[timed] = np.log(values[timed])
    rooted = of_point == codes.T
    x[rooted] = np.where(values[rooted] > 0, values[rooted], np.nan) ** (1 / POWER)
    none = np.full(len(chart), np.nan)
    scale = Scale(
        x, chart, none, np.zeros(len(chart), np.bool_), np.zeros(len(chart), np.bool_), np.zeros(len(chart)),
        np.full(len(x), np.nan), batch.scale[phases.series], base,
    )  # fmt: skip
    return _counts(scale, batch, values, phases) if scale.is_(*codes.COUNTED).any() else scale


def _counts(scale: Scale, batch: Batch, values: Floats, phases: Phases) -> Scale:
    """Laney's z of every counted point about the centre of its phase: all events over all that was counted."""
    starts, length = phases.starts[:-1], np.diff(phases.starts)
    counted = scale.is_(*codes.COUNTED)
    here = np.repeat(counted, length) & ~np.isnan(values)
    events = np.where(here, batch.numerators, np.nan)  # type: ignore[arg-type]
    alike = np.repeat(scale.chart == codes.C, length)
    areas = np.where(alike, 1.0, np.where(here, batch.denominators, np.nan))  # type: ignore[arg-type]
    within = here & (np.arange(len(values)) - np.repeat(starts, length) < np.repeat(scale.base, length))
    total = np.add.reduceat(np.where(within, areas, 0.0), starts)
    centre = np.where(counted, np.add.reduceat(np.where(within, events, 0.0), starts) / total, np.nan)
    one = np.sqrt(np.where(scale.chart == codes.P, centre * (1 - centre), centre))
    flat = counted & ~(one > 0)
    # In place, for new arrays of a million points cost more than the sums.
    middle, sd = np.repeat(centre, length), np.repeat(np.where(flat, 1.0, one), length)
    z = events
    z /= areas
    z -= middle
    areas[np.repeat(flat, length)] = 1.0
    sd /= np.sqrt(areas, out=areas)
    z /= sd
    rarer = np.where(scale.chart == codes.P, np.minimum(centre, 1 - centre), centre)
    typical = total / np.maximum(np.add.reduceat(within, starts, dtype=np.int64), 1)
    np.abs(middle, out=middle)
    middle /= sd
    size = np.fmax.reduceat(middle, starts)
    return replace(
        scale,
        x=np.where(np.repeat(counted, length), z, scale.x),
        centre=centre,
        flat=flat,
        few=counted & (rarer * typical < FEW),
        size=np.where(np.isfinite(size), size, 0.0),
        sd=sd,
    )


def on_scale(limits: Limits, scale: Scale, first: int, end: int, values: Floats, starts: Ints) -> Limits:
    """The limits of the phases first:end on their scale, from those of an XmR chart of x.

    Counts: 0 +/- 3 sigma z, never narrower than 1. t: 3 sigma of the roots. g: about the mean, the median as centre.
    """
    part = slice(first, end)
    chart = scale.chart[part]
    laney = np.isin(chart, codes.COUNTED)
    mean, amr, notes = limits.mean.copy(), limits.amr.copy(), limits.notes.copy()
    far, near = limits.upl - limits.mean, limits.nupl - limits.mean
    sigma = np.maximum(np.where(notes & codes.UNSCREENED_USED > 0, 0.0, amr) / D2, 1.0)
    sigma = np.where(scale.flat[part] & ~np.isnan(amr), 0.0, sigma)
    sigma = np.where(laney, sigma, amr / D2)
    own = laney | (chart == codes.T)
    mean[laney] = np.where(np.isnan(mean[laney]), np.nan, 0.0)
    amr[own] = (sigma * D2)[own]
    far, near = np.where(own, 3 * sigma, far), np.where(own, 2 * sigma, near)
    notes[laney] &= np.uint16(0xFFFF ^ (codes.UNSCREENED_USED | codes.NO_VARIATION))
    notes[laney & (sigma == 0)] |= codes.NO_VARIATION
    notes[scale.few[part]] |= codes.FEW_EVENTS
    result = Limits(mean, amr, mean - far, mean + far, mean - near, mean + near, notes)
    for place in np.flatnonzero(chart == codes.G):
        _between(result, int(place), values[starts[place] : starts[place] + int(scale.base[first + place])])
    return result


def _between(limits: Limits, place: int, values: Floats) -> None:
    """g: mean m, standard deviation sqrt(m (m + 1)), the median in the middle. Such phases are few, so one by one."""
    known = values[~np.isnan(values)]
    limits.notes[place] &= np.uint16(0xFFFF ^ (codes.NO_LIMITS | codes.UNSCREENED_USED | codes.NO_VARIATION))
    if len(known) < 2:
        return
    mean = float(known.mean())
    sd = float(np.sqrt(mean * (mean + 1)))
    limits.mean[place], limits.amr[place] = np.median(known), sd * D2
    limits.lpl[place], limits.upl[place] = max(0.0, mean - 3 * sd), mean + 3 * sd
    limits.nlpl[place], limits.nupl[place] = max(0.0, mean - 2 * sd), mean + 2 * sd
    if sd == 0:
        limits.notes[place] |= codes.NO_VARIATION


@dataclass(frozen=True, eq=False)
class Lines:
    """per_phase: in the units of the values (where limits vary, those of the last value of the phase); lpl, upl, nlpl,
    nupl float64[n] of every point."""

    per_phase: Limits
    lpl: Floats
    upl: Floats
    nlpl: Floats
    nupl: Floats


def to_lines(limits: Limits, scale: Scale, values: Floats, phases: Phases) -> Lines:
    """The lines as they are drawn: back in the units of the values, shares within 0 and 1, nothing else below 0."""
    length, starts = np.diff(phases.starts), phases.starts[:-1]
    names = ("lpl", "upl", "nlpl", "nupl")
    phase = np.arange(len(length))
    at = _drawn({name: getattr(limits, name) for name in names}, scale, length)
    last = np.maximum.reduceat(np.where(np.isnan(values), -1, np.arange(len(values))), starts)
    last = np.where(last < 0, starts, last)
    per_phase = {name: column[last] for name, column in at.items()}
    plain = scale.is_(codes.XMR)
    mean = back(limits.mean, scale, phase, last)
    far = back(limits.upl, scale, phase, last, clip=False) - mean
    level = ~plain & (limits.notes & codes.NO_VARIATION > 0) & ~scale.flat
    middle = np.where(level, values[last], mean)
    straight = np.repeat(level | plain, length)
    for name, column in per_phase.items():
        per_phase[name] = np.where(level, middle, np.where(plain, getattr(limits, name), _finite(column)))
        np.copyto(at[name], np.repeat(per_phase[name], length), where=straight)
        at[name][np.isinf(at[name])] = np.nan  # as ``_finite``, in place
    shown = Limits(
        np.where(plain, limits.mean, _finite(middle)),
        np.where(plain, limits.amr, _finite(far / 2.66)),
        **per_phase,
        notes=limits.notes,
    )
    return Lines(shown, **at)


def _finite(numbers: Floats) -> Floats:
    """A line beyond all numbers of this machine is none."""
    return np.where(np.isfinite(numbers), numbers, np.nan)


def back(x: Floats, scale: Scale, owner: Ints, place: Ints | None = None, clip: bool = True) -> Floats:
    """Numbers on the scale in the units of the values. owner: the phase of each; place: its point (None: one number
    for every point, in order)."""
    result = _bent(x, scale.chart[owner])
    counted = np.isin(scale.chart, codes.COUNTED)[owner]
    if counted.any():
        # A period without a value was judged by nothing: it has the centre, and no limits.
        # In place, for new arrays of a million points cost more than the sums.
        share = x * (scale.sd if place is None else scale.sd[place])
        share[x == 0] = 0.0
        share += scale.centre[owner]
        if clip:
            np.maximum(share, 0.0, out=share)
            np.minimum(share, np.where(scale.chart == codes.P, 1.0, np.inf)[owner], out=share)
        share *= scale.factor[owner]
        np.copyto(result, share, where=counted)
    return result


def _bent(x: Floats, chart: Codes) -> Floats:
    """Logarithms and roots taken back; all others as they are."""
    result = x.copy()
    logs = chart == codes.LOG
    result[logs] = np.exp(x[logs])
    roots = chart == codes.T
    result[roots] = np.fmax(x[roots], 0.0) ** POWER
    result[roots & np.isnan(x)] = np.nan
    return result


def _drawn(lines: dict[str, Floats], scale: Scale, length: Ints) -> dict[str, Floats]:
    """Lines that have one number on the scale for each phase, at every point: ``back`` of each of them, with what they
    share made ready once, and what a phase shares worked out once for the phase."""
    at = {name: np.repeat(_bent(x, scale.chart), length) for name, x in lines.items()}
    counted = np.isin(scale.chart, codes.COUNTED)
    if counted.any():
        here, centre, factor = (
            np.repeat(counted, length),
            np.repeat(scale.centre, length),
            np.repeat(scale.factor, length),
        )
        whole = np.repeat(np.where(scale.chart == codes.P, 1.0, np.inf), length)
        for name, x in lines.items():
            share = np.repeat(x, length)
            share *= scale.sd
            if (x == 0).any():
                share[np.repeat(x == 0, length)] = 0.0
            share += centre
            np.maximum(share, 0.0, out=share)
            np.minimum(share, whole, out=share)
            share *= factor
            np.copyto(at[name], share, where=here)
    return at


def slack_of(limits: Limits, scale: Scale, first: int, end: int) -> Floats:
    """What rounding may add to a point that lies on a line, per phase, on the scale."""
    size = np.fmax(np.fmax(np.abs(limits.mean), np.fmax(limits.amr, 0)), scale.size[first:end])
    return TOLERANCE * np.where(np.isfinite(size), size, 0)

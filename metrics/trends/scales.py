"""On which scale a series is scanned: one on which chance is the same at every level (design section 3.2, 1)."""

import numpy as np

from .arrays import Bools, Codes, Floats, Ints
from .blocks import blocks
from .counts import POWER

PLAIN, LOG, SHARE, RATE, COUNT, WAIT = 0, 1, 2, 3, 4, 5


def scanned(
    values: Floats, numerators: Floats, denominators: Floats, starts: Ints, begins: Ints, scale: Codes
) -> Floats:
    """The flat values for ``scan``. scale int8[s]: PLAIN; LOG for times and rates; SHARE and RATE for counts with a
    known denominator, of which Laney's z = (value - centre) / sd_i is taken, sd_i from the size of each period; COUNT
    for plain counts (the square root of Anscombe 1948); WAIT for times between rare events (the root of the t chart).

    A series that does not fit its scale (a time of 0, a share above 1, a denominator not known) stays plain.
    """
    found = np.empty(len(values))
    for first, end in blocks(starts):
        at = starts[first]
        span = slice(at, starts[end])
        above, below = (one[span] for one in (numerators, denominators))
        found[span] = _scanned(
            values[span], above, below, starts[first : end + 1] - at, begins[first:end] - at, scale[first:end]
        )
    return found


def _scanned(
    values: Floats, numerators: Floats, denominators: Floats, starts: Ints, begins: Ints, scale: Codes
) -> Floats:
    owner = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    used = np.isfinite(values) & (np.arange(len(values)) >= begins[owner])
    wanted = scale[owner]
    found = values.copy()
    with np.errstate(all="ignore"):
        log = _all(values > 0, used, owner, len(begins))[owner] & (wanted == LOG)
        found[log] = np.log(values[log])
        for code, bend in ((COUNT, _anscombe), (WAIT, _root)):
            if not (scale == code).any():
                continue
            chosen = _all(values >= 0, used, owner, len(begins))[owner] & (wanted == code)
            found[chosen] = bend(values[chosen])
        counted = (denominators > 0) & (numerators >= 0)
        inside = counted & (numerators <= denominators)
        for code, fits in ((SHARE, inside), (RATE, counted)):
            chosen = _all(fits, used, owner, len(begins))[owner] & (wanted == code)
            found[chosen] = _laney(
                numerators[chosen], denominators[chosen], used[chosen], owner[chosen], len(begins), code
            )
    return np.where(used, found, np.nan)


def _anscombe(counts: Floats) -> Floats:
    return 2 * np.sqrt(counts + 0.375)


def _root(times: Floats) -> Floats:
    return times ** (1 / POWER)


def _all(fits: Bools, used: Bools, owner: Ints, size: int) -> Bools:
    """bool[s]: whether every value of the series that is used fits."""
    return np.bincount(owner[used & ~fits], minlength=size) == 0


def _laney(numerators: Floats, denominators: Floats, used: Bools, owner: Ints, size: int, code: int) -> Floats:
    """Laney's z of the points of the series on this scale; owner: the series of each."""
    part = owner[used]
    centre = np.bincount(part, numerators[used], size) / np.bincount(part, denominators[used], size)
    spread = (centre * (1 - centre) if code == SHARE else centre)[owner]
    z = (numerators / denominators - centre[owner]) / np.sqrt(spread / denominators)
    return np.where(spread > 0, z, 0.0)

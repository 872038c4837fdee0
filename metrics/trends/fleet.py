"""From one p-value per series to what may be said of all of them together (design section 3.2).

Sources: Benjamini and Hochberg 1995; Benjamini and Yekutieli 2001.
"""

from typing import Literal

import numpy as np

from .arrays import Bools, Floats, Ints

Method = Literal["bh", "by"]

Q = 0.10  # the share of false ones that is accepted among those confirmed
CEILING = 0.01  # and none is confirmed that a stable series would reach more often than this, however few there are
# What was announced stays so until chance would make as much of it this often: it does not come and go with the number of
# other series.
RELEASE = 0.05
FEW = 10  # series, below which the median of their autocorrelations is noise


def passing(p: Floats, q: float = Q, method: Method = "bh") -> Bools:
    """Which of these hold when of those that hold a share of at most q may be false; nan never holds.

    "bh": tests that are independent or move together; "by": whatever they share (stricter by 1 + 1/2 + .. + 1/m).
    """
    known = np.isfinite(p)
    size = int(known.sum())
    holds = np.zeros(len(p), np.bool_)
    if not size:
        return holds
    share = q / (1 / np.arange(1, size + 1)).sum() if method == "by" else q
    ranked = np.sort(p[known])
    below = np.flatnonzero(ranked <= share * np.arange(1, size + 1) / size)
    if len(below):
        holds[known] = p[known] <= min(ranked[below[-1]], CEILING)
    return holds


def shared_phi(group: Ints, own: Floats, rest: Floats) -> dict[int, float]:
    """The autocorrelation of each group (metric): the median of its series, not below 0.

    own and rest: ``Scan.own_phi`` and ``Scan.rest_phi``. A group with fewer than 10 series takes the median of the
    whole fleet, for that of a few is too noisy; a fleet with fewer than 10 the median of what lies before the windows,
    for one change of level among three series would pass for autocorrelation.
    """
    known = np.isfinite(own)
    whole = _median(own[known] if known.sum() >= FEW else rest[np.isfinite(rest)])
    found = {}
    for one in np.unique(group).tolist():
        mine = own[known & (group == one)]
        found[one] = _median(mine) if len(mine) >= FEW else whole
    return found


def _median(phi: Floats) -> float:
    return max(0.0, float(np.median(phi))) if len(phi) else 0.0

"""The word for a chance (section 3.3, row 5): a band of five, by the chance to the whole per cent.

A chance on a border belongs to the word nearer to even odds: 10 % is doubtful and 90 % likely, 40 and 60 % are even. So
the chance of meeting a target and that of missing it are told alike, and no word claims more than the figure beside it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from .arrays import Ints

NAMES = ("unlikely", "doubtful", "even", "likely", "very_likely")
NONE = -1


def band_of(chances: ArrayLike) -> Ints:
    """For each chance the place of its word in ``NAMES``; -1 for none (nan)."""
    given = np.asarray(chances, np.float64)
    percent = np.rint(100 * given)
    bands = (percent >= 10) * 1 + (percent >= 40) + (percent > 60) + (percent > 90)
    return np.asarray(np.where(np.isnan(given), NONE, bands), np.int64)


def once_in(chance: float) -> int:
    """ "1 period in so many" of the rarer outcome: rounded, but never into another band than that of the word."""
    rare = min(chance, 1 - chance)
    band = int(band_of(chance))
    most = {1: 10, 2: 2, 3: 10}.get(band)
    often = round(1 / rare) if rare > 0 else 0
    return often if most is None else min(often, most)

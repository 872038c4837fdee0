"""How often a stable series shows an icon by chance: the table of design section 3.1, for our rules and limits.

Made by ``manage.py simulate icon-rates --repeats 60000 --seed 1`` (normal values, limits from the same values, screened,
rules of product mode); the standard error of each entry is 0.002 or less. It is the very table that is kept
of that run (``metrics/simulations/stored.json``).
"""

import numpy as np
from numpy.typing import ArrayLike

from .arrays import Floats

LENGTHS = (12, 16, 24, 36, 52, 78, 104, 156, 260)
PHIS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
RATES = np.array(
    [
        [0.01578, 0.02167, 0.03122, 0.04447, 0.06337, 0.09127, 0.1285, 0.1864, 0.2626, 0.3476],  # 12
        [0.01585, 0.02457, 0.03473, 0.0492, 0.07575, 0.1143, 0.1693, 0.2381, 0.3354, 0.4524],  # 16
        [0.01717, 0.02665, 0.03902, 0.06028, 0.0902, 0.1332, 0.2011, 0.2862, 0.4024, 0.5445],  # 24
        [0.01808, 0.02977, 0.04365, 0.06597, 0.09795, 0.1499, 0.2203, 0.3137, 0.4344, 0.5915],  # 36
        [0.0193, 0.0284, 0.04538, 0.069, 0.1053, 0.1557, 0.2249, 0.3254, 0.4487, 0.6168],  # 52
        [0.02015, 0.03107, 0.04605, 0.07207, 0.1079, 0.1615, 0.2366, 0.3318, 0.463, 0.6277],  # 78
        [0.01967, 0.0314, 0.04847, 0.07267, 0.1109, 0.1646, 0.2395, 0.3354, 0.4648, 0.6338],  # 104
        [0.02133, 0.03243, 0.0489, 0.07647, 0.1139, 0.17, 0.2403, 0.3401, 0.4698, 0.64],  # 156
        [0.02057, 0.03198, 0.05028, 0.07488, 0.1134, 0.1689, 0.2439, 0.343, 0.4745, 0.6438],  # 260
    ]
)


def icon_rate(n: ArrayLike, phi: ArrayLike) -> Floats:
    """The chance that the latest value of a stable series of n values, with lag-1 autocorrelation phi, has an icon.

    Read from the table, straight lines between its entries; below 7 values no rule can tell anything: 0.
    """
    size, share = np.broadcast_arrays(np.asarray(n, np.float64), np.nan_to_num(np.asarray(phi, np.float64)))
    rows = np.array([np.interp(share, PHIS, line) for line in RATES])
    place = np.interp(size, LENGTHS, np.arange(len(LENGTHS)))
    low = np.floor(place).astype(np.int64).clip(0, len(LENGTHS) - 2)
    at = np.arange(size.size).reshape(size.shape)
    flat = rows.reshape(len(LENGTHS), -1)
    found = flat[low, at] + (place - low) * (flat[low + 1, at] - flat[low, at])
    return np.where(size < 7, 0.0, found)

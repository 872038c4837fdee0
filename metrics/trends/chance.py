"""How often a stable series shows an icon by chance: the table of design section 3.1, for our rules and limits.

Made by ``manage.py simulate icon-rates --repeats 60000 --seed 1`` (normal values, limits from the same values, screened,
rules of product mode); the standard error of each entry is below 0.002.
"""

import numpy as np
from numpy.typing import ArrayLike

from .arrays import Floats

LENGTHS = (12, 16, 24, 36, 52, 78, 104, 156, 260)
PHIS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
RATES = np.array(
    [
        [0.0158, 0.0221, 0.03, 0.0449, 0.0623, 0.0896, 0.128, 0.1886, 0.2608, 0.3534],  # 12
        [0.0162, 0.0237, 0.0351, 0.0502, 0.0761, 0.1129, 0.1677, 0.2419, 0.3347, 0.4533],  # 16
        [0.0175, 0.0267, 0.0409, 0.0607, 0.0921, 0.1368, 0.2007, 0.2906, 0.4018, 0.5404],  # 24
        [0.0175, 0.0285, 0.0419, 0.0653, 0.0973, 0.1487, 0.2177, 0.3116, 0.4382, 0.5928],  # 36
        [0.0185, 0.0303, 0.0455, 0.0698, 0.1049, 0.1552, 0.2257, 0.3293, 0.4506, 0.6132],  # 52
        [0.0204, 0.0306, 0.0474, 0.0721, 0.1103, 0.1607, 0.2322, 0.3329, 0.4613, 0.6262],  # 78
        [0.0203, 0.0314, 0.0479, 0.0718, 0.1105, 0.1658, 0.2402, 0.3354, 0.4653, 0.6335],  # 104
        [0.0198, 0.0297, 0.0478, 0.0741, 0.1114, 0.1665, 0.2399, 0.337, 0.4663, 0.637],  # 156
        [0.0203, 0.0326, 0.0493, 0.0769, 0.1146, 0.1692, 0.2481, 0.341, 0.4703, 0.6398],  # 260
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

"""How much units differ beyond chance: without the distributions of the limits, so that a page can ask for it.

Sources: DerSimonian and Laird 1986; Spiegelhalter et al. 2012 (winsorising); NHS Digital 2018 (SHMI, truncation).
"""

from typing import Literal

import numpy as np

from .arrays import Bools, Floats

Z998 = 3.090232  # beyond it lies 1 unit in 500 by chance
TRIM = 0.1  # of each end of the z-scores, so that the unusual units do not define what is usual


def overdispersion(z: Floats, scale: Floats, ends: Literal["winsorise", "truncate"]) -> tuple[float, float]:
    """phi and tau2 by the method of moments of DerSimonian and Laird."""
    present = ~np.isnan(z)
    z, weights = z[present], 1 / scale[present] ** 2
    if len(z) < 2:
        return 0.0, 0.0
    low, high = np.quantile(z, [TRIM, 1 - TRIM])
    if ends == "truncate":
        kept: Bools = (z >= low) & (z <= high)
        z, weights = z[kept], weights[kept]
    else:
        z = np.clip(z, low, high)
    if not len(z):
        return 0.0, 0.0
    count, phi = len(z), float((z**2).mean())
    room = float(weights.sum() - (weights**2).sum() / weights.sum())
    beyond = count * phi - (count - 1)
    return phi, beyond / room if beyond > 0 and room > 0 else 0.0

"""How alike neighbouring periods are, told in one way everywhere: freed of what the shortness of a series takes off."""

from typing import Any, overload

from .arrays import Floats, Ints


@overload
def corrected(r: float, n: float) -> float: ...
@overload
def corrected(r: Floats, n: Ints) -> Floats: ...
def corrected(r: Any, n: Any) -> Any:
    """The lag-1 autocorrelation of n values (n > 3) whose plain estimate is r: (r + 1/n) / (1 - 3/n), because the plain
    one comes out at about rho - (1 + 3 rho) / n. Source: Marriott and Pope 1954; Kendall 1954."""
    return (r + 1 / n) / (1 - 3 / n)


MOST = 0.9  # a series that resembles itself more than that wanders: no number of its values would tell its mean


def widened(phi: float) -> float:
    """(1 + phi) / (1 - phi): how much likeness of neighbouring values adds to the variance of a mean of many; phi is taken
    between 0 and 0.9. Source: Bartlett 1946."""
    kept = min(MOST, max(0.0, phi))
    return (1 + kept) / (1 - kept)

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

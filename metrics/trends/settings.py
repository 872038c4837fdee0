"""What the analysis may be told; part of the key under which its result is stored."""

from dataclasses import asdict, dataclass
from typing import Literal

Mode = Literal["product", "compat"]
Ties = Literal["break", "skip"]


@dataclass(frozen=True)
class Settings:
    """The constants of design section 1.1-1.2.

    `limit` and `cut` are multiples of the average moving range (2.66 = 3/1.128 rounded, D4 = 3.267);
    `shift` and `trend` are numbers of points; `fix_after_n` is the default number of baseline points of
    every phase (0 = all of them, otherwise 12 or more), used where a series has none of its own. `ties`:
    whether a value equal to the one before it breaks a trend, or is passed over.
    Raises ValueError on a value that cannot be meant.
    """

    mode: Mode = "product"
    shift: int = 7
    trend: int = 7
    limit: float = 2.66
    cut: float = 3.267
    screen: bool = True
    fix_after_n: int = 0
    min_points: int = 13
    ties: Ties = "break"

    def __post_init__(self) -> None:
        if self.mode not in ("product", "compat"):
            raise ValueError(f"mode must be 'product' or 'compat', not {self.mode!r}")
        if self.ties not in ("break", "skip"):
            raise ValueError(f"ties must be 'break' or 'skip', not {self.ties!r}")
        if self.shift < 2 or self.trend < 3:
            raise ValueError("a shift needs at least 2 points and a trend at least 3")
        if not (self.limit > 0 and self.cut > 1):
            raise ValueError("limit must be above 0 and cut above 1")
        if self.fix_after_n != 0 and self.fix_after_n < 12:
            raise ValueError("fix_after_n must be 0 (all points) or 12 or more")

    @property
    def product(self) -> bool:
        return self.mode == "product"

    @property
    def key(self) -> str:
        """Short and stable: equal settings give equal keys, different ones different keys."""
        cut = f"{self.cut:.6g}" if self.screen else "0"
        ties = "-skip" if self.ties == "skip" else ""  # nothing by default, so that what is stored keeps its key
        return (
            f"{self.mode}-s{self.shift}-t{self.trend}-l{self.limit:.6g}-x{cut}-b{self.fix_after_n}-m{self.min_points}"
            f"{ties}"
        )

    def as_dict(self) -> dict[str, str | int | float | bool]:
        return asdict(self)

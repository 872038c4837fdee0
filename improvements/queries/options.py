"""What an option asks for beyond the parameters for change of its review."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from improvements.models import Option
from reviews.models import Parameter, Review


@dataclass(frozen=True)
class Outside:
    """Parameters that are fixed or need approval, and how far the first year's cost passes the spend limit."""

    fixed: tuple[str, ...] = ()
    approval: tuple[str, ...] = ()
    over_limit: Decimal = Decimal(0)

    @property
    def is_outside(self) -> bool:
        """Beyond what the plan allows: somebody must allow it expressly."""
        return bool(self.fixed) or self.over_limit > 0

    @property
    def needs_approval(self) -> bool:
        return self.is_outside or bool(self.approval)

    def as_dict(self) -> dict[str, Any]:
        return {"fixed": list(self.fixed), "approval": list(self.approval), "over_limit": float(self.over_limit)}


def outside(option: Option, review: Review) -> Outside:
    """Where this option leaves the parameters; ``touches`` should be prefetched when asked for many."""
    touched = sorted(option.touches.all(), key=lambda one: (one.position, one.pk))
    named = {
        freedom: tuple(one.aspect for one in touched if one.freedom == freedom) for freedom in Parameter.Freedom.values
    }
    over = option.first_year - review.spend_limit if review.spend_limit is not None else Decimal(0)
    return Outside(named[Parameter.Freedom.FIXED], named[Parameter.Freedom.APPROVAL], max(over, Decimal(0)))

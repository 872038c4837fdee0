"""What an option asks for beyond the parameters for change of its review."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import F

from improvements.models import Option, Recommendation
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


def outside(option: Option, review: Review, touches: Iterable[Parameter] | None = None) -> Outside:
    """Where this option leaves the parameters; ``touches``: what it touches, where that is read already."""
    touched = sorted(option.touches.all() if touches is None else touches, key=lambda one: (one.position, one.pk))
    named = {
        freedom: tuple(one.aspect for one in touched if one.freedom == freedom) for freedom in Parameter.Freedom.values
    }
    over = option.first_year - review.spend_limit if review.spend_limit is not None else Decimal(0)
    return Outside(named[Parameter.Freedom.FIXED], named[Parameter.Freedom.APPROVAL], max(over, Decimal(0)))


def beyond_of(recommendation: Recommendation) -> Outside:
    """Where the preferred option leaves the parameters for change; one query."""
    names = {f"touched_{name}": F(f"touches__{name}") for name in ("id", "position", "aspect", "freedom")}
    rows: list[Any] = list(recommendation.options.filter(preferred=True).annotate(**names))
    touches = [
        Parameter(
            pk=row.touched_id, position=row.touched_position, aspect=row.touched_aspect, freedom=row.touched_freedom
        )
        for row in rows
        if row.touched_id is not None
    ]
    return outside(rows[0], recommendation.review, touches) if rows else Outside()

"""What a plan wants made, and how it refers to things that are not there yet. Pure but for the names of models.

A reference is the id of what exists, -(place + 1) for the thing at that place of the list of new ones, 0 for none.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.text import slugify

from processes.models import Channel, Product, Service

DIMENSIONS: dict[str, type[Service] | type[Product] | type[Channel]] = {
    "service": Service,
    "product": Product,
    "channel": Channel,
}
Key = tuple[int, int, int, int, int]


@dataclass
class Making:
    """``series``: [metric, unit, service, product, channel] references of the new ones, ``made`` their ids later.

    ``touched`` and ``versions``: the existing series that the plan brings values for, as they were when planned.
    ``tops``: for cases, the units to be counted for are found from the cases themselves, so these lists stay empty.
    """

    units: list[str] = field(default_factory=list)
    dimensions: dict[str, list[str]] = field(default_factory=lambda: {name: [] for name in DIMENSIONS})
    metrics: list[dict[str, Any]] = field(default_factory=list)
    series: list[Key] = field(default_factory=list)
    touched: list[int] = field(default_factory=list)
    versions: list[int] = field(default_factory=list)
    made: list[int] = field(default_factory=list)
    units_made: list[int] = field(default_factory=list)
    dimensions_made: dict[str, list[int]] = field(default_factory=dict)

    def pack(self) -> bytes:
        return zlib.compress(json.dumps(asdict(self)).encode(), 1)

    @classmethod
    def unpack(cls, content: bytes) -> Making:
        given = json.loads(zlib.decompress(content))
        given["series"] = [tuple(key) for key in given["series"]]
        return cls(**given)

    @property
    def counts(self) -> dict[str, int]:
        """How many of each are new."""
        dimensions = {name: len(names) for name, names in self.dimensions.items() if names}
        counts = {"units": len(self.units), "metrics": len(self.metrics), "series": len(self.series)}
        return {name: count for name, count in (counts | dimensions).items() if count}

    @property
    def all_series(self) -> list[int]:
        """Ids of every series that the plan brings values for, once it has been taken."""
        return self.touched + self.made


def code_of(name: str) -> str:
    """The code under which a metric is found again."""
    return slugify(name, allow_unicode=True)[:80] or "metric"

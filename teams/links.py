"""What the thread and the search hand upwards: plain lines, each already allowed by the doors of its app. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

FROM, DEPENDS = "from", "depends"


@dataclass(frozen=True)
class ThreadLink:
    """One neighbour of an object: ``relation`` FROM (it came from this) or DEPENDS (this depends on it). Without a
    ``url`` it is a remark."""

    relation: str
    noun: Any
    title: str
    url: str
    state: Any = ""
    at: dt.datetime | None = None


@dataclass(frozen=True)
class Hit:
    """One find of the search."""

    noun: Any
    title: str
    url: str
    excerpt: str = ""
    state: Any = ""

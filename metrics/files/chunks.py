"""What comes out of a file: arrays of one chunk of rows, the rows left out, and the account at the end."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from metrics.files.plan import Problem

NEVER = np.iinfo(np.int64).min
"""The moment that stands for "not known" in every array of moments."""

Floats = NDArray[np.float64]
Moments = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Keys:
    """A column of words as numbers: ``names[codes[i]]`` is row i's word.

    ``names`` is one list for the whole reading and only grows, so a code means the same word in every chunk;
    what is new since the last chunk is ``names[known:]``.
    """

    codes: NDArray[np.int32]
    names: list[str]


@dataclass(frozen=True, slots=True)
class Values:
    """One metric's figures. A plain value stands in ``numerator`` with an all-nan ``denominator``; nan is
    missing. Shares are 0..1, durations are seconds."""

    numerator: Floats
    denominator: Floats


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row left out: its cells as read, so that it can be listed and downloaded as it came."""

    row: int
    line: int
    cells: tuple[str, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class MeasuredChunk:
    """Rows of a measured file. All arrays have one length; ``day`` is ``date.toordinal()`` of the first day of
    the period. ``metric`` is None unless the mapping has a ``metric_column``; ``values`` is keyed by
    ``MetricFrom.name``. Rows in which every metric is missing are not here (``Reading.without_values``)."""

    row_number: NDArray[np.int64]
    day: NDArray[np.int32]
    unit: Keys
    dimensions: dict[str, Keys]
    metric: Keys | None
    values: dict[str, Values]
    rejected: list[Rejected]
    warnings: list[Problem]

    @property
    def problems(self) -> list[Problem]:
        return [problem for row in self.rejected for problem in row.problems] + self.warnings

    def __len__(self) -> int:
        return len(self.row_number)


@dataclass(frozen=True, slots=True)
class CaseChunk:
    """Rows of a case file. Moments are seconds since 1970 UTC, ``NEVER`` where missing; durations are seconds
    from a duration column, nan where missing; ``reopens`` is -1 where missing; flags are 1 yes, 0 no, -1 not
    known; ``score`` is the number answered (nan where it is a word or missing), ``satisfied`` its verdict."""

    row_number: NDArray[np.int64]
    external_id: list[str]
    unit: Keys
    dimensions: dict[str, Keys]
    opened: Moments
    first_response: Moments
    resolved: Moments
    closed: Moments
    updated: Moments
    first_response_seconds: Floats
    resolution_seconds: Floats
    reopens: NDArray[np.int32]
    within_limit: NDArray[np.int8]
    satisfied: NDArray[np.int8]
    score: Floats
    flags: dict[str, NDArray[np.int8]]
    rejected: list[Rejected]
    warnings: list[Problem]

    @property
    def problems(self) -> list[Problem]:
        return [problem for row in self.rejected for problem in row.problems] + self.warnings

    def __len__(self) -> int:
        return len(self.row_number)


Chunk = MeasuredChunk | CaseChunk


@dataclass(slots=True)
class Reading:
    """The account of a whole reading. It adds up: rows = accepted + rejected + without_values + excluded.

    ``rows`` is counted apart from the parsing (``spread`` of them are cells of a wide table beyond its first), ``excluded`` holds total rows, notes and filtered rows by kind.
    ``contradictions`` counts rows by code (closed before opened, ...). Days are ordinals, 0 where there is none.
    """

    rows: int = 0
    spread: int = 0
    accepted: int = 0
    rejected: int = 0
    without_values: int = 0
    excluded: dict[str, int] = field(default_factory=dict)
    reasons: dict[str, int] = field(default_factory=dict)
    contradictions: dict[str, int] = field(default_factory=dict)
    warned: dict[str, int] = field(default_factory=dict)
    bad_bytes: int = 0
    controls: int = 0
    truncated: bool = False
    first_day: int = 0
    last_day: int = 0
    complete: bool = False

    @property
    def balanced(self) -> bool:
        parts = self.accepted + self.rejected + self.without_values + sum(self.excluded.values())
        return self.complete and parts == self.rows

    def to_json(self) -> dict[str, Any]:
        return asdict(self) | {"balanced": self.balanced}

"""Process behaviour charts for all series at once: pure numpy; words are made elsewhere from codes.

batch = Batch.build(values, starts, days, direction=..., target=...)
result = analyse(batch, Settings())
runs(result), pack(result, series), cut(data, points), unpack(data), read_outcome(...)
"""

from . import codes
from .analysis import analyse
from .batch import Batch, BatchError, DuplicateDate
from .maximal import Runs, runs
from .outcome import Outcome, read_outcome
from .packing import PackError, Points, cut, pack, pack_all, unpack
from .result import Drawn, Result
from .settings import Settings

__all__ = [
    "Batch",
    "BatchError",
    "Drawn",
    "DuplicateDate",
    "Outcome",
    "PackError",
    "Points",
    "Result",
    "Runs",
    "Settings",
    "analyse",
    "codes",
    "cut",
    "pack",
    "pack_all",
    "read_outcome",
    "runs",
    "unpack",
]

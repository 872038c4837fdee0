"""Words of several columns to one number per row: which series a row belongs to, before any series is looked up."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


class Interner:
    """``place(codes)`` gives each row the number of its combination; ``keys[number]`` is the combination."""

    def __init__(self) -> None:
        self.keys: list[tuple[int, ...]] = []
        self._known: dict[tuple[int, ...], int] = {}

    def place(self, codes: list[NDArray[np.int32]]) -> NDArray[np.int32]:
        """Numbers that mean the same in every chunk. ``codes``: arrays of one length, each code 0 or more."""
        mixed = codes[0].astype(np.int64)
        for part in codes[1:]:
            mixed = mixed * (int(part.max(initial=0)) + 1) + part
        _found, first, which = np.unique(mixed, return_index=True, return_inverse=True)
        numbers = [self._number(tuple(int(part[place]) for part in codes)) for place in first.tolist()]
        return np.array(numbers, np.int32)[which.reshape(-1)]

    def _number(self, key: tuple[int, ...]) -> int:
        number = self._known.get(key)
        if number is None:
            number = self._known[key] = len(self.keys)
            self.keys.append(key)
        return number

"""Chance that is the same on every machine: uniform numbers, and what is made of them by exactly rounded arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from zlib import crc32

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Truths = npt.NDArray[np.bool_]


class Draws:
    """The chance of one part of the data; what is drawn under one name doesn't depend on what else is drawn."""

    def __init__(self, seed: int, part: int) -> None:
        self._key = (seed, part)

    def share(self, name: str, size: int) -> Floats:
        """Numbers from 0 up to, but not including, 1."""
        source = np.random.PCG64(np.random.SeedSequence([*self._key, crc32(name.encode())]))
        return np.random.Generator(source).random(size)

    def happens(self, name: str, size: int, share: float | Floats) -> Truths:
        """True in this share of the cases."""
        return self.share(name, size) < share

    def whole(self, name: str, size: int, low: int | Whole, high: int | Whole) -> Whole:
        """Whole numbers, both ends included."""
        result: Whole = low + np.floor(self.share(name, size) * (high - low + 1)).astype(np.int64)
        return result

    def pick(self, name: str, size: int, items: Sequence[int]) -> Whole:
        """One of the items for each."""
        return np.array(items, dtype=np.int64)[self.whole(name, size, 0, len(items) - 1)]

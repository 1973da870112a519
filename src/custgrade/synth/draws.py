"""Random numbers that are the same on every machine: uniform numbers and exactly rounded arithmetic on them."""

from __future__ import annotations

from collections.abc import Sequence
from zlib import crc32

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Truths = npt.NDArray[np.bool_]


class Draws:
    """The random numbers of one part of the data; those of one name don't depend on other draws."""

    def __init__(self, seed: int, part: int) -> None:
        self._key = (seed, part)

    def share(self, name: str, size: int) -> Floats:
        """Return numbers from 0, included, to 1, not included."""
        source = np.random.PCG64(np.random.SeedSequence([*self._key, crc32(name.encode())]))
        return np.random.Generator(source).random(size)

    def happens(self, name: str, size: int, share: float | Floats) -> Truths:
        """Return truth values that are true with this probability, from 0 to 1."""
        return self.share(name, size) < share

    def whole(self, name: str, size: int, low: int | Whole, high: int | Whole) -> Whole:
        """Return whole numbers from `low` to `high`, both included."""
        result: Whole = low + np.floor(self.share(name, size) * (high - low + 1)).astype(np.int64)
        return result

    def pick(self, name: str, size: int, items: Sequence[int]) -> Whole:
        """Return items chosen with equal probability."""
        return np.array(items, dtype=np.int64)[self.whole(name, size, 0, len(items) - 1)]

"""Placing many scores among many boundaries with a lookup table.

The leading 20 bits of a score as float32 sort scores into a million buckets. All scores in a bucket without a boundary
have one class, which the table holds. The few scores in a bucket with a boundary are compared with the boundaries.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

_BUCKETS = 1 << 20
_HALF = _BUCKETS >> 1
_HAS_BOUNDARY = 255
"""The table's entry for a bucket with a boundary."""


class Lookup:
    """A lookup table that gives scores their class.

    floors: the least score of each class but the worst, best first; at most 254.
    """

    def __init__(self, floors: Sequence[float]) -> None:
        self._rising = np.array(floors[::-1], dtype=np.float64) + 0.0
        places = _place(_bucket(self._rising))
        classes = np.arange(len(floors), -1, -1, dtype=np.uint8)
        starts = np.concatenate([[0], places + 1, [_BUCKETS]])
        table = np.repeat(classes, np.diff(starts))
        table[places] = _HAS_BOUNDARY
        # −0.0 and 0.0 are equal, but in two buckets
        if _HAS_BOUNDARY in table[_HALF - 1 : _HALF + 1]:
            table[_HALF - 1 : _HALF + 1] = _HAS_BOUNDARY
        self._table = np.concatenate([table[_HALF:], table[_HALF - 1 :: -1]])

    def __call__(self, scores: npt.NDArray[np.float64]) -> npt.NDArray[np.uint8]:
        """Return how many floors each score is below, uint8 of shape (n,); the number for NaN has no meaning."""
        codes: npt.NDArray[np.uint8] = self._table[_bucket(scores)]
        compared = np.flatnonzero(codes == _HAS_BOUNDARY)
        codes[compared] = len(self._rising) - np.searchsorted(self._rising, scores[compared], "right")
        return codes


def _bucket(scores: npt.NDArray[np.float64]) -> npt.NDArray[np.uint32]:
    """Return the leading 20 bits of each score as float32, with the sign."""
    with np.errstate(over="ignore"):
        return scores.astype(np.float32).view(np.uint32) >> np.uint32(12)


def _place(buckets: npt.NDArray[np.uint32]) -> npt.NDArray[np.int64]:
    """Return the places of buckets in the order of their scores."""
    numbers = buckets.astype(np.int64)
    return np.where(numbers < _HALF, _HALF + numbers, _BUCKETS - 1 - numbers)

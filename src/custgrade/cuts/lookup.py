"""Placing many scores among many boundaries: by a table over the leading bits of the scores.

The leading 20 bits of a score as float32 order scores as they are ordered, in a million buckets. A bucket without a
boundary holds scores of one class, which is looked up; the few scores that share a bucket with a boundary are compared.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

_BUCKETS = 1 << 20
_HALF = _BUCKETS >> 1
_AMONG = 255
"""Stands in the table for a bucket that holds a boundary."""


class Lookup:
    """The classes of scores among boundaries, at most 254 of them.

    floors: the least score of each better class, best first.
    """

    def __init__(self, floors: Sequence[float]) -> None:
        self._rising = np.array(floors[::-1], dtype=np.float64) + 0.0
        places = _place(_bucket(self._rising))
        classes = np.arange(len(floors), -1, -1, dtype=np.uint8)
        starts = np.concatenate([[0], places + 1, [_BUCKETS]])
        table = np.repeat(classes, np.diff(starts))
        table[places] = _AMONG
        # both zeros are equal
        if _AMONG in table[_HALF - 1 : _HALF + 1]:
            table[_HALF - 1 : _HALF + 1] = _AMONG
        self._table = np.concatenate([table[_HALF:], table[_HALF - 1 :: -1]])

    def __call__(self, scores: npt.NDArray[np.float64]) -> npt.NDArray[np.uint8]:
        """How many floors each score is below; NaN gives a number without meaning."""
        codes: npt.NDArray[np.uint8] = self._table[_bucket(scores)]
        among = np.flatnonzero(codes == _AMONG)
        codes[among] = len(self._rising) - np.searchsorted(self._rising, scores[among], "right")
        return codes


def _bucket(scores: npt.NDArray[np.float64]) -> npt.NDArray[np.uint32]:
    """The leading bits of each score, the sign among them."""
    with np.errstate(over="ignore"):
        return scores.astype(np.float32).view(np.uint32) >> np.uint32(12)


def _place(buckets: npt.NDArray[np.uint32]) -> npt.NDArray[np.int64]:
    """The places of buckets in the order of their scores: the higher below zero, the lower."""
    numbers = buckets.astype(np.int64)
    return np.where(numbers < _HALF, _HALF + numbers, _BUCKETS - 1 - numbers)

"""Guesses from a sample: at which score a share of the customers is reached, and how far off that may be."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import numpy.typing as npt

Scores = npt.NDArray[np.float64]

SAMPLE = 1 << 16
"""Scores of a sample of many."""
_LEAST, _ONE_OF = 1 << 13, 64
_SPREADS = 3.5
_TIED = 1 / 500
_STEP_BEYOND = 8


def sample_size(size: int) -> int:
    """How many of so many scores to look at: sorting more takes longer than it saves, as few lie near a rank anyway."""
    return min(SAMPLE, max(_LEAST, size // _ONE_OF))


class Guesses:
    """The sorted sample of one class, and what it says."""

    def __init__(self, sample: Scores) -> None:
        self._sorted = np.sort(sample)

    def at(self, shares: Sequence[Fraction]) -> list[float]:
        """The scores that these shares of the customers seem to reach, best first; 0 where the sample is empty."""
        size = len(self._sorted)
        if not size:
            return [0.0] * len(shares)
        return [float(self._sorted[min(size - 1, int((1 - share) * size))]) + 0.0 for share in shares]

    def tied(self, score: float) -> bool:
        """Whether so many customers seem to have exactly this score that a rank may well be among them."""
        first, last = (int(np.searchsorted(self._sorted, score, side)) for side in ("left", "right"))
        return last - first > max(2, len(self._sorted) * _TIED)

    def beyond(self, score: float, off: float) -> float:
        """A score on the other side of a rank that a share `off` of the customers separates from `score`.

        off: above 0 where the rank's score is higher, below 0 where it is lower. An infinity where the sample ends.
        """
        size = len(self._sorted)
        expected = abs(off) * size
        need = math.ceil(expected + _SPREADS * math.sqrt(expected + 4)) + _STEP_BEYOND
        if off > 0:
            at = int(np.searchsorted(self._sorted, score, "right")) + need
            return float(self._sorted[at]) if at < size else math.inf
        at = int(np.searchsorted(self._sorted, score, "left")) - need
        return float(self._sorted[at]) if at >= 0 else -math.inf

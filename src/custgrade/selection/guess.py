"""Guesses from a sample: the score that a share of the customers reaches, and the error of that guess."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import numpy.typing as npt

Scores = npt.NDArray[np.float64]

SAMPLE = 1 << 16
"""The largest number of scores in a sample."""
_LEAST, _ONE_OF = 1 << 13, 64
_SPREADS = 3.5
_TIED = 1 / 500
_STEP_BEYOND = 8


def sample_size(size: int) -> int:
    """Return the size of the sample for `size` scores; sorting a larger one takes longer than it saves."""
    return min(SAMPLE, max(_LEAST, size // _ONE_OF))


class Guesses:
    """The guesses from a sample of one class."""

    def __init__(self, sample: Scores) -> None:
        self._sorted = np.sort(sample)

    def at(self, shares: Sequence[Fraction]) -> list[float]:
        """Return the scores that these shares of the sample reach, best first; 0 if the sample is empty."""
        size = len(self._sorted)
        if not size:
            return [0.0] * len(shares)
        return [float(self._sorted[min(size - 1, int((1 - share) * size))]) + 0.0 for share in shares]

    def tied(self, score: float) -> bool:
        """Return whether so many of the sample have exactly this score that a rank is probably among them."""
        first, last = (int(np.searchsorted(self._sorted, score, side)) for side in ("left", "right"))
        return last - first > max(2, len(self._sorted) * _TIED)

    def beyond(self, score: float, off: float) -> float:
        """Return a score that is very probably beyond a rank; an infinity if it would be outside the sample.

        score: a guess for the rank's score. off: the share of the customers between the guess and the rank, above 0 if
        the rank's score is higher than the guess, below 0 if it is lower.
        """
        size = len(self._sorted)
        expected = abs(off) * size
        need = math.ceil(expected + _SPREADS * math.sqrt(expected + 4)) + _STEP_BEYOND
        if off > 0:
            at = int(np.searchsorted(self._sorted, score, "right")) + need
            return float(self._sorted[at]) if at < size else math.inf
        at = int(np.searchsorted(self._sorted, score, "left")) - need
        return float(self._sorted[at]) if at >= 0 else -math.inf

"""Exact sums of float64 columns."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import numpy.typing as npt

_BLOCK = 1 << 20


def as_float(exact: Fraction) -> float:
    """Return the float64 nearest to an exact number; an infinity beyond the largest."""
    try:
        return float(exact)
    except OverflowError:
        return math.inf if exact > 0 else -math.inf


def exact_sum(values: npt.NDArray[np.float64]) -> Fraction:
    """Return the sum of finite values as an exact Fraction, whatever their order; 0 for none.

    Every float64 is an integer of at most 53 bits times a power of two. The integers are added per power, in two
    halves whose sums can't overflow 63 bits within a block, and the powers are put together in rational arithmetic.
    """
    total = Fraction(0)
    for start in range(0, len(values), _BLOCK):
        mantissa, exponent = np.frexp(values[start : start + _BLOCK])
        whole = (mantissa * 2.0**53).astype(np.int64)
        high, low = whole >> 27, whole & (2**27 - 1)
        powers, group = np.unique(exponent, return_inverse=True)
        order = np.argsort(group, kind="stable")
        starts = np.searchsorted(group[order], np.arange(len(powers)))
        highs = np.add.reduceat(high[order], starts).tolist()
        lows = np.add.reduceat(low[order], starts).tolist()
        for power, upper, lower in zip(powers.tolist(), highs, lows, strict=True):
            total += ((upper << 27) + lower) * Fraction(2) ** (power - 53)
    return total

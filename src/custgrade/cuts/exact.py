"""Exact numbers: shares as they are written, and sums of float64 columns."""

from __future__ import annotations

import math
import re
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from custgrade.errors import CutError

_BLOCK = 1 << 20

Share = str | float | Fraction
"""A share as decimal text, `1/3`, a Fraction, or a float that stands for its shortest decimal text."""


def exact_share(share: Share | int) -> Fraction:
    """Return a share exactly: 0.1 is one tenth, not the double nearest to it.

    Raises CutError when `share` is not above 0 and at most 1.
    """
    text = str(share).strip()
    if isinstance(share, bool) or not re.fullmatch(
        r"\d+/\d+|[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?", text, re.IGNORECASE
    ):
        raise CutError(f"a share is a number like 0.05, '0.05' or '1/3'; received {share!r}")
    try:
        value = Fraction(text)
    except ZeroDivisionError:
        raise CutError(f"a share can't be divided by zero; received {share!r}") from None
    if not 0 < value <= 1:
        hint = "; leave out a label that nobody shall get" if value == 0 else ""
        raise CutError(f"a share is above 0 and at most 1; received {share!r}{hint}")
    return value


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

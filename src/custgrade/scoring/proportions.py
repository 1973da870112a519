"""The weights of a scorecard's criteria as numbers that float64 adds exactly."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from custgrade.errors import ScorerError

_EXACT = 2**53
"""Up to this number float64 adds whole numbers without rounding."""
_MOST_BITS = 1000
"""The most bits of a weight, so that 100 times the sum is finite as float64."""

Share = tuple[Fraction, Fraction]
"""The weight of one point of a criterion, and its weight for full marks."""


def factors(shares: Sequence[Share]) -> tuple[tuple[float, float], ...]:
    """Return all shares, multiplied by one common factor, as float64.

    The results are whole numbers if float64 can add them. Larger ones are scaled by a power of two, and each is rounded
    once.

    Raises ScorerError if the largest is too many times the smallest for float64.
    """
    whole = _whole(shares)
    most = max(sum(weight for _, weight in whole) * 100, *(point for point, _ in whole))
    scale = 1 << max(most.bit_length() - _MOST_BITS, 0)
    scaled = tuple((float(Fraction(point, scale)), float(Fraction(weight, scale))) for point, weight in whole)
    if min(part for pair in scaled for part in pair) < sys.float_info.min:
        raise ScorerError(
            "the weights of the criteria and the distances from worst to best are too far apart: the largest is more "
            "than 1e300 times the smallest; give the fields other units"
        )
    return scaled


def covered(shares: Sequence[Share], coverage: Fraction, unknown: Sequence[Any], known: Any) -> Any:
    """Return whether a customer's known criteria have at least a share of the total weight, shape (n,).

    coverage: that share. unknown: for each criterion, whether it is unknown. known: the sum of the weights of the known
    criteria, each weight as `factors` returns it.
    """
    weights = [weight for _, weight in _whole(shares)]
    if sum(weights) <= _EXACT:
        return known >= float(max(math.ceil(coverage * sum(weights)), 1))
    # float64 would round the sums; weights divided by their common divisor are smaller
    divisor = math.gcd(*weights)
    weights = [weight // divisor for weight in weights]
    scale = 1 << max(sum(weights).bit_length() - _MOST_BITS, 0)
    total: Any = 0.0
    for missing, weight in zip(unknown, weights, strict=True):
        total = total + np.where(missing, 0.0, float(Fraction(weight, scale)))
    return total >= float(Fraction(max(math.ceil(coverage * sum(weights)), 1), scale))


def _whole(shares: Sequence[Share]) -> list[tuple[int, int]]:
    """Return the shares, multiplied by one common factor, as the smallest possible whole numbers."""
    common = math.lcm(*(part.denominator for share in shares for part in share))
    whole = [(int(point * common), int(weight * common)) for point, weight in shares]
    divisor = math.gcd(*(part for pair in whole for part in pair))
    return [(point // divisor, weight // divisor) for point, weight in whole]

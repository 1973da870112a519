"""What the criteria of a scorecard count in proportion to each other, as numbers that float64 adds up well."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from custgrade.errors import ScorerError

_EXACT = 2**53
"""Up to here float64 adds whole numbers without rounding."""
_MOST_BITS = 1000
"""Numbers of so many bits, and their products with 100, are finite as float64."""

Share = tuple[Fraction, Fraction]
"""What one point of a criterion counts, and what full marks count, which is its weight."""


def factors(shares: Sequence[Share]) -> tuple[tuple[float, float], ...]:
    """Return shares as float64, in proportion.

    They are whole numbers as long as float64 holds what they add up to; beyond that they are scaled by a power of two,
    which changes no quotient, and each is rounded once.

    Raises ScorerError when they are too far apart for float64.
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
    """Return whether the weight of the criteria that are known reaches a share of the weight of all, per customer.

    unknown: per criterion whether it is unknown. known: the weight of those that are known, as `factors` has it.
    """
    weights = [weight for _, weight in _whole(shares)]
    if sum(weights) <= _EXACT:
        return known >= float(max(math.ceil(coverage * sum(weights)), 1))
    # sums of such large numbers are rounded; in proportion to each other only, weights are smaller
    divisor = math.gcd(*weights)
    weights = [weight // divisor for weight in weights]
    scale = 1 << max(sum(weights).bit_length() - _MOST_BITS, 0)
    total: Any = 0.0
    for missing, weight in zip(unknown, weights, strict=True):
        total = total + np.where(missing, 0.0, float(Fraction(weight, scale)))
    return total >= float(Fraction(max(math.ceil(coverage * sum(weights)), 1), scale))


def _whole(shares: Sequence[Share]) -> list[tuple[int, int]]:
    """The shares as whole numbers in proportion, as small as they can be."""
    common = math.lcm(*(part.denominator for share in shares for part in share))
    whole = [(int(point * common), int(weight * common)) for point, weight in shares]
    divisor = math.gcd(*(part for pair in whole for part in pair))
    return [(point // divisor, weight // divisor) for point, weight in whole]

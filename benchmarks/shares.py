"""The shares that customers are graded by, and their ranks: what the benchmarks in memory and on files share."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import accumulate
from typing import Any

FIVE = tuple(accumulate(map(Fraction, ("0.05", "0.15", "0.3", "0.3"))))
"""Where the classes of `abcde` end, cumulated from the best."""
THIRDS = (Fraction(1, 3), Fraction(2, 3))
"""Where the classes of `matrix3x3` end, those of size and those of profitability within each."""
TENTH = (Fraction(1, 10),)
"""Where the top of `top10` ends."""

_EVEN = ["1/3", "1/3", "1/3"]
PARAMETERS: Mapping[str, Mapping[str, Any]] = {
    "abcde": {"shares": ["0.05", "0.15", "0.3", "0.3", "0.2"], "ties": "better"},
    "matrix3x3": {"profitability": "profit", "size_at": _EVEN, "level_at": _EVEN, "ties": "better"},
    "top10": {"share": "1/10", "minimum_orders": 2, "ties": "better"},
}
"""The parameters of custgrade's scorers for these shares; ties are placed where the peers find it easiest."""


def positions(known: int, cumulated: Sequence[Fraction]) -> list[int]:
    """Return where the ranks of cumulated shares are among `known` values in rising order, counted from 0."""
    return [known - math.ceil(share * known) for share in cumulated]

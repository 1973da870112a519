"""Lower medians of columns of any size."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from custgrade.cuts.array_population import ArrayPopulation
from custgrade.cuts.asks import Question, TieBlocks
from custgrade.data.field import ColumnFunction

_HALF = TieBlocks((Fraction(1, 2),))


def lower_medians(columns: Mapping[str, Any], size: int) -> dict[str, float]:
    """Return the lower median of the finite values of each column, by name; NaN for a column without finite values.

    columns: float64 of shape (size,), in memory or on disk.
    """
    population = ArrayPopulation(columns, size, keep=False)
    # rank 1 is the highest score, so negated values are ranked from the lowest value
    answers = population.answer([Question(_HALF, _negated(name)) for name in columns])
    return {
        name: -one.blocks[0].value + 0.0 if one.count else math.nan
        for name, (one,) in zip(columns, answers, strict=True)
    }


def _negated(name: str) -> ColumnFunction:
    return lambda batch: -batch[name]

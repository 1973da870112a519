"""Boundaries between neighbouring classes."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from attrs import field, frozen

from custgrade.argument_checks import float_of
from custgrade.errors import CutError
from custgrade.text import shown

_CODES = 256


def _without_negative_zero(value: float) -> float:
    number = float_of(value)
    if number is None or not math.isfinite(number):
        raise CutError(f"a boundary must be a finite number; received {shown(value)}")
    return number + 0.0


@frozen
class Boundary:
    """The boundary between two neighbouring classes: the least score of the better one.

    value: a finite number; −0.0 is stored as 0.0.
    inclusive: whether a score equal to `value` is in the better class.
    """

    value: float = field(converter=_without_negative_zero)
    inclusive: bool = True

    def __attrs_post_init__(self) -> None:
        if not isinstance(self.inclusive, bool):
            raise CutError(f"inclusive is True or False; received {shown(self.inclusive)}")

    @property
    def floor(self) -> float:
        """The least float64 in the better class, so that it holds all scores ≥ floor; +inf if there is none."""
        return self.value if self.inclusive else math.nextafter(self.value, math.inf)

    def __str__(self) -> str:
        return f"{'at least' if self.inclusive else 'above'} {self.value:g}"


Boundaries = tuple[Boundary, ...]
"""The boundaries of one axis within one parent class, best first, one fewer than labels."""


def table_above(
    per_class: Sequence[Boundaries | None], number_of: Callable[[Boundary], float]
) -> npt.NDArray[np.float64]:
    """Return a number for the boundary above each class, float64 of shape (256, 257), NaN where there is no boundary.

    The row is the code in the parent axis, and the column is the code in this axis. The boundary below a class is in
    the next column.

    number_of: gives the number for a boundary.
    """
    table = np.full((_CODES, _CODES + 1), np.nan)
    for group, boundaries in enumerate(per_class):
        for place, boundary in enumerate(boundaries or (), start=1):
            table[group, place] = number_of(boundary)
    return table


def in_order(boundaries: Boundaries) -> bool:
    """Return whether boundaries, best first, never rise; of equal values the exclusive one is higher."""
    floors = [b.floor for b in boundaries]
    return all(a >= b for a, b in pairwise(floors))

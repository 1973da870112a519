"""Boundaries between neighbouring classes."""

from __future__ import annotations

import math
from itertools import pairwise

from attrs import field, frozen

from custgrade.errors import CutError


def _without_negative_zero(value: float) -> float:
    return float(value) + 0.0


@frozen
class Boundary:
    """The least score of a better class.

    value: a finite number; −0.0 is stored as 0.0.
    inclusive: whether a score equal to `value` is in the better class.
    """

    value: float = field(converter=_without_negative_zero)
    inclusive: bool = True

    def __attrs_post_init__(self) -> None:
        if not isinstance(self.inclusive, bool):
            raise CutError(f"inclusive is a truth value; received {self.inclusive!r}")
        if not math.isfinite(self.value):
            raise CutError(f"a boundary must be finite; received {self.value}")

    @property
    def floor(self) -> float:
        """The least float64 in the better class, so that `score >= floor` decides; +inf where there is none."""
        return self.value if self.inclusive else math.nextafter(self.value, math.inf)

    def __str__(self) -> str:
        return f"{'at least' if self.inclusive else 'above'} {self.value:g}"


Boundaries = tuple[Boundary, ...]
"""The boundaries of one axis within one parent class, best first: one fewer than there are labels."""


def in_order(boundaries: Boundaries) -> bool:
    """Whether boundaries, best first, never rise; an exclusive one stands above an inclusive one of equal value."""
    floors = [b.floor for b in boundaries]
    return all(a >= b for a, b in pairwise(floors))

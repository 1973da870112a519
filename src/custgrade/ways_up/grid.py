"""The values that a field can be moved to: whole resolutions, within its bounds."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import numpy.typing as npt
from attrs import frozen

from custgrade.data.field import Field

FloatColumn = npt.NDArray[np.float64]
_UNBOUNDED = 1e12
"""How far a field without a bound is moved at most."""
_MOST_STEPS = 2.0**53
"""Beyond that float64 doesn't hold every whole number."""


@frozen
class Grid:
    """The values of a field that are whole resolutions from its lower bound, or from 0 where it has none.

    They are counted in steps towards the better side, so that more steps are better.

    start, stride, common: where the grid starts and how far a step goes, whole numbers over a common denominator. sign:
    1 where higher is better, −1 where lower is. last: the step at the bound of the better side, or at a trillion.
    """

    start: float
    stride: float
    common: float
    sign: float
    last: float

    @classmethod
    def of(cls, field: Field, rises: bool) -> Grid:
        """The grid of a field that a score rises with, or falls with."""
        resolution = Fraction(str(field.resolution))
        start = Fraction(str(field.low)) if math.isfinite(field.low) else Fraction(0)
        common = math.lcm(resolution.denominator, start.denominator)
        bound = Fraction(str(min(field.high, _UNBOUNDED) if rises else max(field.low, -_UNBOUNDED)))
        last = math.floor((bound - start) / resolution) if rises else math.floor((start - bound) / resolution)
        return cls(
            float(start * common),
            float(resolution * common),
            float(common),
            1.0 if rises else -1.0,
            min(float(last), _MOST_STEPS),
        )

    def has_room(self, steps: FloatColumn) -> npt.NDArray[np.bool_]:
        """Whether there are steps ahead of these that can be counted."""
        room: npt.NDArray[np.bool_] = (steps < self.last) & (steps > -_MOST_STEPS)
        return room

    def value(self, steps: FloatColumn) -> FloatColumn:
        """The values at these steps, rounded once: what a file that holds the decimal is read as."""
        value = steps * (self.sign * self.stride)
        value += self.start
        value /= self.common
        value += 0.0
        return value

    def behind(self, values: FloatColumn) -> FloatColumn:
        """The step at each value, or the nearest one on its worse side."""
        steps = self._steps_to(values)
        np.rint(steps, out=steps)
        nearest = self.value(steps)
        steps -= nearest > values if self.sign > 0 else nearest < values
        return steps

    def reaching(self, values: FloatColumn) -> FloatColumn:
        """About the first step that is at least as good as each value."""
        steps = self._steps_to(values)
        steps -= 1e-6
        return np.ceil(steps, out=steps)

    def _steps_to(self, values: FloatColumn) -> FloatColumn:
        with np.errstate(over="ignore"):
            steps = values * self.common
            steps -= self.start
            steps *= self.sign / self.stride
        return steps

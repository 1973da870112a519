"""The grid of values that a field can be moved to: multiples of its resolution within its bounds."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import numpy.typing as npt
from attrs import frozen

from custgrade.data.field import Field

FloatColumn = npt.NDArray[np.float64]
_UNBOUNDED = 1e12
"""The largest value that a field without a bound is moved to."""
_MOST_STEPS = 2.0**53
"""The largest number up to which float64 holds every whole number."""


@frozen
class Grid:
    """The values of a field that are whole resolutions from its lower bound, or from 0 if it has none.

    They are counted in steps in the direction in which the field is moved.

    start, stride, common: the grid starts at start ÷ common and has the resolution stride ÷ common; all three are whole
    numbers. sign: 1 if the field is raised, −1 if it is lowered. first: the step at the bound behind, −inf if there is
    none. last: the step at the bound ahead, or at a trillion.
    """

    start: float
    stride: float
    common: float
    sign: float
    first: float
    last: float

    @classmethod
    def of(cls, field: Field, rises: bool) -> Grid:
        """Return the grid of a field that is raised (`rises`) or lowered."""
        resolution = Fraction(str(field.resolution))
        start = Fraction(str(field.low)) if math.isfinite(field.low) else Fraction(0)
        common = math.lcm(resolution.denominator, start.denominator)
        sign = 1 if rises else -1
        bound = Fraction(str(min(field.high, _UNBOUNDED) if rises else max(field.low, -_UNBOUNDED)))
        left = field.low if rises else field.high
        return cls(
            float(start * common),
            float(resolution * common),
            float(common),
            float(sign),
            math.ceil(sign * (Fraction(str(left)) - start) / resolution) if math.isfinite(left) else -math.inf,
            min(float(math.floor(sign * (bound - start) / resolution)), _MOST_STEPS),
        )

    @property
    def furthest(self) -> float:
        """The value at the last step."""
        return float(self.value(np.array([self.last]))[0])

    def has_room(self, steps: FloatColumn) -> npt.NDArray[np.bool_]:
        """Return whether there is a step ahead of each step, and the step is countable."""
        room: npt.NDArray[np.bool_] = (steps < self.last) & (steps > -_MOST_STEPS)
        return room

    def has_room_at(self, values: FloatColumn) -> npt.NDArray[np.bool_]:
        """Return whether there is a step ahead of each value, and the value is on a countable step."""
        # an infinite value has no step
        behind = -self.sign * math.inf if self.first > -math.inf else float(self.value(np.array([-_MOST_STEPS]))[0])
        low, high = (behind, self.furthest) if self.sign > 0 else (self.furthest, behind)
        room: npt.NDArray[np.bool_] = (values > low) & (values < high)
        return room

    def value(self, steps: FloatColumn) -> FloatColumn:
        """Return the values at these steps, rounded once, which equal the decimals read from a file."""
        value = steps * (self.sign * self.stride)
        value += self.start
        value /= self.common
        value += 0.0
        return value

    def behind(self, values: FloatColumn) -> FloatColumn:
        """Return the step at each value, or the nearest step behind it; `first` − 1 for values beyond that bound."""
        steps = self._steps_to(values)
        np.rint(steps, out=steps)
        nearest = self.value(steps)
        steps -= nearest > values if self.sign > 0 else nearest < values
        if self.first > -math.inf:
            np.maximum(steps, self.first - 1.0, out=steps, where=steps > -math.inf)
        return steps

    def reaching(self, values: FloatColumn) -> FloatColumn:
        """Return the first step at or beyond each value, up to rounding errors."""
        steps = self._steps_to(values)
        steps -= 1e-6
        return np.ceil(steps, out=steps)

    def beyond(self, values: FloatColumn) -> tuple[FloatColumn, npt.NDArray[np.bool_]]:
        """Return the first step at or beyond each value, and whether the value is on it up to rounding errors."""
        steps = self._steps_to(values)
        nearest = np.rint(steps)
        on = np.abs(steps - nearest) <= 1e-6 + 1e-14 * np.abs(steps)
        return np.where(on, nearest, np.ceil(steps)), on

    def _steps_to(self, values: FloatColumn) -> FloatColumn:
        with np.errstate(over="ignore"):
            steps = values * self.common
            steps -= self.start
            steps *= self.sign / self.stride
        return steps

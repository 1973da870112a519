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

    They are counted in steps in the direction in which the field is moved.

    start, stride, common: where the grid starts and how far a step goes, whole numbers over a common denominator. sign:
    1 where the field is raised, −1 where it is lowered. first: the step at the bound that is left behind, −inf where
    there is none. last: the step at the bound ahead, or at a trillion.
    """

    start: float
    stride: float
    common: float
    sign: float
    first: float
    last: float

    @classmethod
    def of(cls, field: Field, rises: bool) -> Grid:
        """The grid of a field that is raised, or lowered."""
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
        """Whether there are steps ahead of these that can be counted."""
        room: npt.NDArray[np.bool_] = (steps < self.last) & (steps > -_MOST_STEPS)
        return room

    def has_room_at(self, values: FloatColumn) -> npt.NDArray[np.bool_]:
        """Whether there are steps ahead of these values that can be counted."""
        # infinite values are no values to move from
        behind = -self.sign * math.inf if self.first > -math.inf else float(self.value(np.array([-_MOST_STEPS]))[0])
        low, high = (behind, self.furthest) if self.sign > 0 else (self.furthest, behind)
        room: npt.NDArray[np.bool_] = (values > low) & (values < high)
        return room

    def value(self, steps: FloatColumn) -> FloatColumn:
        """The values at these steps, rounded once: what a file that holds the decimal is read as."""
        value = steps * (self.sign * self.stride)
        value += self.start
        value /= self.common
        value += 0.0
        return value

    def behind(self, values: FloatColumn) -> FloatColumn:
        """The step at each value, or the nearest one behind it; just before the first for what is beyond the bound."""
        steps = self._steps_to(values)
        np.rint(steps, out=steps)
        nearest = self.value(steps)
        steps -= nearest > values if self.sign > 0 else nearest < values
        if self.first > -math.inf:
            np.maximum(steps, self.first - 1.0, out=steps, where=steps > -math.inf)
        return steps

    def reaching(self, values: FloatColumn) -> FloatColumn:
        """About the first step that is at or beyond each value."""
        steps = self._steps_to(values)
        steps -= 1e-6
        return np.ceil(steps, out=steps)

    def beyond(self, values: FloatColumn) -> tuple[FloatColumn, npt.NDArray[np.bool_]]:
        """The first step at or beyond each value, and whether the value is on it as far as can be told."""
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

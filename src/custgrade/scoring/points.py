"""How one field earns points."""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Protocol

import attrs
import numpy as np
from attrs import frozen

from custgrade.errors import ScorerError
from custgrade.text import shown

_GRID = 1e10
_LEAST_WEIGHT, _MOST_WEIGHT = Fraction(1, 10**100), Fraction(10**100)


class Points(Protocol):
    """How one field earns points; authors may write their own."""

    @property
    def rises(self) -> bool:
        """Whether points rise with the field; they fall otherwise."""
        ...

    @property
    def full(self) -> Fraction:
        """How many points are full marks."""
        ...

    def __call__(self, value: Any) -> Any:
        """The points of a column of values, 0 to `full`, NaN where unknown."""
        ...


def _are_finite(*values: Any) -> bool:
    """Whether all values are numbers that float64 holds."""
    return all(
        isinstance(value, (int, float, np.number, Fraction))
        and not isinstance(value, (bool, np.bool_))
        and -sys.float_info.max <= value <= sys.float_info.max
        for value in values
    )


@frozen
class Linear:
    """Points linear between the value that earns nothing and the one that earns full marks, and level beyond them."""

    worst: float
    best: float

    def __attrs_post_init__(self) -> None:
        if not _are_finite(self.worst, self.best) or self.worst == self.best or not _are_finite(self.best - self.worst):
            raise ScorerError(
                f"worst and best are different finite numbers; received {shown(self.worst)}, {shown(self.best)}"
            )

    @property
    def rises(self) -> bool:
        """Whether the higher value is the better one."""
        return self.best > self.worst

    @property
    def full(self) -> Fraction:
        """The distance from worst to best; full marks are one point per unit, so nothing is divided here."""
        return abs(Fraction(str(self.best)) - Fraction(str(self.worst)))

    def __call__(self, value: Any) -> Any:
        """The distance from worst towards best, NaN where unknown."""
        beyond = value - float(self.worst) if self.rises else float(self.worst) - value
        return np.clip(beyond, 0.0, float(self.full))


@frozen
class Rating(Linear):
    """Points of a rating: `worst` earns nothing, `best` full marks."""

    worst: float = 1.0
    best: float = 5.0


def _steps(value: Mapping[float, float]) -> tuple[tuple[float, float], ...]:
    try:
        pairs = list(dict(value).items())
    except (TypeError, ValueError):
        pairs = [(math.nan, math.nan)]
    if not all(_are_finite(*pair) for pair in pairs):
        raise ScorerError(
            f"steps are points by the value they begin at, {{0: 0, 5: 50, 10: 100}}; received {shown(value)}"
        )
    return tuple(sorted((float(at), float(points)) for at, points in pairs))


@frozen
class Steps:
    """Points in steps: `Steps({0: 0, 5: 50, 10: 100})` earns 50 of 100 from 5 on, and 100 from 10 on.

    Below the lowest step the points are the lowest step's. Points must only rise, or only fall.
    """

    steps: tuple[tuple[float, float], ...] = attrs.field(converter=_steps)

    def __attrs_post_init__(self) -> None:
        points = [points for _, points in self.steps]
        if not points or not all(math.isfinite(at) and 0 <= p <= 100 for at, p in self.steps):
            raise ScorerError(f"steps are finite values with points from 0 to 100; received {dict(self.steps)}")
        if points not in (sorted(points), sorted(points, reverse=True)):
            raise ScorerError(f"the points of steps only rise or only fall; received {dict(self.steps)}")

    @property
    def rises(self) -> bool:
        """Whether the last step earns at least as much as the first."""
        return self.steps[-1][1] >= self.steps[0][1]

    @property
    def full(self) -> Fraction:
        """Full marks: 100."""
        return Fraction(100)

    def __call__(self, value: Any) -> Any:
        """The points of a column of values, NaN where unknown."""
        result: Any = self.steps[0][1]
        for at, points in self.steps[1:]:
            result = np.where(value >= at, points, result)
        return np.where(np.isnan(value), math.nan, result)

"""Points: the rules by which a field earns points on a scorecard."""

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


class Points(Protocol):
    """The interface of a rule by which a field earns points; authors can write their own."""

    @property
    def rises(self) -> bool:
        """Whether points rise with the field; otherwise they fall."""
        ...

    @property
    def full(self) -> Fraction:
        """The number of points that are full marks."""
        ...

    def __call__(self, value: Any) -> Any:
        """Return the points of values, 0 to `full`, shape (n,); NaN for an unknown value."""
        ...


def _are_finite(*values: Any) -> bool:
    """Return whether all values are finite numbers in the range of float64."""
    return all(
        isinstance(value, (int, float, np.number, Fraction))
        and not isinstance(value, (bool, np.bool_))
        and -sys.float_info.max <= value <= sys.float_info.max
        for value in values
    )


@frozen
class Linear:
    """Points that are linear between two values, and constant beyond them.

    worst: the value that earns 0 points. best: the value that earns full marks.
    """

    worst: float
    best: float

    def __attrs_post_init__(self) -> None:
        if not _are_finite(self.worst, self.best) or self.worst == self.best or not _are_finite(self.best - self.worst):
            raise ScorerError(
                f"worst and best are different finite numbers; received {shown(self.worst)}, {shown(self.best)}"
            )

    @property
    def rises(self) -> bool:
        """Whether points rise with the field."""
        return self.best > self.worst

    @property
    def full(self) -> Fraction:
        """The distance from worst to best: one unit of the field earns one point, so that nothing is rounded."""
        return abs(Fraction(str(self.best)) - Fraction(str(self.worst)))

    def __call__(self, value: Any) -> Any:
        """Return the points of values, 0 to `full`, shape (n,); NaN for an unknown value."""
        beyond = value - float(self.worst) if self.rises else float(self.worst) - value
        return np.clip(beyond, 0.0, float(self.full))


@frozen
class Rating(Linear):
    """Linear points of a rating: by default 1 earns 0 points and 5 earns full marks."""

    worst: float = 1.0
    best: float = 5.0


def _steps(value: Mapping[float, float]) -> tuple[tuple[float, float], ...]:
    try:
        pairs = list(dict(value).items())
    except (TypeError, ValueError):
        pairs = [(math.nan, math.nan)]
    if not all(_are_finite(*pair) for pair in pairs):
        raise ScorerError(
            f"steps map the value where a step begins to its points, {{0: 0, 5: 50}}; received {shown(value)}"
        )
    return tuple(sorted((float(at), float(points)) for at, points in pairs))


@frozen
class Steps:
    """Points in steps: `Steps({0: 0, 5: 50, 10: 100})` gives 50 points from 5 on, and 100 points from 10 on.

    steps: the points, 0 to 100, by the value where a step begins (included). The points must never fall, or never rise.
    Values below the lowest step earn its points.
    """

    steps: tuple[tuple[float, float], ...] = attrs.field(converter=_steps)

    def __attrs_post_init__(self) -> None:
        points = [points for _, points in self.steps]
        if not points or not all(math.isfinite(at) and 0 <= p <= 100 for at, p in self.steps):
            raise ScorerError(f"steps are finite values with points from 0 to 100; received {shown(dict(self.steps))}")
        if points not in (sorted(points), sorted(points, reverse=True)):
            raise ScorerError(f"the points of steps must only rise or only fall; received {shown(dict(self.steps))}")

    @property
    def rises(self) -> bool:
        """Whether points rise with the field."""
        return self.steps[-1][1] >= self.steps[0][1]

    @property
    def full(self) -> Fraction:
        """The number of points that are full marks: 100."""
        return Fraction(100)

    def __call__(self, value: Any) -> Any:
        """Return the points of values, 0 to 100, shape (n,); NaN for an unknown value."""
        result: Any = self.steps[0][1]
        for at, points in self.steps[1:]:
            result = np.where(value >= at, points, result)
        return np.where(np.isnan(value), math.nan, result)

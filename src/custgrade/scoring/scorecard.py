"""The builder for scorecards: a weighted mean of points over what is known of a customer."""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, Protocol

import attrs
import numpy as np
from attrs import evolve, frozen

from custgrade.cuts.cut import Cut
from custgrade.cuts.exact import exact_number, exact_share
from custgrade.cuts.thresholds import Thresholds
from custgrade.data.converters import parts_of
from custgrade.errors import ScorerError, shown
from custgrade.scoring.learned import Percentile
from custgrade.scoring.parts import Axis, Evidence, evidence_of
from custgrade.scoring.proportions import covered, factors
from custgrade.scoring.scorer import Scorer

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


def _weight(value: Any) -> Fraction:
    weight = exact_number(value)
    if weight is None or not weight > 0:
        raise ScorerError(f"a weight is a number above 0; received {shown(value)}")
    if not _LEAST_WEIGHT <= weight <= _MOST_WEIGHT:
        raise ScorerError(
            f"a weight is from 1e-100 to 1e100; received {shown(value)}. Weights count in proportion only."
        )
    return weight


@frozen
class Criterion:
    """One line of a scorecard.

    field: the input or derived field.
    points: how it earns points: `Linear`, `Rating()`, `Steps`, `Percentile` of the same field, or your own `Points`.
    weight: any number above 0; weights are relative to each other and are kept as exact fractions.
    """

    field: str
    points: Points | Percentile
    weight: Fraction = attrs.field(default=Fraction(1), converter=_weight)

    def __attrs_post_init__(self) -> None:
        if isinstance(self.points, Percentile) and self.points.field != self.field:
            raise ScorerError(f"criterion {self.field!r} takes its percentile from {self.points.field!r}")
        if not isinstance(self.points, Percentile) and not callable(self.points):
            raise ScorerError(f"points are Linear, Rating(), Steps or Percentile; received {shown(self.points)}")

    @property
    def column(self) -> str:
        """The name of the learned column, for a percentile."""
        return f"{self.field}_percentile"

    @property
    def rises(self) -> bool:
        """Whether points rise with the field."""
        return self.points.best == "highest" if isinstance(self.points, Percentile) else self.points.rises

    @property
    def full(self) -> Fraction:
        """How many points are full marks."""
        return Fraction(self.points.steps) if isinstance(self.points, Percentile) else self.points.full

    def earned(self, columns: Mapping[str, Any]) -> Any:
        """The points, 0 to `full`, NaN where unknown."""
        if isinstance(self.points, Percentile):
            return columns[self.column]
        return self.points(columns[self.field])


@frozen
class ScorecardScore:
    """The weighted mean of the criteria's share of full marks over what is known of a customer, times 100.

    Everything but the points themselves is a whole number (or, where those are too large for float64, in the same
    proportion), there is one division at the end, and the score is rounded to 1e-10, so that points which are exactly
    on a boundary stay on it, in decimals too. NaN where the known criteria hold less than `coverage` of the weight of
    all.
    """

    criteria: tuple[Criterion, ...]
    coverage: Fraction

    @property
    def optional(self) -> frozenset[str]:
        """The fields of all criteria."""
        return frozenset(criterion.field for criterion in self.criteria)

    @property
    def _shares(self) -> list[tuple[Fraction, Fraction]]:
        return [(criterion.weight / criterion.full, criterion.weight) for criterion in self.criteria]

    def _got(self, earned: Sequence[Any]) -> tuple[Any, Any]:
        """What the points of all criteria count together, and what full marks of those that are known would."""
        got: Any = 0.0
        known: Any = 0.0
        for points, (point, weight) in zip(earned, factors(self._shares), strict=True):
            missing = np.isnan(points)
            got = got + np.where(missing, 0.0, points * point)
            known = known + np.where(missing, 0.0, weight)
        return got, known

    def __call__(self, columns: Mapping[str, Any]) -> Any:
        """The score of a table of columns."""
        earned = [criterion.earned(columns) for criterion in self.criteria]
        got, known = self._got(earned)
        score = np.floor(got * 100.0 / known * _GRID + 0.5) / _GRID
        unknown = [np.isnan(points) for points in earned]
        return np.where(covered(self._shares, self.coverage, unknown, known), score, math.nan)

    def contributions(self, columns: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
        """Per criterion's field its part of the score, and what full marks would be, in points of 100."""
        earned = [criterion.earned(columns) for criterion in self.criteria]
        got, known = self._got(earned)
        # its share of the rounded score, so that the parts add up to it
        rate = np.where(got > 0.0, self(columns) / got, 0.0)
        return {
            criterion.field: (
                points * point * rate,
                np.where(np.isnan(points), math.nan, weight * 100.0 / known),
            )
            for criterion, points, (point, weight) in zip(self.criteria, earned, factors(self._shares), strict=True)
        }

    def without(self, fields: frozenset[str]) -> ScorecardScore:
        """The score of the criteria whose field isn't among `fields`."""
        left = tuple(criterion for criterion in self.criteria if criterion.field not in fields)
        if not left:
            raise ScorerError(
                "the data has none of the scorecard's fields; map at least one of " + ", ".join(sorted(self.optional))
            )
        return evolve(self, criteria=left)


def _criteria(value: Any) -> tuple[Criterion, ...]:
    return parts_of(Criterion, value, "the criteria of a scorecard", ScorerError)


@frozen
class Scorecard:
    """Builds a scorer from weighted criteria.

    criteria: at least one, each with another field. A criterion whose field the data lacks altogether is left out with
    a notice, which the model freezes.
    labels, cut: best first, and where the 0–100 points are cut.
    coverage: the least share of the weight that must be known of a customer, 0.5 by default.
    axis: the axis's name.
    """

    criteria: tuple[Criterion, ...] = attrs.field(converter=_criteria)
    labels: Sequence[str] = "ABCD"
    cut: Cut = attrs.field(factory=lambda: Thresholds((75.0, 50.0, 25.0)))
    coverage: Fraction = attrs.field(default=Fraction(1, 2), converter=exact_share)
    axis: str = "grade"

    def __attrs_post_init__(self) -> None:
        names = [criterion.field for criterion in self.criteria]
        if not names or len(set(names)) < len(names):
            raise ScorerError(f"a scorecard has one or more criteria with different fields; received {names}")

    def scorer(self, evidence: Evidence | Sequence[Evidence] = ()) -> Scorer:
        """Return the scorer; `evidence` comes on top of the coverage."""
        score = ScorecardScore(self.criteria, self.coverage)
        return Scorer(
            axes=[
                Axis(
                    self.axis,
                    self.labels,
                    score,
                    self.cut,
                    rises=[c.field for c in self.criteria if c.rises],
                    falls=[c.field for c in self.criteria if not c.rises],
                )
            ],
            learned={c.column: c.points for c in self.criteria if isinstance(c.points, Percentile)},
            evidence=evidence_of(evidence),
        )

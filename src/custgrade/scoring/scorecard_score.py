"""The score of a scorecard: the weighted mean of points over a customer's known criteria."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import attrs
import numpy as np
from attrs import evolve, frozen

from custgrade.cuts.exact import exact_number
from custgrade.errors import ScorerError
from custgrade.scoring.learned import Percentile
from custgrade.scoring.points import Points
from custgrade.scoring.proportions import covered, factors
from custgrade.text import shown

_GRID = 1e10
_LEAST_WEIGHT, _MOST_WEIGHT = Fraction(1, 10**100), Fraction(10**100)


def _weight(value: Any) -> Fraction:
    weight = exact_number(value)
    if weight is None or not weight > 0:
        raise ScorerError(f"a weight is a number above 0; received {shown(value)}")
    if not _LEAST_WEIGHT <= weight <= _MOST_WEIGHT:
        raise ScorerError(
            f"a weight is from 1e-100 to 1e100; received {shown(value)}. Only the proportions of weights count."
        )
    return weight


@frozen
class Criterion:
    """One line of a scorecard.

    field: the input or derived field.
    points: the rule for its points: `Linear`, `Rating()`, `Steps`, a `Percentile` of the same field, or your own
    `Points`.
    weight: a number from 1e-100 to 1e100, kept as an exact fraction. Only the proportions of weights count.
    """

    field: str
    points: Points | Percentile
    weight: Fraction = attrs.field(default=Fraction(1), converter=_weight)

    def __attrs_post_init__(self) -> None:
        if isinstance(self.points, Percentile) and self.points.field != self.field:
            raise ScorerError(
                f"criterion {self.field!r} has a Percentile of {self.points.field!r}; give Percentile({self.field!r})"
            )
        if not isinstance(self.points, Percentile) and not callable(self.points):
            raise ScorerError(
                f"points are Linear, Rating(), Steps, Percentile or your own Points; received {shown(self.points)}"
            )

    @property
    def column(self) -> str:
        """The name of the learned column of a percentile."""
        return f"{self.field}_percentile"

    @property
    def rises(self) -> bool:
        """Whether points rise with the field."""
        return self.points.best == "highest" if isinstance(self.points, Percentile) else self.points.rises

    @property
    def full(self) -> Fraction:
        """The number of points that are full marks."""
        return Fraction(self.points.steps) if isinstance(self.points, Percentile) else self.points.full

    def earned(self, columns: Mapping[str, Any]) -> Any:
        """Return the points, 0 to `full`, shape (n,); NaN if unknown."""
        if isinstance(self.points, Percentile):
            return columns[self.column]
        return self.points(columns[self.field])


@frozen
class ScorecardScore:
    """A score of 0 to 100: 100 times the weighted mean of the known criteria's shares of full marks.

    NaN if the known criteria have less than `coverage` of the total weight.

    Weights are whole numbers (or scaled, if these are too large for float64), the only division comes last, and the
    score is rounded to 1e-10, so that a score that is exactly on a boundary isn't moved by rounding.
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
        """Return the weighted sum of the points, and the sum of the weights of the known criteria."""
        got: Any = 0.0
        known: Any = 0.0
        for points, (point, weight) in zip(earned, factors(self._shares), strict=True):
            missing = np.isnan(points)
            got = got + np.where(missing, 0.0, points * point)
            known = known + np.where(missing, 0.0, weight)
        return got, known

    def __call__(self, columns: Mapping[str, Any]) -> Any:
        """Return the score, float64 of shape (n,)."""
        earned = [criterion.earned(columns) for criterion in self.criteria]
        got, known = self._got(earned)
        score = np.floor(got * 100.0 / known * _GRID + 0.5) / _GRID
        unknown = [np.isnan(points) for points in earned]
        return np.where(covered(self._shares, self.coverage, unknown, known), score, math.nan)

    def contributions(self, columns: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
        """Return, by field, a criterion's part of the score and its part at full marks, of 100; NaN if unknown."""
        earned = [criterion.earned(columns) for criterion in self.criteria]
        got, known = self._got(earned)
        # parts of the rounded score, so that their sum is the rounded score
        rate = np.where(got > 0.0, self(columns) / got, 0.0)
        return {
            criterion.field: (
                points * point * rate,
                np.where(np.isnan(points), math.nan, weight * 100.0 / known),
            )
            for criterion, points, (point, weight) in zip(self.criteria, earned, factors(self._shares), strict=True)
        }

    def without(self, fields: frozenset[str]) -> ScorecardScore:
        """Return this score without the criteria of these fields.

        Raises ScorerError if no criterion is left.
        """
        left = tuple(criterion for criterion in self.criteria if criterion.field not in fields)
        if not left:
            raise ScorerError(
                "the data has none of the scorecard's fields; map at least one of " + ", ".join(sorted(self.optional))
            )
        return evolve(self, criteria=left)

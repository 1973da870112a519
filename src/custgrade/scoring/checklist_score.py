"""The score of a checklist: the number of floors that a customer misses, negated."""

from __future__ import annotations

import math
from collections.abc import Mapping
from numbers import Real
from typing import Any

import numpy as np
from attrs import evolve, frozen

from custgrade.argument_checks import is_one_of
from custgrade.errors import ScorerError
from custgrade.scoring.learned import Quantile
from custgrade.text import shown


@frozen
class Floor:
    """The least (or greatest) allowed value of a field; a value equal to it meets the floor.

    field: the input or derived field.
    at: the value, in the field's unit; or a `Quantile` of the same field, which proposes a value from the base that the
    scorer is fitted on.
    best: `highest` if `at` is the least allowed value, `lowest` if it is the greatest allowed value.
    """

    field: str
    at: float | Quantile
    best: str = "highest"

    def __attrs_post_init__(self) -> None:
        if not is_one_of(self.best, ("highest", "lowest")):
            raise ScorerError(f"best is 'highest' or 'lowest'; received {shown(self.best)}")
        if isinstance(self.at, Quantile):
            if (self.at.field, self.at.best) != (self.field, self.best):
                raise ScorerError(
                    f"the floor of {self.field!r} has best={self.best!r}; its value can be proposed by "
                    f"Quantile({self.field!r}, share, best={self.best!r}); received {self.at}"
                )
        elif isinstance(self.at, bool) or not isinstance(self.at, Real) or not abs(self.at) < 1e308:
            raise ScorerError(f"the floor of {self.field!r} is a finite number; received {shown(self.at)}")

    @property
    def column(self) -> str:
        """The name of the learned column that holds a proposed floor."""
        return f"{self.field}_{'floor' if self.best == 'highest' else 'ceiling'}"

    def value(self, columns: Mapping[str, Any]) -> Any:
        """Return the floor, in the field's unit: a number, or the learned column of a proposed floor."""
        return columns[self.column] if isinstance(self.at, Quantile) else float(self.at)

    def missed(self, columns: Mapping[str, Any]) -> Any:
        """Return whether values miss the floor, truth values of shape (n,); False for unknown values."""
        value, floor = columns[self.field], self.value(columns)
        return value < floor if self.best == "highest" else value > floor

    def gap(self, columns: Mapping[str, Any]) -> Any:
        """Return the distance of values to the floor, in the field's unit: 0 if the floor is met, NaN if unknown."""
        value, floor = columns[self.field], self.value(columns)
        return np.maximum(floor - value if self.best == "highest" else value - floor, 0.0)


@frozen
class ChecklistScore:
    """A score: minus the number of missed floors; NaN if values that are unknown could change the class.

    floors: the floors. near: the most floors that a customer of the middle class misses.
    """

    floors: tuple[Floor, ...]
    near: int

    @property
    def optional(self) -> frozenset[str]:
        """The fields with a proposed floor; the data may lack them."""
        return frozenset(floor.field for floor in self.floors if isinstance(floor.at, Quantile))

    def __call__(self, columns: Mapping[str, Any]) -> Any:
        """Return the score, float64 of shape (n,)."""
        missed: Any = 0.0
        unknown: Any = 0.0
        for floor in self.floors:
            missed = missed + np.where(floor.missed(columns), 1.0, 0.0)
            unknown = unknown + np.where(np.isnan(floor.gap(columns)), 1.0, 0.0)
        below, near = missed > float(self.near), (missed >= 1.0) & (missed + unknown <= float(self.near))
        return np.where((unknown == 0.0) | below | near, -missed, math.nan)

    def contributions(self, columns: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
        """Return, by field, each floor's part of the score (−1 if missed, 0 if met) and the most it can be (0).

        Both are NaN if the field is unknown.
        """
        gaps = {floor.field: floor.gap(columns) for floor in self.floors}
        return {
            floor.field: (
                np.where(np.isnan(gaps[floor.field]), math.nan, np.where(floor.missed(columns), -1.0, 0.0)),
                np.where(np.isnan(gaps[floor.field]), math.nan, 0.0),
            )
            for floor in self.floors
        }

    def without(self, fields: frozenset[str]) -> ChecklistScore:
        """Return this score without the proposed floors of these fields.

        Raises ScorerError if no floor is left.
        """
        left = tuple(floor for floor in self.floors if floor.field not in fields & self.optional)
        if not left:
            raise ScorerError(
                "the data has none of the checklist's fields; map at least one of " + ", ".join(sorted(self.optional))
            )
        return evolve(self, floors=left)

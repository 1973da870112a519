"""The score of a checklist: how many floors a customer misses."""

from __future__ import annotations

import math
from collections.abc import Mapping
from numbers import Real
from typing import Any

import numpy as np
from attrs import evolve, frozen

from custgrade.errors import ScorerError
from custgrade.scoring.learned import Quantile
from custgrade.text import shown

_MOST_NEAR = 1000


@frozen
class Floor:
    """A least (or greatest) value of a field; a customer who is exactly on it meets it.

    field: the input or derived field.
    at: the value, in the field's unit; or a `Quantile` of the same field, which proposes one from the base that the
    scorer is fitted on.
    best: `highest` where more is better and `at` is the least allowed; `lowest` where `at` is the greatest allowed.
    """

    field: str
    at: float | Quantile
    best: str = "highest"

    def __attrs_post_init__(self) -> None:
        if self.best not in ("highest", "lowest"):
            raise ScorerError(f"best is 'highest' or 'lowest'; received {shown(self.best)}")
        if isinstance(self.at, Quantile):
            if (self.at.field, self.at.best) != (self.field, self.best):
                raise ScorerError(
                    f"the floor of {self.field!r} has best={self.best!r}, so it is proposed by "
                    f"Quantile({self.field!r}, share, best={self.best!r}); received {self.at}"
                )
        elif isinstance(self.at, bool) or not isinstance(self.at, Real) or not abs(self.at) < 1e308:
            raise ScorerError(f"the floor of {self.field!r} is a finite number; received {shown(self.at)}")

    @property
    def column(self) -> str:
        """The name of the learned column, for a floor that is proposed."""
        return f"{self.field}_{'floor' if self.best == 'highest' else 'ceiling'}"

    def value(self, columns: Mapping[str, Any]) -> Any:
        """The floor, in the field's unit."""
        return columns[self.column] if isinstance(self.at, Quantile) else float(self.at)

    def missed(self, columns: Mapping[str, Any]) -> Any:
        """Whether a known value misses the floor."""
        value, floor = columns[self.field], self.value(columns)
        return value < floor if self.best == "highest" else value > floor

    def gap(self, columns: Mapping[str, Any]) -> Any:
        """How far a value is from meeting the floor, in the field's unit: 0 where it does, NaN where it is unknown."""
        value, floor = columns[self.field], self.value(columns)
        return np.maximum(floor - value if self.best == "highest" else value - floor, 0.0)


@frozen
class ChecklistScore:
    """Minus the number of floors missed; NaN where unknown floors could still change the class."""

    floors: tuple[Floor, ...]
    near: int

    @property
    def optional(self) -> frozenset[str]:
        """The fields whose floor is only proposed."""
        return frozenset(floor.field for floor in self.floors if isinstance(floor.at, Quantile))

    def __call__(self, columns: Mapping[str, Any]) -> Any:
        """The score of a table of columns."""
        missed: Any = 0.0
        unknown: Any = 0.0
        for floor in self.floors:
            missed = missed + np.where(floor.missed(columns), 1.0, 0.0)
            unknown = unknown + np.where(np.isnan(floor.gap(columns)), 1.0, 0.0)
        below, near = missed > float(self.near), (missed >= 1.0) & (missed + unknown <= float(self.near))
        return np.where((unknown == 0.0) | below | near, -missed, math.nan)

    def contributions(self, columns: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
        """Per floor's field −1 where it is missed and 0 where it is met, which is the most it can add."""
        gaps = {floor.field: floor.gap(columns) for floor in self.floors}
        return {
            floor.field: (
                np.where(np.isnan(gaps[floor.field]), math.nan, np.where(floor.missed(columns), -1.0, 0.0)),
                np.where(np.isnan(gaps[floor.field]), math.nan, 0.0),
            )
            for floor in self.floors
        }

    def without(self, fields: frozenset[str]) -> ChecklistScore:
        """The score of the floors whose field isn't among `fields`."""
        left = tuple(floor for floor in self.floors if floor.field not in fields & self.optional)
        if not left:
            raise ScorerError(
                "the data has none of the checklist's fields; map at least one of " + ", ".join(sorted(self.optional))
            )
        return evolve(self, floors=left)

"""The builder for checklists: how many floors a customer misses."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from numbers import Real
from typing import Any

import attrs
import numpy as np
from attrs import frozen

from custgrade.cuts.thresholds import Thresholds
from custgrade.data.converters import tupled
from custgrade.errors import ScorerError
from custgrade.scoring.parts import Axis, Evidence
from custgrade.scoring.scorer import Scorer


@frozen
class Floor:
    """A least (or greatest) value of a field; a customer who is exactly on it meets it.

    field: the input or derived field. at: the value, in the field's unit.
    best: `highest` where more is better and `at` is the least allowed; `lowest` where `at` is the greatest allowed.
    """

    field: str
    at: float
    best: str = "highest"

    def __attrs_post_init__(self) -> None:
        if isinstance(self.at, bool) or not isinstance(self.at, Real) or not math.isfinite(self.at):
            raise ScorerError(f"the floor of {self.field!r} is a finite number; received {self.at!r}")
        if self.best not in ("highest", "lowest"):
            raise ScorerError(f"best is 'highest' or 'lowest'; received {self.best!r}")

    def missed(self, columns: Mapping[str, Any]) -> Any:
        """Whether a known value misses the floor."""
        value = columns[self.field]
        return value < float(self.at) if self.best == "highest" else value > float(self.at)


@frozen
class ChecklistScore:
    """Minus the number of floors missed; NaN where unknown floors could still change the class."""

    floors: tuple[Floor, ...]
    near: int

    def __call__(self, columns: Mapping[str, Any]) -> Any:
        """The score of a table of columns."""
        missed: Any = 0.0
        unknown: Any = 0.0
        for floor in self.floors:
            missed = missed + np.where(floor.missed(columns), 1.0, 0.0)
            unknown = unknown + np.where(np.isnan(columns[floor.field]), 1.0, 0.0)
        below, near = missed > float(self.near), (missed >= 1.0) & (missed + unknown <= float(self.near))
        return np.where((unknown == 0.0) | below | near, -missed, math.nan)


@frozen
class Checklist:
    """Builds a scorer from floors.

    floors: at least one, each with another field.
    labels: for customers who miss none, who miss at most `near`, and who miss more.
    near: how many may be missed to be in the middle class.
    axis: the axis's name.
    """

    floors: tuple[Floor, ...] = attrs.field(converter=tupled)
    labels: Sequence[str] = ("meets", "near", "below")
    near: int = 1
    axis: str = "floors"

    def __attrs_post_init__(self) -> None:
        names = [floor.field for floor in self.floors]
        if not names or len(set(names)) < len(names):
            raise ScorerError(f"a checklist has one or more floors with different fields; received {names}")
        if isinstance(self.near, bool) or not isinstance(self.near, int) or self.near < 1:
            raise ScorerError(f"near is a whole number, at least 1; received {self.near!r}")

    def scorer(self, evidence: Sequence[Evidence] = ()) -> Scorer:
        """Return the scorer."""
        axis = Axis(
            self.axis,
            self.labels,
            ChecklistScore(self.floors, self.near),
            Thresholds((0.0, -float(self.near))),
            rises=[floor.field for floor in self.floors if floor.best == "highest"],
            falls=[floor.field for floor in self.floors if floor.best == "lowest"],
        )
        return Scorer(axes=[axis], evidence=evidence)

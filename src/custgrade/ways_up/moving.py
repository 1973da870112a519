"""Customers whose fields are moved, and whether they reach what they are moved for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from custgrade.graph.partial import Rows, Values, taken
from custgrade.selection.select import Codes
from custgrade.ways_up.moved_graph import MovedGraph
from custgrade.ways_up.whole_grades import WholeGrades

FloatColumn = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]


class Goal(Protocol):
    """What customers are moved for."""

    def __len__(self) -> int: ...

    def at(self, rows: Rows) -> Goal:
        """The goal of some of these customers."""
        ...

    def reached(self, graph: MovedGraph, values: Values) -> Truths:
        """Whether they reach it with these values."""
        ...


class Score(Goal):
    """The least score that each customer needs on one axis. sides: as for `Wanted`."""

    def __init__(self, axis: str, needed: FloatColumn, sides: tuple[bool, bool]) -> None:
        self.axis, self.needed, self.sides = axis, needed, sides

    def __len__(self) -> int:
        return len(self.needed)

    def at(self, rows: Rows) -> Score:
        """The scores that some of these customers need."""
        return Score(self.axis, taken(self.needed, rows), self.sides)

    def reached(self, graph: MovedGraph, values: Values) -> Truths:
        """Whether they have the scores they need."""
        reached: Truths = graph.score(values, self.axis, len(self)) >= self.needed
        return reached


class BetterGrade(Goal):
    """A better whole grade, better on one axis at least."""

    def __init__(self, grades: WholeGrades, axis: str, own: Mapping[str, Codes]) -> None:
        self.grades, self.axis, self.own = grades, axis, own

    def __len__(self) -> int:
        return len(self.own[self.axis])

    def at(self, rows: Rows) -> BetterGrade:
        """A better grade for some of these customers."""
        return BetterGrade(self.grades, self.axis, {name: taken(code, rows) for name, code in self.own.items()})

    def reached(self, graph: MovedGraph, values: Values) -> Truths:
        """Whether their whole grades are better."""
        return self.grades.are_better(self.grades.codes(graph, values, len(self), self.own), self.own, self.axis)


class Moving:
    """Some customers, some of whose fields are moved.

    graph: what is computed of them. goal: what they should reach. values: their fields, and what follows from them.
    """

    def __init__(self, graph: MovedGraph, goal: Goal, values: Values) -> None:
        self.graph, self.goal, self.values = graph, goal, values

    def __len__(self) -> int:
        return len(self.goal)

    @property
    def score(self) -> Any:
        """Their scores on the axis on which they need one: an array of shape (n,), or a number that all have."""
        assert isinstance(self.goal, Score)
        return self.graph.score(self.values, self.goal.axis, len(self))

    @property
    def reaches(self) -> Truths:
        """Whether they reach their goal."""
        return self.goal.reached(self.graph, self.values)

    def at(self, rows: Rows) -> Moving:
        """Some of them; `rows` rise."""
        if len(rows) == len(self):
            return self
        return Moving(self.graph, self.goal.at(rows), self.values.at(rows))

    def moved(self, field: str, to: Any) -> Moving:
        """They with one more field moved. to: an array of shape (n,), or a number for all."""
        return Moving(self.graph, self.goal, self.graph.moved(self.values, field, to))

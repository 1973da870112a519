"""Customers whose fields are moved, and their goals."""

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
    """The goal of moving customers' fields."""

    def __len__(self) -> int: ...

    def at(self, rows: Rows) -> Goal:
        """Return the goal of some of these customers."""
        ...

    def reached(self, graph: MovedGraph, values: Values) -> Truths:
        """Return whether each customer reaches the goal with these values."""
        ...


class Score(Goal):
    """A least score on one axis for each customer. sides: as in `Wanted`."""

    def __init__(self, axis: str, needed: FloatColumn, sides: tuple[bool, bool]) -> None:
        self.axis, self.needed, self.sides = axis, needed, sides

    def __len__(self) -> int:
        return len(self.needed)

    def at(self, rows: Rows) -> Score:
        """Return the goal of some of these customers."""
        return Score(self.axis, taken(self.needed, rows), self.sides)

    def reached(self, graph: MovedGraph, values: Values) -> Truths:
        """Return whether each customer has the needed score."""
        reached: Truths = graph.score(values, self.axis, len(self)) >= self.needed
        return reached


class BetterGrade(Goal):
    """A better whole grade that is also better on a given axis."""

    def __init__(self, grades: WholeGrades, axis: str, own: Mapping[str, Codes]) -> None:
        self.grades, self.axis, self.own = grades, axis, own

    def __len__(self) -> int:
        return len(self.own[self.axis])

    def at(self, rows: Rows) -> BetterGrade:
        """Return the goal of some of these customers."""
        return BetterGrade(self.grades, self.axis, {name: taken(code, rows) for name, code in self.own.items()})

    def reached(self, graph: MovedGraph, values: Values) -> Truths:
        """Return whether each customer's whole grade is better."""
        return self.grades.are_better(self.grades.codes(graph, values, len(self), self.own), self.own, self.axis)


class Moving:
    """Some customers, with fields that may be moved.

    graph: the graph that is recomputed. goal: the customers' goal. values: the values of all nodes.
    """

    def __init__(self, graph: MovedGraph, goal: Goal, values: Values) -> None:
        self.graph, self.goal, self.values = graph, goal, values

    def __len__(self) -> int:
        return len(self.goal)

    @property
    def score(self) -> Any:
        """The scores on the axis of the goal, a `Score`: an array of shape (n,), or a number for all customers."""
        assert isinstance(self.goal, Score)
        return self.graph.score(self.values, self.goal.axis, len(self))

    @property
    def reaches(self) -> Truths:
        """Whether each customer reaches the goal, bool of shape (n,)."""
        return self.goal.reached(self.graph, self.values)

    def at(self, rows: Rows) -> Moving:
        """Return some of these customers; `rows` must be ascending."""
        if len(rows) == len(self):
            return self
        return Moving(self.graph, self.goal.at(rows), self.values.at(rows))

    def moved(self, field: str, to: Any) -> Moving:
        """Return these customers with one more field moved. to: an array of shape (n,), or a number for all."""
        return Moving(self.graph, self.goal, self.graph.moved(self.values, field, to))

"""The customers of a part who may move up on one axis, and their ways in one field."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from custgrade.data.scale import UNGRADED
from custgrade.selection.select import Codes
from custgrade.ways_up.declared import declared_way
from custgrade.ways_up.grid import Grid
from custgrade.ways_up.moved_graph import MovedGraph
from custgrade.ways_up.moving import BetterGrade, FloatColumn, Goal, Moving, Score, Truths
from custgrade.ways_up.nearest import NearestWay
from custgrade.ways_up.pairs import Places
from custgrade.ways_up.partial import Rows, taken
from custgrade.ways_up.whole_grades import WholeGrades

_NEXT = np.array([UNGRADED, *range(UNGRADED - 1), UNGRADED], dtype=np.uint8)
"""The code of the next better class, by code."""
_CLASSES = 256

Ways = tuple[FloatColumn, Places]
"""The values to reach and the whole grades that they lead to, of all customers of a part; NaN where there is no way."""


class CustomersBelow:
    """Some customers and their codes; those who may move up on one axis are moved.

    next: the code of the next better class, uint8 of shape (n,); 255 for those who can't move up.
    """

    def __init__(
        self, grades: WholeGrades, axis: str, columns: Mapping[str, FloatColumn], codes: Mapping[str, Codes]
    ) -> None:
        self._grades, self._axis, self._columns, self._codes = grades, axis, columns, codes
        may = grades.may_improve(codes, axis)
        self.next = np.where(may, _NEXT[codes[axis]], np.uint8(UNGRADED))
        self._below = np.flatnonzero(may)
        self._started: dict[tuple[MovedGraph, bool], Moving] = {}

    def moving(self, graph: MovedGraph, rows: Rows, short: bool) -> Moving:
        """Some of the customers as they are. short: their goal is the next score on the axis, not the whole grade."""
        own = {name: taken(code, rows) for name, code in self._codes.items()}
        if short:
            sides = (True, self._grades.exceeded(self._axis))
            goal: Goal = Score(self._axis, self._grades.floors(self._axis, own, above=1), sides)
        else:
            goal = BetterGrade(self._grades, self._axis, own)
        return Moving(graph, goal, graph.values({name: taken(c, rows) for name, c in self._columns.items()}))

    def by_class(self, graph: MovedGraph, field: str, grid: Grid) -> Ways:
        """The ways in the only field that decides an axis: they are the same for all customers of a class."""
        own, value, parent = self._codes[self._axis], self._columns[field], self._grades.scale.axis(self._axis).within
        key = own if parent is None else self._codes[parent] * np.uint16(_CLASSES) + own
        size = _CLASSES if parent is None else _CLASSES**2
        may = (self.next != UNGRADED) & grid.has_room_at(value)
        one_of = np.full(size, -1)
        rows = np.flatnonzero(may)
        one_of[taken(key, rows)] = rows
        some = np.sort(one_of[one_of >= 0])
        found, steps = declared_way(self.moving(graph, some, short=True), field, grid)
        some, values = some[found], grid.value(steps)
        moved = graph.moved(graph.values({name: column[some] for name, column in self._columns.items()}), field, values)
        new = self._grades.codes(graph, moved, len(some), {name: code[some] for name, code in self._codes.items()})
        better = new[self._axis] < own[some]
        table, classes = np.full(size, math.nan), np.full(size, UNGRADED, dtype=np.uint8)
        table[key[some[better]]], classes[key[some[better]]] = values[better], new[self._axis][better]
        to = table[key]
        to[~may | ((to - value) * grid.sign <= 0.0)] = math.nan
        reached = self._grades.whole({**self._codes, self._axis: classes[key]})
        reached[np.isnan(to)] = self._grades.none
        return to, reached

    def declared(self, graph: MovedGraph, field: str, grid: Grid) -> Ways:
        """The ways in a field that the axis is declared to rise or fall with."""
        moving = self._start(graph, short=True)
        found, steps = declared_way(moving, field, grid)
        return self._ways(moving, field, found, grid.value(steps))

    def nearest(self, graph: MovedGraph, field: str, way: NearestWay, short: bool) -> Ways:
        """The ways in any field. short: whether the next score on the axis is a better grade."""
        moving = self._start(graph, short)
        own = BetterGrade(self._grades, self._axis, {name: taken(c, self._below) for name, c in self._codes.items()})
        to = way(moving, own)
        found = np.flatnonzero(np.isfinite(to))
        return self._ways(moving, field, found, taken(to, found))

    def judged(self, moved: Moving, rows: Rows) -> tuple[Truths, Places]:
        """Whether the grades of moved customers are better, and what they are. rows: who they are."""
        own = {name: code[rows] for name, code in self._codes.items()}
        new = self._grades.codes(moved.graph, moved.values, len(rows), own)
        return self._grades.are_better(new, own, self._axis), self._grades.whole(new)

    def _start(self, graph: MovedGraph, short: bool) -> Moving:
        if (graph, short) not in self._started:
            self._started[graph, short] = self.moving(graph, self._below, short)
        return self._started[graph, short]

    def _ways(self, moving: Moving, field: str, found: Rows, values: FloatColumn) -> Ways:
        """The ways of all, from those of some: moves that don't make the grade better are left out."""
        to, reached = np.full(len(self.next), math.nan), np.full(len(self.next), self._grades.none, dtype=np.int32)
        rows = taken(self._below, found)
        better, whole = self.judged(moving.at(found).moved(field, values), rows)
        if not better.all():
            rows, values, whole = rows[better], values[better], whole[better]
        to[rows], reached[rows] = values, whole
        return to, reached

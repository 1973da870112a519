"""The customers below the best class of an axis, and their ways up in one field."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from custgrade.data.scale import UNGRADED
from custgrade.graph.partial import Rows, Values, taken
from custgrade.selection.select import Codes
from custgrade.ways_up.declared_way import declared_way
from custgrade.ways_up.grid import Grid
from custgrade.ways_up.moved_graph import MovedGraph
from custgrade.ways_up.moving import BetterGrade, FloatColumn, Goal, Moving, Score, Truths
from custgrade.ways_up.nearest_way import NearestWay
from custgrade.ways_up.pairs import Places
from custgrade.ways_up.whole_grades import WholeGrades

_NEXT = np.array([UNGRADED, *range(UNGRADED - 1), UNGRADED], dtype=np.uint8)
"""The code of the next better class, by code."""
_CLASSES = 256

Ways = tuple[FloatColumn, Places]
"""The values to reach, NaN if there is no way, and the whole grades reached, one entry per customer."""


class CustomersBelow:
    """Some customers, with the ways up of those below the best class of an axis.

    next: the code of the next better class, uint8 of shape (n,); 255 for customers who can't move up.
    """

    def __init__(
        self,
        grades: WholeGrades,
        graph: MovedGraph,
        axis: str,
        columns: Mapping[str, FloatColumn],
        codes: Mapping[str, Codes],
    ) -> None:
        self._grades, self._graph, self._axis, self._columns, self._codes = grades, graph, axis, columns, codes
        may = grades.may_improve(codes, axis)
        self.next = np.where(may, _NEXT[codes[axis]], np.uint8(UNGRADED))
        self._below = np.flatnonzero(may)

    @cached_property
    def _values(self) -> Values:
        """The values of all nodes for customers who may move up."""
        return self._graph.values({name: taken(column, self._below) for name, column in self._columns.items()})

    @cached_property
    def _own(self) -> dict[str, Codes]:
        """The codes of customers who may move up."""
        return {name: taken(code, self._below) for name, code in self._codes.items()}

    def _goal(self, own: Mapping[str, Codes], short: bool) -> Goal:
        if not short:
            return BetterGrade(self._grades, self._axis, own)
        sides = (True, self._grades.exceeded(self._axis))
        return Score(self._axis, self._grades.floors(self._axis, own, above=1), sides)

    def start(self, graph: MovedGraph, short: bool) -> Moving:
        """Return the customers who may move up, with their goal: the next score (`short`) or a better whole grade."""
        return Moving(graph, self._goal(self._own, short), self._values)

    def by_class(self, graph: MovedGraph, field: str, grid: Grid) -> Ways:
        """Return the ways in the only field that an axis reads; customers of one class need the same value."""
        own, value, parent = self._codes[self._axis], self._columns[field], self._grades.scale.axis(self._axis).within
        key = own if parent is None else self._codes[parent] * np.uint16(_CLASSES) + own
        may = (self.next != UNGRADED) & grid.has_room_at(value)
        some = _one_of_each(key, may)
        codes = {name: code[some] for name, code in self._codes.items()}
        inputs = graph.values({name: column[some] for name, column in self._columns.items()})
        found, steps, scores = declared_way(Moving(graph, self._goal(codes, short=True), inputs), field, grid)
        group = None if parent is None else codes[parent][found]
        better = self._grades.placed(self._axis, scores, group)
        table, classes = np.full(_CLASSES**2, math.nan), np.full(_CLASSES**2, UNGRADED, dtype=np.uint8)
        table[key[some[found]]], classes[key[some[found]]] = grid.value(steps), better
        to = table[key]
        may &= to > value if grid.sign > 0 else to < value
        reached = self._grades.whole({**self._codes, self._axis: classes[key]})
        if not may.all():
            to[~may], reached[~may] = math.nan, self._grades.none
        return to, reached

    def declared(self, graph: MovedGraph, field: str, grid: Grid) -> Ways:
        """Return the ways in a field that the axis is declared to rise or fall with."""
        found, steps, scores = declared_way(self.start(graph, short=True), field, grid)
        if set(graph.roots) == {self._axis} and not graph.conditions:
            return self._scored_ways(found, grid.value(steps), scores)
        return self._ways(graph, field, found, grid.value(steps))

    def nearest(self, graph: MovedGraph, field: str, way: NearestWay, short: bool) -> Ways:
        """Return the ways in any field. short: whether the next score on the axis is always a better grade."""
        to = way(self.start(graph, short), BetterGrade(self._grades, self._axis, self._own))
        found = np.flatnonzero(np.isfinite(to))
        return self._ways(graph, field, found, taken(to, found))

    def by_class_or_nearest(self, graph: MovedGraph, field: str, grid: Grid, way: NearestWay) -> Ways:
        """Return the ways in the only field that an axis reads, if the axes within it may read it too."""
        to = taken(self.by_class(graph, field, grid)[0], self._below)
        found = np.flatnonzero(np.isfinite(to))
        ways = self._ways(self._graph, field, found, taken(to, found))
        left = np.flatnonzero(np.isfinite(to) & np.isnan(ways[0][self._below]))
        if len(left):
            moving = self.start(self._graph, short=False).at(left)
            assert isinstance(moving.goal, BetterGrade)
            values = way(moving, moving.goal)
            found = np.flatnonzero(np.isfinite(values))
            more = self._ways(self._graph, field, left[found], values[found])
            rows = self._below[left]
            ways[0][rows], ways[1][rows] = more[0][rows], more[1][rows]
        return ways

    def judged(
        self, to: Mapping[str, FloatColumn], found: Rows, graph: MovedGraph | None = None
    ) -> tuple[Truths, Places]:
        """Return whether moving fields gives better grades, and the whole grades.

        to: the values to move to, by field. found: the customers' positions among those who may move up. graph: the
        graph to recompute; by default the whole graph.
        """
        graph = graph or self._graph
        moving = Moving(graph, self._goal(self._own, short=False), self._values).at(found)
        for field, values in to.items():
            moving = moving.moved(field, values)
        assert isinstance(moving.goal, BetterGrade)
        new = self._grades.codes(graph, moving.values, len(found), moving.goal.own)
        return self._grades.are_better(new, moving.goal.own, self._axis), self._grades.whole(new)

    def _ways(self, graph: MovedGraph, field: str, found: Rows, values: FloatColumn) -> Ways:
        """Return the ways of all customers from moves of some; moves that don't give a better grade are left out."""
        return self._spread(found, values, *self.judged({field: values}, found, graph))

    def _scored_ways(self, found: Rows, values: FloatColumn, scores: FloatColumn) -> Ways:
        """Return the same as `_ways` for moves that change only the score on the axis. scores: the new scores."""
        own = {name: taken(code, found) for name, code in self._own.items()}
        parent = self._grades.scale.axis(self._axis).within
        code = self._grades.placed(self._axis, scores, None if parent is None else own[parent])
        whole = self._grades.whole({**own, self._axis: code})
        return self._spread(found, values, code < own[self._axis], whole)

    def _spread(self, found: Rows, values: FloatColumn, better: Truths, whole: Places) -> Ways:
        to, reached = np.full(len(self.next), math.nan), np.full(len(self.next), self._grades.none, dtype=np.int32)
        rows = taken(self._below, found)
        if not better.all():
            rows, values, whole = rows[better], values[better], whole[better]
        to[rows], reached[rows] = values, whole
        return to, reached


def _one_of_each(key: npt.NDArray[Any], may: Truths) -> Rows:
    """Return the position of one eligible customer for each key, ascending."""
    rows = np.empty(0, dtype=np.int64)
    left = may
    while left.any():
        # faster than sorting, because there are few classes
        row = int(np.argmax(left))
        rows = np.append(rows, row)
        left = left & (key != key[row])
    return np.sort(rows)

"""The nearest value of a field, higher or lower, that reaches a better grade, for traced scores."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from custgrade.graph.node import Node
from custgrade.graph.partial import Key, Rows, taken
from custgrade.model.grading_model import GradingModel
from custgrade.ways_up.completeness import Kind, kind_of
from custgrade.ways_up.grid import Grid
from custgrade.ways_up.interval_test import IntervalTest
from custgrade.ways_up.inverse import TooManyError, Wanted, candidates, ways_to
from custgrade.ways_up.moved_graph import MovedGraph
from custgrade.ways_up.moving import BetterGrade, FloatColumn, Moving, Truths
from custgrade.ways_up.step_search import first_possible, first_reached
from custgrade.ways_up.whole_grades import WholeGrades

_MOST_FLOORS = 40


class NearestWay:
    """A finder of the nearest value of one field that gives a better whole grade, also better on one axis.

    It tries the values at which an operation of the graph, or a class, changes. If these may be incomplete, it searches
    from the customer's value outwards and skips spans in which interval arithmetic rules out a better grade.
    """

    def __init__(self, model: GradingModel, grades: WholeGrades, graph: MovedGraph, axis: str, field: str) -> None:
        self._grades, self._graph, self._axis, self._field = grades, graph, axis, field
        self._interval_test = IntervalTest(model, graph, field)
        definition = model.batch_grader.field(field)
        self._grids = (Grid.of(definition, True), Grid.of(definition, False))
        kinds = [kind_of(root, field) for root in graph.graphs]
        axes = [name for name, root in graph.roots.items() if root is not None]
        self._roots: list[tuple[Node, frozenset[Key], str]] = []
        for root, kind, name in zip(graph.graphs, kinds, [*axes, *[""] * len(graph.conditions)], strict=True):
            # a score that is constant between candidates needs no candidates at boundaries
            self._roots.append((root, ways_to(root, {field}), name if kind > Kind.STEPS else ""))
        floors = sum(len(grades.every_floor(name)) for *_, name in self._roots if name)
        children = [one.name for one in model.scale.axes if one.within == axis]
        # the next class may have the same name; or a class within it was empty when fitted, and leaves ungraded
        further = bool(model.scale.names) or any(None in model.boundaries[name] for name in children)
        self._every_floor = further and floors <= _MOST_FLOORS
        self._complete = max(kinds) < Kind.TANGLED and not graph.dependents[field].learned
        self._complete &= self._every_floor or not further

    def __call__(self, moving: Moving, own: BetterGrade) -> FloatColumn:
        """Return the nearest values that reach a better grade, NaN if none does.

        moving: the customers, unmoved, with `own` or an equivalent `Score` as their goal. own: the goal of a better
        grade.
        """
        value = moving.values[self._field]
        found = _Found(value)
        complete = self._complete
        try:
            with np.errstate(all="ignore"):
                for tried in _different(self._candidates(moving, own)):
                    for grid in self._grids:
                        self._try(moving, grid, tried, found)
        except TooManyError:
            complete = False
        for grid in self._grids:
            self._shorten(moving, grid, found)
        if not complete:
            spanned = Moving(moving.graph, own, moving.values)
            for grid in self._grids:
                self._search(spanned, grid, found)
        return found.to

    def _candidates(self, moving: Moving, own: BetterGrade) -> Iterator[Any]:
        for root, ways, axis in self._roots:
            for target in self._targets(own, axis, root) if axis else [None]:
                for name, tried in candidates(root, ways, moving.values, target):
                    if name == self._field:
                        yield tried

    def _targets(self, own: BetterGrade, axis: str, root: Node) -> Iterator[Wanted | None]:
        """Yield the scores of an axis at which the grade may become better; None if only conditions matter."""
        grades, target = self._grades, self._grades.scale.axis(self._axis)
        sides = (True, grades.exceeded(axis))
        if self._every_floor:
            yield from (Wanted(floor, sides) for floor in grades.every_floor(axis))
        elif axis == self._axis:
            yield Wanted(grades.floors(axis, own.own, above=1), sides)
        elif grades.scale.axis(axis).within == self._axis or _is_monotone(root):
            # classes within a better class needn't improve; a monotone score never returns to a class that it left
            yield None
        else:
            yield Wanted(grades.floors(axis, own.own, above=0), sides)
            if axis == target.within:
                yield Wanted(grades.floors(axis, own.own, above=1), sides)

    def _try(self, moving: Moving, grid: Grid, tried: Any, found: _Found) -> None:
        """Try the first grid value at or beyond each value, and the next one if the first may equal the value."""
        behind = found.behind(grid)
        steps, on = grid.beyond(np.atleast_1d(np.asarray(tried, dtype=np.float64)))
        rows = np.flatnonzero((steps >= behind) & (steps <= grid.last))
        behind = taken(behind, rows)
        if len(steps) > 1:
            steps, on = taken(steps, rows), taken(on, rows)
        on, steps = on | (steps == behind), np.maximum(steps, behind + 1.0)
        some = np.flatnonzero(grid.has_room(behind) & found.nearer(grid.value(steps), rows))
        rows, steps, on = taken(rows, some), taken(steps, some), taken(on, some)
        for _ in range(2):
            if not len(rows):
                return
            values = grid.value(steps)
            good = moving.at(rows).moved(self._field, values).reaches
            found.put(rows[good], values[good])
            again = np.flatnonzero(~good & on)
            rows, steps, on = rows[again], steps[again] + 1.0, on[again]
            still = (steps <= grid.last) & found.nearer(grid.value(steps), rows)
            rows, steps, on = rows[still], steps[still], on[still]

    def _shorten(self, moving: Moving, grid: Grid, found: _Found) -> None:
        """Search for the first step that reaches the goal where the step before the found one does too."""
        behind = found.behind(grid)
        rows = np.flatnonzero((found.to - found.value) * grid.sign > 0)
        steps = grid.behind(found.to[rows])
        some = np.flatnonzero(steps - 1.0 > behind[rows])
        rows, steps = rows[some], steps[some]

        def reached(who: Rows, to: FloatColumn) -> Truths:
            return moving.at(who).moved(self._field, grid.value(to)).reaches

        early = reached(rows, steps - 1.0) if len(rows) else np.zeros(0, dtype=bool)
        rows, steps = rows[early], steps[early]
        if len(rows):
            found.put(rows, grid.value(first_reached(reached, rows, behind[rows], steps - 1.0)))

    def _search(self, moving: Moving, grid: Grid, found: _Found) -> None:
        """Search all values that are nearer than the found ones."""
        behind = found.behind(grid)
        with np.errstate(invalid="ignore"):
            limit = np.minimum(grid.reaching(found.value + grid.sign * found.distance), grid.last)
        limit = np.where(found.distance < math.inf, limit, grid.last)
        rows = np.flatnonzero(grid.has_room(behind) & (behind < limit))

        def reached(who: Rows, to: FloatColumn) -> Truths:
            return moving.at(who).moved(self._field, grid.value(to)).reaches

        def possible(who: Rows, one: FloatColumn, other: FloatColumn) -> Truths:
            low, high = grid.value(one), grid.value(other)
            return self._interval_test.between(moving.at(who), *((low, high) if grid.sign > 0 else (high, low)))

        rows, steps = first_possible(reached, possible, rows, behind[rows], limit[rows])
        values = grid.value(steps)
        nearer = found.nearer(values, rows)
        found.put(rows[nearer], values[nearer])


def _is_monotone(root: Node) -> bool:
    """Return whether a score is a field or its negative, which rises or falls throughout."""
    return root.operation == "column" or (root.operation == "negative" and root.arguments[0].operation == "column")


class _Found:
    """The nearest values so far, NaN if there is none, and their distances from the customers' values."""

    def __init__(self, value: FloatColumn) -> None:
        self.value, self.to = value, np.full(len(value), math.nan)
        self.distance = np.full(len(value), math.inf)
        self._behind: dict[float, FloatColumn] = {}

    def behind(self, grid: Grid) -> FloatColumn:
        """Return the customers' present steps."""
        if grid.sign not in self._behind:
            self._behind[grid.sign] = grid.behind(self.value)
        return self._behind[grid.sign]

    def nearer(self, values: FloatColumn, rows: Rows) -> Truths:
        """Return whether values are nearer than those found so far for customers `rows`."""
        far = values - taken(self.value, rows)
        nearer: Truths = np.abs(far, out=far) < taken(self.distance, rows)
        return nearer

    def put(self, rows: Rows, values: FloatColumn) -> None:
        """Store nearer values of customers `rows`."""
        self.to[rows], self.distance[rows] = values, np.abs(values - self.value[rows])


def _different(columns: Iterator[Any]) -> Iterator[Any]:
    """Yield columns and numbers without repetitions."""
    kept: list[Any] = []
    for column in columns:
        if np.isfinite(column).any() and not any(_equal(column, one) for one in kept):
            kept.append(column)
            yield column


def _equal(one: Any, other: Any) -> bool:
    if np.ndim(one) != np.ndim(other):
        return False
    return bool(np.array_equal(np.ravel(one)[:8], np.ravel(other)[:8], equal_nan=True)) and bool(
        np.array_equal(one, other, equal_nan=True)
    )

"""The ways up on one axis."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from itertools import permutations

import numpy as np
import numpy.typing as npt
from attrs import evolve, field, frozen

from custgrade.data.converters import locked, read_only
from custgrade.data.scale import UNGRADED
from custgrade.graph.partial import Rows
from custgrade.model.grading_model import GradingModel
from custgrade.scoring.scorecard_score import ScorecardScore
from custgrade.scoring.tracing import TracedScore
from custgrade.selection.chunks import over_chunks
from custgrade.selection.select import Codes
from custgrade.ways_up.customers_below import CustomersBelow, Ways
from custgrade.ways_up.grid import Grid
from custgrade.ways_up.moved_graph import MovedGraph
from custgrade.ways_up.moving import FloatColumn
from custgrade.ways_up.nearest_way import NearestWay
from custgrade.ways_up.pairs import Movable, Pairs, Places, pairs_on
from custgrade.ways_up.whole_grades import WholeGrades

Way = Callable[[CustomersBelow], Ways]


@frozen(eq=False)
class AxisWays:
    """The ways up on one axis, one entry per customer.

    fields: the fields that can be moved; `pairs.places` holds positions in them.
    next: the code of the next better class, uint8 of shape (n,); 255 for customers in the best class, with the best
    whole grade, or without a whole grade.
    to: the value to reach by field, float64 of shape (n,), NaN if moving that field alone isn't a way up.
    reached: the whole grade reached by field, int32 of shape (n,), a position in `Graded.grade_names`; the last
    position, an empty name, means none.
    pairs: ways up in two fields, for customers without a way up in one field.
    searched: how complete the search was: 2 if every change of one field and of two was tried, 1 if every change of one
    field was, 0 if a score with traceable=False prevents that.
    """

    fields: tuple[str, ...]
    next: Codes
    to: Mapping[str, FloatColumn] = field(converter=read_only)
    reached: Mapping[str, Places] = field(converter=read_only)
    pairs: Pairs = field(repr=False)
    searched: int = 1

    @property
    def possible(self) -> npt.NDArray[np.bool_]:
        """Whether each customer has a way up in one field or two, bool of shape (n,)."""
        found = np.zeros(len(self.next), dtype=bool)
        for column in self.to.values():
            found |= np.isfinite(column)
        found[self.pairs.rows] = True
        return found


class AxisFinder:
    """A finder of the ways up on one axis of a model."""

    def __init__(self, model: GradingModel, grades: WholeGrades, whole: MovedGraph, axis: str) -> None:
        self._model, self._grades, self._axis = model, grades, axis
        scorer = model.scorer
        # in a sum with a part for each field, no two fields gain more than the best two
        self._sums_up = any(one.name == axis and isinstance(one.score, ScorecardScore) for one in scorer.axes)
        self._whole, self._own = whole, MovedGraph(model, (axis,), evidence=False)
        self._rises, self._falls = scorer.monotone_inputs(axis)
        read = [name for name in scorer.inputs if name in self._reads(scorer.scores[axis])]
        read = [name for name in read if model.batch_grader.field(name).actionable]
        self.fields = tuple(name for name in read if whole.traced or name in self._rises | self._falls)
        self._hidden = len(self.fields) < len(read)

    def _reads(self, *scores: TracedScore) -> frozenset[str]:
        """Return the input fields that scores read, directly or through learned columns."""
        learned = [self._model.scorer.learned_scores[name] for score in scores for name in score.learned]
        return frozenset(name for score in (*scores, *learned) for name in score.inputs)

    @cached_property
    def _read_by_others(self) -> frozenset[str]:
        """The fields that the evidence or the scores of other axes read."""
        scores = [score for name, score in self._model.scorer.scores.items() if name != self._axis]
        return self._reads(*scores, *self._model.scorer.conditions)

    @cached_property
    def _next_is_better(self) -> bool:
        """Whether the next class on this axis is always a better grade if the other axes stay the same."""
        has_children = any(one.within == self._axis for one in self._model.scale.axes)
        return not has_children and not self._model.scale.names

    def __call__(self, columns: Mapping[str, FloatColumn], codes: Mapping[str, Codes]) -> AxisWays:
        """Return the ways up of some customers.

        columns: the input fields, float64 of shape (n,). codes: the customers' codes by axis, uint8 of shape (n,).
        """
        size, threads = len(codes[self._axis]), self._model.scorer.portable
        to = {name: np.empty(size) for name in self.fields}
        reached = {name: np.empty(size, dtype=np.int32) for name in self.fields}
        below = np.empty(size, dtype=np.uint8)

        def customers(rows: slice | Rows) -> CustomersBelow:
            some = {name: column[rows] for name, column in columns.items()}
            own = {name: code[rows] for name, code in codes.items()}
            return CustomersBelow(self._grades, self._graph, self._axis, some, own)

        def alone(rows: slice) -> Rows:
            part = customers(rows)
            below[rows] = part.next
            left = part.next != UNGRADED
            for name, way in self._ways.items():
                to[name][rows], reached[name][rows] = way(part)
                left &= np.isnan(to[name][rows])
            found: Rows = np.flatnonzero(left) + rows.start
            return found

        def together(rows: slice) -> Pairs:
            return self._pairs(customers(left[rows])).moved_by(left[rows])

        left = np.concatenate([np.empty(0, dtype=np.int64), *over_chunks(alone, size, threads)])
        pairs = Pairs.joined(over_chunks(together, len(left), threads) if len(self._paired) > 1 else [])
        for column in (below, *to.values(), *reached.values(), pairs.rows, pairs.places, pairs.to, pairs.reached):
            locked(column)
        return AxisWays(self.fields, below, to, reached, pairs, self._searched)

    @property
    def _searched(self) -> int:
        """How complete the search is; see `AxisWays.searched`."""
        declared = self._rises | self._falls
        if self._hidden:
            return 0
        if self._next_is_better and self._read_by_others.isdisjoint(self.fields) and declared.issuperset(self.fields):
            return 2
        return 1 if self._whole.traced else 0

    def _grid(self, name: str) -> Grid:
        return Grid.of(self._model.batch_grader.field(name), name in self._rises)

    @cached_property
    def _ways(self) -> dict[str, Way]:
        """The function that finds the ways in each field."""
        return {name: self._way(name) for name in self.fields}

    def _way(self, name: str) -> Way:
        declared, alone, grid = name in self._rises | self._falls, name not in self._read_by_others, self._grid(name)
        decides = self._reads(self._model.scorer.scores[self._axis]) == {name}
        if declared and alone and self._next_is_better:
            if decides:
                return lambda part: part.by_class(self._own, name, grid)
            return lambda part: part.declared(self._own, name, grid)
        if not self._whole.traced:
            return lambda part: part.declared(self._whole, name, grid)
        short = alone and self._next_is_better
        graph = self._own if short else self._whole
        nearest = NearestWay(self._model, self._grades, graph, self._axis, name)
        if declared and decides and self._read_here_and_within(name):
            return lambda part: part.by_class_or_nearest(self._own, name, grid, nearest)
        return lambda part: part.nearest(graph, name, nearest, short)

    def _read_here_and_within(self, name: str) -> bool:
        """Return whether a field is read by this axis and the axes within it only, and grades have no names."""
        scale, scores = self._model.scale, self._model.scorer.scores
        others = [scores[one.name] for one in scale.axes if self._axis not in (one.name, one.within)]
        return not scale.names and name not in self._reads(*others, *self._model.scorer.conditions)

    @cached_property
    def _graph(self) -> MovedGraph:
        """The smallest graph in which all fields can be moved."""
        enough = self._next_is_better and self._read_by_others.isdisjoint(self.fields)
        return self._own if enough else self._whole

    @cached_property
    def _paired(self) -> list[Movable]:
        """The fields that can be moved in pairs."""
        declared = self._rises | self._falls
        return [Movable(name, k, self._grid(name)) for k, name in enumerate(self.fields) if name in declared]

    def _pairs(self, part: CustomersBelow) -> Pairs:
        """Return the ways up in two fields, for customers who aren't in the best class."""
        moving, found = part.start(self._own, short=True), []
        pairs = pairs_on(moving, self._paired, self._sums_up)
        for one, other in permutations(self._paired, 2):
            some = np.flatnonzero((pairs.places == np.array([one.place, other.place])).all(axis=1))
            if len(some):
                rows, to = pairs.rows[some], pairs.to[some]
                better, reached = part.judged({one.name: to[:, 0], other.name: to[:, 1]}, rows)
                found.append(evolve(pairs.at(some), reached=reached).at(np.flatnonzero(better)))
        return Pairs.joined(found)

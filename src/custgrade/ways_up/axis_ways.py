"""The ways up on one axis, of customers part by part."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property

import numpy as np
import numpy.typing as npt
from attrs import evolve, field, frozen

from custgrade.data.converters import locked, read_only
from custgrade.data.scale import UNGRADED
from custgrade.model.grading_model import GradingModel
from custgrade.scoring.scorecard import ScorecardScore
from custgrade.scoring.tracing import TracedScore
from custgrade.selection.chunks import over_chunks
from custgrade.selection.select import Codes
from custgrade.ways_up.customers_below import CustomersBelow
from custgrade.ways_up.grid import Grid
from custgrade.ways_up.moved_graph import MovedGraph
from custgrade.ways_up.moving import FloatColumn
from custgrade.ways_up.nearest import NearestWay
from custgrade.ways_up.pairs import Movable, Pairs, Places, pairs_on
from custgrade.ways_up.partial import Rows
from custgrade.ways_up.whole_grades import WholeGrades


@frozen(eq=False)
class AxisWays:
    """The ways up on one axis, one entry per customer.

    fields: what can be moved, in the order of `pairs.places`. next: the code of the next better class, uint8 of shape
    (n,); 255 for customers in the best one, with the best whole grade, or without a whole grade. to: per field the value
    to reach, float64 of shape (n,), NaN where that field alone is no way. reached: per field the whole grade that it
    leads to, int32 of shape (n,), a position in `Graded.grade_names`, whose last is an empty name where there is none.
    pairs: for those whom no field alone brings up, two that do together. searched: of how many fields every change was
    tried: 2 for all pairs too, 1 for every field alone, 0 where a score with traceable=False hides what a field does.
    """

    fields: tuple[str, ...]
    next: Codes
    to: Mapping[str, FloatColumn] = field(converter=read_only)
    reached: Mapping[str, Places] = field(converter=read_only)
    pairs: Pairs = field(repr=False)
    searched: int = 1

    @property
    def possible(self) -> npt.NDArray[np.bool_]:
        """Whether one field or two bring a customer up, shape (n,)."""
        found = np.zeros(len(self.next), dtype=bool)
        for column in self.to.values():
            found |= np.isfinite(column)
        found[self.pairs.rows] = True
        return found


class AxisFinder:
    """Finds the ways up on one axis of a model."""

    def __init__(self, model: GradingModel, grades: WholeGrades, whole: MovedGraph, axis: str) -> None:
        self._model, self._grades, self._axis = model, grades, axis
        scorer = model.scorer
        # whether the score is a sum with a part for each field, so that no two fields gain more than the best two
        self._sums_up = any(one.name == axis and isinstance(one.score, ScorecardScore) for one in scorer.axes)
        self._whole, self._own = whole, MovedGraph(model, (axis,), evidence=False)
        self._rises, self._falls = scorer.monotone_inputs(axis)
        read = [name for name in scorer.inputs if name in self._reads(scorer.scores[axis])]
        moved = [name for name in read if whole.traced or name in self._rises | self._falls]
        self.fields = tuple(name for name in moved if model.machine.field(name).actionable)

    def _reads(self, *scores: TracedScore) -> frozenset[str]:
        """The input fields that scores read, themselves or through learned columns."""
        learned = [self._model.scorer.learned_scores[name] for score in scores for name in score.learned]
        return frozenset(name for score in (*scores, *learned) for name in score.inputs)

    @cached_property
    def _elsewhere(self) -> frozenset[str]:
        """The fields that decide more of the whole grade than the class on this axis."""
        scores = [score for name, score in self._model.scorer.scores.items() if name != self._axis]
        return self._reads(*scores, *self._model.scorer.conditions)

    @cached_property
    def _next_is_better(self) -> bool:
        """Whether the next class on this axis is a better grade, as long as nothing else changes."""
        has_children = any(one.within == self._axis for one in self._model.scale.axes)
        return not has_children and not self._model.scale.names

    def __call__(self, columns: Mapping[str, FloatColumn], codes: Mapping[str, Codes]) -> AxisWays:
        """Return the ways up of some customers. columns: the fields that grades need. codes: their codes per axis."""
        size = len(codes[self._axis])
        to = {name: np.empty(size) for name in self.fields}
        reached = {name: np.empty(size, dtype=np.int32) for name in self.fields}
        below = np.empty(size, dtype=np.uint8)
        ways = {name: self._way(name) for name in self.fields}

        def chunk(rows: slice) -> Pairs:
            some = {name: column[rows] for name, column in columns.items()}
            part = CustomersBelow(self._grades, self._axis, some, {name: code[rows] for name, code in codes.items()})
            below[rows] = part.next
            for name, way in ways.items():
                to[name][rows], reached[name][rows] = way(part)
            left = np.logical_and.reduce([np.isnan(to[name][rows]) for name in self.fields] or [part.next == UNGRADED])
            pairs = self._pairs(part, np.flatnonzero(left & (part.next != UNGRADED)))
            return evolve(pairs, rows=pairs.rows + rows.start)

        pairs = Pairs.joined(over_chunks(chunk, size, self._model.scorer.portable))
        for column in (below, *to.values(), *reached.values(), pairs.rows, pairs.places, pairs.to, pairs.reached):
            locked(column)
        return AxisWays(self.fields, below, to, reached, pairs, self._searched)

    @property
    def _searched(self) -> int:
        """Of how many fields every change is tried."""
        declared = self._rises | self._falls
        if self._next_is_better and self._elsewhere.isdisjoint(self.fields) and declared.issuperset(self.fields):
            return 2
        return 1 if self._whole.traced else 0

    def _grid(self, name: str) -> Grid:
        return Grid.of(self._model.machine.field(name), name in self._rises)

    def _way(self, name: str) -> Callable[[CustomersBelow], tuple[FloatColumn, Places]]:
        """What finds the ways in one field."""
        declared, alone = name in self._rises | self._falls, name not in self._elsewhere
        if declared and alone and self._next_is_better:
            if self._reads(self._model.scorer.scores[self._axis]) == {name}:
                return lambda part: part.by_class(self._own, name, self._grid(name))
            return lambda part: part.declared(self._own, name, self._grid(name))
        if not self._whole.traced:
            return lambda part: part.declared(self._whole, name, self._grid(name))
        short = alone and self._next_is_better
        graph = self._own if short else self._whole
        nearest = NearestWay(self._model, self._grades, graph, self._axis, name)
        return lambda part: part.nearest(graph, name, nearest, short)

    def _pairs(self, part: CustomersBelow, rows: Rows) -> Pairs:
        """The ways up in two fields of some customers of a part."""
        declared = self._rises | self._falls
        fields = [Movable(n, k, self._grid(n)) for k, n in enumerate(self.fields) if n in declared]
        if len(fields) < 2 or not len(rows):
            return Pairs()
        pairs = pairs_on(part.moving(self._own, rows, short=True), fields, self._sums_up)
        moving, found = part.moving(self._whole, rows, short=False).at(pairs.rows), []
        for one in range(len(fields)):
            for other in range(len(fields)):
                places = np.array([fields[one].place, fields[other].place])
                some = np.flatnonzero((pairs.places == places).all(axis=1))
                if len(some):
                    to = pairs.to[some]
                    moved = moving.at(some).moved(fields[one].name, to[:, 0]).moved(fields[other].name, to[:, 1])
                    better, reached = part.judged(moved, rows[pairs.rows[some]])
                    found.append(evolve(pairs.at(some), reached=reached).at(np.flatnonzero(better)))
        return Pairs.joined(found).moved_by(rows)

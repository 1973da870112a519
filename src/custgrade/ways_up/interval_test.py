"""Tests whether a better grade is possible between two values of a field."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from custgrade.cuts.placing import Placing
from custgrade.graph.partial import Key, Values, key_of, steps_from
from custgrade.model.grading_model import GradingModel
from custgrade.selection.select import Codes
from custgrade.ways_up.interval_arithmetic import Chance, Span, spans_from
from custgrade.ways_up.moved_graph import MovedGraph, filled
from custgrade.ways_up.moving import BetterGrade, Moving

FloatColumn = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]
_LARGEST = float(np.finfo(np.float64).max)


class IntervalTest:
    """A test whether a better grade is possible between two values of a field, for traced scores.

    graph: the graph of all axes, with the evidence. field: the field that is moved.
    """

    def __init__(self, model: GradingModel, graph: MovedGraph, field: str) -> None:
        self._scale, self._graph, self._field = model.scale, graph, field
        self._steps = graph.dependents[field].steps
        self._learned = []
        for name in graph.dependents[field].learned:
            ranked, boundaries = model.scorer.learned_scores[name], model.learned[name]
            assert ranked.root is not None
            points = np.array(model.scorer.learned[name].points)
            placing = None if boundaries is None else Placing([boundaries])
            self._learned.append((name, ranked, steps_from([ranked.root], {field}), placing, points))

    def between(self, moving: Moving, low: FloatColumn, high: FloatColumn) -> Truths:
        """Return False where no value from `low` to `high`, both included, gives a better grade; shape (n,)."""
        goal, values, size = moving.goal, moving.values, len(moving)
        assert isinstance(goal, BetterGrade)
        known = np.ones(size, dtype=bool)
        moved: dict[Key, Any] = {self._field: Span(low, high, known, ~known)}
        with np.errstate(all="ignore"):
            moved |= self._learned_spans(values, moved)
            found = spans_from(self._steps, values, moved)
            return self._may_be_better(goal, values, found | moved, size)

    def _learned_spans(self, values: Values, moved: dict[Key, Any]) -> dict[Key, Any]:
        """Return the spans of learned columns; their points rise with the ranked values."""
        spans: dict[Key, Any] = {}
        for name, ranked, steps, placing, points in self._learned:
            assert ranked.root is not None
            parts = Values.of([ranked.root], {one: values[one] for one in ranked.inputs})
            over = spans_from(steps, parts, moved)[key_of(ranked.root)] if steps else moved[self._field]
            if placing is None:
                spans[name] = Span(over.low, over.high, over.number & False, over.number | True)
                continue
            ends = [np.clip(np.where(over.number, end, 0.0), -_LARGEST, _LARGEST) for end in (over.low, over.high)]
            low, high = (points[placing.number_below(end)] for end in ends)
            infinite = np.isinf(over.low) | np.isinf(over.high)
            number = over.number & ~(infinite & (over.low == over.high))
            spans[name] = Span(low, high, number, over.unknown | (over.number & infinite))
        return spans

    def _may_be_better(self, goal: BetterGrade, values: Values, found: dict[Key, Any], size: int) -> Truths:
        may = np.ones(size, dtype=bool)
        for condition in self._graph.conditions:
            chance = found.get(key_of(condition))
            may &= values[key_of(condition)] if chance is None else chance.true
        best: dict[str, Codes] = {}
        worst: dict[str, Codes] = {}
        settled = np.ones(size, dtype=bool)
        for axis in self._scale.axes:
            if axis.name not in self._graph.roots:
                best[axis.name] = worst[axis.name] = goal.own[axis.name]
                continue
            root = self._graph.roots[axis.name]
            assert root is not None
            span = found.get(key_of(root))
            if span is None:
                span = Span.at(filled(values[key_of(root)], size))
            assert not isinstance(span, Chance)
            may &= span.number & (span.low < np.inf) & (span.high > -np.inf)
            ends = [np.broadcast_to(np.clip(end, -_LARGEST, _LARGEST), size) for end in (span.high, span.low)]
            own, parent = goal.own[axis.name], axis.within
            group = None if parent is None else best[parent]
            best[axis.name], worst[axis.name] = (goal.grades.placed(axis.name, end, group) for end in ends)
            settled &= best[axis.name] == worst[axis.name]
            most = best[axis.name]
            if parent is not None:
                # a nested axis is compared within the customer's class of its parent
                most = goal.grades.placed(axis.name, ends[0], goal.own[parent])
                stays = (best[parent] <= goal.own[parent]) & (worst[parent] >= goal.own[parent])
            if axis.name == goal.axis:
                may &= most < own if parent is None else stays & (most < own)
            elif parent is None:
                may &= most <= own
            else:
                may &= (best[parent] != goal.own[parent]) | (worst[parent] != goal.own[parent]) | (most <= own)
        decided = np.flatnonzero(may & settled)
        if len(decided):
            some = goal.at(decided)
            may[decided] = goal.grades.are_better(
                {name: codes[decided] for name, codes in best.items()}, some.own, goal.axis
            )
        return may

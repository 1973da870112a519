"""The graphs of scores and evidence, recomputed for moved fields: only nodes that depend on a moved field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from attrs import frozen

from custgrade.graph.node import Node
from custgrade.graph.partial import Key, Step, Values, key_of, steps_from
from custgrade.model.grading_model import GradingModel
from custgrade.scoring.learned import Quantile
from custgrade.ways_up.inverse import ways_to

FloatColumn = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]


@frozen
class Dependents:
    """The dependents of a field: learned columns, operations, and the keys of all nodes on paths to the field."""

    learned: tuple[str, ...]
    steps: tuple[Step, ...]
    ways: frozenset[Key]


class MovedGraph:
    """The scores of some axes of a model as graphs over fields that may be moved, with or without the evidence.

    roots: the root of each axis's graph, None for a score with traceable=False. conditions: the roots of the evidence.
    """

    def __init__(self, model: GradingModel, axes: Sequence[str], evidence: bool) -> None:
        self.batch_grader, self.scorer = model.batch_grader, model.scorer
        self.roots: Mapping[str, Node | None] = {axis: model.scorer.scores[axis].root for axis in axes}
        conditions = [condition.root for condition in model.scorer.conditions] if evidence else []
        self.conditions: tuple[Node, ...] = tuple(root for root in conditions if root is not None)
        self.graphs = [*(root for root in self.roots.values() if root is not None), *self.conditions]
        self.dependents = {field: self._depending(field) for field in model.scorer.inputs}

    @property
    def traced(self) -> bool:
        """Whether every score is a graph."""
        return None not in self.roots.values()

    def _depending(self, field: str) -> Dependents:
        learned = tuple(
            name
            for name, score in self.scorer.learned_scores.items()
            # a quantile is the same number for every customer
            if field in score.inputs and not isinstance(self.scorer.learned[name], Quantile)
        )
        columns = {field, *learned}
        ways = frozenset(key for root in self.graphs for key in ways_to(root, columns))
        return Dependents(learned, steps_from(self.graphs, columns), ways)

    def values(self, inputs: Mapping[str, FloatColumn]) -> Values:
        """Return the present values of fields, learned columns and operations."""
        columns = self.batch_grader.columns(inputs)
        known = {name: columns[name] for name in (*inputs, *self.scorer.learned)}
        with np.errstate(all="ignore"):
            return Values.of(self.graphs, known)

    def moved(self, values: Values, field: str, to: Any) -> Values:
        """Return the values after a field is moved. to: an array of shape (n,), or a number for all customers."""
        dependents = self.dependents[field]
        columns: dict[Key, Any] = {field: to}
        for name in dependents.learned:
            parts = {one: to if one == field else values[one] for one in self.scorer.learned_scores[name].inputs}
            arrays = np.broadcast_arrays(*map(np.atleast_1d, parts.values()))
            column = self.batch_grader.learned_column(name, dict(zip(parts, arrays, strict=True)))
            columns[name] = column[0] if max(map(np.ndim, parts.values())) == 0 else column
        with np.errstate(all="ignore"):
            return values.changed(columns, dependents.steps)

    def score(self, values: Values, axis: str, size: int) -> Any:
        """Return the scores of `size` customers on an axis: an array of shape (size,), or a number for all."""
        root = self.roots[axis]
        if root is not None:
            return values[key_of(root)]
        inputs, learned = (
            {name: filled(values[name], size) for name in names} for names in (self.scorer.inputs, self.scorer.learned)
        )
        return self.batch_grader.raw_score(axis, self.batch_grader.columns(inputs, learned))

    def enough(self, values: Values, size: int) -> Truths:
        """Return whether each of `size` customers meets all conditions of evidence, bool of shape (size,)."""
        enough = np.ones(size, dtype=bool)
        for condition in self.conditions:
            enough &= values[key_of(condition)]
        return enough


def filled(value: Any, size: int) -> FloatColumn:
    """Return a value as an array of shape (size,)."""
    column = np.asarray(value, dtype=np.float64)
    return column if column.ndim else np.full(size, column)

"""The score of one axis where fields are moved, one after the other: only what depends on them is computed anew."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from attrs import frozen

from custgrade.model.grading_model import GradingModel
from custgrade.scoring.graph import Node
from custgrade.scoring.learned import Quantile
from custgrade.ways_up.inverse import MOST, candidates, ways_to
from custgrade.ways_up.partial import Key, Step, Values, key_of, steps_from

FloatColumn = npt.NDArray[np.float64]


@frozen
class Dependents:
    """What depends on a field: learned columns, operations of the score, and the ways back from the score to it."""

    learned: tuple[str, ...]
    steps: tuple[Step, ...]
    ways: frozenset[Key]


class MovedScore:
    """The score of one axis of a model, NaN where there isn't enough evidence, for customers who have a class now."""

    def __init__(self, model: GradingModel, axis: str) -> None:
        self._machine, self._scorer, self._axis = model.machine, model.scorer, axis
        self._root = model.scorer.scores[axis].root
        self._whole = None if self._root is None else self._with_evidence(self._root)
        self._dependents = {field: self._depending(field) for field in model.scorer.inputs}

    def _with_evidence(self, root: Node) -> Node:
        """The score where the evidence that can be moved is enough; the other is, or they would have no class."""
        rises, falls = self._scorer.monotone_inputs(self._axis)
        for condition in self._scorer.conditions:
            origins = [name for one in condition.learned for name in self._scorer.learned_scores[one].inputs]
            if (rises | falls).intersection((*condition.inputs, *origins)):
                assert condition.root is not None
                root = Node("where", (condition.root, root, Node("constant", value=math.nan)))
        return root

    def _depending(self, field: str) -> Dependents:
        learned = tuple(
            name
            for name, score in self._scorer.learned_scores.items()
            # a quantile is the same number for everybody
            if field in score.inputs and not isinstance(self._scorer.learned[name], Quantile)
        )
        if self._root is None or self._whole is None:
            return Dependents(learned, (), frozenset())
        columns = {field, *learned}
        return Dependents(learned, steps_from(self._whole, columns), ways_to(self._root, columns))

    def values(self, inputs: Mapping[str, FloatColumn]) -> Values:
        """The fields, learned columns and operations as they are."""
        columns = self._machine.columns(inputs)
        known = {name: columns[name] for name in (*inputs, *self._scorer.learned)}
        with np.errstate(all="ignore"):
            return Values.of(self._whole, known)

    def moved(self, values: Values, field: str, to: Any) -> Values:
        """The values where a field is moved. to: an array of shape (n,), or a number for all."""
        dependents = self._dependents[field]
        columns: dict[Key, Any] = {field: to}
        for name in dependents.learned:
            parts = {one: to if one == field else values[one] for one in self._scorer.learned_scores[name].inputs}
            arrays = np.broadcast_arrays(*map(np.atleast_1d, parts.values()))
            column = self._machine.learned_column(name, dict(zip(parts, arrays, strict=True)))
            columns[name] = column[0] if max(map(np.ndim, parts.values())) == 0 else column
        with np.errstate(all="ignore"):
            return values.changed(columns, dependents.steps)

    def columns(self, values: Values, size: int) -> Mapping[str, Any]:
        """The fields and learned columns of so many customers, as scores that aren't followed need them."""
        inputs, learned = (
            {name: _full(values[name], size) for name in names} for names in (self._scorer.inputs, self._scorer.learned)
        )
        return self._machine.columns(inputs, learned)

    def score(self, values: Values, size: int) -> Any:
        """The scores of so many customers: an array of shape (n,), or a number that all have."""
        if self._whole is None:
            return self._machine.ranked(self._axis, self.columns(values, size))
        return values[key_of(self._whole)]

    def candidates(self, values: Values, field: str, needed: FloatColumn) -> list[FloatColumn]:
        """Values of a field that may give the score that is needed; none where there are too many."""
        if self._root is None:
            return []
        with np.errstate(all="ignore"):
            found = _different(self._leading_to(self._root, values, field, needed))
        return found if len(found) <= MOST else []

    def _leading_to(self, root: Node, values: Values, field: str, needed: FloatColumn) -> Iterator[FloatColumn]:
        for name, wanted in candidates(root, self._dependents[field].ways, values, needed):
            if name == field:
                yield wanted
                continue
            ranked = self._scorer.learned_scores[name]
            assert ranked.root is not None
            columns = {one: values[one] for one in ranked.inputs}
            least = self._machine.least_ranked(name, wanted)
            for _, behind in candidates(
                ranked.root, ways_to(ranked.root, {field}), Values.of(ranked.root, columns), least
            ):
                yield behind


def _different(columns: Iterator[FloatColumn]) -> list[FloatColumn]:
    kept: list[FloatColumn] = []
    for column in columns:
        if np.isfinite(column).any() and not any(np.array_equal(column, one, equal_nan=True) for one in kept):
            kept.append(column)
    return kept


def _full(value: Any, size: int) -> FloatColumn:
    """An array of so many numbers."""
    column = np.asarray(value, dtype=np.float64)
    return column if column.ndim else np.full(size, column)

"""Customers whose fields are moved: the class they would get on one axis, and the least move that reaches the next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from custgrade.cuts.boundary import table_above
from custgrade.data.scale import UNGRADED, GradeScale
from custgrade.model.grading_model import GradingModel
from custgrade.scoring.scorecard import ScorecardScore
from custgrade.selection.select import Codes
from custgrade.ways_up.grid import Grid
from custgrade.ways_up.moved_score import MovedScore
from custgrade.ways_up.partial import Rows, Values, taken
from custgrade.ways_up.search import first_reached

FloatColumn = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]


class MovableAxis:
    """One axis of a model, on which customers may move up."""

    def __init__(self, model: GradingModel, axis: str) -> None:
        scorer = model.scorer
        self.machine, self.scale, self.score = model.machine, model.scale, MovedScore(model, axis)
        # whether the score is a sum with a part for each field, so that no two fields gain more than the best two
        self.sums_up = any(one.name == axis and isinstance(one.score, ScorecardScore) for one in scorer.axes)
        self._has_children = any(one.within == axis for one in model.scale.axes)
        others = [score for name, score in scorer.scores.items() if name != axis]
        self._elsewhere = {name for score in (*others, *scorer.conditions) for name in score.inputs}
        self._elsewhere |= {
            name for score in others for one in score.learned for name in scorer.learned_scores[one].inputs
        }

    def is_enough(self, fields: Iterable[str]) -> bool:
        """Whether reaching the next class by moving these fields is always a better grade."""
        return not self._has_children and self._elsewhere.isdisjoint(fields)


class Moving:
    """Some customers on one axis, some of their fields moved.

    needed: the scores they need. codes: their codes on every axis. values: their fields, and what follows from them.
    """

    def __init__(self, axis: MovableAxis, needed: FloatColumn, codes: Mapping[str, Codes], values: Values) -> None:
        self.axis, self.needed, self._codes, self._values = axis, needed, codes, values

    def __len__(self) -> int:
        return len(self.needed)

    @cached_property
    def score(self) -> Any:
        """Their scores: an array of shape (n,), or a number that all have."""
        return self.axis.score.score(self._values, len(self))

    @property
    def reaches(self) -> Truths:
        """Whether they reach the next class on the axis."""
        reaches: Truths = self.score >= self.needed
        return reaches

    def value(self, field: str) -> FloatColumn:
        """Their values of a field that isn't moved."""
        value: FloatColumn = self._values[field]
        return value

    def at(self, rows: Rows) -> Moving:
        """Some of them; `rows` rise."""
        if len(rows) == len(self):
            return self
        return Moving(
            self.axis,
            self.needed[rows],
            {name: column[rows] for name, column in self._codes.items()},
            self._values.at(rows),
        )

    def moved(self, field: str, to: Any) -> Moving:
        """They with one more field moved. to: an array of shape (n,), or a number for all."""
        return Moving(self.axis, self.needed, self._codes, self.axis.score.moved(self._values, field, to))

    def are_better(self, to: Mapping[str, FloatColumn]) -> Truths:
        """Whether the whole grade is better with these fields moved, which other axes may prevent.

        to: the values with which they reach the next class.
        """
        if self.axis.is_enough(to):
            return np.ones(len(self), dtype=bool)
        values = self._values
        for field, column in to.items():
            values = self.axis.score.moved(values, field, column)
        graded = self.axis.machine.graded(self.axis.score.columns(values, len(self)))[0]
        return _better(self.axis.scale, graded, self._codes)

    def least(self, field: str, grid: Grid, behind: FloatColumn) -> FloatColumn:
        """The first steps of a field that reach the next class, for customers who reach it with its last step.

        behind: the steps at which they are.
        """
        found = np.full(len(self), grid.last)

        def reached(some: Rows, steps: FloatColumn) -> Truths:
            return self.at(some).moved(field, grid.value(steps)).reaches

        for values in self.axis.score.candidates(self._values, field, self.needed):
            # fmin takes the number beside a NaN
            steps = np.maximum(np.fmin(grid.reaching(values), grid.last), behind + 1.0)
            good = self.moved(field, grid.value(steps)).reaches
            off = np.flatnonzero(~good & (steps < grid.last))
            if len(off):
                # a quotient may be rounded to the step before
                steps[off] += 1.0
                good[off] = reached(off, steps[off])
            found = np.where(good & (steps < found), steps, found)
        earlier = found - 1.0
        before = np.flatnonzero(earlier > behind)
        early = before[reached(before, taken(earlier, before))] if len(before) else before
        if len(early):
            found[early] = first_reached(reached, early, behind[early], found[early] - 1.0)
        return found


def needed_scores(model: GradingModel, axis: str, codes: Mapping[str, Codes]) -> FloatColumn:
    """The least score of the next better class; NaN for who is in the best one or ungraded."""
    within, own = model.scale.axis(axis).within, codes[axis]
    table = table_above(model.boundaries[axis], lambda boundary: boundary.floor)
    return table[0][own] if within is None else table[codes[within], own]


def _better(scale: GradeScale, one: Mapping[str, Codes], other: Mapping[str, Codes]) -> Truths:
    """Whether each grade in `one` is one, and better than that in `other`; see `GradeScale.better`."""
    size = len(one[scale.axes[0].name])
    worse, better = np.zeros(size, dtype=bool), np.zeros(size, dtype=bool)
    for axis in scale.axes:
        new, old = one[axis.name], other[axis.name]
        counts = np.ones(size, dtype=bool) if axis.within is None else one[axis.within] == other[axis.within]
        worse |= (new == UNGRADED) | counts & (new > old)
        better |= counts & (new < old)
    return better & ~worse

"""Customers whose fields are moved: the class they would get on one axis, and the least move that reaches the next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from custgrade.data.scale import UNGRADED, GradeScale
from custgrade.model.grading_model import GradingModel
from custgrade.scoring.scorecard import ScorecardScore
from custgrade.selection.select import Codes
from custgrade.ways_up.grid import Grid
from custgrade.ways_up.inverse import MOST, candidates, values_of
from custgrade.ways_up.search import first_reached

FloatColumn = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]
Moved = Mapping[str, FloatColumn]
Truths = npt.NDArray[np.bool_]


class Moving:
    """Some customers on one axis of a model.

    columns: their input fields. codes: their codes on every axis. needed: the scores they need.
    """

    def __init__(
        self,
        model: GradingModel,
        axis: str,
        columns: Mapping[str, FloatColumn],
        codes: Mapping[str, Codes],
        needed: FloatColumn,
    ) -> None:
        self._machine, self._scorer, self._axis, self._codes = model.machine, model.scorer, axis, codes
        self._inputs = {name: columns[name] for name in model.scorer.inputs}
        view = self._machine.columns(self._inputs)
        self._learned = {name: view[name] for name in model.scorer.learned}
        self.needed = needed
        self._learned_from = {
            field: [name for name, score in model.scorer.learned_scores.items() if field in score.inputs]
            for field in self._inputs
        }
        self._has_children = any(one.within == axis for one in model.scale.axes)
        others = [score for name, score in model.scorer.scores.items() if name != axis]
        self._elsewhere = {name for score in (*others, *model.scorer.conditions) for name in score.inputs}
        self._elsewhere |= {name for score in others for one in score.learned for name in self._origins(one)}

    def _origins(self, learned: str) -> tuple[str, ...]:
        return self._scorer.learned_scores[learned].inputs

    @property
    def sums_up(self) -> bool:
        """Whether the score is a sum with a part for each field, so that no two fields gain more than the best two."""
        axes = {one.name: one for one in self._scorer.axes}
        return isinstance(axes[self._axis].score, ScorecardScore)

    @cached_property
    def score(self) -> FloatColumn:
        """The scores as they are."""
        return self._machine.ranked(self._axis, self._machine.columns(self._inputs, self._learned))

    @cached_property
    def _values(self) -> Mapping[int, Any]:
        """What every operation of the score gives, before anything is moved."""
        root = self._scorer.scores[self._axis].root
        assert root is not None
        return values_of(root, self._inputs | self._learned)

    def value(self, field: str) -> FloatColumn:
        """The field as it is."""
        return self._inputs[field]

    def scores(self, rows: Rows, moved: Moved) -> FloatColumn:
        """The scores of some customers, some of their fields moved."""
        return self._machine.ranked(self._axis, self._columns(rows, moved))

    def reach(self, rows: Rows, moved: Moved) -> Truths:
        """Whether some customers reach the next class on the axis with some of their fields moved."""
        reached: Truths = self.scores(rows, moved) >= taken(self.needed, rows)
        return reached

    def are_better(self, rows: Rows, moved: Moved) -> Truths:
        """Whether the whole grade of customers who reach the next class is better, which other axes may prevent."""
        if not self._has_children and not self._elsewhere & set(moved):
            return np.ones(len(rows), dtype=bool)
        graded = self._machine.graded(self._columns(rows, moved))[0]
        before = {name: taken(column, rows) for name, column in self._codes.items()}
        return _better(self._scorer.scale, graded, before)

    def _columns(self, rows: Rows, moved: Moved) -> Mapping[str, Any]:
        fields = {name: moved[name] if name in moved else taken(column, rows) for name, column in self._inputs.items()}
        stale = {name for field in moved for name in self._learned_from[field]}
        kept = {name: taken(column, rows) for name, column in self._learned.items() if name not in stale}
        return self._machine.columns(fields, kept)

    def least(self, field: str, grid: Grid, rows: Rows, behind: FloatColumn, fixed: Moved) -> FloatColumn:
        """The first steps of a field that reach the next class, for customers who reach it with its last step.

        behind: the steps at which they are. fixed: other fields that are moved meanwhile.
        """
        found = np.full(len(rows), grid.last)

        def reached(some: Rows, steps: FloatColumn) -> Truths:
            others = {name: taken(values, some) for name, values in fixed.items()}
            return self.reach(taken(rows, some), {**others, field: grid.value(steps)})

        every = np.arange(len(rows))
        for values in self._candidates(field, rows, fixed):
            # fmin takes the number beside a NaN
            steps = np.maximum(np.fmin(grid.reaching(values), grid.last), behind + 1.0)
            good = reached(every, steps)
            off = np.flatnonzero(~good & (steps < grid.last))
            if len(off):
                # a quotient may be rounded to the step before
                steps[off] += 1.0
                good[off] = reached(off, steps[off])
            found = np.where(good & (steps < found), steps, found)
        before = np.flatnonzero(found - 1.0 > behind)
        early = before[reached(before, found[before] - 1.0)] if len(before) else before
        if len(early):
            found[early] = first_reached(reached, early, behind[early], found[early] - 1.0)
        return found

    def _candidates(self, field: str, rows: Rows, fixed: Moved) -> list[FloatColumn]:
        """Values of a field that may give the needed score."""
        root = self._scorer.scores[self._axis].root
        if root is None:
            return []
        found: list[FloatColumn] = []
        learned_from = self._learned_from[field]
        needed = taken(self.needed, rows)
        with np.errstate(all="ignore"):
            values = values_of(root, self._columns(rows, fixed)) if fixed else Some(self._values, rows)
            for name, wanted in candidates(root, lambda n: n == field or n in learned_from, values, needed):
                if name == field:
                    found.append(wanted)
                else:
                    found += self._behind_learned(name, field, rows, fixed, wanted)
        found = _different(found)
        return found if len(found) <= MOST else []

    def _behind_learned(
        self, name: str, field: str, rows: Rows, fixed: Moved, points: FloatColumn
    ) -> list[FloatColumn]:
        """Values of a field that may give a learned column so many points."""
        score = self._scorer.learned_scores[name]
        assert score.root is not None
        columns = {one: fixed[one] if one in fixed else taken(self._inputs[one], rows) for one in score.inputs}
        least = self._machine.least_ranked(name, points)
        found = candidates(score.root, lambda one: one == field, values_of(score.root, columns), least)
        return [values for _, values in found]


def _different(columns: list[FloatColumn]) -> list[FloatColumn]:
    kept: list[FloatColumn] = []
    for column in columns:
        if np.isfinite(column).any() and not any(np.array_equal(column, one, equal_nan=True) for one in kept):
            kept.append(column)
    return kept


class Some(Mapping[int, Any]):
    """Values at some rows, looked up as they are asked for; constants are as they are."""

    def __init__(self, values: Mapping[int, Any], rows: Rows) -> None:
        self._values, self._rows = values, rows

    def __getitem__(self, key: int) -> Any:
        value = self._values[key]
        return taken(value, self._rows) if isinstance(value, np.ndarray) else value

    def __iter__(self) -> Iterator[int]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


def taken(column: npt.NDArray[Any], rows: Rows) -> npt.NDArray[Any]:
    """A column at some of its rows, which rise; as it is where those are all."""
    return column if len(rows) == len(column) else column[rows]


def needed_scores(model: GradingModel, axis: str, codes: Mapping[str, Codes]) -> FloatColumn:
    """The least score of the next better class; NaN for who is in the best one or ungraded."""
    per_class, within = model.boundaries[axis], model.scale.axis(axis).within
    table = np.full((UNGRADED + 1, UNGRADED + 1), np.nan)
    for group, boundaries in enumerate(per_class):
        floors = [boundary.floor for boundary in boundaries or ()]
        table[group, 1 : len(floors) + 1] = floors
    own = codes[axis]
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

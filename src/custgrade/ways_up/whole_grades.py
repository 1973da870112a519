"""Whole grades of customers whose fields are moved, and whether they are better."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from custgrade.cuts.boundary import table_above
from custgrade.cuts.placing import Placing
from custgrade.data.scale import UNGRADED
from custgrade.graph.partial import Values
from custgrade.model.grading_model import GradingModel
from custgrade.selection.select import Codes
from custgrade.ways_up.moved_graph import MovedGraph, filled

FloatColumn = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int32]


class WholeGrades:
    """The whole grades that a model can give.

    A grade is better than another if its codes are (see `GradeScale.better`) and its name is another. No grade is
    better than one with the name of the scale's best grade.
    """

    def __init__(self, model: GradingModel) -> None:
        self.model, self.scale = model, model.scale
        names = self.scale.grades
        places = {name: place for place, name in enumerate(names)}
        self.none = len(names)
        self._places = np.array([places[name] for name in self.scale.cells], dtype=np.int32)
        # for scales of a single axis: positions by code
        self._by_code = np.full(UNGRADED + 1, self.none, dtype=np.int32)
        self._by_code[: min(len(self._places), UNGRADED)] = self._places[:UNGRADED]
        self._placings = {name: Placing(per_class) for name, per_class in model.boundaries.items()}
        self._named = bool(self.scale.names)

    def placed(self, axis: str, score: FloatColumn, group: Codes | None = None) -> Codes:
        """Return the codes of scores on an axis; on a nested axis, within the parent's classes `group`."""
        return self._placings[axis](score, group)

    def codes(
        self, graph: MovedGraph, values: Values, size: int, own: Mapping[str, Codes] | None = None
    ) -> dict[str, Codes]:
        """Return the codes of `size` customers on every axis. own: the codes on axes that the graph doesn't have."""
        enough = graph.enough(values, size) if graph.conditions else None
        codes: dict[str, Codes] = {}
        for axis in self.scale.axes:
            if axis.name not in graph.roots:
                assert own is not None
                codes[axis.name] = own[axis.name]
                continue
            score = filled(graph.score(values, axis.name, size), size)
            if enough is not None and not enough.all():
                score = np.where(enough, score, np.nan)
            codes[axis.name] = self.placed(axis.name, score, None if axis.within is None else codes[axis.within])
        return codes

    def whole(self, codes: Mapping[str, Codes]) -> Places:
        """Return positions in `GradeScale.grades`, int32 of shape (n,); `none` stands for ungraded."""
        if len(self.scale.axes) == 1:
            found: Places = self._by_code[codes[self.scale.axes[0].name]]
            return found
        cells, ungraded = np.zeros(len(next(iter(codes.values()))), dtype=np.int64), None
        for axis in self.scale.axes:
            code = codes[axis.name]
            cells = cells * len(axis.labels) + code
            ungraded = code == UNGRADED if ungraded is None else ungraded | (code == UNGRADED)
        assert ungraded is not None
        cells[ungraded] = 0
        whole = self._places[cells]
        whole[ungraded] = self.none
        return whole

    def are_better(self, new: Mapping[str, Codes], own: Mapping[str, Codes], axis: str) -> Truths:
        """Return whether each grade in `new` is better than that in `own`, and also better on an axis.

        On a nested axis it is better only in the same class of the parent. An ungraded customer isn't better.
        """
        target = self.scale.axis(axis)
        better: Truths = new[axis] < own[axis]
        if target.within is not None:
            better &= new[target.within] == own[target.within]
        for one in self.scale.axes:
            code = new[one.name]
            better &= code != UNGRADED
            if one.name != axis:
                worse = code > own[one.name]
                if one.within is not None:
                    worse &= new[one.within] == own[one.within]
                better &= ~worse
        if self._named:
            whole = self.whole(own)
            better &= (whole != 0) & (self.whole(new) != whole)
        return better

    def may_improve(self, own: Mapping[str, Codes], axis: str) -> Truths:
        """Return whether customers are graded, below the best whole grade, and below the best class of an axis."""
        may: Truths = np.logical_and.reduce([own[axis] != 0, *(code != UNGRADED for code in own.values())])
        return may & (self.whole(own) != 0) if self._named else may

    def floors(self, axis: str, codes: Mapping[str, Codes], above: int) -> FloatColumn:
        """Return the least score of each customer's class or of the next better one, in the same class of the parent.

        above: 1 for the next better class, 0 for the customer's own. NaN if there is no such class.
        """
        within, own = self.scale.axis(axis).within, codes[axis].astype(np.int64)
        table = table_above(self.model.boundaries[axis], lambda boundary: boundary.floor)
        found: FloatColumn = table[0 if within is None else codes[within], own + 1 - above]
        return found

    def every_floor(self, axis: str) -> list[float]:
        """Return the least scores of all classes of an axis but the worst, in all classes of its parent."""
        some = self.model.boundaries[axis]
        return sorted({boundary.floor for boundaries in some for boundary in boundaries or ()})

    def exceeded(self, axis: str) -> bool:
        """Return whether any boundary of an axis is exclusive, so that a score must exceed it."""
        return any(not boundary.inclusive for some in self.model.boundaries[axis] for boundary in some or ())

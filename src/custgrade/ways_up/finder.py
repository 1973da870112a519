"""Finding the ways up of customers, all at once or part by part."""

from __future__ import annotations

from collections.abc import Mapping

from custgrade.data.base import CustomerBase
from custgrade.model.grading_model import GradingModel
from custgrade.selection.select import Codes
from custgrade.ways_up.axis_ways import AxisFinder, AxisWays
from custgrade.ways_up.moved_graph import MovedGraph
from custgrade.ways_up.whole_grades import WholeGrades


class WayFinder:
    """Finds the ways up by one model; made once, it takes any number of parts of a base, one after the other."""

    def __init__(self, model: GradingModel) -> None:
        grades = WholeGrades(model)
        whole = MovedGraph(model, [axis.name for axis in model.scale.axes], evidence=True)
        self._inputs = model.scorer.inputs
        self._axes = {axis.name: AxisFinder(model, grades, whole, axis.name) for axis in model.scale.axes}

    def __call__(self, part: CustomerBase, codes: Mapping[str, Codes]) -> dict[str, AxisWays]:
        """Return the ways up of some customers per axis; they depend on the model and on these customers alone.

        part: the customers, with every field that the model needs. codes: their codes on every axis, uint8 of shape
        (n,), as `Graded.codes` holds them.
        """
        columns = {name: part.columns[name][:] for name in self._inputs}
        return {name: find(columns, codes) for name, find in self._axes.items()}

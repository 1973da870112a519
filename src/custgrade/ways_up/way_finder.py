"""Finding the ways up of customers on all axes."""

from __future__ import annotations

from collections.abc import Mapping

from custgrade.data.base import CustomerBase
from custgrade.model.grading_model import GradingModel
from custgrade.selection.select import Codes
from custgrade.ways_up.axis_ways import AxisFinder, AxisWays
from custgrade.ways_up.moved_graph import MovedGraph
from custgrade.ways_up.whole_grades import WholeGrades


class WayFinder:
    """A finder of the ways up by one model, for any number of parts of a base, one at a time."""

    def __init__(self, model: GradingModel) -> None:
        grades = WholeGrades(model)
        whole = MovedGraph(model, [axis.name for axis in model.scale.axes], evidence=True)
        self._inputs = model.scorer.inputs
        self._axes = {axis.name: AxisFinder(model, grades, whole, axis.name) for axis in model.scale.axes}

    def __call__(self, part: CustomerBase, codes: Mapping[str, Codes]) -> dict[str, AxisWays]:
        """Return the ways up of some customers by axis; they don't depend on other customers.

        part: the customers, with every field that the model needs. codes: their codes by axis, uint8 of shape (n,), as
        in `Graded.codes`.
        """
        columns = {name: part.columns[name][:] for name in self._inputs}
        return {name: find(columns, codes) for name, find in self._axes.items()}

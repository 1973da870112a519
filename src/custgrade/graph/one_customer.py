"""Evaluating a graph for one customer with Python numbers, with the same bits as numpy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from custgrade.graph.layout import Layout
from custgrade.graph.node import Node
from custgrade.graph.operations import OPERATIONS


class SingleProgram:
    """A program that evaluates a graph for one customer at a time."""

    def __init__(self, root: Node) -> None:
        layout = Layout(root)
        self._initial, self._columns = layout.initial, layout.columns
        self._steps = [(k, OPERATIONS[operation].one, places) for k, operation, places in layout.steps]

    def __call__(self, columns: Mapping[str, float]) -> Any:
        """Return the score or truth value of a customer; columns: the customer's values by column, NaN if unknown."""
        results: list[Any] = self._initial.copy()
        for k, name in self._columns:
            results[k] = columns[name]
        for k, operation, places in self._steps:
            results[k] = operation(*[results[place] for place in places])
        return results[-1]

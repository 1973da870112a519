"""Evaluating a graph over columns with numpy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from custgrade.graph.layout import Layout
from custgrade.graph.node import Node
from custgrade.graph.operations import OPERATIONS


class ArrayProgram:
    """A program that evaluates a graph over numpy columns.

    It computes each node once, and drops a result after its last use.
    """

    def __init__(self, root: Node) -> None:
        layout = Layout(root)
        self._initial, self._columns = layout.initial, layout.columns
        last_use = {at: k for k, _, places in layout.steps for at in places}
        self._steps = [
            (k, OPERATIONS[operation].arrays, places, [at for at in dict.fromkeys(places) if last_use[at] == k])
            for k, operation, places in layout.steps
        ]

    def __len__(self) -> int:
        return len(self._steps)

    def __call__(self, columns: Mapping[str, Any]) -> Any:
        """Return the result of the graph over columns: an array of shape (n,), or a number for a constant."""
        results: list[Any] = self._initial.copy()
        for k, name in self._columns:
            results[k] = columns[name]
        for k, operation, places, done in self._steps:
            results[k] = operation(*[results[place] for place in places])
            for place in done:
                results[place] = None
        return results[-1]

"""Computing a graph for one customer with plain numbers: the bits that numpy gives many, at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from custgrade.graph.layout import Layout
from custgrade.graph.node import Node
from custgrade.graph.operations import OPERATIONS


class SingleProgram:
    """A graph made ready to be computed for one customer at a time."""

    def __init__(self, root: Node) -> None:
        layout = Layout(root)
        self._room, self._columns = layout.room, layout.columns
        self._steps = [(k, OPERATIONS[operation].one, places) for k, operation, places in layout.steps]

    def __call__(self, columns: Mapping[str, float]) -> Any:
        """The score, or truth value, of a customer with these values by column; NaN is unknown."""
        room: list[Any] = self._room.copy()
        for k, name in self._columns:
            room[k] = columns[name]
        for k, operation, places in self._steps:
            room[k] = operation(*[room[place] for place in places])
        return room[-1]

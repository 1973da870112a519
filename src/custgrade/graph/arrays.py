"""Computing a graph over columns with numpy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from custgrade.graph.layout import Layout
from custgrade.graph.node import Node
from custgrade.graph.operations import OPERATIONS


class ArrayProgram:
    """A graph made ready to be computed over columns with numpy; each node once, and kept no longer than needed."""

    def __init__(self, root: Node) -> None:
        layout = Layout(root)
        self._room, self._columns = layout.room, layout.columns
        last_use = {at: k for k, _, places in layout.steps for at in places}
        self._steps = [
            (k, OPERATIONS[operation].arrays, places, [at for at in dict.fromkeys(places) if last_use[at] == k])
            for k, operation, places in layout.steps
        ]

    def __len__(self) -> int:
        return len(self._steps)

    def __call__(self, columns: Mapping[str, Any]) -> Any:
        """Compute the graph over columns."""
        room: list[Any] = self._room.copy()
        for k, name in self._columns:
            room[k] = columns[name]
        for k, operation, places, done in self._steps:
            room[k] = operation(*[room[place] for place in places])
            for place in done:
                room[place] = None
        return room[-1]

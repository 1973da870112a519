"""Graphs as lists of steps, each with a place for its result."""

from __future__ import annotations

from typing import Any

from custgrade.graph.node import Node, in_order


class Layout:
    """A graph with a place for each node, in the order in which they are computed.

    room: a constant at its place, None at the others. columns: place and name of each. steps: place, operation, and the
    places of what it is applied to.
    """

    def __init__(self, root: Node) -> None:
        nodes = list(in_order(root))
        place = {id(node): k for k, node in enumerate(nodes)}
        self.room: list[Any] = [node.value if node.operation == "constant" else None for node in nodes]
        self.columns = [(k, str(node.value)) for k, node in enumerate(nodes) if node.operation == "column"]
        self.steps = [
            (k, node.operation, [place[id(argument)] for argument in node.arguments])
            for k, node in enumerate(nodes)
            if node.arguments
        ]

"""Layouts: graphs as lists of steps."""

from __future__ import annotations

from typing import Any

from custgrade.graph.node import Node, in_order


class Layout:
    """A graph as a list with one place per node, arguments before the nodes that use them.

    initial: the value at the place of each constant, None at every other place.
    columns: the place and the name of each column.
    steps: the place of each operation, its name, and the places of its arguments.
    """

    def __init__(self, root: Node) -> None:
        nodes = list(in_order(root))
        place = {id(node): k for k, node in enumerate(nodes)}
        self.initial: list[Any] = [node.value if node.operation == "constant" else None for node in nodes]
        self.columns = [(k, str(node.value)) for k, node in enumerate(nodes) if node.operation == "column"]
        self.steps = [
            (k, node.operation, [place[id(argument)] for argument in node.arguments])
            for k, node in enumerate(nodes)
            if node.arguments
        ]

"""The graph of a traced score: what it computes, as data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from attrs import field, frozen

OPERATIONS: Mapping[str, Any] = {
    "add": np.add,
    "subtract": np.subtract,
    "multiply": np.multiply,
    "divide": np.divide,
    "negative": np.negative,
    "absolute": np.absolute,
    "sqrt": np.sqrt,
    "floor": np.floor,
    "ceil": np.ceil,
    "minimum": np.minimum,
    "maximum": np.maximum,
    "fmin": np.fmin,
    "fmax": np.fmax,
    "less": np.less,
    "less_equal": np.less_equal,
    "greater": np.greater,
    "greater_equal": np.greater_equal,
    "equal": np.equal,
    "not_equal": np.not_equal,
    "isnan": np.isnan,
    "isfinite": np.isfinite,
    "logical_and": np.logical_and,
    "logical_or": np.logical_or,
    "logical_not": np.logical_not,
    "where": np.where,
}
"""What a score is made of. Each is row-local and exactly rounded (or exact), so its bits are the same everywhere."""

TRUTHS = frozenset(
    [
        "less",
        "less_equal",
        "greater",
        "greater_equal",
        "equal",
        "not_equal",
        "isnan",
        "isfinite",
        "logical_and",
        "logical_or",
        "logical_not",
    ]
)
"""The operations whose result is a truth value."""


@frozen(eq=False)
class Node:
    """One step of a score. Nodes are shared, so a score is a graph, not a tree.

    operation: a key of `OPERATIONS`, or `column` (value: its name) or `constant` (value: a float or a bool).
    """

    operation: str
    arguments: tuple[Node, ...] = ()
    value: str | float | bool | None = None
    truth: bool = field(default=False)

    def __reduce__(self) -> tuple[Any, ...]:
        # node within node would be too deep to be pickled
        return from_rows, (as_rows(self),)


Row = tuple[str, tuple[int, ...], str | float | bool | None, bool]
"""A node as plain data: its operation, the places of the rows of its arguments, its value, whether it is a truth."""


def as_rows(root: Node) -> tuple[Row, ...]:
    """Return a graph as plain data, arguments before what uses them; the last row is the root's."""
    place: dict[int, int] = {}
    rows: list[Row] = []
    for node in in_order(root):
        place[id(node)] = len(rows)
        rows.append((node.operation, tuple(place[id(a)] for a in node.arguments), node.value, node.truth))
    return tuple(rows)


def from_rows(rows: Sequence[Row]) -> Node:
    """Return the root of a graph that `as_rows` gave."""
    nodes: list[Node] = []
    for operation, places, value, truth in rows:
        nodes.append(Node(operation, tuple(nodes[place] for place in places), value, truth))
    return nodes[-1]


def in_order(root: Node) -> Iterator[Node]:
    """Yield every node once, arguments before what uses them; without recursion, however deep the graph."""
    done: set[int] = set()
    stack = [(root, False)]
    while stack:
        node, ready = stack.pop()
        if id(node) in done:
            continue
        if ready:
            done.add(id(node))
            yield node
        else:
            stack.append((node, True))
            stack.extend((argument, False) for argument in reversed(node.arguments) if id(argument) not in done)


def column_names(root: Node) -> tuple[str, ...]:
    """The columns a graph reads, in the order in which it does."""
    return tuple(dict.fromkeys(str(node.value) for node in in_order(root) if node.operation == "column"))


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


class Plan:
    """A graph made ready to be computed over columns with numpy; each node once, and kept no longer than needed."""

    def __init__(self, root: Node) -> None:
        layout = Layout(root)
        self._room, self._columns = layout.room, layout.columns
        last_use = {at: k for k, _, places in layout.steps for at in places}
        self._steps = [
            (k, OPERATIONS[operation], places, [at for at in dict.fromkeys(places) if last_use[at] == k])
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


def fingerprint(root: Node) -> str:
    """Return a SHA-256 hex digest of what the graph computes; equal graphs have equal digests."""
    import hashlib

    digest = hashlib.sha256()
    number: dict[int, int] = {}
    for node in in_order(root):
        value = node.value.hex() if isinstance(node.value, float) else repr(node.value)
        digest.update(f"{node.operation} {value} {[number[id(a)] for a in node.arguments]}\n".encode())
        number[id(node)] = len(number)
    return digest.hexdigest()

"""Nodes: the computation of a traced score, as data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from attrs import field, frozen

from custgrade.graph.operations import OPERATIONS


@frozen(eq=False)
class Node:
    """One step of a score. Several nodes can share an argument, so a score is a directed acyclic graph.

    operation: a key of `OPERATIONS`, `column` or `constant`.
    arguments: the nodes that the operation is applied to.
    value: the name of a column, or the float or bool of a constant; else None.
    truth: True for a node with truth values; operations that always give truth values don't need it.
    """

    operation: str
    arguments: tuple[Node, ...] = ()
    value: str | float | bool | None = None
    truth: bool = field(default=False)

    @property
    def gives_truth(self) -> bool:
        """Whether the node's result is a truth value."""
        return self.truth or (self.operation in OPERATIONS and OPERATIONS[self.operation].truth)

    def __reduce__(self) -> tuple[Any, ...]:
        # pickle is recursive, and a graph can be deeper than Python's recursion limit
        return from_rows, (as_rows(self),)


Row = tuple[str, tuple[int, ...], str | float | bool | None, bool]
"""A node as plain data: operation, positions of the arguments among the rows, value, truth."""


def as_rows(root: Node) -> tuple[Row, ...]:
    """Return a graph as rows, arguments before the nodes that use them; the last row is the root."""
    place: dict[int, int] = {}
    rows: list[Row] = []
    for node in in_order(root):
        place[id(node)] = len(rows)
        rows.append((node.operation, tuple(place[id(a)] for a in node.arguments), node.value, node.truth))
    return tuple(rows)


def from_rows(rows: Sequence[Row]) -> Node:
    """Return the root of a graph from its rows, as `as_rows` returns them."""
    nodes: list[Node] = []
    for operation, places, value, truth in rows:
        nodes.append(Node(operation, tuple(nodes[place] for place in places), value, truth))
    return nodes[-1]


def in_order(root: Node) -> Iterator[Node]:
    """Yield every node once, arguments before the nodes that use them; a graph can be of any depth."""
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
    """Return the names of the columns that a graph reads, in the order of their first use."""
    return tuple(dict.fromkeys(str(node.value) for node in in_order(root) if node.operation == "column"))


def fingerprint(root: Node) -> str:
    """Return a SHA-256 hex digest of a graph; equal graphs have equal digests."""
    import hashlib

    digest = hashlib.sha256()
    number: dict[int, int] = {}
    for node in in_order(root):
        value = node.value.hex() if isinstance(node.value, float) else repr(node.value)
        digest.update(f"{node.operation} {value} {[number[id(a)] for a in node.arguments]}\n".encode())
        number[id(node)] = len(number)
    return digest.hexdigest()

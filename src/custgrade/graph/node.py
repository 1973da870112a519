"""Nodes: what a traced score computes, as data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from attrs import field, frozen

from custgrade.graph.operations import OPERATIONS


@frozen(eq=False)
class Node:
    """One step of a score. Nodes are shared, so a score is a graph, not a tree.

    operation: a key of `OPERATIONS`, or `column` (value: its name) or `constant` (value: a float or a bool).
    """

    operation: str
    arguments: tuple[Node, ...] = ()
    value: str | float | bool | None = None
    truth: bool = field(default=False)

    @property
    def gives_truth(self) -> bool:
        """Whether its result is a truth value."""
        return self.truth or (self.operation in OPERATIONS and OPERATIONS[self.operation].truth)

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

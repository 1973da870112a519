"""Evaluating graphs anew where some of their columns have changed: only what depends on them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set as AbstractSet
from typing import Any

import numpy as np
import numpy.typing as npt
from attrs import frozen

from custgrade.graph.node import Node, in_order
from custgrade.graph.operations import OPERATIONS

Rows = npt.NDArray[np.int64]
Key = int | str
"""Under what a value is kept: a column's name, or the identity of an operation's node."""


def key_of(node: Node) -> Key:
    """Under what the value of a node is kept."""
    return str(node.value) if node.operation == "column" else id(node)


@frozen
class Step:
    """An operation of a graph: the key of its value, those of its arguments, and whether it gives truth values."""

    key: Key
    operation: str
    arguments: tuple[Key, ...]
    truth: bool


def steps_from(roots: Iterable[Node], columns: AbstractSet[str]) -> tuple[Step, ...]:
    """Return the operations of graphs that depend on any of these columns, in the order in which they are computed."""
    keys: set[Key] = set(columns)
    steps: dict[Key, Step] = {}
    for node in (node for root in roots for node in in_order(root)):
        arguments = tuple(key_of(argument) for argument in node.arguments)
        if not keys.isdisjoint(arguments):
            keys.add(key_of(node))
            steps[key_of(node)] = Step(key_of(node), node.operation, arguments, node.gives_truth)
    return tuple(steps.values())


class Values:
    """What columns and operations give for some customers: arrays of shape (n,), or a number that all have.

    known: what is known already. before, rows: the values of more customers, and which of them these are; what isn't
    known is looked up there when it is asked for.
    """

    def __init__(self, known: dict[Key, Any], before: Values | None = None, rows: Rows | None = None) -> None:
        self._known, self._before, self._rows = known, before, rows

    @classmethod
    def of(cls, roots: Iterable[Node], columns: Mapping[str, Any]) -> Values:
        """Columns, and what every operation of graphs gives over them."""
        known: dict[Key, Any] = dict(columns.items())
        for node in (node for root in roots for node in in_order(root)):
            if node.operation == "constant":
                known[key_of(node)] = node.value
            elif node.operation != "column" and key_of(node) not in known:
                known[key_of(node)] = OPERATIONS[node.operation].arrays(*(known[key_of(a)] for a in node.arguments))
        return cls(known)

    def at(self, rows: Rows) -> Values:
        """The values of some of these customers."""
        return Values({}, self, rows)

    def changed(self, columns: Mapping[Key, Any], steps: Sequence[Step]) -> Values:
        """The values where some columns are others, and with them what these steps give."""
        known = dict(columns)
        for step in steps:
            if known.keys().isdisjoint(step.arguments):
                continue
            value = OPERATIONS[step.operation].arrays(
                *[known[key] if key in known else self[key] for key in step.arguments]
            )
            # a condition that holds as before, such as that a field is known, changes nothing that rests on it
            if not step.truth or np.not_equal(value, self[step.key]).any():
                known[step.key] = value
        return Values(known, self)

    def __getitem__(self, key: Key) -> Any:
        if key not in self._known:
            assert self._before is not None
            value = self._before[key]
            if self._rows is not None and isinstance(value, np.ndarray) and value.ndim:
                value = taken(value, self._rows)
            self._known[key] = value
        return self._known[key]


def taken(column: npt.NDArray[Any], rows: Rows) -> npt.NDArray[Any]:
    """A column at some of its rows, which rise; as it is where those are all."""
    return column if len(rows) == len(column) else column[rows]

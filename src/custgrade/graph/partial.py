"""Evaluating graphs again after some columns change: only the nodes that depend on them."""

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
"""The key of a node's value: a column's name, or the `id()` of any other node."""


def key_of(node: Node) -> Key:
    """Return the key of a node's value."""
    return str(node.value) if node.operation == "column" else id(node)


@frozen
class Step:
    """An operation of a graph, with the keys of its value and of its arguments.

    truth: whether the value is a truth value.
    """

    key: Key
    operation: str
    arguments: tuple[Key, ...]
    truth: bool


def steps_from(roots: Iterable[Node], columns: AbstractSet[str]) -> tuple[Step, ...]:
    """Return the operations of graphs that depend on any of these columns, arguments before their uses."""
    keys: set[Key] = set(columns)
    steps: dict[Key, Step] = {}
    for node in (node for root in roots for node in in_order(root)):
        arguments = tuple(key_of(argument) for argument in node.arguments)
        if not keys.isdisjoint(arguments):
            keys.add(key_of(node))
            steps[key_of(node)] = Step(key_of(node), node.operation, arguments, node.gives_truth)
    return tuple(steps.values())


class Values:
    """The values of columns and operations for some customers, by key: arrays of shape (n,), or one number for all.

    known: the values that are computed already.
    before: the values of a larger set of customers, from which other values are taken on first use.
    rows: the positions of these customers in that set; None if the set is the same.
    """

    def __init__(self, known: dict[Key, Any], before: Values | None = None, rows: Rows | None = None) -> None:
        self._known, self._before, self._rows = known, before, rows

    @classmethod
    def of(cls, roots: Iterable[Node], columns: Mapping[str, Any]) -> Values:
        """Return the values of these columns and of every operation of the graphs."""
        known: dict[Key, Any] = dict(columns.items())
        for node in (node for root in roots for node in in_order(root)):
            if node.operation == "constant":
                known[key_of(node)] = node.value
            elif node.operation != "column" and key_of(node) not in known:
                known[key_of(node)] = OPERATIONS[node.operation].arrays(*(known[key_of(a)] for a in node.arguments))
        return cls(known)

    def at(self, rows: Rows) -> Values:
        """Return the values of the customers at these positions, which rise."""
        return Values({}, self, rows)

    def changed(self, columns: Mapping[Key, Any], steps: Sequence[Step]) -> Values:
        """Return the values after some columns are replaced; steps: the operations that depend on them."""
        known = dict(columns)
        for step in steps:
            if known.keys().isdisjoint(step.arguments):
                continue
            value = OPERATIONS[step.operation].arrays(
                *[known[key] if key in known else self[key] for key in step.arguments]
            )
            # an unchanged condition, such as "this field is known", changes no value that depends on it
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
    """Return a column at some rising positions; the column itself if these are all."""
    return column if len(rows) == len(column) else column[rows]

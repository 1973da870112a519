"""Inverting a graph: from a wanted result to the values of one field at which the graph may reach it.

A graph is followed from its root to the field. Each operation on the path is inverted with the other operands fixed; a
comparison gives the value at which it changes, a divisor the value at which it is 0. The results are candidates: values
of the field at which the graph's result may change from one side of the wanted result to the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Set as AbstractSet
from typing import Any

import numpy as np
from attrs import evolve, frozen

from custgrade.graph.node import Node, in_order
from custgrade.graph.partial import Key, Values, key_of

_MOST_NODES = 500

_INVERSES: Mapping[str, tuple[Callable[[Any, Any], Any], ...]] = {
    "add": (np.subtract, np.subtract),
    "subtract": (np.add, lambda target, other: other - target),
    "multiply": (np.divide, np.divide),
    "divide": (np.multiply, lambda target, other: other / target),
}
"""The inverse for each operand: its value for which the result is the target, from target and other operand."""
_REACHED = {("less", 0), ("greater_equal", 0), ("less_equal", 1), ("greater", 1)}
_EXCEEDED = {("less_equal", 0), ("greater", 0), ("less", 1), ("greater_equal", 1)}
_EQUAL = frozenset(["equal", "not_equal"])
_UNKNOWN = frozenset(["isnan", "isfinite"])
_EXACT = 2.0**52


class TooManyError(Exception):
    """A graph has more paths from its root to a field than `candidates` follows."""


@frozen
class Wanted:
    """The wanted value of an operand: an array of shape (n,), or a number for all customers.

    sides: whether the result changes where the value is reached from below, and whether it changes where the value is
    exceeded.
    """

    value: Any
    sides: tuple[bool, bool] = (True, True)


def stays_known(node: Node) -> bool:
    """Return whether a node tests if a column is known, which moving the column to another number doesn't change."""
    return node.operation in _UNKNOWN and node.arguments[0].operation == "column"


def ways_to(root: Node, columns: AbstractSet[str]) -> frozenset[Key]:
    """Return the keys of the nodes on the paths from the root of a graph to any of these columns."""
    keys: set[Key] = set()
    for node in in_order(root):
        if stays_known(node):
            continue
        found = node.value in columns if node.operation == "column" else any(key_of(a) in keys for a in node.arguments)
        if found:
            keys.add(key_of(node))
    return frozenset(keys)


def candidates(root: Node, ways: AbstractSet[Key], values: Values, target: Wanted | None) -> Iterator[tuple[str, Any]]:
    """Yield a column's name and its values at which the graph may reach the target, for every path to the column.

    The values are an array of shape (n,), or a number for all customers. ways: the keys that `ways_to` returns. values:
    the present values of all nodes. target: the wanted result; None to follow only the conditions in the graph.

    Raises TooManyError if there are too many paths.
    """
    waiting: list[tuple[Node, Wanted | None]] = [(root, target)] if key_of(root) in ways else []
    decided: set[Key] = set()
    for _ in range(_MOST_NODES):
        if not waiting:
            return
        node, wanted = waiting.pop()
        if wanted is None or node.gives_truth:
            # the value at which a condition changes doesn't depend on the wanted result
            if key_of(node) in decided:
                continue
            decided.add(key_of(node))
        if node.operation == "column":
            if wanted is not None:
                yield str(node.value), wanted.value
            continue
        for place, argument in enumerate(node.arguments):
            if key_of(argument) in ways and place in _followed(node, wanted):
                needed = [(argument, one) for one in _needed(node, place, wanted, values)]
                waiting.extend(needed[:1])
                # likely candidates come first, so that farther ones needn't be tried
                waiting[:0] = needed[1:]
                if node.operation == "where" and place == 0:
                    waiting.insert(0, waiting.pop())
    raise TooManyError


def _followed(node: Node, wanted: Wanted | None) -> range:
    """Return the positions of the operands to follow."""
    if node.operation != "where":
        return range(2)
    limit = _rounded_below(node)
    if limit and (wanted is None or bool((np.abs(wanted.value) < limit).all())):
        return range(1, 2)
    return range(3)


def _rounded_below(node: Node) -> float:
    """Return the limit of a node `where(abs(x) < limit, floor(x * grid + 0.5) / grid, x)`, or 0 for another node.

    Such a node rises with x, so the change of its condition needs no candidate.
    """
    condition, rounded, plain = node.arguments
    if (condition.operation, rounded.operation) != ("less", "divide") or rounded.arguments[0].operation != "floor":
        return 0.0
    size, limit = condition.arguments
    added, (grid,) = rounded.arguments[0].arguments[0], rounded.arguments[1:]
    if size.operation != "absolute" or size.arguments[0] is not plain or added.operation != "add":
        return 0.0
    scaled, half = added.arguments
    if scaled.operation != "multiply" or scaled.arguments[0] is not plain or half.value != 0.5:
        return 0.0
    numbers = [limit.value, grid.value, scaled.arguments[1].value]
    if not all(isinstance(number, float) for number in numbers) or numbers[1] != numbers[2]:
        return 0.0
    exact = numbers[1] > 0 and limit.value * grid.value <= _EXACT  # type: ignore[operator]  # they are floats
    return float(limit.value) if exact else 0.0  # type: ignore[arg-type]  # a number, as above


def _needed(node: Node, place: int, wanted: Wanted | None, values: Values) -> list[Wanted | None]:
    """Return the values of an operand at which the result may change from one side of the wanted value to the other."""
    operation, arguments = node.operation, node.arguments
    if operation in _EQUAL or (operation, place) in _REACHED | _EXCEEDED:
        reached, exceeded = (operation, place) in _REACHED, (operation, place) in _EXCEEDED
        sides = (reached, exceeded) if reached or exceeded else (True, True)
        return [Wanted(values[key_of(arguments[1 - place])], sides)]
    if operation in _UNKNOWN or operation.startswith("logical") or (operation == "where" and place == 0):
        return [None]
    pole = [Wanted(0.0)] if operation == "sqrt" or (operation == "divide" and place == 1) else []
    if wanted is None:
        return [None, *pole]
    if operation in _INVERSES:
        value = _INVERSES[operation][place](wanted.value, values[key_of(arguments[1 - place])])
        return [Wanted(value, wanted.sides if _rises(node, place) else (True, True)), *pole]
    if operation == "negative":
        return [Wanted(np.negative(wanted.value))]
    if operation == "absolute":
        return [Wanted(wanted.value), Wanted(np.negative(wanted.value)), Wanted(0.0)]
    if operation == "sqrt":
        return [Wanted(np.multiply(wanted.value, wanted.value)), *pole]
    if operation in ("floor", "ceil"):
        return [evolve(wanted, value=value) for value in _whole_numbers(operation, wanted)]
    # the result of choosing or clipping is one of the operands
    return [wanted]


def _rises(node: Node, place: int) -> bool:
    """Return whether the result of an arithmetic operation rises with an operand for every customer."""
    if node.operation == "add" or (node.operation == "subtract" and place == 0):
        return True
    other = node.arguments[1 - place].value
    possible = node.operation == "multiply" or (node.operation == "divide" and place == 0)
    return possible and isinstance(other, float) and other > 0.0


def _whole_numbers(operation: str, wanted: Wanted) -> list[Any]:
    """Return the operands at which a rounded result reaches the wanted value, and at which it exceeds it."""
    value = wanted.value
    nearest = np.rint(value)
    near = np.abs(value - nearest) <= 1e-9 + 4e-16 * np.abs(value)
    if operation == "floor":
        reached = np.where(near, nearest, np.ceil(value))
        exceeded = np.where(near, nearest + 1.0, reached)
        return [one for one, asked in zip((reached, exceeded), wanted.sides, strict=True) if asked]
    reached = np.where(near, nearest, np.floor(value))
    return [reached, reached - 1.0]

"""Turning a graph round: from the result that is wanted to the values of one field where the graph reaches it.

A graph is followed from its end to the field. Each operation on the way is undone with the other operands as they are;
a comparison gives the value at which it changes, a divisor the value at which it is 0. What comes out are candidates:
values of the field at which the result may change from one side of what is wanted to the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Set as AbstractSet
from typing import Any

import numpy as np
import numpy.typing as npt

from custgrade.scoring.graph import TRUTHS, Node, in_order
from custgrade.ways_up.partial import Key, Values, key_of

FloatColumn = npt.NDArray[np.float64]

_MOST_NODES = 500

_UNDONE: Mapping[str, tuple[Callable[[Any, Any], Any], ...]] = {
    "add": (np.subtract, np.subtract),
    "subtract": (np.add, lambda target, other: other - target),
    "multiply": (np.divide, np.divide),
    "divide": (np.multiply, lambda target, other: other / target),
}
"""Per operand, what it must be so that the result is the target, given the other operand."""
_COMPARISONS = frozenset(["less", "less_equal", "greater", "greater_equal", "equal", "not_equal"])
_UNKNOWN = frozenset(["isnan", "isfinite"])


class TooManyError(Exception):
    """A graph has more ways from its end to a field than are followed."""


def ways_to(root: Node, columns: AbstractSet[str]) -> frozenset[Key]:
    """Return the keys of the nodes that lead from the end of a graph to any of these columns."""
    keys: set[Key] = set()
    for node in in_order(root):
        found = node.value in columns if node.operation == "column" else any(key_of(a) in keys for a in node.arguments)
        if found:
            keys.add(key_of(node))
    return frozenset(keys)


def candidates(root: Node, ways: AbstractSet[Key], values: Values, target: Any) -> Iterator[tuple[str, Any]]:
    """Yield a column's name and values of it at which the graph may reach the target, for every way from its end to it.

    Values are an array of shape (n,), or a number for all. ways: as `ways_to` gives them. values: what every operation
    gives. target: what the graph should give, an array or a number; None where only the conditions in it are asked for.

    Raises TooManyError.
    """
    waiting: list[tuple[Node, Any]] = [(root, target)] if key_of(root) in ways else []
    decided: set[Key] = set()
    for _ in range(_MOST_NODES):
        if not waiting:
            return
        node, wanted = waiting.pop()
        if wanted is None or node.truth or node.operation in TRUTHS:
            # where a condition changes doesn't depend on what is wanted
            if key_of(node) in decided:
                continue
            decided.add(key_of(node))
        if node.operation == "column":
            if wanted is not None:
                yield str(node.value), wanted
            continue
        for place, argument in enumerate(node.arguments):
            if key_of(argument) in ways:
                waiting.extend((argument, needed) for needed in _needed(node, place, wanted, values))
    raise TooManyError


def _needed(node: Node, place: int, wanted: Any, values: Values) -> list[Any]:
    """What an operand may be where the result changes from one side of what is wanted to the other."""
    operation, arguments = node.operation, node.arguments
    if operation in _COMPARISONS:
        return [values[key_of(arguments[1 - place])]]
    if operation in _UNKNOWN or operation.startswith("logical") or (operation == "where" and place == 0):
        return [None]
    if wanted is None:
        return [None, 0.0] if operation == "sqrt" or (operation == "divide" and place == 1) else [None]
    if operation in _UNDONE:
        needed = [_UNDONE[operation][place](wanted, values[key_of(arguments[1 - place])])]
        return [*needed, 0.0] if operation == "divide" and place == 1 else needed
    if operation == "negative":
        return [np.negative(wanted)]
    if operation == "absolute":
        return [wanted, np.negative(wanted), 0.0]
    if operation == "sqrt":
        return [np.multiply(wanted, wanted), 0.0]
    if operation in ("floor", "ceil"):
        return _whole_numbers(operation, wanted)
    # an operand that is chosen or clipped is about the result, where it matters at all
    return [wanted]


def _whole_numbers(operation: str, wanted: Any) -> list[Any]:
    """What is rounded where the result reaches what is wanted, and where it exceeds it."""
    nearest = np.rint(wanted)
    near = np.abs(wanted - nearest) <= 1e-9 + 4e-16 * np.abs(wanted)
    if operation == "floor":
        reached = np.where(near, nearest, np.ceil(wanted))
        return [reached, reached + 1.0]
    reached = np.where(near, nearest, np.floor(wanted))
    return [reached, reached - 1.0]

"""Turning a score round: from the score that is needed to the value of one field that may give it.

The graph of a traced score is followed from its end to the field. Each operation on the way is undone with the other
operands as they are, and a comparison gives the value at which it changes. What comes out are candidates, to be tried:
they are exact for sums, products, quotients, clips and steps in which the field occurs once, such as scorecards and
checklists, and need not be for others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Set as AbstractSet
from typing import Any

import numpy as np
import numpy.typing as npt

from custgrade.scoring.graph import TRUTHS, Node, in_order
from custgrade.ways_up.partial import Key, Values, key_of

FloatColumn = npt.NDArray[np.float64]
MOST = 12
"""How many candidates there may be; a search takes less time than to try more."""

_MOST_NODES = 500

_UNDONE: Mapping[str, tuple[Callable[[Any, Any], Any], ...]] = {
    "add": (np.subtract, np.subtract),
    "subtract": (np.add, lambda target, other: other - target),
    "multiply": (np.divide, np.divide),
    "divide": (np.multiply, lambda target, other: other / target),
}
"""Per operand, what it must be so that the result is the target, given the other operand."""
_COMPARISONS = frozenset(["less", "less_equal", "greater", "greater_equal"])
_LOST = frozenset(["equal", "not_equal", "isnan", "isfinite"])
"""Operations whose result doesn't tell what their operand was."""


def ways_to(root: Node, columns: AbstractSet[str]) -> frozenset[Key]:
    """Return the keys of the nodes that lead from the end of a graph to any of these columns, and can be undone."""
    keys: set[Key] = set()
    for node in in_order(root):
        if node.operation == "column":
            if node.value in columns:
                keys.add(key_of(node))
        elif node.operation not in _LOST and any(key_of(argument) in keys for argument in node.arguments):
            keys.add(key_of(node))
    return frozenset(keys)


def candidates(
    root: Node, ways: AbstractSet[Key], values: Values, target: FloatColumn
) -> Iterator[tuple[str, FloatColumn]]:
    """Yield a column's name and values of it that may give the target, for every way from the end of a graph to it.

    ways: as `ways_to` gives them. values: what every operation gives. target: what the graph should give.
    """
    waiting: list[tuple[Node, Any]] = [(root, target)] if key_of(root) in ways else []
    decided: set[Key] = set()
    for _ in range(_MOST_NODES):
        if not waiting:
            return
        node, wanted = waiting.pop()
        if key_of(node) in decided:
            continue
        if node.truth or node.operation in TRUTHS:
            # where a condition changes doesn't depend on what is wanted
            decided.add(key_of(node))
        if node.operation == "column":
            yield str(node.value), np.broadcast_to(np.asarray(wanted, dtype=np.float64), target.shape)
            continue
        for place, argument in enumerate(node.arguments):
            if key_of(argument) in ways:
                waiting.append((argument, _needed(node, place, wanted, values)))


def _needed(node: Node, place: int, wanted: Any, values: Values) -> Any:
    """What an operand must be for the result that is wanted; None where that is a truth value."""
    operation, arguments = node.operation, node.arguments
    if operation in _UNDONE:
        return _UNDONE[operation][place](wanted, values[key_of(arguments[1 - place])])
    if operation == "negative":
        return np.negative(wanted)
    if operation == "sqrt":
        return np.multiply(wanted, wanted)
    if operation in _COMPARISONS:
        return values[key_of(arguments[1 - place])]
    if operation.startswith("logical") or (operation == "where" and place == 0):
        return None
    # an operand that is chosen, clipped or rounded is about the result, where it matters at all
    return wanted

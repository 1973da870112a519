"""Turning a score round: from the score that is needed to the value of one field that may give it.

The graph of a traced score is followed from its end to the field. Each operation on the way is undone with the other
operands as they are, and a comparison gives the value at which it changes. What comes out are candidates, to be tried:
they are exact for sums, products, quotients, clips and steps in which the field occurs once, such as scorecards and
checklists, and need not be for others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from custgrade.scoring.graph import OPERATIONS, TRUTHS, Node, in_order

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
_KEPT = frozenset(["floor", "ceil", "minimum", "maximum", "fmin", "fmax"])
"""Operations whose operand, where it matters at all, is about their result."""
_COMPARISONS = frozenset(["less", "less_equal", "greater", "greater_equal"])


def values_of(root: Node, columns: Mapping[str, Any]) -> dict[int, Any]:
    """What every operation of a graph gives over columns, by the node's identity."""
    values: dict[int, Any] = {}
    for node in in_order(root):
        if node.operation == "column":
            values[id(node)] = columns[str(node.value)]
        elif node.operation == "constant":
            values[id(node)] = node.value
        else:
            values[id(node)] = OPERATIONS[node.operation](*(values[id(a)] for a in node.arguments))
    return values


def candidates(
    root: Node, depends: Callable[[str], bool], values: Mapping[int, Any], target: FloatColumn
) -> Iterator[tuple[str, FloatColumn]]:
    """Yield a column's name and values of it that may give the target, for every way from the end of a graph to it.

    depends: whether a column is what is looked for, or learned from it. values: as `values_of` gives them.
    """
    open_nodes: set[int] = set()
    for node in in_order(root):
        if any(id(a) in open_nodes for a in node.arguments) or (
            node.operation == "column" and depends(str(node.value))
        ):
            open_nodes.add(id(node))
    waiting: list[tuple[Node, Any]] = [(root, target)]
    decided: set[int] = set()
    for _ in range(_MOST_NODES):
        if not waiting:
            return
        node, wanted = waiting.pop()
        if id(node) not in open_nodes or id(node) in decided:
            continue
        if node.truth or node.operation in TRUTHS:
            # where a condition changes doesn't depend on what is wanted
            decided.add(id(node))
        if node.operation == "column":
            yield str(node.value), np.broadcast_to(np.asarray(wanted, dtype=np.float64), target.shape)
            continue
        waiting += [(argument, needed) for argument, needed in _needed(node, wanted, values)]


def _needed(node: Node, wanted: Any, values: Mapping[int, Any]) -> Iterator[tuple[Node, Any]]:
    """Each operand, with what it must be for the result that is wanted."""
    operation, arguments = node.operation, node.arguments
    if operation in _UNDONE:
        for place, undone in enumerate(_UNDONE[operation]):
            yield arguments[place], undone(wanted, values[id(arguments[1 - place])])
    elif operation in _KEPT or operation == "absolute":
        yield from ((argument, wanted) for argument in arguments)
    elif operation == "negative":
        yield arguments[0], np.negative(wanted)
    elif operation == "sqrt":
        yield arguments[0], np.multiply(wanted, wanted)
    elif operation == "where":
        condition, one, other = arguments
        yield from ((one, wanted), (other, wanted), (condition, None))
    elif operation in _COMPARISONS:
        one, other = arguments
        yield from ((one, values[id(other)]), (other, values[id(one)]))
    elif operation.startswith("logical"):
        yield from ((argument, None) for argument in arguments)

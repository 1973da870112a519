"""Whether the candidates of `inverse` include every value at which the class can change."""

from __future__ import annotations

from enum import IntEnum

from custgrade.graph.node import Node, in_order
from custgrade.graph.partial import Key, key_of
from custgrade.ways_up.inverse import stays_known


class Kind(IntEnum):
    """How a node depends on a field.

    STILL: it doesn't. STEPS: it is constant between candidates. WAYS: the candidates include every value at which a
    comparison of the node with a `STILL` node changes. TANGLED: none of these is known.
    """

    STILL = 0
    STEPS = 1
    WAYS = 2
    TANGLED = 3


_STILL, _STEPS, _WAYS, _TANGLED = Kind
_ARITHMETIC = frozenset(["add", "subtract", "multiply", "divide"])
_CHOSEN = frozenset(["minimum", "maximum", "fmin", "fmax"])
_COMPARISONS = frozenset(["less", "less_equal", "greater", "greater_equal", "equal", "not_equal"])
_ALIKE = frozenset(["negative", "absolute", "sqrt", "floor", "ceil"])


def kind_of(root: Node, column: str) -> Kind:
    """Return how the root of a graph depends on a field."""
    kinds: dict[Key, Kind] = {}
    for node in in_order(root):
        if node.operation == "column":
            kinds[key_of(node)] = _WAYS if node.value == column else _STILL
        elif stays_known(node):
            kinds[key_of(node)] = _STILL
        else:
            kinds[key_of(node)] = _kind(node.operation, [kinds[key_of(argument)] for argument in node.arguments])
    return kinds[key_of(root)]


def _kind(operation: str, parts: list[Kind]) -> Kind:
    most = max(parts, default=_STILL)
    if most in (_STILL, _TANGLED):
        return most
    if operation in _ALIKE or operation == "where" or operation in _CHOSEN:
        return most
    if operation in _ARITHMETIC:
        # the operation is inverted for a fixed other operand, which must therefore be still
        return most if most == _STEPS or min(parts) == _STILL else _TANGLED
    if operation in _COMPARISONS:
        return _STEPS if most == _STEPS or min(parts) == _STILL else _TANGLED
    return _STEPS

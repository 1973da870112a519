"""The terms of a traced score that is a sum."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from custgrade.graph.node import Node, column_names

CONSTANT = "(constant)"
"""The name of the part of a score that depends on no field."""

_MOST_TERMS = 1000

Terms = Mapping[str, list[tuple[float, Node]]]
"""Nodes with their factors, by field."""


def terms_by_field(root: Node, origins: Mapping[str, Iterable[str]], learned: Mapping[str, Iterable[str]]) -> Terms:
    """Return the terms of a graph by the field that each depends on; empty if a term depends on several fields.

    Sums, differences, and products and quotients with a constant are split into terms. origins: the input fields of
    each field, input or derived. learned: the input fields of each learned column.
    """
    found: dict[str, list[tuple[float, Node]]] = {}
    fields = {frozenset(inputs): name for name, inputs in origins.items()}
    waiting = [(1.0, root)]
    for _ in range(_MOST_TERMS):
        if not waiting:
            return found
        factor, node = waiting.pop()
        inputs = frozenset(part for name in column_names(node) for part in learned.get(name, (name,)))
        # a derived field may be a sum itself
        whole = inputs in fields and not any(frozenset([part]) in fields for part in inputs)
        if not inputs:
            found.setdefault(CONSTANT, []).append((factor, node))
        elif not whole and (operands := _operands(factor, node)):
            waiting += operands
        elif inputs in fields:
            found.setdefault(fields[inputs], []).append((factor, node))
        else:
            return {}
    return {}


def _operands(factor: float, node: Node) -> list[tuple[float, Node]]:
    """Return the operands of a sum with their factors; empty if the node isn't a sum."""
    if node.operation == "add":
        return [(factor, argument) for argument in node.arguments]
    if node.operation == "subtract":
        return [(factor, node.arguments[0]), (-factor, node.arguments[1])]
    if node.operation == "negative":
        return [(-factor, node.arguments[0])]
    if node.operation in ("multiply", "divide"):
        one, other = node.arguments
        if node.operation == "multiply" and one.operation == "constant":
            one, other = other, one
        number = float(other.value or 0.0) if other.operation == "constant" else 0.0
        if number:
            return [(factor * number if node.operation == "multiply" else factor / number, one)]
    return []

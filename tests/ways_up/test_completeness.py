"""How results depend on a field, by the kinds of the parts."""

from __future__ import annotations

from itertools import product

import pytest

from custgrade.graph.node import Node
from custgrade.ways_up.completeness import Kind, kind_of

X, Y, ONE = Node("column", value="x"), Node("column", value="y"), Node("constant", value=1.0)
ABOVE = Node("greater", (X, ONE))
PARTS = {
    Kind.STILL: Node("add", (Y, ONE)),
    Kind.STEPS: Node("where", (ABOVE, Y, ONE)),
    Kind.WAYS: Node("multiply", (X, Y)),
    Kind.TANGLED: Node("multiply", (X, X)),
}
TRUTHS = {
    Kind.STILL: Node("greater", (Y, ONE)),
    Kind.STEPS: ABOVE,
    Kind.TANGLED: Node("greater", (PARTS[Kind.TANGLED], ONE)),
}
ARITHMETIC = ("add", "subtract", "multiply", "divide")
CHOSEN = ("minimum", "maximum", "fmin", "fmax")
COMPARISONS = ("less", "less_equal", "greater", "greater_equal", "equal", "not_equal")


def expected(operation: str, one: Kind, other: Kind) -> Kind:
    """The kind of an operation of two parts, by the meaning of the kinds."""
    if Kind.TANGLED in (one, other):
        return Kind.TANGLED
    if one == other == Kind.STILL:
        return Kind.STILL
    if operation in CHOSEN:
        return max(one, other)
    if one == other == Kind.STEPS:
        return Kind.STEPS
    if Kind.STILL not in (one, other):
        # neither operand is fixed while the other is inverted, and one isn't constant between candidates
        return Kind.TANGLED
    return Kind.STEPS if operation in COMPARISONS else max(one, other)


@pytest.mark.parametrize("operation", [*ARITHMETIC, *CHOSEN, *COMPARISONS])
def test_operations_of_two_parts(operation: str) -> None:
    """What is computed from a field can be inverted only if the other operand is fixed."""
    for (one, left), (other, right) in product(PARTS.items(), PARTS.items()):
        assert expected(operation, one, other) is kind_of(Node(operation, (left, right)), "x"), (one, other)


@pytest.mark.parametrize("operation", ["negative", "absolute", "sqrt", "floor", "ceil"])
@pytest.mark.parametrize("kind", Kind)
def test_operations_of_one_part(operation: str, kind: Kind) -> None:
    """They are inverted like the part itself."""
    assert kind is kind_of(Node(operation, (PARTS[kind],)), "x")


@pytest.mark.parametrize("operation", ["isnan", "isfinite"])
def test_tests_of_numbers(operation: str) -> None:
    """A known column stays known when it is moved; what is computed from it may become unknown."""
    assert Kind.STILL is kind_of(Node(operation, (X,)), "x")
    kinds = {Kind.STILL: Kind.STILL, Kind.STEPS: Kind.STEPS, Kind.WAYS: Kind.STEPS, Kind.TANGLED: Kind.TANGLED}
    assert kinds == {kind: kind_of(Node(operation, (part,)), "x") for kind, part in PARTS.items()}


def test_conditions() -> None:
    """Conditions of conditions change where one of them does; what is chosen by a condition is like its parts."""
    for (one, left), (other, right) in product(TRUTHS.items(), TRUTHS.items()):
        for operation in ("logical_and", "logical_or"):
            assert max(one, other) is kind_of(Node(operation, (left, right)), "x")
    for kind, condition in TRUTHS.items():
        assert kind is kind_of(Node("logical_not", (condition,)), "x")
        for (one, left), (other, right) in product(PARTS.items(), PARTS.items()):
            assert max(kind, one, other) is kind_of(Node("where", (condition, left, right)), "x")


def test_fields_that_are_not_moved_are_still() -> None:
    """Another column, a constant, and all that is computed from them."""
    found = [kind_of(node, "z") for node in (X, ONE, *PARTS.values(), *TRUTHS.values())]
    assert [Kind.STILL] * len(found) == found
    assert [Kind.WAYS, Kind.STILL] == [kind_of(X, "x"), kind_of(Y, "x")]

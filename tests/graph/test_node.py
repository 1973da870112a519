"""Graphs as data: their order, their rows and their fingerprints, against plain recursion."""

from __future__ import annotations

import copy
import hashlib
import math
import pickle
from collections.abc import Iterator
from typing import Any

import pytest

from custgrade.graph.layout import Layout
from custgrade.graph.node import Node, as_rows, column_names, fingerprint, from_rows, in_order
from custgrade.graph.operations import OPERATIONS

A, B, TWO = Node("column", value="a"), Node("column", value="b"), Node("constant", value=2.0)
SUM = Node("add", (A, B))
LESS = Node("less", (SUM, TWO), truth=True)
GRAPHS = {
    "a column": A,
    "a constant": TWO,
    "the same argument twice": Node("multiply", (A, A)),
    "a shared argument": Node("where", (LESS, SUM, Node("negative", (SUM,)))),
    "the second argument first used within the first": Node("add", (Node("negative", (B,)), B)),
    "columns of the same name": Node("add", (Node("column", value="a"), A)),
    "a truth value": Node("logical_or", (LESS, Node("constant", value=True, truth=True)), truth=True),
}


def expected_order(node: Node, done: list[Node]) -> list[Node]:
    """The nodes of a graph, arguments first and from left to right, by recursion."""
    for argument in node.arguments:
        expected_order(argument, done)
    if not any(node is other for other in done):
        done.append(node)
    return done


def positions(nodes: list[Node]) -> Iterator[list[int]]:
    for node in nodes:
        yield [next(k for k, other in enumerate(nodes) if other is argument) for argument in node.arguments]


@pytest.mark.parametrize("root", GRAPHS.values(), ids=GRAPHS)
def test_arguments_come_before_their_uses(root: Node) -> None:
    """Every node is yielded once, in the order of plain recursion; rows and layouts hold the same positions."""
    nodes = expected_order(root, [])
    found = list(in_order(root))
    assert [id(node) for node in nodes] == [id(node) for node in found]
    rows = [
        (node.operation, tuple(at), node.value, node.truth) for node, at in zip(nodes, positions(nodes), strict=True)
    ]
    assert rows == list(as_rows(root)) == list(as_rows(from_rows(rows)))
    for again in (pickle.loads(pickle.dumps(root)), copy.deepcopy(root)):
        assert rows == list(as_rows(again))
    layout = Layout(root)
    assert layout.initial == [node.value if node.operation == "constant" else None for node in nodes]
    assert layout.columns == [(k, node.value) for k, node in enumerate(nodes) if node.operation == "column"]
    assert layout.steps == [(k, row[0], list(row[1])) for k, row in enumerate(rows) if row[1]]
    assert column_names(root) == tuple(dict.fromkeys(node.value for node in nodes if node.operation == "column"))


@pytest.mark.parametrize("root", GRAPHS.values(), ids=GRAPHS)
def test_a_fingerprint_is_of_every_node(root: Node) -> None:
    """A line of a fingerprint has a node's operation, its value, and the positions of its arguments."""
    nodes = expected_order(root, [])
    text = "".join(
        f"{node.operation} {node.value.hex() if type(node.value) is float else repr(node.value)} {at}\n"
        for node, at in zip(nodes, positions(nodes), strict=True)
    )
    assert hashlib.sha256(text.encode()).hexdigest() == fingerprint(root) == fingerprint(copy.deepcopy(root))


@pytest.mark.parametrize(
    ("node", "truth"),
    [
        (A, False),
        (TWO, False),
        (Node("constant", value=True, truth=True), True),
        (Node("where", (LESS, LESS, LESS), truth=True), True),
        (Node("where", (LESS, A, B)), False),
        *((Node(name), operation.truth) for name, operation in OPERATIONS.items()),
    ],
)
def test_which_nodes_give_truth_values(node: Node, truth: bool) -> None:
    """Comparisons and conditions do, other operations and columns only if they are marked."""
    assert node.gives_truth is truth


def test_operations_that_give_truth_values() -> None:
    """They are the comparisons, the tests of numbers and the conditions of conditions."""
    tests = {"less", "less_equal", "greater", "greater_equal", "equal", "not_equal", "isnan", "isfinite"}
    truth = {name for name, operation in OPERATIONS.items() if operation.truth}
    assert tests | {"logical_and", "logical_or", "logical_not"} == truth


def test_nodes_are_told_apart_by_identity() -> None:
    """Two nodes with the same parts are different nodes, and a node can be changed by nobody."""
    assert Node("column", value="a") != Node("column", value="a")
    assert 2 == len({Node("constant", value=math.nan), Node("constant", value=math.nan)})
    with pytest.raises(AttributeError):
        A.value = "b"  # type: ignore[misc]


def test_a_node_has_no_arguments_value_or_truth_by_default() -> None:
    """What isn't stated is empty."""
    node: Any = Node("add")
    assert ((), None, False) == (node.arguments, node.value, node.truth)

"""Programs give what plain recursion over the graph gives, for columns and for one customer."""

from __future__ import annotations

import gc
import inspect
import math
import weakref
from typing import Any

import numpy as np
import pytest

from custgrade.graph.arrays import ArrayProgram
from custgrade.graph.node import Node
from custgrade.graph.one_customer import SingleProgram
from custgrade.graph.operations import OPERATIONS
from custgrade.graph.partial import Values, key_of, steps_from, taken

COLUMNS = {"a": np.array([1.0, -2.0, math.nan, 4.0]), "b": np.array([0.5, 3.0, 1.0, -1.0])}


def evaluated(node: Node, columns: dict[str, Any]) -> Any:
    """The result of a graph by recursion."""
    if node.operation == "column":
        return columns[str(node.value)]
    if node.operation == "constant":
        return node.value
    return OPERATIONS[node.operation].arrays(*(evaluated(argument, columns) for argument in node.arguments))


def any_graph(seed: int, size: int = 12) -> Node:
    """A graph of some operations, each of any earlier nodes."""
    draw = np.random.default_rng(seed)
    numbers = [Node("column", value="a"), Node("column", value="b"), Node("constant", value=1.5)]
    truths = [Node("constant", value=True, truth=True)]
    names = [name for name in OPERATIONS if name != "where" and not name.startswith("logical")]
    for _ in range(size):
        name = str(draw.choice(names))
        arity = len(inspect.signature(OPERATIONS[name].one).parameters)
        node = Node(name, tuple(numbers[k] for k in draw.integers(0, len(numbers), arity)))
        (truths if node.gives_truth else numbers).append(node)
        condition = Node("logical_or", (truths[int(draw.integers(len(truths)))], truths[-1]))
        numbers.append(Node("where", (condition, numbers[-1], numbers[int(draw.integers(len(numbers)))])))
    return numbers[-1]


@pytest.mark.parametrize("seed", range(30))
def test_programs_give_what_recursion_gives(seed: int) -> None:
    """Columns at once, one customer after the other, and the values of all nodes."""
    root = any_graph(seed)
    with np.errstate(all="ignore"):
        expected = np.broadcast_to(evaluated(root, COLUMNS), 4)
        program, single = ArrayProgram(root), SingleProgram(root)
        for _ in range(2):
            assert np.array_equal(np.broadcast_to(program(COLUMNS), 4), expected, equal_nan=True)
            ones = [single({name: float(column[k]) for name, column in COLUMNS.items()}) for k in range(4)]
            assert np.array_equal(ones, expected, equal_nan=True)
        values = Values.of([root, root.arguments[0]], COLUMNS)
        assert np.array_equal(np.broadcast_to(values[key_of(root)], 4), expected, equal_nan=True)
    assert len({id(node) for node in reached(root) if node.arguments}) == len(program)


def reached(node: Node) -> list[Node]:
    return [node, *(one for argument in node.arguments for one in reached(argument))]


def test_a_result_is_dropped_after_its_last_use(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a chain of operations, two results are in memory at a time, and the inputs of all."""
    alive: list[int] = []
    made: list[weakref.ref[Any]] = []

    class Result(np.ndarray):
        """An array that can be counted."""

    def negative(value: Any) -> Any:
        gc.collect()
        alive.append(sum(one() is not None for one in made))
        result = np.negative(np.asarray(value)).view(Result)
        made.append(weakref.ref(result))
        return result

    node = Node("column", value="a")
    for _ in range(6):
        node = Node("negative", (node,))
    monkeypatch.setitem(OPERATIONS, "negative", type(OPERATIONS["add"])(negative, abs))  # type: ignore[arg-type]
    assert [1.0, -2.0] == np.asarray(ArrayProgram(node)({"a": np.array([1.0, -2.0])})).tolist()
    assert [0, 1, 1, 1, 1, 1] == alive


@pytest.mark.parametrize("rows", [[], [0], [1, 3], [0, 1, 2, 3]])
def test_rows_of_a_column(rows: list[int]) -> None:
    """Some positions give a part of a column; all of them give the column itself, without a copy."""
    column = np.array([4.0, 3.0, 2.0, 1.0])
    found = taken(column, np.array(rows, dtype=np.int64))
    assert [column[k] for k in rows] == found.tolist()
    assert (found is column) == (len(rows) == 4)


def test_a_part_of_values_is_read_from_the_whole() -> None:
    """Columns are taken at the positions, numbers for all customers stay, and a part of a part is a part."""
    a, one = Node("column", value="a"), Node("constant", value=1.0)
    total, pair = Node("add", (a, one)), Node("add", (one, one))
    values = Values.of([total, pair], COLUMNS)
    part = values.at(np.array([1, 3]))
    assert [-1.0, 5.0] == part[key_of(total)].tolist() == (COLUMNS["a"][[1, 3]] + 1.0).tolist()
    assert [5.0] == part.at(np.array([1]))[key_of(total)].tolist()
    assert 1.0 == part[key_of(one)] and 2.0 == part[key_of(pair)]
    assert part["a"] is part["a"] and [-2.0, 4.0] == part["a"].tolist()
    assert values["a"] is COLUMNS["a"]


def test_a_condition_that_stays_computes_nothing_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no customer's condition changes, what it chooses is the same array as before; where one does, it isn't."""
    a, two = Node("column", value="a"), Node("constant", value=2.0)
    known = Node("greater", (a, two))
    root = Node("where", (known, Node("column", value="b"), two))
    steps = steps_from([root], {"a"})
    assert ["greater", "where"] == [step.operation for step in steps]
    assert [(True, ("a", id(two))), (False, (id(known), "b", id(two)))] == [(s.truth, s.arguments) for s in steps]
    values = Values.of([root], COLUMNS)
    same = values.changed({"a": np.array([2.0, 0.0, math.nan, 3.0])}, steps)
    assert same[key_of(root)] is values[key_of(root)]
    other = values.changed({"a": np.array([2.5, 0.0, math.nan, 3.0])}, steps)
    assert [0.5, 2.0, 2.0, -1.0] == other[key_of(root)].tolist()
    assert [True, False, False, True] == other[key_of(known)].tolist()


def test_steps_are_of_nodes_that_depend_on_the_columns() -> None:
    """Keys are a column's name or a node's identity; an operation of several graphs is a step once."""
    a, b = Node("column", value="a"), Node("column", value="b")
    total, other = Node("add", (a, a)), Node("negative", (b,))
    root = Node("multiply", (total, other))
    assert ("a", id(total)) == (key_of(a), key_of(total))
    steps = steps_from([root, total, other], {"a"})
    assert [(id(total), ("a", "a")), (id(root), (id(total), id(other)))] == [(s.key, s.arguments) for s in steps]

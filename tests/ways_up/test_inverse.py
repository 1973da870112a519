"""Candidates of a field's values: one operation at a time by hand, and graphs by computing their results."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from custgrade.graph.node import Node
from custgrade.graph.partial import Values, key_of
from custgrade.ways_up.inverse import TooManyError, Wanted, candidates, stays_known, ways_to

X, Y = Node("column", value="x"), Node("column", value="y")
BELOW, ABOVE, BOTH = (True, False), (False, True), (True, True)


def number(value: float) -> Node:
    return Node("constant", value=value)


def op(name: str, *arguments: Node | float) -> Node:
    return Node(name, tuple(one if isinstance(one, Node) else number(one) for one in arguments))


def found(root: Node, target: Any, sides: tuple[bool, bool] = BOTH, x: float = 3.0, y: float = 4.0) -> list[float]:
    """The candidates of x, in the order in which they are tried."""
    columns = {"x": np.array([x]), "y": np.array([y])}
    with np.errstate(all="ignore"):
        values = Values.of([root], columns)
        wanted = None if target is None else Wanted(target, sides)
        given = list(candidates(root, ways_to(root, {"x"}), values, wanted))
    assert {"x"} >= {name for name, _ in given}
    return [float(np.ravel(value)[0]) for _, value in given]


@pytest.mark.parametrize(
    ("root", "expected"),
    [
        (X, [10.0]),
        (op("add", X, Y), [6.0]),
        (op("add", Y, X), [6.0]),
        (op("subtract", X, Y), [14.0]),
        (op("subtract", Y, X), [-6.0]),
        (op("multiply", X, Y), [2.5]),
        (op("multiply", Y, X), [2.5]),
        (op("divide", X, Y), [40.0]),
        (op("divide", Y, X), [0.4, 0.0]),
        (op("negative", X), [-10.0]),
        (op("absolute", X), [10.0, 0.0, -10.0]),
        (op("sqrt", X), [100.0, 0.0]),
        (op("sqrt", op("subtract", X, 5.0)), [105.0, 5.0]),
        (op("divide", 1.0, op("add", X, 2.0)), [-1.9, -2.0]),
        *((op(name, X, Y), [10.0]) for name in ("minimum", "maximum", "fmin", "fmax")),
        *((op(name, Y, X), [10.0]) for name in ("minimum", "maximum", "fmin", "fmax")),
        (op("minimum", X, op("add", X, 1.0)), [9.0, 10.0]),
        (op("where", op("less", X, Y), op("add", X, 1.0), op("negative", X)), [-10.0, 9.0, 4.0]),
        (op("where", op("less", Y, 1.0), X, op("add", X, 1.0)), [9.0, 10.0]),
        (op("add", Y, 2.0), []),
        (Y, []),
        (number(5.0), []),
    ],
    ids=lambda one: one.operation if isinstance(one, Node) else "",
)
def test_what_gives_ten(root: Node, expected: list[float]) -> None:
    """The values of x, with y = 4, for which the result is 10 or may jump over 10; likely ones first."""
    assert expected == found(root, 10.0)


@pytest.mark.parametrize("name", ["less", "less_equal", "greater", "greater_equal", "equal", "not_equal"])
@pytest.mark.parametrize("target", [None, 1.0, 0.0])
def test_a_comparison_changes_at_the_other_side(name: str, target: float | None) -> None:
    """Whatever result is wanted: for y = 4, x is 4, x + 1 is 4, and 2 x is 4 in turn."""
    assert [4.0] == found(op(name, X, Y), target) == found(op(name, Y, X), target)
    assert [3.0] == found(op(name, op("add", X, 1.0), Y), target)
    assert [2.0] == found(op("where", op(name, Y, op("multiply", X, 2.0)), 1.0, 0.0), target)


@pytest.mark.parametrize(
    ("name", "place", "jumps"),
    [
        ("less", 0, BELOW),
        ("less", 1, ABOVE),
        ("less_equal", 0, ABOVE),
        ("less_equal", 1, BELOW),
        ("greater", 0, ABOVE),
        ("greater", 1, BELOW),
        ("greater_equal", 0, BELOW),
        ("greater_equal", 1, ABOVE),
        ("equal", 0, BOTH),
        ("equal", 1, BOTH),
        ("not_equal", 0, BOTH),
        ("not_equal", 1, BOTH),
    ],
)
def test_the_side_on_which_a_comparison_changes(name: str, place: int, jumps: tuple[bool, bool]) -> None:
    """A whole number is compared with 4: from 4 on where reaching 4 changes it, from 5 on where exceeding 4 does."""
    whole = op("floor", op("add", X, 0.5))
    root = op(name, whole, Y) if place == 0 else op(name, Y, whole)
    ends = [value - 0.5 for value, jump in zip((4.0, 5.0), jumps, strict=True) if jump]
    assert sorted(ends) == sorted(found(root, None))
    compare = {one.operation: one for one in (root,)}[name]
    for end in ends:
        with np.errstate(all="ignore"):
            columns = {"x": np.array([end - 1e-9, end]), "y": np.array([4.0, 4.0])}
            before, after = Values.of([compare], columns)[key_of(compare)]
        assert before != after


@pytest.mark.parametrize(
    ("target", "floors", "ceilings"),
    [
        (2.0, [2.0, 3.0], [2.0, 1.0]),
        (2.5, [3.0, 3.0], [2.0, 1.0]),
        (-2.5, [-2.0, -2.0], [-3.0, -4.0]),
        (0.1 * 30, [3.0, 4.0], [3.0, 2.0]),
        (2.9999, [3.0, 3.0], [2.0, 1.0]),
        (1e6 + 1e-8, [1e6 + 1, 1e6 + 1], [1e6, 1e6 - 1]),
        (1e15 + 0.375, [1e15, 1e15 + 1], [1e15, 1e15 - 1]),
        (1e15 + 0.5, [1e15 + 1, 1e15 + 1], [1e15, 1e15 - 1]),
    ],
)
def test_rounded_results(target: float, floors: list[float], ceilings: list[float]) -> None:
    """The operand at which the result reaches the target, and at which it exceeds it; nearly whole is whole."""
    for sides in (BELOW, ABOVE, BOTH):
        asked = [value for value, side in zip(floors, sides, strict=True) if side]
        assert sorted(asked) == sorted(found(op("floor", X), target, sides))
        assert sorted(ceilings) == sorted(found(op("ceil", X), target, sides))
    assert floors[0] == found(op("floor", X), target)[0] and ceilings[0] == found(op("ceil", X), target)[0]


RISING = [
    op("add", op("floor", X), Y),
    op("add", Y, op("floor", X)),
    op("subtract", op("floor", X), Y),
    op("multiply", op("floor", X), 2.0),
    op("multiply", 2.0, op("floor", X)),
    op("divide", op("floor", X), 2.0),
]
NOT_SURELY_RISING = [
    op("subtract", Y, op("floor", X)),
    op("multiply", op("floor", X), -2.0),
    op("multiply", op("floor", X), 0.0),
    op("multiply", op("floor", X), Y),
    op("divide", op("floor", X), -2.0),
    op("divide", op("floor", X), Y),
    op("divide", 2.0, op("floor", X)),
    op("negative", op("floor", X)),
    op("absolute", op("floor", X)),
    op("sqrt", op("floor", X)),
]


@pytest.mark.parametrize("sides", [BELOW, ABOVE])
def test_sides_are_kept_by_what_rises(sides: tuple[bool, bool]) -> None:
    """If reaching the result is enough, a rising operation needs its operand reached; others need both sides."""
    for root in RISING:
        once, twice = found(root, 10.0, sides), found(root, 10.0, BOTH)
        assert [twice[0] if sides == BELOW else twice[1]] == once
        assert 2 == len(twice)
    for root in NOT_SURELY_RISING:
        assert found(root, 10.0, BOTH) == found(root, 10.0, sides)


def rounded(*, limit: Any = 100.0, grid: Any = 8.0, again: Any = 8.0, half: float = 0.5, **other: Any) -> Node:
    """A number that is rounded to a grid, below a limit; other: operations and numbers in place of the usual ones."""
    name = {one: one for one in ("less", "absolute", "divide", "floor", "add", "multiply")} | other
    scaled = op(name["add"], op(name["multiply"], name.get("scaled", X), grid), half)
    condition = op(name["less"], op(name["absolute"], name.get("compared", X)), limit)
    return op("where", condition, op(name["divide"], op(name["floor"], scaled), again), X)


def test_a_rounded_number_needs_no_candidate_for_its_condition() -> None:
    """Below the limit only the rounded number is followed: it reaches 10 half a step before, and exceeds it after."""
    assert [79.5 / 8, 80.5 / 8] == found(rounded(), 10.0)
    assert [79.5 / 8] == found(rounded(), 10.0, BELOW)
    assert [79.5 / 8, 80.5 / 8] == found(rounded(), -10.0 + 20.0) and [-80.5 / 8, -79.5 / 8] == found(rounded(), -10.0)
    assert [] == found(rounded(), None)


@pytest.mark.parametrize(
    ("root", "target"),
    [
        (rounded(), 100.0),
        (rounded(), -100.0),
        (rounded(), 1e9),
        (rounded(half=0.25), 10.0),
        (rounded(again=4.0), 10.0),
        (rounded(limit=Y), 10.0),
        (rounded(grid=Y, again=Y), 10.0),
        (rounded(grid=-8.0, again=-8.0), 10.0),
        (rounded(limit=2.0**50), 10.0),
        (rounded(less="less_equal"), 10.0),
        (rounded(absolute="negative"), 10.0),
        (rounded(floor="ceil"), 10.0),
        (rounded(divide="multiply"), 10.0),
        (rounded(add="subtract"), 10.0),
        (rounded(multiply="divide"), 10.0),
        (rounded(scaled=op("negative", X)), 10.0),
        (rounded(compared=op("negative", X)), 10.0),
    ],
)
def test_what_only_looks_rounded_is_followed_in_all_parts(root: Node, target: float) -> None:
    """The number itself is a candidate, and so is what changes the condition."""
    limit = root.arguments[0].arguments[1].value
    given = found(root, target)
    assert target in given
    assert (limit if isinstance(limit, float) else 4.0) in map(abs, given)
    if root.arguments[1].operation == "divide":
        assert len(given) > 3


def test_a_limit_up_to_which_the_grid_is_exact() -> None:
    """At 2^52 steps the rounded number still rises; one customer beyond the limit makes all parts be followed."""
    assert 2 == len(found(rounded(limit=2.0**49), 10.0))
    root = rounded()
    values = Values.of([root], {"x": np.array([1.0, 2.0])})
    for targets, count in (([10.0, 99.9], 2), ([10.0, 100.0], 6)):
        given = list(candidates(root, ways_to(root, {"x"}), values, Wanted(np.array(targets))))
        assert count == len(given), targets


def test_conditions_are_followed_to_where_they_change() -> None:
    """Tests of computed numbers, conditions of conditions and poles, each condition once."""
    known = op("isnan", op("divide", 1.0, op("subtract", X, 2.0)))
    assert [2.0] == found(op("where", known, 1.0, Y), 10.0)
    both = op("logical_and", op("less", X, 7.0), op("logical_not", op("greater", X, 1.0)))
    assert [1.0, 7.0] == sorted(found(op("where", both, Y, 1.0), 10.0))
    assert [1.0, 7.0] == sorted(found(op("add", op("where", both, Y, 1.0), op("where", both, Y, 2.0)), 10.0))
    assert [0.0, 1.0] == sorted(found(op("isfinite", op("sqrt", op("minimum", X, op("subtract", X, 1.0)))), None))
    assert [] == found(op("isnan", op("add", X, 1.0)), None)


def test_whether_a_column_is_known_does_not_change() -> None:
    """A test of a column itself is passed over; a test of what is computed from it isn't."""
    assert [True, True, False, False] == [
        stays_known(node)
        for node in (op("isnan", X), op("isfinite", X), op("isnan", op("add", X, 1.0)), op("less", X, Y))
    ]
    root = op("where", op("isnan", X), 0.0, X)
    assert {key_of(X), key_of(root)} == ways_to(root, {"x"})
    assert [10.0] == found(root, 10.0)
    assert frozenset() == ways_to(op("add", Y, 1.0), {"x"})
    assert {"x"} == ways_to(op("isnan", X), {"x"})
    total = op("add", Y, X)
    assert {"x", key_of(total)} == ways_to(total, {"x"})
    assert {"x", "y", key_of(total)} == ways_to(total, {"x", "y", "z"})


def test_candidates_of_several_columns() -> None:
    """Each column comes with its own values."""
    root = op("add", X, op("multiply", Y, 2.0))
    values = Values.of([root], {"x": np.array([3.0, 1.0]), "y": np.array([4.0, 0.0])})
    given = dict(candidates(root, ways_to(root, {"x", "y"}), values, Wanted(np.array([10.0, 20.0]))))
    assert ([2.0, 20.0], [3.5, 9.5]) == (given["x"].tolist(), given["y"].tolist())


def test_too_many_paths_are_refused() -> None:
    """Ten doublings have 1,024 paths; a chain of a hundred operations has one."""
    total = doubled = X
    for k in range(10):
        doubled = op("add", doubled, doubled)
        for _ in range(10):
            total = op("add", total, float(k))
    assert [-440.0] == found(total, 10.0)
    with pytest.raises(TooManyError):
        found(doubled, 10.0)


def test_a_wanted_value_is_wanted_on_both_sides_by_default() -> None:
    """Unless it is stated, the result may change where the value is reached and where it is exceeded."""
    assert BOTH == Wanted(1.0).sides

"""What operations can give over spans, against computing them for every value of a grid."""

from __future__ import annotations

import inspect
from itertools import product
from typing import Any

import numpy as np
import pytest

from custgrade.graph.operations import OPERATIONS
from custgrade.graph.partial import Step, Values
from custgrade.ways_up.interval_arithmetic import Chance, Span, spans_from

GRID = np.arange(-2.0, 2.5, 0.5)
ENDS = [(low, high) for low, high in product((-2.0, -1.0, 0.0, 1.0, 2.0), repeat=2) if low <= high]
KNOWN = [(low, high, True, unknown) for (low, high), unknown in product(ENDS, (False, True))]
UNKNOWN = (np.nan, np.nan, False, True)
# what can't be a number may have any ends
NOT_NUMBERS = [UNKNOWN, (-1.0, 1.0, False, True), (np.inf, -np.inf, False, True)]
INFINITE = [
    (-np.inf, -np.inf, True, False),
    (-np.inf, 1.0, True, True),
    (-np.inf, np.inf, True, False),
    (-1.0, np.inf, True, False),
    (np.inf, np.inf, True, True),
]
ARITHMETIC = ["add", "subtract", "multiply", "divide"]
CHANCES = [(True, False), (False, True), (True, True)]
LOGICAL = [name for name in OPERATIONS if name.startswith("logical")]
NUMERIC = [name for name in OPERATIONS if name not in (*LOGICAL, "where")]


def operands(operation: str) -> int:
    """How many values an operation takes."""
    return len(inspect.signature(OPERATIONS[operation].one).parameters)


def values_of(part: tuple[Any, ...]) -> list[Any]:
    """What an argument can be."""
    if len(part) == 2:
        return [truth for truth, possible in zip((True, False), part, strict=True) if possible]
    low, high, number, unknown = part
    inside = {*GRID[(low <= GRID) & (high >= GRID)].tolist(), low, high} if number else set()
    return [*inside, *([np.nan] if unknown else [])]


def over(operation: str, cases: list[tuple[Any, ...]]) -> Any:
    """What an operation can give, all cases at once."""
    names = tuple("abc"[: len(cases[0])])
    moved = {
        name: (Chance if len(parts[0]) == 2 else Span)(*map(np.array, zip(*parts, strict=True)))
        for name, parts in zip(names, zip(*cases, strict=True), strict=True)
    }
    step = Step("result", operation, names, OPERATIONS[operation].truth)
    with np.errstate(all="ignore"):
        return spans_from([step], Values({}), moved)["result"]


def results(operation: str, case: tuple[Any, ...]) -> np.ndarray:
    """What an operation gives for all values that its arguments can be."""
    with np.errstate(all="ignore"):
        return OPERATIONS[operation].arrays(*map(np.array, zip(*product(*map(values_of, case)), strict=True)))


def check_truths(operation: str, cases: list[tuple[Any, ...]]) -> None:
    found = over(operation, cases)
    assert {found.true.dtype, found.false.dtype} == {np.dtype(bool)}
    for case, true, false in zip(cases, found.true, found.false, strict=True):
        given = results(operation, case)
        assert ((given == 1).any(), (given == 0).any()) == (true, false), case


def check_numbers(operation: str, cases: list[tuple[Any, ...]]) -> None:
    found = over(operation, cases)
    assert {found.number.dtype, found.unknown.dtype} == {np.dtype(bool)}
    for case, low, high, number, unknown in zip(cases, found.low, found.high, found.number, found.unknown, strict=True):
        given = results(operation, case)
        numbers = given[~np.isnan(given)]
        assert np.isnan(given).any() == unknown, case
        if len(numbers):
            beside_zero = operation == "divide" and case[1][0] <= 0.0 <= case[1][1]
            ends = (-np.inf, np.inf) if beside_zero else (numbers.min(), numbers.max())
            assert (True, *ends) == (number, low, high), case


@pytest.mark.parametrize("operation", NUMERIC)
def test_finite_spans_are_as_narrow_as_can_be(operation: str) -> None:
    """The ends are the least and the greatest result, and what can't be unknown isn't; dividing by 0 gives anything."""
    cases = list(product([*KNOWN, *NOT_NUMBERS], repeat=operands(operation)))
    (check_truths if OPERATIONS[operation].truth else check_numbers)(operation, cases)


@pytest.mark.parametrize("operation", NUMERIC)
def test_infinite_spans_hold_every_result(operation: str) -> None:
    """What can be unknown or true is exactly that; ends that give no number make a span of numbers unbounded."""
    cases = list(product([*KNOWN[:8], *INFINITE, *NOT_NUMBERS], repeat=operands(operation)))
    if OPERATIONS[operation].truth:
        check_truths(operation, cases)
        return
    found = over(operation, cases)
    assert {found.number.dtype, found.unknown.dtype} == {np.dtype(bool)}
    for k, case in enumerate(cases):
        given = results(operation, case)
        numbers = given[~np.isnan(given)]
        assert found.unknown[k] == np.isnan(given).any(), case
        if len(numbers):
            with np.errstate(all="ignore"):
                corners = OPERATIONS[operation].arrays(
                    *map(np.array, zip(*product(*(one[:2] for one in case)), strict=True))
                )
            beside_zero = operation == "divide" and case[1][0] <= 0.0 <= case[1][1]
            odd = operation in ARITHMETIC and np.isnan(corners).any()
            ends = (-np.inf, np.inf) if beside_zero or odd else (numbers.min(), numbers.max())
            assert (True, *ends) == (found.number[k], found.low[k], found.high[k]), case


@pytest.mark.parametrize("operation", LOGICAL)
def test_conditions_can_be_what_they_are_for_some_values(operation: str) -> None:
    """A condition of conditions may hold, or not, exactly where one of the possible pairs says so."""
    check_truths(operation, list(product(CHANCES, repeat=operands(operation))))


def test_what_a_condition_chooses() -> None:
    """Numbers and truth values alike are those of the branches that a condition may choose."""
    check_numbers("where", list(product(CHANCES, [*KNOWN, UNKNOWN], [*KNOWN, UNKNOWN])))
    check_truths("where", list(product(CHANCES, repeat=3)))


def test_what_does_not_move_keeps_its_value() -> None:
    """Columns and conditions that no field leads to are spans of one value, unknown where the value is NaN."""
    moved = {
        "a": Span(np.array([0.0, 0.0, 0.0]), np.array([1.0, 1.0, 1.0]), np.array([True] * 3), np.array([False] * 3))
    }
    values = Values({"b": np.array([2.0, -1.0, np.nan]), "c": np.array([True, False, True]), "d": 3.0, "e": True})
    steps = [
        Step("sum", "add", ("a", "b"), False),
        Step("chosen", "where", ("c", "a", "b"), False),
        Step("less", "less", ("a", "d"), True),
        Step("both", "logical_and", ("less", "e"), True),
    ]
    with np.errstate(all="ignore"):
        found = spans_from(steps, values, moved)
    assert ([2.0, -1.0], [3.0, 0.0]) == (found["sum"].low[:2].tolist(), found["sum"].high[:2].tolist())
    assert ([True, True, False], [False, False, True]) == (found["sum"].number.tolist(), found["sum"].unknown.tolist())
    assert ([0.0, -1.0, 0.0], [1.0, -1.0, 1.0]) == (found["chosen"].low.tolist(), found["chosen"].high.tolist())
    for name in ("less", "both"):
        assert ([True] * 3, [False] * 3) == (found[name].true.tolist(), found[name].false.tolist())
    assert found["a"] is moved["a"]

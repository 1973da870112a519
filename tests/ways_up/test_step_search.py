"""Searches for the first step that is enough, against trying every step."""

from __future__ import annotations

import math

import numpy as np
import pytest

from custgrade.ways_up.step_search import FloatColumn, Rows, first_possible, first_reached


class Counted:
    """A goal that is reached from a step of each customer on; it counts how often each customer is asked about."""

    def __init__(self, firsts: FloatColumn) -> None:
        self.firsts, self.asked, self.calls = firsts, np.zeros(len(firsts), dtype=int), 0

    def __call__(self, rows: Rows, steps: FloatColumn) -> np.ndarray:
        assert (steps == np.floor(steps)).all()
        self.asked[rows] += 1
        self.calls += 1
        return steps >= self.firsts[rows]


@pytest.mark.parametrize("seed", range(12))
def test_the_first_step_of_a_goal_that_stays_reached(seed: int) -> None:
    """Whatever the steps behind and ahead, also where these are neighbours, and for some customers only."""
    draw = np.random.default_rng(seed)
    size = 40
    behind = draw.integers(-50, 50, size).astype(float)
    firsts = behind + draw.integers(1, 2 + 10 ** (seed % 5), size)
    ahead = firsts + draw.integers(0, 1 + 10 ** (seed % 4), size)
    rows = np.flatnonzero(draw.random(size) < 0.7)
    reached = Counted(firsts)
    before = behind.copy(), ahead.copy()
    found = first_reached(reached, rows, behind[rows], ahead[rows])
    assert firsts[rows].tolist() == found.tolist()
    assert (behind.tolist(), ahead.tolist()) == (before[0].tolist(), before[1].tolist())
    # doubling strides pass the distance from ahead, and bisection halves the last stride
    most = 2 * np.log2(np.maximum(ahead - firsts, 1.0)) + 4
    assert (reached.asked[rows] <= most[rows]).all()
    neighbours = ahead - behind <= 1.0
    assert (reached.asked[neighbours] == 0).all()


def test_the_steps_that_are_tried() -> None:
    """From 100, with 60 the first: 99, 97, 93, 85, 69 are enough, 37 isn't, and then the middle is tried."""
    tried: list[float] = []

    def reached(rows: Rows, steps: FloatColumn) -> np.ndarray:
        tried.extend(steps.tolist())
        return steps >= 60.0

    assert [60.0] == first_reached(reached, np.array([0]), np.array([0.0]), np.array([100.0])).tolist()
    assert [99.0, 97.0, 93.0, 85.0, 69.0, 37.0, 53.0, 61.0, 57.0, 59.0, 60.0] == tried


@pytest.mark.parametrize("ahead", [2.0**53, 2.0**53 - 1.0])
def test_large_steps(ahead: float) -> None:
    """Steps up to 2^53 are told apart."""
    firsts = np.array([1.0, 2.0**52 + 1.0, ahead])
    found = first_reached(Counted(firsts), np.arange(3), np.zeros(3), np.full(3, ahead))
    assert firsts.tolist() == found.tolist()


@pytest.mark.parametrize("seed", range(20))
def test_the_first_of_any_steps_that_reach_the_goal(seed: int) -> None:
    """Spans without such a step are passed, and a search ends at the last step."""
    draw = np.random.default_rng(seed)
    size = 30
    good = draw.random((size, 400)) < draw.choice([0.0, 0.003, 0.02, 0.3], (size, 1))
    behind = draw.integers(0, 60, size).astype(float)
    ahead = behind + draw.integers(0, 300, size)
    asked: list[tuple[float, float]] = []

    def reached(rows: Rows, steps: FloatColumn) -> np.ndarray:
        return good[rows, steps.astype(int)]

    def possible(rows: Rows, one: FloatColumn, other: FloatColumn) -> np.ndarray:
        assert ((behind[rows] < one) & (one <= other) & (other <= ahead[rows])).all()
        asked.append((float(one[0]), float(other[0])))
        spans = zip(rows, one.astype(int), other.astype(int), strict=True)
        return np.array([good[row, low : high + 1].any() for row, low, high in spans])

    rows = np.flatnonzero(ahead > behind)
    found, steps = first_possible(reached, possible, rows, behind[rows], ahead[rows])
    expected = {
        int(row): next((k for k in range(int(behind[row]) + 1, int(ahead[row]) + 1) if good[row, k]), None)
        for row in rows
    }
    told = dict(zip(found.tolist(), steps.tolist(), strict=True))
    assert {row: step for row, step in expected.items() if step is not None} == told
    assert len(found) == len(told)


def spans_asked(first: float, ahead: float) -> list[tuple[float, float]]:
    """The spans that are asked about where one step of 1 … ahead reaches the goal, or none."""
    asked = []

    def possible(rows: Rows, one: FloatColumn, other: FloatColumn) -> np.ndarray:
        asked.append((float(one[0]), float(other[0])))
        return (one <= first) & (first <= other)

    def reached(rows: Rows, steps: FloatColumn) -> np.ndarray:
        return steps == first

    first_possible(reached, possible, np.array([0]), np.array([0.0]), np.array([ahead]))
    return asked


def test_the_spans_that_are_asked_about() -> None:
    """All steps at once, then eighths, which are eight times as wide after each span that is ruled out."""
    assert [(1.0, 1000.0)] == spans_asked(math.inf, 1000.0)
    assert [(1.0, 1000.0)] == spans_asked(1.0, 1000.0)
    spans = spans_asked(500.0, 1000.0)
    assert [(1.0, 1000.0), (2.0, 125.0), (126.0, 1000.0), (127.0, 235.0), (236.0, 1000.0)] == spans[:5]
    assert 500.0 == spans[-1][0]
    assert len(spans) < 40


def test_a_search_ends_after_3000_spans() -> None:
    """Where every span may hold a better grade and no step does, the search gives up."""
    calls = []

    def possible(rows: Rows, one: FloatColumn, other: FloatColumn) -> np.ndarray:
        calls.append(len(rows))
        return np.ones(len(rows), dtype=bool)

    def never(rows: Rows, steps: FloatColumn) -> np.ndarray:
        return np.zeros(len(rows), dtype=bool)

    found, steps = first_possible(never, possible, np.arange(2), np.zeros(2), np.array([10.0, 1e6]))
    assert ([], [], 3000) == (found.tolist(), steps.tolist(), len(calls))
    assert [2] * 10 + [1] * 2990 == calls
    calls.clear()
    assert [] == first_possible(never, possible, np.arange(0), np.zeros(0), np.zeros(0))[0].tolist()
    assert [] == calls

"""Whether a better grade is possible between two values of a field, against grading every value."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import custgrade as cg
from custgrade.plugins import Axis, Boundary, Evidence, Percentile, Thresholds
from custgrade.ways_up.interval_test import IntervalTest
from custgrade.ways_up.moved_graph import MovedGraph
from custgrade.ways_up.moving import BetterGrade, Moving
from custgrade.ways_up.whole_grades import WholeGrades

sys.path.insert(0, str(Path(__file__).parent))
try:
    from brute_force import is_better, regraded
finally:
    sys.path.pop(0)

STEPS = np.arange(-2.0, 8.5, 0.5)


def one_axis() -> cg.Scorer:
    """Best between 2 and 4 of profit, with an unknown and an infinite score further out."""

    def score(c: Any) -> Any:
        inside = np.where((c["profit"] >= 2.0) & (c["profit"] <= 4.0), 3.0, c["revenue"])
        return np.where(c["profit"] > 6.0, 1.0 / (c["profit"] - 7.0), inside)

    return cg.Scorer([Axis("grade", "ABC", score, Thresholds((3.0, 1.0)))])


def of_rank() -> cg.Scorer:
    """A rank among others and revenue, with evidence that profit may take away."""
    axis = Axis("grade", "ABC", lambda c: c["rank"] + c["revenue"], Thresholds((4.0, 2.0)))
    evidence = [Evidence("a loss", lambda c: c["profit"] > -1.0), Evidence("no revenue", lambda c: c["revenue"] >= 0.0)]
    return cg.Scorer([axis], learned={"rank": Percentile("profit", 4)}, evidence=evidence)


def of_ratio_rank() -> cg.Scorer:
    """The rank of a quotient, which is infinite where profit is 1."""
    axis = Axis("grade", "ABC", lambda c: c["rank"] - c["profit"] / 4.0, Thresholds((2.0, 1.0)))
    derive = lambda c: c["revenue"] / np.abs(c["profit"] - 1.0)
    odd = cg.Field("odd", "", derive=derive, parts=("profit", "revenue"))
    return cg.Scorer([axis], learned={"rank": Percentile("odd", 4)}, fields=odd)


def of_extra() -> cg.Scorer:
    """From 5 on a score is an extra that may be unknown or infinite, on the axis itself and in a rank."""
    axis = Axis(
        "grade",
        "ABC",
        lambda c: np.where(c["profit"] >= 5.0, c["profit"] * c["extra"], c["revenue"]),
        Thresholds((3.0, 1.0)),
    )
    return cg.Scorer([axis])


def of_extra_rank() -> cg.Scorer:
    """The rank of such an extra."""
    axis = Axis("grade", "ABC", lambda c: c["rank"] + c["revenue"], Thresholds((4.0, 2.0)))
    derive = lambda c: np.where(c["profit"] >= 5.0, c["extra"], c["profit"])
    odd = cg.Field("odd", "", derive=derive, parts=("profit", "extra"))
    return cg.Scorer([axis], learned={"rank": Percentile("odd", 4)}, fields=odd)


def of_no_rank() -> cg.Scorer:
    """A rank that nobody has, because no value was known when the model was fitted."""
    score = lambda c: np.where(np.isnan(c["rank"]), c["profit"] + c["revenue"], 9.0)
    derive = lambda c: np.where(c["fitted"] > 0.0, np.nan, c["profit"])
    odd = cg.Field("odd", "", derive=derive, parts=("fitted", "profit"))
    axis = Axis("grade", "ABC", score, Thresholds((4.0, 2.0)))
    return cg.Scorer([axis], learned={"rank": Percentile("odd", 4)}, fields=odd)


def extra_beside() -> cg.Scorer:
    """From 5 on another axis is unknown or infinite."""
    axes = [
        Axis("first", "ABC", lambda c: c["profit"], Thresholds((6.0, 2.0))),
        Axis("second", "AB", lambda c: np.where(c["profit"] >= 5.0, c["extra"], c["revenue"]), Thresholds((4.0,))),
    ]
    return cg.Scorer(axes)


def nested() -> cg.Scorer:
    """Two axes side by side, and one within the first; all read profit."""
    axes = [
        Axis("first", "ABC", lambda c: np.abs(c["profit"] - 3.0), Thresholds((3.0, 1.0))),
        Axis("second", "AB", lambda c: c["revenue"] - c["profit"], Thresholds((-3.0,))),
        Axis("inner", "ABC", lambda c: c["profit"] * c["revenue"], Thresholds((6.0, 2.0)), within="first"),
    ]
    return cg.Scorer(axes)


SCORERS = {
    "one axis": one_axis,
    "a rank": of_rank,
    "a rank of a quotient": of_ratio_rank,
    "an extra": of_extra,
    "a rank of an extra": of_extra_rank,
    "a rank that nobody has": of_no_rank,
    "an extra beside": extra_beside,
    "nested": nested,
    "side by side": lambda: beside({}),
    "named": lambda: beside({("A", "A"): "top", ("A", "B"): "top"}),
}
POLES = {"one axis": 7.0, "a rank of a quotient": 1.0}
"""Where a divisor is 0, which makes a span unbounded."""


def beside(names: Any) -> cg.Scorer:
    """Two axes side by side, of which the second reads profit only through a condition."""
    axes = [
        Axis("first", "ABC", lambda c: c["profit"], Thresholds((5.0, 2.0))),
        Axis("second", "AB", lambda c: np.where(c["profit"] < 3.0, c["revenue"], 1.0), Thresholds((1.0,))),
    ]
    return cg.Scorer(axes, names=names)


def customers() -> cg.CustomerBase:
    """Every pair of some profits and revenues, each with one of four extras."""
    pairs = [(profit, revenue) for profit in STEPS[::3] for revenue in (-1.0, 0.5, 1.0, 2.0, 5.0)]
    profit, revenue = zip(*pairs, strict=True)
    extra = [(1.0, np.inf, -np.inf, np.nan)[k % 4] for k in range(len(pairs))]
    columns = {"profit": profit, "revenue": revenue, "extra": extra, "fitted": np.zeros(len(pairs))}
    return cg.CustomerBase(range(len(pairs)), columns)


def better(model: cg.GradingModel, base: cg.CustomerBase, row: int, axis: str, own: Sequence[int]) -> list[bool]:
    """Whether each value of profit gives a better grade, which is better on an axis in the same parent's class."""
    names = [one.name for one in model.scale.axes]
    at, within = names.index(axis), model.scale.axis(axis).within
    found = []
    for new in regraded(model, base, row, {"profit": STEPS.tolist()}):
        up = new[at] < own[at] and (within is None or new[names.index(within)] == own[names.index(within)])
        found.append(up and is_better(model.scale, new, own))
    return found


@pytest.mark.parametrize("name", SCORERS)
def test_spans_of_profit(name: str) -> None:
    """No value that gives a better grade is ruled out, and a span of one value is ruled out unless it gives one."""
    base = customers()
    model = SCORERS[name]().fit(base.with_columns(fitted=np.ones(len(base))))
    grades, graph = WholeGrades(model), MovedGraph(model, [axis.name for axis in model.scale.axes], evidence=True)
    test = IntervalTest(model, graph, "profit")
    codes = model.grade(base).codes
    for axis in codes:
        rows = np.flatnonzero(grades.may_improve(codes, axis))
        assert len(rows)
        columns = {field: base.columns[field][rows] for field in model.scorer.inputs}
        own = {one: code[rows] for one, code in codes.items()}
        moving = Moving(graph, BetterGrade(grades, axis, own), graph.values(columns))
        every = np.array([
            better(model, base, int(row), axis, [int(codes[one.name][row]) for one in model.scale.axes]) for row in rows
        ])  # fmt: skip
        ruled_out = 0
        for low in range(len(STEPS)):
            for high in range(low, len(STEPS)):
                ends = (np.full(len(rows), STEPS[k]) for k in (low, high))
                possible = test.between(moving, *ends)
                assert (len(rows),) == possible.shape and np.dtype(bool) == possible.dtype
                some = every[:, low : high + 1].any(axis=1)
                assert (possible | ~some).all()
                ruled_out += int((~possible & ~some).sum())
                if low == high and STEPS[low] != POLES.get(name):
                    assert possible.tolist() == some.tolist(), STEPS[low]
        assert ruled_out > 0


@pytest.mark.parametrize("exclusive", [False, True])
@pytest.mark.parametrize("within", [None, "other"])
def test_spans_of_a_field_that_is_the_score(exclusive: bool, within: str | None) -> None:
    """Between two values a better grade is possible exactly if the higher one reaches the next boundary."""
    cut = Thresholds((Boundary(5.0, not exclusive), 2.0))
    axes = [
        Axis("other", "AB", lambda c: c["revenue"], Thresholds((0.0,))),
        Axis("grade", "ABC", lambda c: c["profit"], cut, within=within),
    ]
    base = cg.CustomerBase(range(4), {"profit": [0.0, 1.0, 2.0, 4.0], "revenue": [1.0, -1.0, 1.0, -1.0]})
    model = cg.Scorer(axes).fit(base)
    graph = MovedGraph(model, ["other", "grade"], evidence=True)
    goal = BetterGrade(WholeGrades(model), "grade", model.grade(base).codes)
    moving = Moving(graph, goal, graph.values({name: base.columns[name][:] for name in ("profit", "revenue")}))
    test = IntervalTest(model, graph, "profit")
    for low, high in [(-3.0, 1.5), (-3.0, 2.0), (-3.0, 4.75), (0.0, 5.0), (0.0, 5.25), (7.0, 9.0)]:
        found = test.between(moving, np.full(4, low), np.full(4, high))
        reaches_a = high > 5.0 or (high == 5.0 and not exclusive)
        assert [high >= 2.0, high >= 2.0, reaches_a, reaches_a] == found.tolist(), (low, high)

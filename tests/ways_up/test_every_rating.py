"""Ways up in ratings, which have nine values: each is the nearest of all values that give a better grade."""

from __future__ import annotations

import functools
import math
import sys
from collections.abc import Callable, Sequence
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import custgrade as cg
from custgrade.data.scale import UNGRADED
from custgrade.plugins import Axis, Boundary, Evidence, Percentile, Quantile, Thresholds
from custgrade.selection.chunks import over_chunks
from custgrade.ways_up import axis_ways
from custgrade.ways_up.axis_ways import AxisWays
from custgrade.ways_up.interval_test import IntervalTest
from custgrade.ways_up.moved_graph import MovedGraph

sys.path.insert(0, str(Path(__file__).parent))
try:
    from brute_force import is_better
finally:
    sys.path.pop(0)

FIELDS = ("effort", "enjoyable", "needs_met")
RATINGS = [1.0 + k / 2 for k in range(9)]
X, Y, Z = FIELDS


def customers() -> cg.CustomerBase:
    """Ratings on the scale, between its steps, out of its bounds and unknown."""
    some = list(product((1.0, 2.0, 2.3, 3.5, 5.0, 7.0, math.nan), (1.0, 3.0, 4.5, math.nan), (0.5, 2.5, 4.0, math.nan)))
    return cg.CustomerBase(range(len(some)), {name: [one[k] for one in some] for k, name in enumerate(FIELDS)})


def one(score: Callable[[Any], Any], *floors: Any, **rest: Any) -> Callable[[], cg.Scorer]:
    """A scorer of one axis that needs these scores."""
    parts = {name: rest.pop(name) for name in ("learned", "evidence", "names") if name in rest}
    return lambda: cg.Scorer([Axis("grade", "ABCDE"[: len(floors) + 1], score, Thresholds(floors), **rest)], **parts)


def several(
    *axes: tuple[str, Callable[[Any], Any], Sequence[Any], dict[str, Any]], **rest: Any
) -> Callable[[], cg.Scorer]:
    return lambda: cg.Scorer(
        [Axis(name, "ABCDE"[: len(at) + 1], score, Thresholds(at), **more) for name, score, at, more in axes], **rest
    )


def steps(c: Any) -> Any:
    return np.where(c[X] >= 4.0, 3.0, np.where(c[X] > 2.0, 2.0, 0.0)) + np.where(c[Y] < 2.0, 1.0, 0.0)


UP = {"rises": [X, Y]}
SCORERS: dict[str, Callable[[], cg.Scorer]] = {
    "a field": one(lambda c: c[X], 4.0, 2.5, rises=[X]),
    "its negative": one(lambda c: -c[X], -2.0, -3.25, falls=[X]),
    "exclusive": one(lambda c: c[X], Boundary(4.0, False), Boundary(2.0, False), rises=[X]),
    "exclusive, undeclared": one(lambda c: 2.0 * c[X], Boundary(8.0, False), Boundary(4.0, False)),
    "a sum": one(lambda c: c[X] + c[Y] / 3.0, 5.5, 4.0, 2.5, **UP),
    "a sum, undeclared": one(lambda c: c[X] + c[Y] / 3.0 - c[Z], 3.0, 1.0, 0.0),
    "a product": one(lambda c: c[X] * np.minimum(c[Y], 4.0), 16.0, 9.0, **UP),
    "steps": one(steps, 3.0, 2.0),
    "steps, declared": one(steps, 3.0, 2.0, rises=[X], falls=[Y]),
    "a band": one(lambda c: 3.0 - np.abs(c[X] - c[Y]), 2.5, 1.0),
    "rounded": one(lambda c: np.floor(c[X] * 1.5) - np.ceil(c[Y] / 2.0), 4.0, 2.0, 1.0),
    "rounded above": one(lambda c: np.ceil(c[X] / 1.7) + np.floor(-c[Y]), Boundary(0.0, False), -1.5),
    "a pole": one(lambda c: 1.0 / (c[X] - 3.25) + c[Y], 5.0, 2.0),
    "a root": one(lambda c: np.sqrt(c[X] - 1.75) + c[Y] / 4.0, 2.0, 1.0),
    "tangled": one(lambda c: c[X] * c[X] - 6.0 * c[X] + c[Y] * c[X], 5.0, -3.0),
    "tangled and unknown": one(lambda c: np.where(np.abs(c[X] - 3) < 0.7, math.nan, c[X] * (c[X] - c[Y])), 4.0, -2.0),
    "tangled in a band": one(
        lambda c: np.where((c[X] > 1.75) & (c[X] < 3.75), c[X] * c[X], -c[X] * c[X]) + 0.1 * c[Y], 9.2, -1.0
    ),
    "without a part": one(lambda c: np.where(np.isnan(c[Z]), c[X], c[X] + c[Z] - c[Y]), 5.0, 3.0),
    "whichever is known": one(lambda c: np.fmax(c[Z], c[X]) - np.fmin(c[Z], c[Y]), 2.0, 0.5),
    "a rank": one(lambda c: c["rank"] + c[Y], 7.0, 5.0, learned={"rank": Percentile(X, 5)}, **UP),
    "a rank, undeclared": one(lambda c: np.abs(c["rank"] - 3.0) - c[X], 0.0, -2.0, learned={"rank": Percentile(X, 5)}),
    "a quantile": one(
        lambda c: np.where(c[X] > c["half"], 2.0, 0.0) + c[Y], 5.0, 3.0, learned={"half": Quantile(X, "1/2")}
    ),
    "evidence": one(lambda c: c[X] - c[Y], 2.0, 0.0, evidence=[Evidence("y", lambda c: c[Y] + c[X] >= 4.0)]),
    "evidence, declared": one(
        lambda c: c[X] - c[Y], 2.0, 0.0, rises=[X], falls=[Y], evidence=[Evidence("y", lambda c: c[Y] > 1.5)]
    ),
    "two axes": several(
        ("a", lambda c: c[X], (4.0, 2.0), {"rises": [X]}), ("b", lambda c: c[Y], (3.0,), {"rises": [Y]})
    ),
    "two axes at odds": several(
        ("a", lambda c: c[X] + c[Y], (6.0, 4.0), UP),
        ("b", lambda c: c[Y] - c[X], (1.0, -1.0), {"rises": [Y], "falls": [X]}),
    ),
    "a band beside": several(
        ("a", lambda c: c[X], (4.0, 2.0), {"rises": [X]}), ("b", lambda c: np.abs(c[X] - 2.5), (1.5, 0.5), {})
    ),
    "within another axis": several(
        ("a", lambda c: c[Y], (3.0,), {"rises": [Y]}), ("b", lambda c: c[X], (4.0, 2.0), {"rises": [X], "within": "a"})
    ),
    "within an axis of the same field": several(
        ("a", lambda c: c[X], (3.0,), {"rises": [X]}),
        ("b", lambda c: c[Y] - c[X], (1.0, -1.0), {"within": "a"}),
        ("c", lambda c: c[Y], (2.0,), {}),
    ),
    "a gap within": several(
        ("a", lambda c: c[X], (4.0, 2.0), {"rises": [X]}),
        ("b", lambda c: np.where(np.abs(c[X] - 4.0) < 0.7, math.nan, c[Y]), (3.0,), {"within": "a"}),
    ),
    "back in a class": several(
        ("a", lambda c: 3.0 - np.abs(c[X] - 3.0), (2.5,), {}), ("b", lambda c: c[X], (3.0,), {"within": "a"})
    ),
    "back in a class beside": several(
        ("a", lambda c: c[X], (3.0,), {"rises": [X]}), ("b", lambda c: np.maximum(c[X], 6.0 - c[X]), (3.75,), {})
    ),
    "names": several(
        ("a", lambda c: c[X], (4.0, 2.0), {"rises": [X]}),
        ("b", lambda c: c[Y], (3.0,), {"rises": [Y]}),
        names={("A", "A"): "top", ("B", "A"): "top", ("C", "A"): "low", ("C", "B"): "low", ("B", "B"): "low"},
    ),
    "hidden": one(lambda c: c[X] - c[Y], 2.0, 0.0, rises=[X], falls=[Y], traceable=False, needs=[X, Y]),
    "hidden, with evidence": one(
        lambda c: c[X] - c[Y],
        2.0,
        0.0,
        rises=[X],
        falls=[Y],
        traceable=False,
        needs=[X, Y],
        evidence=[Evidence("y", lambda c: c[Y] > 1.5)],
    ),
}


def graded_anew(model: cg.GradingModel, base: cg.CustomerBase, name: str) -> tuple[np.ndarray, np.ndarray]:
    """The codes and grades of all customers with every rating of one field, shape (customers, 9, axes)."""
    columns = {field: np.repeat(column, len(RATINGS)) for field, column in base.columns.items()}
    columns[name] = np.tile(RATINGS, len(base))
    graded = model.grade(cg.CustomerBase(range(len(columns[name])), columns))
    codes = np.stack([graded.codes[axis.name] for axis in model.scale.axes], axis=1)
    return codes.reshape(len(base), len(RATINGS), -1).astype(int), graded.grades.reshape(len(base), -1)


@pytest.mark.parametrize("scorer", SCORERS)
def test_the_nearest_of_all_ratings_is_told(scorer: str) -> None:
    """Every customer is graded with every rating, one field at a time."""
    base = customers()
    model = SCORERS[scorer]().fit(base)
    ways = cg.way_up(model, base, on="2026-01-01")
    scale, found = model.scale, 0
    names = [axis.name for axis in scale.axes]
    for field in model.scorer.inputs:
        codes, grades = graded_anew(model, base, field)
        for at, axis in enumerate(scale.axes):
            parent = None if axis.within is None else names.index(axis.within)
            if field not in ways.axes[axis.name].fields:
                continue
            to, reached = ways.axes[axis.name].to[field], ways.axes[axis.name].reached[field]
            for row in range(len(base)):
                own = tuple(int(ways.graded.codes[name][row]) for name in names)
                value = float(base.columns[field][row])
                better = {
                    abs(rating - value): k
                    for k, rating in enumerate(RATINGS)
                    if not math.isnan(value)
                    and codes[row, k, at] < own[at]
                    and (parent is None or codes[row, k, parent] == own[parent])
                    and is_better(scale, tuple(codes[row, k].tolist()), own)
                }
                told = float(to[row])
                where = (field, axis.name, row, value, own, told)
                if not better:
                    assert math.isnan(told), where
                    assert "" == ways.graded.grade_names[reached[row]], where
                    continue
                found += 1
                assert min(better) == abs(told - value), where
                assert grades[row][RATINGS.index(told)] == ways.graded.grade_names[reached[row]], where
    assert found > 20


def counted(
    monkeypatch: pytest.MonkeyPatch, scorer: Callable[[], cg.Scorer], **columns: float
) -> tuple[AxisWays, int, int]:
    """The ways up of a customer, how often fields were moved to find them, and how many spans were tested."""
    base = cg.CustomerBase(["a"], {name: [value] for name, value in columns.items()})
    model = scorer().fit(base)
    moved, tested = MovedGraph.moved, IntervalTest.between
    calls: list[str] = []
    monkeypatch.setattr(MovedGraph, "moved", lambda *given: calls.append("moved") or moved(*given))
    monkeypatch.setattr(IntervalTest, "between", lambda *given: calls.append("between") or tested(*given))
    (ways,) = cg.way_up(model, base, on="2026-01-01").axes.values()
    return ways, calls.count("moved"), calls.count("between")


@pytest.mark.parametrize(
    ("score", "rises", "to"),
    [
        (lambda c: 3.0 * c["profit"] + c["revenue"], True, 333_330.0),
        (lambda c: np.minimum(c["profit"] / 4.0, 1e9) + c["revenue"], True, 3_999_960.0),
        (lambda c: 3.0 * c["profit"] + c["revenue"], False, 333_330.0),
        (lambda c: np.where(c["profit"] > 0.5, np.floor(c["profit"] / 4.0) + c["revenue"], -1.0), False, 3_999_960.0),
    ],
)
def test_values_are_computed_and_not_searched_for(
    score: Callable[[Any], Any], rises: bool, to: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However far a value is, the graph is evaluated at a few values only, and no span is tested."""
    scorer = one(score, 1e6, rises=["profit", "revenue"] if rises else [])
    ways, moved, tested = counted(monkeypatch, scorer, profit=1.0, revenue=10.0)
    assert to == float(ways.to["profit"][0])
    assert moved <= 12
    assert 0 == tested


def test_a_hidden_score_is_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a graph the value is found by halving a trillion."""
    scorer = one(lambda c: 3.0 * c["profit"], 1e6, rises=["profit"], traceable=False, needs=["profit"])
    ways, moved, tested = counted(monkeypatch, scorer, profit=1.0)
    assert 333_333.34 == float(ways.to["profit"][0])
    assert (True, 0) == (20 < moved < 110, tested)


def test_what_worsens_a_hidden_axis_beside_is_no_way() -> None:
    """A field that lifts one hidden score and lowers the other gives no better grade."""
    hidden: dict[str, Any] = {"traceable": False, "needs": [X]}
    scorer = several(
        ("a", lambda c: c[X], (3.0,), {"rises": [X], **hidden}),
        ("b", lambda c: -c[X], (-2.5,), {"falls": [X], **hidden}),
    )
    base = cg.CustomerBase(["a", "b"], {X: [2.0, 4.0]})
    ways = cg.way_up(scorer().fit(base), base, on="2026-01-01")
    assert [[], []] == [list(ways.moves(row)) for row in range(2)]


@pytest.mark.parametrize(
    ("scorer", "searched"),
    [
        ("a field", 2), ("a sum", 2), ("a sum, undeclared", 1), ("evidence, declared", 1), ("two axes", 2),
        ("two axes at odds", 1), ("names", 1), ("within an axis of the same field", 1), ("hidden", 2),
        ("hidden, with evidence", 0),
    ],
)  # fmt: skip
def test_how_complete_a_search_is(scorer: str, searched: int) -> None:
    """2 if no field has another effect than the declared one, 1 if all changes of one field were tried."""
    base = customers()
    ways = cg.way_up(SCORERS[scorer]().fit(base), base, on="2026-01-01")
    assert searched == min(axis.searched for axis in ways.axes.values())


def test_customers_are_taken_in_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ways up of one field and of two are those of the whole, however few customers are taken at a time."""
    base = customers()
    axis = Axis("grade", "AB", lambda c: c[X] + c[Y] + c[Z], Thresholds((12.0,)), rises=FIELDS)
    model = cg.Scorer([axis]).fit(base)
    whole = cg.way_up(model, base, on="2026-01-01").axes["grade"]
    monkeypatch.setattr(axis_ways, "over_chunks", functools.partial(over_chunks, rows=7))
    parts = cg.way_up(model, base, on="2026-01-01").axes["grade"]
    assert len(whole.pairs) > 7
    for name in FIELDS:
        assert np.array_equal(whole.to[name], parts.to[name], equal_nan=True)
        assert whole.reached[name].tolist() == parts.reached[name].tolist()
    for name in ("rows", "places", "to", "reached"):
        assert getattr(whole.pairs, name).tolist() == getattr(parts.pairs, name).tolist()
    assert whole.next.tolist() == parts.next.tolist()
    for column in (parts.next, *parts.to.values(), *parts.reached.values(), parts.pairs.to, parts.pairs.rows):
        assert not column.flags.writeable


@pytest.mark.parametrize(("rises", "needs", "searched"), [([X], [X, Y], 0), ([X, Y], [X, Y], 2), ([X], [X], 2)])
def test_how_complete_a_search_of_a_hidden_score_is(rises: list[str], needs: list[str], searched: int) -> None:
    """0 if the score reads a field that it isn't declared to rise or fall with."""
    scorer = one(lambda c: sum(c[name] for name in needs), 9.0, rises=rises, traceable=False, needs=needs)
    base = customers()
    (ways,) = cg.way_up(scorer().fit(base), base, on="2026-01-01").axes.values()
    assert (searched, set(rises)) == (ways.searched, set(ways.fields))
    assert ways.next.dtype == np.uint8 and {0, UNGRADED} >= set(ways.next.tolist())

"""Whole grades of codes and what makes one better, against the scale and every pair of codes."""

from __future__ import annotations

import math
import sys
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import custgrade as cg
from custgrade.data.scale import UNGRADED
from custgrade.plugins import Axis, Boundary, Evidence, Percentile, Quantile, Shares, Thresholds
from custgrade.ways_up.customers_below import _one_of_each
from custgrade.ways_up.moved_graph import MovedGraph, filled
from custgrade.ways_up.moving import BetterGrade, Moving, Score
from custgrade.ways_up.whole_grades import WholeGrades

sys.path.insert(0, str(Path(__file__).parent))
try:
    from brute_force import is_better
finally:
    sys.path.pop(0)

NAMED = {("A", "A", "A"): "top", ("A", "B", "A"): "top", ("B", "A", "B"): "middle", ("B", "B", "B"): "middle"}
BASE = cg.CustomerBase(range(6), {"profit": [1.0, 2, 3, 4, 5, 6], "revenue": [6.0, 2, 5, 1, 4, 3], "orders": [3.0] * 6})


def scorer(kind: str) -> cg.Scorer:
    """One axis, two side by side, one within another, or three with names."""
    labels, cut = ("AB", Shares(("1/2",) * 2)) if kind == "named" else ("ABC", Shares(("1/3",) * 3))
    first = Axis("first", labels, lambda c: c["profit"], cut)
    second = Axis("second", "AB", lambda c: c["revenue"], Thresholds((3.0,)))
    third = Axis("third", "AB", lambda c: c["orders"], Thresholds((2.0,)))
    inner = Axis("inner", "AB", lambda c: c["revenue"], Shares(("1/2", "1/2"), ties="worse"), within="first")
    axes = {"one": [first], "two": [first, second], "nested": [first, inner, third], "named": [first, second, third]}
    return cg.Scorer(axes[kind], names=NAMED if kind == "named" else {})


KINDS = ("one", "two", "nested", "named")


@pytest.mark.parametrize("kind", KINDS)
def test_better_grades(kind: str) -> None:
    """Every code of every axis against every other, ungraded ones too."""
    model = scorer(kind).fit(BASE)
    grades, scale = WholeGrades(model), model.scale
    names = [axis.name for axis in scale.axes]
    cells = list(product(*([*range(len(axis.labels)), UNGRADED] for axis in scale.axes)))
    pairs = list(product(cells, cells))
    new, own = (
        {name: np.array([pair[side][k] for pair in pairs], dtype=np.uint8) for k, name in enumerate(names)}
        for side in (0, 1)
    )
    for at, axis in enumerate(scale.axes):
        parent = None if axis.within is None else names.index(axis.within)
        expected = [
            is_better(scale, one, other) and one[at] < other[at] and (parent is None or one[parent] == other[parent])
            for one, other in pairs
        ]
        # an ungraded customer has no way up, which isn't asked here
        graded = [UNGRADED not in other for _, other in pairs]
        found = grades.are_better(new, own, axis.name).tolist()
        assert [(a and b) for a, b in zip(expected, graded, strict=True)] == [
            (a and b) for a, b in zip(found, graded, strict=True)
        ]
        best = scale.grade([0] * len(names))
        may = [
            UNGRADED not in cell and cell[at] != 0 and (kind != "named" or scale.grade(cell) != best) for cell in cells
        ]
        columns = {name: np.array([cell[k] for cell in cells], dtype=np.uint8) for k, name in enumerate(names)}
        assert may == grades.may_improve(columns, axis.name).tolist()


@pytest.mark.parametrize("kind", KINDS)
def test_names_of_whole_grades(kind: str) -> None:
    """Codes on all axes give the position of the grade's name, and an ungraded axis the last position."""
    model = scorer(kind).fit(BASE)
    grades, scale = WholeGrades(model), model.scale
    cells = list(product(*([*range(len(axis.labels)), UNGRADED] for axis in scale.axes)))
    columns = {axis.name: np.array([c[k] for c in cells], dtype=np.uint8) for k, axis in enumerate(scale.axes)}
    names = [*scale.grades, ""]
    found = grades.whole(columns)
    assert np.int32 == found.dtype
    assert ["" if UNGRADED in c else scale.grade(c) for c in cells] == [names[place] for place in found]
    assert len(scale.grades) == grades.none
    assert [c[0] for c in cells] == columns[scale.axes[0].name].tolist()


def test_a_scale_of_as_many_classes_as_there_can_be() -> None:
    """The last of 254 classes has a name of its own, and 255 has none."""
    labels = [f"class {k}" for k in range(254)]
    axis = Axis("grade", labels, lambda c: c["profit"], Thresholds([float(-k) for k in range(253)]))
    grades = WholeGrades(cg.Scorer([axis]).fit(BASE))
    found = grades.whole({"grade": np.array([0, 1, 252, 253, 255], dtype=np.uint8)})
    assert [0, 1, 252, 253, 254] == found.tolist()


@pytest.mark.parametrize("kind", KINDS)
def test_codes_of_moved_customers(kind: str) -> None:
    """They are the codes that grading gives, also on axes that a graph doesn't have."""
    model = scorer(kind).fit(BASE)
    codes = model.grade(BASE).codes
    columns = {name: BASE.columns[name][:] for name in model.scorer.inputs}
    grades = WholeGrades(model)
    names = [axis.name for axis in model.scale.axes]
    for axes in ([], *([name] for name in names), names):
        graph = MovedGraph(model, axes, evidence=True)
        found = grades.codes(graph, graph.values(columns), 6, codes)
        assert {name: code.tolist() for name, code in codes.items()} == {n: c.tolist() for n, c in found.items()}
        assert names == list(found)


def test_without_evidence_nobody_is_graded() -> None:
    """Two conditions, each missed by another customer; a graph without the evidence doesn't ask."""
    axis = Axis("grade", "AB", lambda c: c["profit"], Thresholds((3.0,)))
    evidence = [Evidence("few", lambda c: c["orders"] >= 2.0), Evidence("none", lambda c: c["revenue"] > 0.0)]
    model = cg.Scorer([axis], evidence=evidence).fit(BASE)
    columns = {
        "profit": np.array([5.0, 5.0, 5.0, 1.0]),
        "orders": np.array([2.0, 1.0, 2.0, 2.0]),
        "revenue": np.array([1.0, 1.0, 0.0, 1.0]),
    }
    grades = WholeGrades(model)
    for asked, expected in ((True, [0, 255, 255, 1]), (False, [0, 0, 0, 1])):
        graph = MovedGraph(model, ["grade"], evidence=asked)
        values = graph.values(columns)
        assert expected == grades.codes(graph, values, 4)["grade"].tolist()
        assert (2 if asked else 0) == len(graph.conditions)
        assert [True, not asked, not asked, True] == graph.enough(values, 4).tolist()
        assert 1 + len(graph.conditions) == len(graph.graphs)


def test_floors() -> None:
    """The least scores of classes: the customer's own and the next better one's, in the same class of the parent."""
    axes = [
        Axis("first", "ABC", lambda c: c["profit"], Thresholds((Boundary(5.0, False), 2.0))),
        Axis("inner", "AB", lambda c: c["revenue"], Shares(("1/2", "1/2")), within="first"),
    ]
    model = cg.Scorer(axes).fit(BASE)
    grades = WholeGrades(model)
    above = math.nextafter(5.0, 6.0)
    codes = {
        "first": np.array([0, 1, 2, 0, 1, 2], dtype=np.uint8),
        "inner": np.array([0, 0, 0, 1, 1, 1], dtype=np.uint8),
    }
    assert [math.inf, above, 2.0] == np.nan_to_num(grades.floors("first", codes, above=1), nan=math.inf).tolist()[:3]
    assert [above, 2.0, math.inf] == np.nan_to_num(grades.floors("first", codes, above=0), nan=math.inf).tolist()[:3]
    inner = [model.boundaries["inner"][k] for k in range(3)]
    least = [math.nan if one is None else one[0].floor for one in inner]
    assert np.array_equal([math.nan] * 3 + least, grades.floors("inner", codes, above=1), equal_nan=True)
    assert np.array_equal(least + [math.nan] * 3, grades.floors("inner", codes, above=0), equal_nan=True)
    assert [2.0, above] == grades.every_floor("first")
    assert sorted({one for one in least if not math.isnan(one)}) == grades.every_floor("inner")
    assert (True, False) == (grades.exceeded("first"), grades.exceeded("inner"))


def test_goals_of_some_customers() -> None:
    """A part of the customers has a part of the goals; all of them are the same object."""
    model = scorer("one").fit(BASE)
    graph = MovedGraph(model, ["first"], evidence=True)
    values = graph.values({"profit": BASE.columns["profit"][:]})
    score = Moving(graph, Score("first", np.array([1.0, 2.5, 3.0, 3.5, 5.0, 7.0]), (True, False)), values)
    assert [True, False, True, True, True, False] == score.reaches.tolist()
    assert [1.0, 2.0, 3.0, 4.0, 5.0, 6.0] == score.score.tolist()
    some = score.at(np.array([1, 2, 5]))
    assert ([False, True, False], 3) == (some.reaches.tolist(), len(some))
    assert isinstance(some.goal, Score)
    assert ((True, False), "first", [2.5, 3.0, 7.0]) == (some.goal.sides, some.goal.axis, some.goal.needed.tolist())
    assert [True, True, False] == some.moved("profit", np.array([2.5, 3.0, 6.99])).reaches.tolist()
    assert [True] * 3 == some.moved("profit", 7.0).reaches.tolist()
    assert score.at(np.arange(6)) is score
    own = {"first": np.array([0, 1, 2, 2, 1, 0], dtype=np.uint8)}
    grade = Moving(graph, BetterGrade(WholeGrades(model), "first", own), values)
    # the best third has 5 and 6, the next one 3 and 4
    assert [False, False, True, True, True, False] == grade.reaches.tolist()
    assert [True, True] == grade.at(np.array([3, 4])).reaches.tolist()
    assert [True, False] == grade.at(np.array([1, 5])).moved("profit", 3.0 + np.array([2.0, 3.0])).reaches.tolist()


def test_what_a_field_leads_to() -> None:
    """Learned columns follow the field, except quantiles, which are the same for all customers."""
    learned = {"rank": Percentile("profit", 2), "half": Quantile("profit", "1/2")}
    axis = Axis("grade", "AB", lambda c: c["rank"] + np.where(c["profit"] > c["half"], 1.0, 0.0), Thresholds((2.0,)))
    model = cg.Scorer([axis], learned=learned).fit(BASE)
    graph = MovedGraph(model, ["grade"], evidence=True)
    assert ("rank",) == graph.dependents["profit"].learned
    assert graph.traced
    columns = {"profit": BASE.columns["profit"][:]}
    values = graph.values(columns)
    for to in (np.array([6.0, 5.0, 4.0, 3.0, 2.0, 1.0]), 4.5):
        moved = graph.moved(values, "profit", to)
        again = graph.values({"profit": np.broadcast_to(to, 6).copy()})
        for name in ("rank", "half", "profit"):
            assert np.broadcast_to(again[name], 6).tolist() == np.broadcast_to(moved[name], 6).tolist()
        assert filled(graph.score(again, "grade", 6), 6).tolist() == filled(graph.score(moved, "grade", 6), 6).tolist()
    hidden: dict[str, Any] = {"traceable": False, "needs": ["profit"], "rises": ["profit"]}
    opaque = Axis("grade", "AB", lambda c: c["profit"] * 2.0, Thresholds((2.0,)), **hidden)
    graph = MovedGraph(cg.Scorer([opaque]).fit(BASE), ["grade"], evidence=True)
    assert (False, []) == (graph.traced, graph.graphs)
    values = graph.values(columns)
    assert [2.0, 4.0, 6.0, 8.0, 10.0, 12.0] == graph.score(values, "grade", 6).tolist()
    assert [6.0] * 6 == graph.score(graph.moved(values, "profit", 3.0), "grade", 6).tolist()


@pytest.mark.parametrize("value", [2.0, np.float64(2.0), np.array(2.0), np.array([1.0, 2.0])])
def test_numbers_for_all_fill_a_column(value: Any) -> None:
    """A number is repeated, and a column stays."""
    assert [float(one) for one in np.broadcast_to(value, 2)] == filled(value, 2).tolist()


def test_one_customer_of_each_class() -> None:
    """The first eligible customer of each key, in the customers' order."""
    draw = np.random.default_rng(1)
    for _ in range(50):
        key, may = draw.integers(0, 5, 12).astype(np.uint8), draw.random(12) < 0.6
        expected = [k for k in range(12) if may[k] and key[k] not in key[:k][may[:k]]]
        assert expected == _one_of_each(key, may).tolist()
    assert [] == _one_of_each(np.zeros(3, dtype=np.uint8), np.zeros(3, dtype=bool)).tolist()

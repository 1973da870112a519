"""Small parts of scoring, each by itself: pickled fields, parts of derived fields, weights and directions."""

from __future__ import annotations

import functools
import math
import pickle
import sys
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest

import custgrade as cg
from custgrade.errors import ScorerError
from custgrade.plugins import (
    Axis,
    Boundary,
    Evidence,
    Field,
    Linear,
    Percentile,
    Quantile,
    Shares,
    Steps,
    Thresholds,
    minimum_evidence,
)
from custgrade.scoring.checklist_score import ChecklistScore, Floor
from custgrade.scoring.directions import monotone_inputs
from custgrade.scoring.learned import RankedField
from custgrade.scoring.pickling import axis_with_graph, field_with_graph
from custgrade.scoring.proportions import covered, factors
from custgrade.scoring.tracing import GraphFunction, trace


def ratio(c: Any) -> Any:
    """A function that is found by its name."""
    return c["profit"] / c["orders"]


def derived(derive: Any) -> Field:
    return Field("share", "ratio", derive=derive, parts=("profit", "orders"))


def test_a_field_that_is_found_or_has_no_function_is_pickled_as_it_is() -> None:
    """Input fields and functions with an importable name need no graph."""
    plain, named = Field("stars", ""), derived(ratio)
    assert field_with_graph(plain, {}) is plain
    assert field_with_graph(named, {}) is named
    axis = Axis("grade", "AB", lambda c: c["stars"], Thresholds((2.0,)))
    again = pickle.loads(pickle.dumps(cg.Scorer([axis], fields=[plain])))
    assert (plain,) == again.fields


@pytest.mark.parametrize("kind", ["a lambda", "a partial", "of the main module", "of another name", "of no module"])
def test_a_field_that_is_not_found_is_pickled_as_a_graph(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A function whose module and name don't lead to it elsewhere is replaced, and gives the same."""

    def own(c: Any) -> Any:
        return c["profit"] / c["orders"]

    functions: dict[str, Any] = {"a lambda": lambda c: ratio(c), "a partial": functools.partial(ratio)}
    function = functions.get(kind, own)
    if kind == "of the main module":
        own.__module__, own.__qualname__ = "__main__", "own"
        monkeypatch.setattr(sys.modules["__main__"], "own", own, raising=False)
    elif kind == "of another name":
        own.__qualname__ = "ratio"
    elif kind == "of no module":
        own.__module__ = None  # type: ignore[assignment]
    found = field_with_graph(derived(function), {})
    assert isinstance(found.derive, GraphFunction)
    columns = {"profit": np.array([3.0, 1.0]), "orders": np.array([2.0, 4.0])}
    assert [1.5, 0.25] == pickle.loads(pickle.dumps(found)).derive(columns).tolist()


def test_scores_that_have_parts_or_no_graph_are_pickled_as_they_are() -> None:
    """A checklist keeps its floors, and a score with traceable=False its function; others become graphs."""
    checklist = ChecklistScore((Floor("profit", 2.0),), 1)
    hidden: dict[str, Any] = {"traceable": False, "needs": ["profit"]}
    for score, rest, kept in ((checklist, {}, True), (ratio, hidden, True), (lambda c: c["profit"], {}, False)):
        axis = Axis("grade", "AB", score, Thresholds((0.0,)), **rest)
        found = axis_with_graph(axis, cg.Scorer([axis]).scores["grade"])
        assert kept == (found is axis)
        assert kept or isinstance(found.score, GraphFunction)


def test_the_function_of_a_derived_field_sees_an_empty_table() -> None:
    """Its parts are read by name, and aren't added to what the score reads."""
    seen: list[Any] = []

    def derive(c: Any) -> Any:
        seen.append((len(c), list(c)))
        return ratio(c)

    traced = trace(lambda c: c["share"] + c["share"], "a score", {"share": derived(derive)})
    assert [(0, [])] == seen
    assert (("share",), ("profit", "orders"), ()) == (traced.reads, traced.inputs, traced.learned)


def test_columns_that_are_learned_are_not_computed() -> None:
    """A learned column with the name of a field is read as it is."""
    traced = trace(lambda c: c["share"] + c["profit"], "a score", {"share": derived(ratio)}, frozenset(["share"]))
    assert (("profit",), ("share",)) == (traced.inputs, traced.learned)


@pytest.mark.parametrize(
    "weights", [(1, 2, 3), (5, 5, 10), (2**60, 2**61, 3 * 2**60), (1, 2**52, 2**52 - 1), (6, 9, 2**54)]
)
@pytest.mark.parametrize("coverage", [Fraction(0), Fraction(1, 3), Fraction(1, 2), Fraction(1)])
def test_which_known_weights_are_enough(weights: tuple[int, ...], coverage: Fraction) -> None:
    """Every set of known criteria, against the exact sum of the weights; without any known one it is never enough."""
    shares = [(Fraction(weight, 7), Fraction(weight)) for weight in weights]
    unknown = np.array(list(product([False, True], repeat=len(weights)))).T
    known = sum(np.where(gone, 0.0, weight) for gone, (_, weight) in zip(unknown, factors(shares), strict=True))
    sums = [sum(w for w, gone in zip(weights, column, strict=True) if not gone) for column in unknown.T]
    expected = [total > 0 and total >= coverage * sum(weights) for total in sums]
    assert expected == covered(shares, coverage, list(unknown), known).tolist()


@pytest.mark.parametrize(
    ("shares", "expected"),
    [
        ([("1", "4"), ("1/2", "1")], [(2.0, 8.0), (1.0, 2.0)]),
        ([("3", "6"), ("3", "9")], [(1.0, 2.0), (1.0, 3.0)]),
        ([("1/3", "1"), ("1/4", "1")], [(4.0, 12.0), (3.0, 12.0)]),
    ],
)
def test_weights_are_the_smallest_whole_numbers(shares: Any, expected: list[tuple[float, float]]) -> None:
    """All weights are multiplied by one factor."""
    assert tuple(expected) == factors([(Fraction(one), Fraction(other)) for one, other in shares])


def test_weights_that_are_far_apart() -> None:
    """Large ones are scaled by a power of two as long as the smallest is a normal number."""
    (point, weight), (small, least) = factors([(Fraction(10) ** 305, Fraction(10) ** 305), (Fraction(1), Fraction(1))])
    assert point == weight and small == least
    assert abs(Fraction(weight) / Fraction(least) / Fraction(10) ** 305 - 1) < 1e-15
    assert 0.0 < weight * 100.0 < math.inf
    with pytest.raises(ScorerError, match="too far apart"):
        factors([(Fraction(10) ** 700, Fraction(10) ** 700), (Fraction(1), Fraction(1))])


def test_the_fields_that_an_axis_rises_and_falls_with() -> None:
    """A derived field stands for its parts, and a part that does both, or neither, is left out."""
    fields = {
        "margin": Field(
            "margin", "", derive=lambda c: c["profit"] / c["revenue"], parts=("profit", "revenue"), rises="profit"
        ),
        "gap": Field("gap", "", derive=lambda c: c["a"] - c["b"], parts=("a", "b"), rises="a", falls="b"),
    }
    cases: list[tuple[dict[str, Any], set[str], set[str]]] = [
        ({"rises": ["x"], "falls": ["y"]}, {"x"}, {"y"}),
        ({"rises": ["margin"]}, {"profit"}, set()),
        ({"falls": ["margin"]}, set(), {"profit"}),
        ({"rises": ["gap"]}, {"a"}, {"b"}),
        ({"falls": ["gap"]}, {"b"}, {"a"}),
        ({"rises": ["gap", "b"]}, {"a"}, set()),
        ({"rises": ["gap"], "falls": ["a"]}, set(), {"b"}),
        ({"rises": ["margin", "revenue"]}, {"profit"}, set()),
    ]
    for rest, rises, falls in cases:
        axis = Axis("grade", "AB", lambda c: c["x"], Thresholds((0.0,)), **rest)
        assert (rises, falls) == monotone_inputs(axis, fields), rest


@pytest.mark.parametrize("near", [0, 1, 2])
def test_floors_that_are_missed(near: int) -> None:
    """Every three of met, missed and unknown: the score is known if no unknown value could change the class."""
    score = ChecklistScore((Floor("a", 2.0), Floor("b", 2.0, best="lowest"), Floor("c", 0.0)), near)
    values = {"a": {"met": 2.0, "missed": 1.5}, "b": {"met": 2.0, "missed": 2.5}, "c": {"met": 0.5, "missed": -0.5}}
    for states in product(("met", "missed", "unknown"), repeat=3):
        columns = {n: np.array([values[n].get(state, math.nan)]) for n, state in zip("abc", states, strict=True)}
        missed, unknown = states.count("missed"), states.count("unknown")
        # best, middle and worst class by the number of missed floors
        classes = {0 if total == 0 else 1 if total <= near else 2 for total in range(missed, missed + unknown + 1)}
        found = float(score(columns)[0])
        assert (-missed if len(classes) == 1 else None) == (None if math.isnan(found) else found), states
        for name, state in zip("abc", states, strict=True):
            part, most = (float(one[0]) for one in score.contributions(columns)[name])
            if state == "unknown":
                assert math.isnan(part) and math.isnan(most)
            else:
                assert (0.0 if state == "met" else -1.0, 0.0) == (part, most)


def test_floors_and_their_distances() -> None:
    """Values at, above and below a floor and a ceiling, and a proposed floor in its learned column."""
    value = np.array([1.0, 2.0, 3.0, math.nan])
    floor, ceiling = Floor("f", 2.0), Floor("f", 2.0, best="lowest")
    assert [True, False, False, False] == floor.missed({"f": value}).tolist()
    assert [False, False, True, False] == ceiling.missed({"f": value}).tolist()
    assert [1.0, 0.0, 0.0] == floor.gap({"f": value}).tolist()[:3]
    assert [0.0, 0.0, 1.0] == ceiling.gap({"f": value}).tolist()[:3]
    assert np.isnan(floor.gap({"f": value})[3])
    for best, name in (("highest", "f_floor"), ("lowest", "f_ceiling")):
        proposed = Floor("f", Quantile("f", "1/4", best=best), best=best)  # type: ignore[arg-type]
        assert name == proposed.column
        assert [best == "highest", False] == proposed.missed(
            {"f": np.array([1.0, 2.0]), name: np.array([1.5, 2.0])}
        ).tolist()
        checklist = ChecklistScore((proposed, Floor("g", 1.0)), 1)
        assert {"f"} == checklist.optional
        assert ["g"] == [one.field for one in checklist.without(frozenset("fg")).floors]
        with pytest.raises(ScorerError, match="at least one of f"):
            ChecklistScore((proposed,), 1).without(frozenset("f"))
    for wrong in (True, "2", math.inf, math.nan, 1e308, -1e308):
        with pytest.raises(ScorerError, match="finite number"):
            Floor("f", wrong)  # type: ignore[arg-type]
    for other in (Quantile("g", "1/4"), Quantile("f", "1/4", best="lowest")):
        with pytest.raises(ScorerError, match="can be proposed by"):
            Floor("f", other)


def test_evidence_of_a_minimum() -> None:
    """One condition for each minimum above 0, which a customer at the minimum meets."""
    assert () == minimum_evidence() == minimum_evidence(0, 0)
    orders, tenure = minimum_evidence(2, 30, optional=True)
    assert ("fewer than 2 orders", "known for less than 30 days") == (orders.reason, tenure.reason)
    assert (True, True) == (orders.optional, tenure.optional)
    assert [False, True, True] == orders.enough({"orders": np.array([1.0, 2.0, 3.0])}).tolist()
    assert [False, True, True] == tenure.enough({"tenure": np.array([29.0, 30.0, 31.0])}).tolist()
    assert [False] == [one.optional for one in minimum_evidence(tenure=1)]
    for wrong in (-1, True, 1e15, "2", math.nan):
        for name in ("orders", "tenure"):
            with pytest.raises(cg.CustgradeError, match="0 or more"):
                minimum_evidence(**{name: wrong})  # type: ignore[arg-type]
    for parts in (("", lambda c: c["orders"] > 1.0), (3, lambda c: c["orders"] > 1.0), ("few", 3)):
        with pytest.raises(ScorerError, match="a reason"):
            Evidence(*parts)  # type: ignore[arg-type]


def test_ranks_and_quantiles() -> None:
    """The lowest value is best where that is asked for; a quantile is the value of the boundary."""
    columns = {"f": np.array([1.0, -2.0])}
    assert [1.0, -2.0] == RankedField("f", "highest")(columns).tolist()
    assert [-1.0, 2.0] == RankedField("f", "lowest")(columns).tolist()
    for best in ("highest", "lowest"):
        quantile = Quantile("f", "1/4", best=best)  # type: ignore[arg-type]
        assert (Shares(("1/4", "3/4"), ties="better"), (1.0, 0.0)) == (quantile.cut, quantile.points)
        assert math.isnan(quantile.value(None))
        sign = 1.0 if best == "highest" else -1.0
        assert 3.0 * sign == quantile.value((Boundary(3.0),))
        assert 1.0 == math.copysign(1.0, quantile.value((Boundary(0.0),)))
    with pytest.raises(ScorerError, match="above 0 and below 1"):
        Quantile("f", 1)


def test_points() -> None:
    """Linear points up and down, and points in steps that begin at their value."""
    value = np.array([-1.0, 0.0, 2.5, 10.0, 11.0, math.nan])
    assert [0.0, 0.0, 2.5, 10.0, 10.0] == Linear(0, 10)(value).tolist()[:5]
    assert [10.0, 10.0, 7.5, 0.0, 0.0] == Linear(10, 0)(value).tolist()[:5]
    assert [0.0, 0.0, 50.0, 100.0, 100.0] == Steps({2.5: 50, 0: 0, 10: 100})(value).tolist()[:5]
    assert (True, False, 10, 10) == (Linear(0, 10).rises, Linear(10, 0).rises, Linear(0, 10).full, Linear(10, 0).full)
    assert (True, False, True, 100) == (
        Steps({0: 0, 1: 9}).rises, Steps({0: 9, 1: 0}).rises, Steps({0: 9, 1: 9}).rises, Steps({0: 1}).full
    )  # fmt: skip
    for rule in (Linear(0, 10), Linear(10, 0), Steps({0: 5})):
        assert np.isnan(rule(value)[5])
    for wrong in (Ellipsis, {}, {0: -1}, {0: 101}, {0: 1, 1: 5, 2: 3}, {math.inf: 1}, {0: True}):
        with pytest.raises(ScorerError):
            Steps(wrong)
    assert ((0.0, 0.0), (1.0, 100.0)) == Steps({1: 100, 0: 0}).steps
    for worst, best in ((1, 1), (math.nan, 1), (0, math.inf), (-1e308, 1e308), (True, 3)):
        with pytest.raises(ScorerError, match="different finite numbers"):
            Linear(worst, best)


def test_graphs_and_functions_are_not_shown() -> None:
    """What a scorer and its parts look like says nothing of nodes, programs and addresses."""
    evidence = Evidence("few", lambda c: c["orders"] > 1.0)
    axis = Axis("grade", "AB", lambda c: c["profit"], Thresholds((1.0,)))
    scorer = cg.Scorer([axis], evidence=[evidence], details={"twice": lambda c: c["profit"] * 2.0})
    for part in (scorer, axis, evidence, derived(ratio), *scorer.scores.values(), *scorer.conditions):
        assert not any(word in repr(part) for word in ("Node", "Program", "0x", "function")), repr(part)
    assert "TracedScore" not in repr(scorer) and "twice" not in repr(scorer)


@pytest.mark.parametrize("name", ["two words", "1st", "", 3, "profit", "rank", "customer_id", "grade", "final_grade"])
def test_names_of_details_that_are_refused(name: Any) -> None:
    """A detail's name is an identifier, and no field, learned column or output column has it."""
    axis = Axis("grade", "AB", lambda c: c["rank"], Thresholds((1.0,)))
    with pytest.raises(ScorerError, match="a detail's name is an identifier"):
        cg.Scorer([axis], learned={"rank": Percentile("profit")}, details={name: lambda c: c["profit"]})

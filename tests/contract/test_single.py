"""Grading one customer with plain numbers, against arrays."""

from __future__ import annotations

import math
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import custgrade as cg
from custgrade.functions import exp, log, mean_of_known, power
from custgrade.scoring import graph, single

NAN, INF = math.nan, math.inf
NUMBERS = (0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 2.5, -3.7, 5e-324, 1.7e308, -1.7e308, 2.0**53, -(2.0**60), INF, -INF, NAN)
TRUTHS = (True, False)


def bits(value: Any) -> str:
    """A number or truth value as text that tells apart what compares equal; NaN is NaN."""
    return str(bool(value)) if isinstance(value, (bool, np.bool_)) else float(value).hex()


def test_both_have_the_same_operations() -> None:
    """Whatever a graph may hold can be computed for one."""
    assert single.OPERATIONS.keys() == graph.OPERATIONS.keys()


@pytest.mark.parametrize("name", sorted(graph.OPERATIONS))
def test_every_operation_gives_the_bits_of_numpy(name: str) -> None:
    """On zeros of both signs, extremes, infinities and NaN, alone and in pairs."""
    if name == "where":
        arguments: list[tuple[Any, ...]] = [(t, a, b) for t in TRUTHS for a, b in product(NUMBERS[:4], NUMBERS[-3:])]
    elif name == "logical_not":
        arguments = [(truth,) for truth in TRUTHS]
    elif name.startswith("logical"):
        arguments = list(product(TRUTHS, TRUTHS))
    elif graph.OPERATIONS[name].nin == 1:
        arguments = [(number,) for number in NUMBERS]
    else:
        # which of two zeros of different signs is the lesser one isn't said by any of them
        unclear = name in ("minimum", "maximum", "fmin", "fmax")
        arguments = [pair for pair in product(NUMBERS, NUMBERS) if not (unclear and pair[0] == pair[1] == 0)]
    with np.errstate(all="ignore"):
        for given_ in arguments:
            columns = [np.array([value]) for value in given_]
            assert bits(graph.OPERATIONS[name](*columns)[0]) == bits(single.OPERATIONS[name](*given_)), given_


def test_functions_give_the_bits_of_arrays() -> None:
    """exp, log, power and the mean of what is known, made of hundreds of operations."""

    def score(c: Any) -> Any:
        return mean_of_known(exp(c["profit"] / 100), log(c["revenue"]), power(c["orders"], 1.3)) + c["margin"]

    scorer = cg.Scorer([cg.Axis("grade", "AB", score, cg.Thresholds((5,)))])
    draw = np.random.default_rng(2)
    columns = {"profit": draw.normal(size=300) * 900, "revenue": draw.lognormal(size=300), "orders": draw.random(300)}
    base = cg.CustomerBase([str(k) for k in range(300)], columns)
    model, graded = scorer.fit_grade(base)
    ones = [model.grade_one(customer) for customer in base]
    assert graded.scores["grade"].tolist() == [one.scores["grade"] for one in ones]
    assert graded.grades.tolist() == [one.grade for one in ones]


VALUES = st.one_of(st.none(), st.sampled_from([0, 0.0, -0.0, 1, 49.0, INF, -INF, NAN, 1e308]), st.floats(-1e6, 1e6))


@given(
    rows=st.lists(
        st.fixed_dictionaries({"revenue": VALUES, "profit": VALUES, "orders": st.integers(0, 5)}), min_size=5
    ),
    scheme=st.sampled_from(["abcd", "abcde", "floors", "matrix3x3", "top10"]),
    whom=st.fixed_dictionaries({}, optional={"revenue": VALUES, "profit": VALUES, "orders": VALUES, "recency": VALUES}),
)
@settings(max_examples=150, deadline=None)
def test_one_customer_gets_what_arrays_give(rows: list[dict[str, Any]], scheme: str, whom: dict[str, Any]) -> None:
    """Whatever is known of a customer, every scheme says the same of it with and without arrays."""
    base = cg.CustomerBase.from_customers([cg.Customer(str(k), row) for k, row in enumerate(rows)])
    try:
        model = cg.scorer(scheme).fit(base)
    except cg.CustgradeError:
        return
    by_arrays = model._grade_by_arrays(cg.Customer("x", whom))
    for given_ in (cg.Customer("x", whom), {"customer_id": "x", **whom}):
        alone = model.grade_one(given_)
        assert repr(by_arrays) == repr(alone)


@pytest.mark.parametrize("value", [10**400, "12", b"1", [1], 1j], ids=["huge", "text", "bytes", "list", "complex"])
def test_values_that_are_no_numbers_are_refused_as_before(value: Any) -> None:
    """What isn't a float64 is one of our errors, also in a field that the model doesn't read."""
    model = cg.scorer("abcde").fit(cg.CustomerBase(["A", "B"], {"profit": [1.0, 2.0]}))
    for name in ("profit", "revenue"):
        with pytest.raises(cg.FieldError, match=name):
            model.grade_one({"profit": 1.0, "revenue": 2.0, name: value})

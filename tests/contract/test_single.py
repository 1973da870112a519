"""Grading one customer with plain numbers, against arrays."""

from __future__ import annotations

import inspect
import json
import math
from decimal import Decimal
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import custgrade as cg
from custgrade.errors import FieldError
from custgrade.functions import exp, log, mean_of_known, power
from custgrade.graph.operations import OPERATIONS
from custgrade.plugins import Axis, Thresholds

NAN, INF = math.nan, math.inf
NUMBERS = (0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 2.5, -3.7, 5e-324, 1.7e308, -1.7e308, 2.0**53, -(2.0**60), INF, -INF, NAN)
TRUTHS = (True, False)


def bits(value: Any) -> str:
    """A number or truth value as text that tells apart what compares equal; NaN is NaN."""
    return str(bool(value)) if isinstance(value, (bool, np.bool_)) else float(value).hex()


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_every_operation_gives_the_bits_of_numpy(name: str) -> None:
    """On zeros of both signs, extremes, infinities and NaN, alone and in pairs."""
    if name == "where":
        arguments: list[tuple[Any, ...]] = [(t, a, b) for t in TRUTHS for a, b in product(NUMBERS[:4], NUMBERS[-3:])]
    elif name == "logical_not":
        arguments = [(truth,) for truth in TRUTHS]
    elif name.startswith("logical"):
        arguments = list(product(TRUTHS, TRUTHS))
    elif len(inspect.signature(OPERATIONS[name].one).parameters) == 1:
        arguments = [(number,) for number in NUMBERS]
    else:
        arguments = list(product(NUMBERS, NUMBERS))
    with np.errstate(all="ignore"):
        for given_ in arguments:
            columns = [np.array([value]) for value in given_]
            assert bits(OPERATIONS[name].arrays(*columns)[0]) == bits(OPERATIONS[name].one(*given_)), given_


def test_functions_give_the_bits_of_arrays() -> None:
    """exp, log, power and the mean of what is known, made of hundreds of operations."""

    def score(c: Any) -> Any:
        return mean_of_known(exp(c["profit"] / 100), log(c["revenue"]), power(c["orders"], 1.3)) + c["margin"]

    scorer = cg.Scorer([Axis("grade", "AB", score, Thresholds((5,)))])
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
        with pytest.raises(FieldError, match=name):
            model.grade_one({"profit": 1.0, "revenue": 2.0, name: value})


NUMBER_KINDS = (
    np.float64,
    np.float32,
    np.float16,
    np.int64,
    np.int32,
    np.int16,
    np.int8,
    np.uint64,
    np.uint32,
    np.uint16,
    np.uint8,
    int,
    float,
    Decimal,
    Fraction,
    np.longdouble,
)
ONE_FIELD = cg.CustomerBase([str(k) for k in range(20)], {"profit": [float(k) for k in range(20)]})


@pytest.mark.parametrize("kind", NUMBER_KINDS, ids=lambda kind: kind.__name__)
def test_numbers_of_every_kind_give_the_same_grade(kind: Any) -> None:
    """Python's numbers, numpy's scalars and decimals are graded as the float64 that they are."""
    model = cg.scorer("abcde").fit(ONE_FIELD)
    for value in (0, 3, 12, 18):
        assert model.grade_one({"profit": kind(value)}) == model.grade_one({"profit": float(value)})
        assert type(model.grade_one({"profit": kind(value)}).scores["grade"]) is float


@pytest.mark.parametrize("kind", NUMBER_KINDS[:13], ids=lambda kind: kind.__name__)
def test_scalars_are_graded_without_arrays(kind: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """What comes out of a data frame's row takes the short way; so do decimals."""
    model = cg.scorer("abcde").fit(ONE_FIELD)
    monkeypatch.setattr(cg.GradingModel, "_grade_by_arrays", None)
    assert model.grade_one({"profit": kind(3)}).grade
    assert model.grade_one({"profit": Decimal(3)}).grade


@pytest.mark.parametrize("value", [Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity"), Decimal("1e999")], ids=str)
def test_decimals_that_are_no_numbers(value: Decimal) -> None:
    """They are unknown or not finite, or refused in words; never a traceback of their own."""
    model = cg.scorer("abcde").fit(ONE_FIELD)
    try:
        assert model.grade_one({"profit": value}).grade == ""
    except FieldError:
        assert value.is_snan()


@pytest.mark.parametrize("value", [True, False, np.True_, np.False_], ids=repr)
def test_truth_values_are_no_numbers(value: Any) -> None:
    """True is not a profit of 1: the error names the field and what to give."""
    model = cg.scorer("abcde").fit(ONE_FIELD)
    for grade in (lambda: model.grade_one({"profit": value}), lambda: cg.Customer("a", {"profit": value})):
        with pytest.raises(FieldError, match=f"'profit' is {bool(value)}; .*give {int(value)}"):
            grade()


def strictly_json(value: Any) -> Any:
    """What comes back from JSON that allows no NaN."""
    return json.loads(json.dumps(value, allow_nan=False))


def test_a_grade_is_data_for_json() -> None:
    """Every part of a grade is in `to_dict`, in plain types; what is unknown is None."""
    scorer = cg.Scorer(
        Axis("grade", "AB", lambda c: c["profit"], Thresholds((5,))),
        details={"gap": lambda c: c["profit"] - c["revenue"], "half": lambda c: c["profit"] / 2.0},
    )
    model = scorer.fit(cg.CustomerBase(["a", "b"], {"profit": [1.0, 9.0], "revenue": [2.0, np.nan]}))
    good = model.grade_one({"customer_id": "a", "profit": np.float64(9), "revenue": None})
    assert (
        strictly_json(good.to_dict())
        == good.to_dict()
        == {
            "id": "a",
            "grade": "A",
            "labels": {"grade": "A"},
            "scores": {"grade": 9.0},
            "details": {"gap": None, "half": 4.5},
            "status": "graded",
            "reason": "",
        }
    )
    for value in (math.nan, math.inf, None):
        none = model.grade_one({"customer_id": "b", "profit": value})
        assert strictly_json(none.to_dict()) == none.to_dict()
        assert (none.to_dict()["scores"], none.to_dict()["status"]) == ({"grade": None}, "ungraded")
        assert none.to_dict()["reason"] == none.reason != ""


@pytest.mark.parametrize("choose", [np.minimum, np.maximum, np.fmin, np.fmax])
@pytest.mark.parametrize("size", [1, 3, 8, 9, 64])
def test_customers_who_are_equal_are_graded_equally_beside_zeros_of_both_signs(choose: Any, size: int) -> None:
    """Which of 0.0 and −0.0 numpy chooses depends on the position; the sign of what is divided by it must not."""
    score = lambda c: np.where(c["profit"] / choose(-c["returns"], 0.0) > 5, 1.0, 0.0)
    base = cg.CustomerBase(range(size), {"profit": [10.0] * size, "returns": [0.0] * size})
    model = cg.Scorer([Axis("grade", "AB", score, Thresholds((1,)))]).fit(base)
    assert {model.grade_one({"profit": 10.0, "returns": 0.0}).grade} == {"A"} == set(model.grade(base).grades)

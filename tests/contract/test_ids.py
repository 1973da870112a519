"""An id is a text or a whole number, wherever it is given."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

import custgrade as cg

BASE = cg.CustomerBase(["a", "b"], {"profit": [1.0, 2.0]})
MODEL = cg.scorer("abcde").fit(BASE)

GIVEN: dict[str, Callable[[Any], str]] = {
    "a base": lambda one: str(cg.CustomerBase([one], {"profit": [1]}).ids[0]),
    "a base read later": lambda one: str(cg.CustomerBase(lambda: [one], {"profit": [1]}).ids[0]),
    "a customer": lambda one: cg.Customer(one, {}).id,
    "one customer's grade": lambda one: MODEL.grade_one({"customer_id": one, "profit": 1}).id,
    "an ungraded customer": lambda one: MODEL.grade_one({"customer_id": one, "profit": None}).id,
    "an override": lambda one: cg.Override(one, "A", "r", "me", "2026-01-01", "2026-02-01").customer_id,
}


@pytest.mark.parametrize("given", GIVEN.values(), ids=GIVEN)
@pytest.mark.parametrize("one", ["a", "é", np.str_("q"), 7, np.int64(7), 10**30])
def test_texts_and_whole_numbers_are_ids(given: Callable[[Any], str], one: Any) -> None:
    """A whole number becomes the text that it is written as."""
    assert str(one) == given(one)


@pytest.mark.parametrize("given", GIVEN.values(), ids=GIVEN)
@pytest.mark.parametrize("wrong", [None, True, np.bool_(True), 1.5, [1], b"a", "\ud800", 10**5000], ids=range(8))
def test_anything_else_is_no_id(given: Callable[[Any], str], wrong: Any) -> None:
    """Missing ids, truth values, fractions, lists and texts that UTF-8 can't hold are refused."""
    with pytest.raises(cg.CustgradeError, match=r"an id must be|ids must be"):
        given(wrong)


def test_a_customer_that_is_looked_up_has_an_id() -> None:
    """Looking up no id is a mistake of its own; a whole number is found by its text."""
    assert 1 == cg.CustomerBase([5, 6], {}).position_of(6)
    with pytest.raises(cg.CustgradeError, match="an id must be text or a whole number; received None"):
        BASE.position_of(None)


def test_ids_of_a_frame_are_compared_as_they_are_written() -> None:
    """The number 1 and the text 1 are the same customer, in a frame as in a base."""
    frame = pd.DataFrame({"customer_id": pd.Series([1, "1", 2], dtype=object), "profit": [1.0, 2.0, 3.0]})
    with pytest.raises(cg.CustgradeError, match="ids more than once: 1, '1'"):
        cg.grade(frame, "abcde")
    with pytest.raises(cg.CustgradeError, match="more than once: '1'"):
        cg.read_customers(frame)
    with pytest.raises(cg.CustgradeError, match="have no value in 'customer_id'"):
        cg.grade(frame.assign(customer_id=pd.Series([1, None, "2"], dtype=object)), "abcde")


def test_an_id_of_a_frame_that_utf8_cannot_hold_is_refused() -> None:
    """A lone surrogate in a column of objects is named."""
    frame = pd.DataFrame({"customer_id": pd.Series(["a", "\ud800"], dtype=object), "profit": [1.0, 2.0]})
    with pytest.raises(cg.CustgradeError, match="an id must be a text that UTF-8 can hold"):
        cg.grade(frame, "abcde")


def test_a_number_too_large_is_still_a_number() -> None:
    """The error of one customer says that the number is too large, not that it is none."""
    with pytest.raises(cg.CustgradeError, match=r"which is too large; values must be below 1.8e308"):
        MODEL.grade_one({"profit": 10**400})


@pytest.mark.parametrize("rest", [{}, {"profit": 1.0}])
def test_an_id_under_another_name_is_pointed_to_customer_id(rest: dict[str, float]) -> None:
    """The error for an id under the key `id` says which key an id has."""
    with pytest.raises(cg.CustgradeError, match=r"there is no field 'id'.* customer's id is customer_id"):
        MODEL.grade_one({"id": "z", **rest})

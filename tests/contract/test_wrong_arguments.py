"""Arguments of a wrong type are refused by a CustgradeError, never by an error of Python's own."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import custgrade as cg
from custgrade.cuts import Shares
from custgrade.errors import ConfigurationError, CutError, ModelFormatError, OutputError, OverrideError, SourceError
from custgrade.plugins import Axis, Boundary, Floor, Percentile, Quantile, Thresholds

FRAME = pd.DataFrame({"customer_id": ["a", "b"], "profit": [1.0, 2.0]})
BASE = cg.CustomerBase(["a", "b"], {"profit": [1.0, 2.0]})
MODEL = cg.scorer("abcde").fit(BASE)
GRADED = MODEL.grade(BASE)
ARRAY = np.array([1, 2])
NO_TEXT = "\ud800"
"""A text that UTF-8 can't hold."""


def axes(name: str = "g", labels: Any = "AB", **rest: Any) -> list[Axis]:
    """One axis by profit."""
    return [Axis(name, labels, lambda c: c["profit"], Thresholds((1,)), **rest)]


WRONG: dict[str, tuple[Callable[[], object], str]] = {
    "columns as a text": (lambda: cg.grade(FRAME, "abcde", columns="x"), "received 'x' for columns; give a mapping"),
    "columns as a list": (lambda: cg.grade(FRAME, "abcde", columns=["profit"]), "for columns; give a mapping"),
    "columns as an array": (lambda: cg.grade(FRAME, "abcde", columns=ARRAY), "for columns; give a mapping"),
    "a prefix": (lambda: cg.grade(FRAME, "abcde", prefix=5), "prefix must be a text of one line; received 5"),
    "a prefix that UTF-8 can't hold": (lambda: cg.grade(FRAME, "abcde", prefix=NO_TEXT), "prefix must be a text"),
    "a prefix of columns": (lambda: GRADED.columns(ARRAY), "prefix must be a text"),
    "an array for a truth value": (lambda: cg.grade(FRAME, "abcde", return_model=ARRAY), "must be True or False"),
    "a position": (lambda: BASE.take([99]), r"rows must be positions below 2, or a mask of 2 truth .*received \[99\]"),
    "a fraction of a position": (lambda: BASE.take([1.5]), "rows must be positions"),
    "a ragged list of positions": (lambda: BASE.take([[1], [1, 2]]), "rows must be positions"),
    "a short mask": (lambda: BASE.take([True]), "a mask of 2 truth values"),
    "no positions": (lambda: BASE.take(None), "rows must be positions"),
    "a position of a view": (lambda: BASE.view_at([2]), "rows must be positions"),
    "a customer's position": (lambda: BASE.customer(99), "position is a whole number from 0 to 1; received 99"),
    "a label's position": (lambda: BASE.label(99), "position is a whole number from 0 to 1; received 99"),
    "a join with a number": (lambda: BASE.join(5), "join takes a CustomerBase"),
    "a learned column": (lambda: cg.Scorer(axes(), learned={"a": 1}), r"learned columns must be .* received {'a': 1}"),
    "a learned column's name": (lambda: cg.Scorer(axes(), learned={1: Percentile("profit")}), "learned columns must"),
    "no names of grades": (lambda: cg.Scorer(axes(), names=None), "names of grades must be a mapping; received None"),
    "a number as labels": (lambda: cg.Scorer(axes(), names={5: "x"}), "a tuple of labels; received 5"),
    "no lower bound": (lambda: cg.Field("a", "count", low=None), "field 'a': low must be a number; received None"),
    "a text as a bound": (lambda: cg.Field("a", "count", low="0"), "low must be a number; received '0'"),
    "an array as a bound": (lambda: cg.Field("a", "count", high=ARRAY), "high must be a number"),
    "a bound beyond float64": (lambda: cg.Field("a", "count", high=10**400), "high must be a number"),
    "a unit": (lambda: cg.Field("a", 5), "unit must be a text of one line; received 5"),
    "a description": (lambda: cg.Field("a", "count", 5), "description must be a text; received 5"),
    "an endless resolution": (lambda: cg.Field("a", "count", resolution=np.inf), "resolution must be a finite number"),
    "no resolution": (lambda: cg.Field("a", "count", resolution=None), "resolution must be a finite number"),
    "a field's name": (lambda: cg.Field(5, "count"), "a field's name consists of letters"),
    "whether a field is actionable": (lambda: cg.Field("a", "count", actionable="no"), "must be True or False"),
    "a function": (lambda: cg.Field("a", "count", derive=5, parts=("profit",)), "derive must be a function"),
    "a direction": (lambda: cg.Field("a", "count", better=ARRAY), "better is 'highest', 'lowest' or None"),
    "a combination": (lambda: cg.Field("a", "count", combine=ARRAY), "combine is sum, mean or None"),
    "no values": (lambda: cg.Customer("a", None), "the values of a customer must be a mapping; received None"),
    "no ids": (lambda: cg.CustomerBase(None, {"profit": [1]}), "ids must be a list of .*; received None"),
    "no columns": (lambda: cg.CustomerBase([1], None), "the columns of a base must be a mapping; received None"),
    "a column's name": (lambda: cg.CustomerBase([1], {5: [1]}), "column must be a text; received 5"),
    "names": (lambda: cg.CustomerBase([1], {"profit": [1]}, names=True), "names must be a list of texts"),
    "names without a code": (
        lambda: cg.CustomerBase([1], {"profit": [1]}, names=[NO_TEXT]).names,
        "names must be",
    ),
    "a period": (lambda: cg.CustomerBase([1], {"profit": [1]}, period=5), "must be a Period or None; received 5"),
    "a currency": (lambda: cg.CustomerBase([1], {"profit": [1]}, currency=5), "currency must be a text"),
    "a currency of boundaries": (lambda: MODEL.lines(ARRAY), "currency must be a text"),
    "a list of customers": (lambda: cg.CustomerBase.from_customers([5]), "customers are a list of Customer"),
    "an axis": (lambda: GRADED.labels(ARRAY), "there is no axis array"),
    "a parent": (lambda: cg.Scorer(axes(within=ARRAY)), "within must be the name of an axis"),
    "an axis's name of two lines": (lambda: cg.Scorer(axes("a\nb")), r"must be a text of one line; received 'a\\nb'"),
    "a label of two lines": (lambda: cg.Scorer(axes(labels=["A\nB", "C"])), "texts of one line"),
    "a grade's name of two lines": (lambda: cg.Scorer(axes(), names={("A",): "x\ny"}), "text of one line"),
}


@pytest.mark.parametrize(("misuse", "says"), WRONG.values(), ids=WRONG)
def test_a_wrong_argument_is_named(misuse: Callable[[], object], says: str) -> None:
    """The error says what the argument must be, and what was received."""
    with pytest.raises(cg.CustgradeError, match=says):
        misuse()


@pytest.mark.parametrize("wrong", ["5", True, np.bool_(True), None, ARRAY, 10**400, np.nan])
def test_a_boundary_is_a_number(wrong: Any) -> None:
    """Texts and truth values aren't taken for the numbers that they could be converted to."""
    with pytest.raises(CutError, match="a boundary must be a finite number"):
        Boundary(wrong)
    with pytest.raises(CutError, match="a boundary must be a finite number"):
        Thresholds((wrong,))


def test_a_boundary_may_be_any_kind_of_number() -> None:
    """Numbers of Python, of numpy and decimals are boundaries."""
    assert (Boundary(3.0), Boundary(2.0), Boundary(1.0)) == Thresholds((np.int64(3), Decimal(2), 1)).at


@pytest.mark.parametrize("best", [ARRAY, 5])
def test_a_choice_is_not_compared_with_an_array(best: Any) -> None:
    """An array in place of one of several texts is refused like any other value."""
    for make in (lambda: Floor("profit", 1, best), lambda: Quantile("profit", "1/2", best)):
        with pytest.raises(cg.CustgradeError, match="best is 'highest' or 'lowest'"):
            make()
    with pytest.raises(CutError, match="ties is one of"):
        Shares(("1/2", "1/2"), ties=best)


@pytest.mark.parametrize("option", ["delimiter", "currency", "on_bad_rows"])
@pytest.mark.parametrize("read", [cg.read_customers, cg.read_orders, lambda p, **o: cg.grade_file(p, "abcde", **o)])
def test_options_of_reading_are_texts(tmp_path: Path, read: Any, option: str) -> None:
    """An array or a number in place of a text is refused by each reader."""
    path = tmp_path / "a.csv"
    FRAME.assign(date="2026-01-01").to_csv(path, index=False)
    for wrong in (ARRAY, 5):
        with pytest.raises(cg.CustgradeError, match=option):
            read(path, **{option: wrong})


READERS = {
    "read_customers": (cg.read_customers, SourceError),
    "read_orders": (cg.read_orders, SourceError),
    "grade_file": (lambda path: cg.grade_file(path, "abcde"), SourceError),
    "read_overrides": (cg.read_overrides, OverrideError),
    "load_model": (cg.load_model, ModelFormatError),
    "read_scorecard": (cg.read_scorecard, ConfigurationError),
    "write": (GRADED.write, OutputError),
    "save": (MODEL.save, OutputError),
}


@pytest.mark.parametrize(("function", "error"), READERS.values(), ids=READERS)
@pytest.mark.parametrize(("path", "says"), [("a\0b.csv", "without NUL"), (f"{NO_TEXT}.csv", "that UTF-8 can hold")])
def test_a_text_that_is_no_path_is_refused(function: Any, error: Any, path: str, says: str) -> None:
    """The error says why the text can't be a path, and can itself be printed."""
    with pytest.raises(error, match=f"the path of .* must be a text {says}; received '") as caught:
        function(path)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("name", ["read_overrides", "load_model", "read_scorecard", "write", "save"])
@pytest.mark.parametrize("path", [None, 5, b"x"])
def test_a_path_is_a_text_or_a_path(name: str, path: Any) -> None:
    """Anything else is refused."""
    function, error = READERS[name]
    with pytest.raises(error, match=r"the path of .* must be a text or a Path; received"):
        function(path)


def test_equal_fields_may_be_given_twice() -> None:
    """The same field twice is that field; two different ones of the same name are refused."""
    visits = cg.Field("visits", "count")
    frame = FRAME.assign(visits=[1, 2])
    assert [1.0, 2.0] == cg.read_customers(frame, fields=[visits, visits])["visits"].tolist()
    with pytest.raises(cg.CustgradeError, match="two different definitions"):
        cg.read_customers(frame, fields=[visits, cg.Field("visits", "money")])

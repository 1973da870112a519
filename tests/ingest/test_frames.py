"""Grading a data frame: the same kind comes out, in the same order, with the grade columns."""

from __future__ import annotations

import gc
import math
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import custgrade as cg
from custgrade.errors import FieldError, NothingToGradeError, ParameterError, SourceError
from custgrade.plugins import Axis, Shares

TABLE = {
    "customer_id": ["b", "a", "c", "d"],
    "profit": [1.0, 3.0, 2.0, None],
    "note": ["x", None, "y", "z"],
}
HALVES: dict[str, Any] = {"letters": "AB", "shares": ["1/2", "1/2"]}
ADDED = ["grade", "score", "status", "reason"]


def _relation(data: Mapping[str, Any]) -> Any:
    connection = duckdb.connect()
    connection.register("customers", pa.table(dict(data)))
    return connection.sql("SELECT * FROM customers")


KINDS: dict[str, Callable[[Mapping[str, Any]], Any]] = {
    "pandas": pd.DataFrame,
    "polars": pl.DataFrame,
    "polars lazy": lambda data: pl.DataFrame(data).lazy(),
    "arrow": lambda data: pa.table(dict(data)),
    "duckdb": _relation,
}


def plain(frame: Any) -> dict[str, list[Any]]:
    """The columns as lists, whatever is missing as None."""
    if isinstance(frame, duckdb.DuckDBPyRelation):
        columns = dict(zip(frame.columns, map(list, zip(*frame.fetchall(), strict=True)), strict=True))
    elif isinstance(frame, pd.DataFrame):
        columns = frame.to_dict("list")
    elif isinstance(frame, pa.Table):
        columns = frame.to_pydict()
    else:
        columns = frame.lazy().collect().to_dict(as_series=False)
    return {
        name: [
            None if value is pd.NA or (isinstance(value, float) and math.isnan(value)) else value for value in values
        ]
        for name, values in columns.items()
    }


@pytest.fixture(params=KINDS)
def make(request: pytest.FixtureRequest) -> Callable[[Mapping[str, Any]], Any]:
    """Return a function that makes one kind of frame."""
    return KINDS[request.param]


def test_same_kind_comes_out_with_grades(make: Callable[..., Any]) -> None:
    """A frame comes out as its own kind, its rows and columns as they were, the grade columns behind them."""
    frame = make(TABLE)
    graded = cg.grade(frame, "abcde", **HALVES)
    assert type(graded) is type(frame)
    assert plain(graded) == {
        **TABLE,
        "grade": ["B", "A", "A", None],
        "score": [1.0, 3.0, 2.0, None],
        "status": ["graded", "graded", "graded", "ungraded"],
        "reason": [None, None, None, "unknown: profit"],
    }
    assert list(plain(graded)) == [*TABLE, *ADDED]


def test_given_frame_stays_as_it_was(make: Callable[..., Any]) -> None:
    """Grading doesn't touch the frame it was given."""
    frame = make(TABLE)
    cg.grade(frame, "abcde", **HALVES)
    assert list(plain(frame)) == list(TABLE)


@pytest.mark.parametrize("index", [[7, 7, 3, 1], ["d", "c", "b", "a"], [(1, 1), (1, 2), (2, 1), (2, 2)]], ids=repr)
def test_pandas_index_stays(index: list[Any]) -> None:
    """Any index, with repeated labels too, stays, and grades stand in the right rows."""
    labels = pd.MultiIndex.from_tuples(index) if isinstance(index[0], tuple) else pd.Index(index)
    graded = cg.grade(pd.DataFrame(TABLE, index=labels), "abcde", **HALVES)
    assert graded.index.equals(labels)
    assert plain(graded)["grade"] == ["B", "A", "A", None]


def test_name_clash_needs_a_prefix(make: Callable[..., Any]) -> None:
    """A column named like a new one is an error that proposes a prefix; with one, both are there."""
    frame = make({**TABLE, "grade": [1, 2, 3, 4]})
    with pytest.raises(FieldError, match=r"grade.*prefix"):
        cg.grade(frame, "abcde", **HALVES)
    graded = plain(cg.grade(make({**TABLE, "grade": [1, 2, 3, 4]}), "abcde", prefix="new_", **HALVES))
    assert (graded["grade"], graded["new_grade"]) == ([1, 2, 3, 4], ["B", "A", "A", None])


def test_columns_are_mapped(make: Callable[..., Any]) -> None:
    """A field can come from a column of another name."""
    data = {"Nr": ["b", "a"], "Ertrag": [1, 2]}
    graded = cg.grade(make(data), "abcde", columns={"profit": "Ertrag", "customer_id": "Nr"}, **HALVES)
    assert plain(graded)["grade"] == ["B", "A"]


def test_model_grades_other_frames(make: Callable[..., Any]) -> None:
    """A fitted model grades a frame by what it learned, and takes no parameters."""
    base = cg.CustomerBase(ids=["1", "2"], columns={"profit": [10.0, 20.0]})
    model = cg.scorer("abcde", **HALVES).fit(base)
    assert plain(cg.grade(make({"profit": [19.0, 21.0, 1.0]}), model))["grade"] == ["B", "A", "B"]
    with pytest.raises(FieldError, match="by"):
        cg.grade(make({"profit": [1.0]}), model, by="profit")


def test_function_and_scorer_grade_frames(make: Callable[..., Any]) -> None:
    """A function with its parameters, or a ready scorer, does as well as a name."""

    def halves(by: str) -> cg.Scorer:
        return cg.Scorer(axes=[Axis("grade", "XY", lambda c: c[by], Shares(["1/2", "1/2"]), rises=[by])])

    data = {"profit": [1.0, 2.0]}
    assert plain(cg.grade(make(data), halves, by="profit"))["grade"] == ["Y", "X"]
    assert plain(cg.grade(make(data), halves("profit")))["grade"] == ["Y", "X"]


FAULTS: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "ids twice": ({"customer_id": ["a", "a"], "profit": [1.0, 2.0]}, {}, "more than once"),
    "an id missing": ({"customer_id": ["a", None], "profit": [1.0, 2.0]}, {}, "customer_id"),
    "text for a number": ({"customer_id": ["a", "b"], "profit": ["1", "x"]}, {}, "profit"),
    "numbers as text": ({"customer_id": ["a", "b"], "profit": ["1", "2"]}, {}, "profit"),
    "a missing field": ({"customer_id": ["a"], "proft": [1.0]}, {}, "Is 'proft' meant"),
    "a missing field among others": ({"customer_id": ["a"], "Gewinn": [1.0]}, {}, "Gewinn"),
    "a column that isn't there": ({"profit": [1.0]}, {"columns": {"profit": "Proft"}}, "Did you mean 'profit'"),
    "a field that isn't there": ({"profit": [1.0]}, {"columns": {"proft": "profit"}}, "proft"),
    "a derived field": ({"profit": [1.0], "m": [1.0]}, {"columns": {"margin": "m"}}, "margin"),
}


@pytest.mark.parametrize(("data", "options", "says"), FAULTS.values(), ids=FAULTS.keys())
def test_faults_are_errors_for_every_kind(
    make: Callable[..., Any], data: dict[str, Any], options: dict[str, Any], says: str
) -> None:
    """What is wrong with a frame is an error that names it, the same for every kind of frame."""
    with pytest.raises((FieldError, SourceError), match=says):
        cg.grade(make(data), "abcde", **options)


def test_frame_without_rows_has_nothing_to_grade() -> None:
    """A frame with no rows is an error, not an empty result."""
    for frame in (
        pd.DataFrame({"profit": []}, dtype=float),
        pl.DataFrame({"profit": []}, schema={"profit": pl.Float64}),
    ):
        with pytest.raises(NothingToGradeError):
            cg.grade(frame, "abcde")


def test_infinite_values_are_ungraded_for_one_reason() -> None:
    """An infinite value leaves its customer ungraded, for the same reason in every kind of frame."""
    reasons = {
        name: plain(cg.grade(make({"profit": [math.inf, 1.0, 2.0]}), "abcde", **HALVES))["reason"][0]
        for name, make in KINDS.items()
    }
    assert len(set(reasons.values())) == 1, reasons
    assert None not in reasons.values()


def test_missing_values_of_every_kind_are_unknown() -> None:
    """Nullable columns of pandas, and NaN and null of Polars, are unknown values."""
    frames = [
        pd.DataFrame({"profit": pd.array([1, None], dtype="Int64")}),
        pd.DataFrame({"profit": pd.array([1, None], dtype="float64[pyarrow]")}),
        pl.DataFrame({"profit": [1.0, math.nan]}),
        pl.DataFrame({"profit": [1, None]}),
    ]
    assert [plain(cg.grade(frame, "abcde", **HALVES))["reason"][1] for frame in frames] == ["unknown: profit"] * 4


@pytest.mark.parametrize("kind", ["polars", "arrow", "duckdb"])
def test_decimals_are_scored_as_the_nearest_double(kind: str) -> None:
    """A column of decimals is scored by the doubles nearest to its values."""
    values = [Decimal(f"{k * 123456789 % 10**12}.{k * 7919 % 10**6:06}") for k in range(1, 400)]
    scores = plain(cg.grade(KINDS[kind]({"profit": values}), "abcde"))["score"]
    assert scores == [float(value) for value in values]


def test_relation_stays_usable() -> None:
    """A graded relation can be queried on, and lives after what it was made from is gone."""
    graded = cg.grade(_relation(TABLE), "abcde", **HALVES)
    gc.collect()
    assert graded.filter("grade = 'A'").project("customer_id").fetchall() == [("a",), ("c",)]


def test_frames_agree_with_the_base_they_are_read_as() -> None:
    """A frame's grades are those of the base that is read from it."""
    data = pl.DataFrame({"customer_id": [f"C{k}" for k in range(200)], "profit": [(k * 37) % 101 for k in range(200)]})
    base = cg.read_customers(data)
    grades = cg.scorer("abcde").fit(base).grade(base).grades.tolist()
    assert cg.grade(data, "abcde")["grade"].to_list() == grades


@pytest.mark.parametrize("thing", [None, 3, "orders.csv", {"profit": [1]}, [1]], ids=repr)
def test_things_that_are_no_frame_are_refused(thing: Any) -> None:
    """What is no data frame is refused by its kind."""
    with pytest.raises(SourceError, match=type(thing).__name__):
        cg.grade(thing, "abcde")


@pytest.mark.parametrize("scorer", [None, 3, ["abcde"]], ids=repr)
def test_things_that_are_no_scorer_are_refused(scorer: Any) -> None:
    """What is neither name, function, scorer nor model is refused."""
    with pytest.raises(ParameterError, match="scorer"):
        cg.grade(pl.DataFrame({"profit": [1]}), scorer)

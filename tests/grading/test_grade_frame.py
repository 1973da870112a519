"""Grading a frame: notices are warnings, the model can be had, and relations stay on their connection."""

from __future__ import annotations

import warnings
from decimal import Decimal
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import custgrade as cg
from custgrade.errors import FieldError, SourceError
from custgrade.plugins import Axis, Criterion, Rating, Scorecard, Shares

HALVES = {"letters": "AB", "shares": ["1/2", "1/2"]}


def test_ties_that_miss_a_share_are_warned_of() -> None:
    """Ten equal customers can't be halved, which a warning says in one sentence."""
    frame = pd.DataFrame({"profit": [5.0] * 9 + [1.0]})
    with pytest.warns(cg.CustgradeWarning) as caught:
        cg.grade(frame, "abcde", **HALVES)
    assert 1 == len(caught)
    assert "9 tie" in str(caught[0].message)
    assert __file__ == caught[0].filename


def test_fields_that_the_frame_lacks_are_warned_of() -> None:
    """A criterion without its field is left out, and named."""
    card = Scorecard(
        [Criterion("effort", Rating()), Criterion("promptness", Rating()), Criterion("enjoyable", Rating())]
    )
    with pytest.warns(cg.CustgradeWarning, match="enjoyable") as caught:
        cg.grade(pl.DataFrame({"effort": [5, 1], "promptness": [1, 5]}), card.scorer())
    assert 1 == len(caught)


def test_a_fitted_model_warns_of_nothing() -> None:
    """The notices of a fit are about the customers it was fitted on, not about those of another frame."""
    tied = pd.DataFrame({"profit": [5.0] * 9 + [1.0]})
    with pytest.warns(cg.CustgradeWarning):
        _, model = cg.grade(tied, "abcde", return_model=True, **HALVES)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert ["A", "B"] == cg.grade(pd.DataFrame({"profit": [6.0, 0.0]}), model)["grade"].tolist()


def test_learned_numbers_are_no_warning() -> None:
    """Floors that are proposed from the data are ordinary results; the model holds them."""
    frame = pl.DataFrame({"revenue": [10.0, 20.0, 30.0, 40.0]})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        graded, model = cg.grade(frame, "floors", floors={"revenue": "proposed"}, return_model=True)
    assert {"revenue_floor": 20.0} == model.quantiles
    assert graded["revenue_gap"].to_list() == [10.0, 0.0, 0.0, 0.0]


def test_the_model_that_is_returned_gave_the_grades() -> None:
    """`return_model=True` returns the frame and the model; the model grades the same."""
    frame = pl.DataFrame({"customer_id": ["a", "b", "c"], "profit": [1.0, 3.0, 2.0]})
    graded, model = cg.grade(frame, "abcde", return_model=True, **HALVES)
    assert isinstance(graded, pl.DataFrame)
    assert graded["grade"].to_list() == model.grade(cg.read_customers(frame)).grades.tolist()
    again, same = cg.grade(frame, model, return_model=True)
    assert same is model
    assert again.equals(graded)


def test_the_only_axis_called_grade_has_no_second_label() -> None:
    """One axis called `grade` adds `grade` and `score`; another name keeps a label and a score of its own."""
    frame = pd.DataFrame({"profit": [1.0, 2.0]})
    assert ["profit", "grade", "score", "status", "reason"] == list(cg.grade(frame, "abcde", **HALVES))
    other = cg.Scorer([Axis("size", "AB", lambda c: c["profit"], Shares(["1/2", "1/2"]), rises=["profit"])])
    assert ["profit", "grade", "size_grade", "size_score", "status", "reason"] == list(cg.grade(frame, other))


def test_a_graded_relation_can_be_joined_on_its_connection() -> None:
    """The relation that comes back is one of the caller's connection, and leaves no table or view behind."""
    connection = duckdb.connect()
    connection.execute("CREATE TABLE customers AS SELECT i AS customer_id, i * 1.5 AS profit FROM range(2000) t(i)")
    connection.execute("CREATE TABLE cities AS SELECT i AS customer_id, 'town ' || i AS city FROM range(10) t(i)")
    graded = cg.grade(connection.sql("SELECT * FROM customers ORDER BY customer_id DESC"), "abcde")
    joined = graded.set_alias("g").join(connection.table("cities").set_alias("c"), "g.customer_id = c.customer_id")
    assert joined.aggregate("count(*), min(grade), max(grade)").fetchall() == [(10, "E", "E")]
    assert connection.sql("SELECT count(*) FROM graded WHERE grade = 'A'").fetchall() == [(100,)]
    assert [("cities",), ("customers",)] == connection.sql("SELECT table_name FROM duckdb_tables()").fetchall()
    assert [] == connection.sql("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall()


def test_a_field_of_the_scorers_own_is_read_from_the_frame() -> None:
    """A field that the scorer defines is known without being said again."""
    field = cg.Field("visits", "count", low=0, resolution=1)
    scorer = cg.Scorer([Axis("grade", "AB", lambda c: c["visits"], Shares(["1/2", "1/2"]))], fields=[field])
    assert ["B", "A"] == cg.grade(pl.DataFrame({"n": [1, 2]}), scorer, columns={"visits": "n"})["grade"].to_list()


def test_parameters_of_a_fitted_model_are_refused() -> None:
    """A model brings its parameters with it."""
    frame = pd.DataFrame({"profit": [1.0, 2.0]})
    _, model = cg.grade(frame, "abcde", return_model=True, **HALVES)
    with pytest.raises(FieldError, match="takes no parameters"):
        cg.grade(frame, model, by="profit")


def sparse(values: list[float]) -> pd.DataFrame:
    """A frame whose profit is sparse."""
    return pd.DataFrame({"profit": pd.arrays.SparseArray(values)})


@pytest.mark.parametrize(
    "frame",
    [
        sparse([1.0, 2.0]),
        pd.DataFrame({"profit": pd.Series([1, 2.5], dtype=object)}),
        pd.DataFrame({"profit": [1.0, 2.0], "month": pd.period_range("2024-01", periods=2, freq="M")}),
        pd.DataFrame({"profit": [1.0, 2.0], "range": pd.interval_range(0, 2)}),
        pd.DataFrame({"profit": [1.0, 2.0], "wave": [1 + 2j, 2]}),
        pd.DataFrame({"profit": [1.0, 2.0], "lists": [[1], [2]]}),
    ],
    ids=["sparse", "objects", "periods", "intervals", "complex", "lists"],
)
def test_columns_of_any_type_do_no_harm(frame: pd.DataFrame) -> None:
    """Numbers are read however they are stored, and columns that no field is read from stay as they are."""
    graded = cg.grade(frame, "abcde", **HALVES)
    assert ["B", "A"] == graded["grade"].tolist()
    pd.testing.assert_frame_equal(frame, graded[frame.columns])


@pytest.mark.parametrize(
    ("frame", "says"),
    [
        (pd.DataFrame([[1.0, 2.0]], columns=pd.MultiIndex.from_tuples([("a", "profit"), ("b", "x")])), "one level"),
        (pd.DataFrame([[1.0, 2.0]], columns=["profit", "profit"]), "more than one column named 'profit'"),
        (pd.DataFrame([[1.0, 2.0]], columns=[0, "profit"]), r"frame\.columns\.map\(str\)"),
        (pd.DataFrame({"profit": pd.period_range("2024-01", periods=2, freq="M")}), r"holds period\[M\]"),
        (pd.DataFrame({"profit": [1 + 2j, 2]}), "holds complex128"),
        (pd.DataFrame({"profit": pd.Series([1, "x"], dtype=object)}), "numbers"),
        (pd.DataFrame({"profit": pd.Categorical([1, 2])}), "holds category"),
    ],
    ids=["two levels", "duplicates", "numbered", "periods", "complex", "mixed", "categories"],
)
def test_frames_that_cannot_be_graded_say_what_to_do(frame: pd.DataFrame, says: str) -> None:
    """No error of the library beneath comes through."""
    with pytest.raises((cg.CustgradeError), match=says):
        cg.grade(frame, "abcde", **HALVES)


def test_a_relation_keeps_every_type_and_value() -> None:
    """What Arrow has no type for comes out as it went in; a table called like one of ours isn't taken for it."""
    connection = duckdb.connect()
    for name in ("graded", "added", "customers"):
        connection.execute(f"CREATE TABLE {name} AS SELECT 7 AS x")
    connection.execute("CREATE TYPE mood AS ENUM ('sad', 'ok')")
    connection.execute(
        "CREATE TABLE kept AS SELECT 1 AS customer_id, 2.0 AS profit, '101'::BIT AS bits, ['1'::BIT] AS more_bits, "
        "TIMETZ '10:00:00+02' AS at, TIMESTAMPTZ '2024-01-01 10:00:00+02' AS since, '10:00'::TIME AS opens, "
        "uuid() AS uuid, {'a': uuid(), 'b': 5::UHUGEINT} AS nested, 'ok'::mood AS mood, '{\"a\": 1}'::JSON AS json, "
        "170141183460469231731687303715884105727::HUGEINT AS huge, 1.50::DECIMAL(5, 2) AS price, NULL AS nothing, "
        "INTERVAL 3 DAYS AS days, [1, 2]::INT[2] AS pair, MAP {'a': 1} AS map, union_value(k := 2) AS either, "
        "'\\x00a'::BLOB AS blob, TRUE AS flag, TIMESTAMP_NS '2024-01-01 00:00:00.123456789' AS precise"
    )
    kept = connection.table("kept")
    graded = cg.grade(kept, "abcde", letters="A", shares=["1"])
    width = len(kept.columns)
    assert kept.columns == graded.columns[:width]
    assert list(map(str, kept.types)) == list(map(str, graded.types[:width]))
    assert (*kept.fetchall()[0], "A", 2.0, "graded", None) == graded.fetchall()[0]
    by_bits = {"customer_id": "customer_id", "profit": "bits"}
    with pytest.raises(FieldError, match="column 'bits' holds VARCHAR; convert it to numbers"):
        cg.grade(kept, "abcde", columns=by_bits)


@pytest.mark.parametrize("setting", ["python_enable_replacements", "enable_external_access"])
def test_a_connection_that_reads_nothing_from_python_is_refused(setting: str) -> None:
    """The answer can't be handed over to it, which is said in a sentence."""
    connection = duckdb.connect()
    connection.execute(f"CREATE TABLE c AS SELECT 1 AS customer_id, 2.0 AS profit; SET {setting} = false")
    with pytest.raises(SourceError, match=r"reads nothing from Python.*Grade relation.arrow\(\) instead"):
        cg.grade(connection.table("c"), "abcde", letters="A", shares=["1"])


@pytest.mark.parametrize("series", [pd.Series([Decimal("1.5"), 2, None], dtype=object), pl.Series([None] * 3)], ids=str)
def test_objects_and_columns_without_values_are_numbers(series: Any) -> None:
    """Decimals are read from a column of objects, and a column without any value is unknown, as in read_customers."""
    library = pd if isinstance(series, pd.Series) else pl
    frame = library.DataFrame({"customer_id": ["a", "b", "c"], "profit": [3.0, 2.0, 1.0], "revenue": series})
    axes = [Axis("g", "AB", lambda c: c["profit"], Shares(("1/2", "1/2")))]
    scorer = cg.Scorer(axes, details={"sales": lambda c: c["revenue"] * 1.0})
    graded, read = cg.grade(frame, scorer), cg.read_customers(frame)
    np.testing.assert_array_equal(read["revenue"], np.array(graded["sales"], dtype=float))


def test_decimals_of_polars_objects_are_numbers() -> None:
    """A column of Polars objects is read value by value."""
    frame = pl.DataFrame({"profit": pl.Series([Decimal("1.5"), Decimal(2), None], dtype=pl.Object)})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        graded = cg.grade(frame, "abcde", **HALVES)
    assert [1.5, 2.0] == graded["score"].to_list()[:2]


def test_an_arrow_column_without_values_is_unknown() -> None:
    """Arrow's type of columns without any value is read as unknown values."""
    model = cg.scorer("abcde", **HALVES).fit(cg.CustomerBase(["a", "b"], {"profit": [1.0, 2.0]}))
    graded = cg.grade(pa.table({"profit": pa.nulls(2)}), model)
    assert ["ungraded", "ungraded"] == graded["status"].to_pylist()

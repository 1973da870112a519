"""Frames of every type of column: read, or refused in custgrade's words, and harmless where no field is read from."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import custgrade as cg
from custgrade.errors import FieldError, SourceError

DAYS = ["2025-01-01", "2025-02-01", "2025-03-01"]
GOOD = {"customer_id": ["a", "b", "c"], "date": DAYS, "revenue": [1.0, 2.0, 3.0], "profit": [4.0, 5.0, 6.0]}

PANDAS: dict[str, Any] = {
    "periods": pd.PeriodIndex(DAYS, freq="D"),
    "categories of periods": pd.Categorical(pd.PeriodIndex(DAYS, freq="D")),
    "intervals": pd.interval_range(0, 3),
    "complex numbers": np.array([1j, 2, 3]),
    "long doubles": np.array([1, 2, 3], dtype=np.longdouble),
}
OTHERS: dict[str, Any] = {
    "128-bit integers": pl.DataFrame({**GOOD, "x": pl.Series([1, 2, 3], dtype=pl.Int128)}),
    "Python objects": pl.DataFrame({**GOOD, "x": pl.Series([object()] * 3, dtype=pl.Object)}),
    "lazy Python objects": pl.DataFrame({**GOOD, "x": pl.Series([object()] * 3, dtype=pl.Object)}).lazy(),
    "decimals of 60 digits": pa.table(GOOD).append_column("x", pa.array([Decimal(1)] * 3, pa.decimal256(60, 2))),
    "halves": pa.table(GOOD).append_column("x", pa.array(np.array([1, 2, 3], dtype=np.float16))),
}
UNREADABLE = {name: pd.DataFrame(GOOD).assign(x=values) for name, values in PANDAS.items()} | OTHERS


@pytest.mark.parametrize("frame", UNREADABLE.values(), ids=UNREADABLE.keys())
def test_a_column_that_no_field_is_read_from_does_no_harm(frame: Any) -> None:
    """Whatever another column holds, the fields are read as if it weren't there."""
    base = cg.read_orders(frame)
    assert (base.ids.tolist(), base["revenue"].tolist(), base.unmapped) == (["a", "b", "c"], [1.0, 2.0, 3.0], ("x",))
    assert cg.read_customers(frame)["profit"].tolist() == [4.0, 5.0, 6.0]


@pytest.mark.parametrize("field", ["revenue", "date", "customer_id", "order_id"])
@pytest.mark.parametrize("frame", UNREADABLE.values(), ids=UNREADABLE.keys())
def test_a_field_from_an_unreadable_column_is_refused_with_what_to_do(frame: Any, field: str) -> None:
    """The error names the field, the column and what it holds as the frame calls it, and a conversion."""
    with pytest.raises(SourceError, match=rf"'{field}' can't be read from column 'x': it holds .*\. Convert it"):
        cg.read_orders(frame, {field: "x"})


def test_periods_are_said_how_to_convert() -> None:
    """The conversion that an error proposes works."""
    frame = pd.DataFrame(GOOD).assign(date=PANDAS["periods"])
    with pytest.raises(SourceError, match=r"frame\['date'\]\.dt\.to_timestamp\(\)"):
        cg.read_orders(frame)
    assert cg.read_orders(frame.assign(date=frame["date"].dt.to_timestamp()))["recency"].tolist() == [59.0, 28.0, 0.0]


@pytest.mark.parametrize("kind", ["float64", "int64"])
def test_sparse_numbers_are_read(kind: str) -> None:
    """A sparse column gives what it holds, and the frame stays sparse."""
    frame = pd.DataFrame(GOOD).assign(revenue=np.array([0, 7, 0], dtype=kind)).astype({"revenue": f"Sparse[{kind}]"})
    assert cg.read_orders(frame)["revenue"].tolist() == [0.0, 7.0, 0.0]
    assert cg.read_customers(frame)["revenue"].tolist() == [0.0, 7.0, 0.0]
    assert isinstance(frame["revenue"].dtype, pd.SparseDtype)


def test_two_levels_of_columns_are_refused_with_what_to_do() -> None:
    """A frame fresh from an aggregation with several functions is refused; the proposed line makes it readable."""
    lines = pd.DataFrame({"customer_id": ["k1", "k1", "k2"], "profit": [1, 2, 3]})
    frame = lines.groupby("customer_id").agg({"profit": ["sum", "mean"]})
    with pytest.raises(SourceError, match=r"several levels: \('profit', 'sum'\).*frame\.columns = "):
        cg.read_customers(frame)
    frame.columns = ["_".join(map(str, name)) for name in frame.columns]
    base = cg.read_customers(frame.reset_index(), {"profit": "profit_sum"})
    assert base["profit"].tolist() == [3.0, 3.0]


TWICE = {
    "pandas": pd.DataFrame([["k1", 1.0, 2.0]], columns=["customer_id", "profit", "profit"]),
    "a number and its text": pd.DataFrame([["k1", 1.0, 2.0]], columns=["customer_id", 1, "1"]),
    "a table": pa.Table.from_arrays([pa.array(["k1"]), pa.array([1.0]), pa.array([2.0])], ["customer_id", "1", "1"]),
    "a batch": pa.RecordBatch.from_arrays([pa.array(["k1"]), pa.array([1]), pa.array([2])], ["customer_id", "1", "1"]),
    "a reader": pa.Table.from_arrays(
        [pa.array(["k1"]), pa.array([1]), pa.array([2])], ["customer_id", "a", "a"]
    ).to_reader(),
}


@pytest.mark.parametrize("frame", TWICE.values(), ids=TWICE.keys())
def test_columns_of_one_name_are_refused(frame: Any) -> None:
    """Two columns of one name are an error, as in files; none is preferred in silence."""
    with pytest.raises(SourceError, match=r"more than one column named '\w+'; rename them"):
        cg.read_customers(frame)


def test_ids_in_the_index_are_said_to_be_there() -> None:
    """An id in the index is named as such, with the call that makes a column of it."""
    frame = pd.DataFrame({"profit": [1.0]}, index=pd.Index(["k1"], name="customer_id"))
    with pytest.raises(FieldError, match=r"'customer_id' in its index.*frame\.reset_index\(\)"):
        cg.read_customers(frame)
    assert cg.read_customers(frame.reset_index()).ids.tolist() == ["k1"]


def test_numbered_columns_are_named_by_their_text() -> None:
    """A column called 0 is called '0', and the error for a number says so."""
    frame = pd.DataFrame([["k1", 1.0]])
    with pytest.raises(FieldError, match="give the name of a column as text, for example '0'"):
        cg.read_customers(frame, {"customer_id": 0, "profit": 1})  # type: ignore[dict-item]
    assert cg.read_customers(frame, {"customer_id": "0", "profit": "1"})["profit"].tolist() == [1.0]


@pytest.mark.parametrize("values", [[[1], [2]], [{"a": 1}, {"a": 2}]], ids=["lists", "structs"])
def test_nested_values_are_no_ids(values: list[Any]) -> None:
    """A list or a record is no customer's id."""
    with pytest.raises(SourceError, match=r"'customer_id' holds .*, which can't be read as text"):
        cg.read_customers(pl.DataFrame({"customer_id": values, "profit": [1.0, 2.0]}))


def test_types_are_called_as_pandas_calls_them() -> None:
    """An error about a column's type uses the name that the user knows."""
    frame = pd.DataFrame(GOOD).assign(revenue=pd.to_timedelta([1, 2, 3], unit="D"))
    with pytest.raises(SourceError, match="'revenue' holds timedelta64"):
        cg.read_orders(frame)


@pytest.mark.parametrize("frame", [pd.DataFrame(), pl.DataFrame(), pa.table({})], ids=["pandas", "polars", "pyarrow"])
def test_a_frame_without_columns_says_so(frame: Any) -> None:
    """An empty frame is refused in words."""
    with pytest.raises(SourceError, match="has no columns"):
        cg.read_orders(frame)


def test_zoned_moments_count_by_one_clock() -> None:
    """The day of a moment is that in UTC or the given zone, in numpy's and Arrow's columns."""
    moments = pd.Series(pd.to_datetime(["2025-01-01 00:30", "2025-01-05 00:30"]).tz_localize("Europe/Berlin"))
    data = pd.DataFrame({"customer_id": ["a", "b"], "date": moments})
    arrow = data.astype({"date": pd.ArrowDtype(pa.timestamp("us", tz="Europe/Berlin"))})
    for frame in (data, arrow):
        assert cg.read_orders(frame).as_of == dt.date(2025, 1, 4)
        assert cg.read_orders(frame, time_zone="Europe/Berlin").as_of == dt.date(2025, 1, 5)

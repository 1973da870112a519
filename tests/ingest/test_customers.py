"""Customer files: one row per customer, read as they are, and joined by id."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import custgrade as cg
from custgrade.errors import BadRowsError, FieldError, SourceError


def test_rows_keep_their_order_and_ids(put: Callable[..., Path]) -> None:
    """Customers stay in the file's order, and their ids stay as they are written."""
    base = cg.read_customers(put("c.csv", "customer_id,profit\n010,1\n9,2\n007,-3.5\n"))
    assert (base.ids.tolist(), base["profit"].tolist()) == (["010", "9", "007"], [1.0, 2.0, -3.5])


def test_many_rows_keep_their_order(tmp_path: Path) -> None:
    """Ids and values stay together over hundreds of thousands of rows, also when rows in between are skipped."""
    size = 300_000
    values = [str(k) if k % 1000 else "bad" for k in range(size)]
    pl.DataFrame({"customer_id": [f"C{k}" for k in range(size)], "profit": values}).write_csv(tmp_path / "c.csv")
    base = cg.read_customers(tmp_path / "c.csv", on_bad_rows="skip")
    assert (len(base), [left.count for left in base.left_out]) == (size - 300, [300])
    assert base.ids.tolist() == [f"C{int(value)}" for value in base["profit"]]


def test_columns_are_mapped_or_named_like_fields(put: Callable[..., Path]) -> None:
    """A field comes from the column mapped to it, else from the column of its name; the rest is unmapped."""
    path = put("c.csv", "Nr,Ertrag,effort,note\nA,1,2,x\n")
    base = cg.read_customers(path, {"customer_id": "Nr", "profit": "Ertrag"})
    assert {name: column.tolist() for name, column in base.columns.items()} == {"profit": [1.0], "effort": [2.0]}
    assert base.unmapped == ("note",)


def test_column_given_as_nothing_is_not_read(put: Callable[..., Path]) -> None:
    """A field given as an empty text is not read, so its column may hold anything."""
    base = cg.read_customers(put("c.csv", "customer_id,profit,effort\nA,1,much\n"), {"effort": ""})
    assert (list(base.columns), base.unmapped) == (["profit"], ("effort",))


def test_one_column_may_be_two_fields(put: Callable[..., Path]) -> None:
    """A column can be mapped to several fields."""
    base = cg.read_customers(put("c.csv", "customer_id,x\nA,3\n"), {"profit": "x", "revenue": "x"})
    assert (base["profit"].tolist(), base["revenue"].tolist()) == ([3.0], [3.0])


@pytest.mark.parametrize("cell", ["", '""', "   ", '"  "'])
def test_empty_cells_are_unknown(cell: str, put: Callable[..., Path]) -> None:
    """A cell that holds nothing is unknown, not 0 and not bad."""
    base = cg.read_customers(put("c.csv", f"customer_id,profit,effort\nA,{cell},1\nB,5,2\n"))
    assert repr(base["profit"].tolist()) == "[nan, 5.0]"


def test_bad_cells_stop_the_run_with_line_and_value(put: Callable[..., Path]) -> None:
    """A profit that is no number, and a cell out of bounds, stops the run; the message shows both."""
    path = put("c.csv", "customer_id,effort,consent,profit\nA,1,1,good\nB,2,1,1\nC,9,1,1\nD,1,2,1\n")
    with pytest.raises(BadRowsError) as caught:
        cg.read_customers(path)
    message = str(caught.value)
    parts = [
        "3 rows",
        "line 2: unreadable profit",
        "'good'",
        "line 4: effort outside 1 to 5",
        "line 5: consent outside",
    ]
    assert [part for part in parts if part not in message] == []


def test_bad_rows_can_be_skipped(put: Callable[..., Path]) -> None:
    """Skipping leaves out bad rows and counts them; a customer twice stays an error."""
    path = put("c.csv", "customer_id,profit,effort\nA,good,1\nB,2,2\n,3,3\nC,9,9\nD\n")
    base = cg.read_customers(path, on_bad_rows="skip")
    assert base.ids.tolist() == ["B"]
    assert sorted(left.count for left in base.left_out) == [1, 1, 1, 1]
    with pytest.raises(SourceError, match="more than once"):
        cg.read_customers(put("d.csv", "customer_id,effort\nA,1\nA,2\n"), on_bad_rows="skip")


@pytest.mark.parametrize("value", ["1", "5", "1.0", " 3 ", "2.5", "5e0"])
def test_bounds_are_closed(value: str, put: Callable[..., Path]) -> None:
    """Both bounds of a field are allowed values."""
    assert cg.read_customers(put("c.csv", f"customer_id,effort\nA,{value}\n"))["effort"].tolist() == [float(value)]


@pytest.mark.parametrize("value", ["0.999", "5.001", "-1", "1e9"])
def test_beyond_bounds_is_bad(value: str, put: Callable[..., Path]) -> None:
    """Whatever is beyond a bound is a bad row."""
    with pytest.raises(BadRowsError, match="effort outside 1 to 5"):
        cg.read_customers(put("c.csv", f"customer_id,effort\nA,{value}\n"))


TABLE = {"customer_id": ["b", "a", "c"], "effort": [1.0, None, 5.0], "profit": [3, -1, 0], "note": ["x", None, "z"]}


def _relation() -> Any:
    connection = duckdb.connect()
    connection.register("customers", pa.table(TABLE))
    return connection.sql("SELECT * FROM customers")


@pytest.mark.parametrize(
    "make",
    [
        lambda: pd.DataFrame(TABLE),
        lambda: pd.DataFrame(TABLE, index=[5, 5, 1]),
        lambda: pd.DataFrame(TABLE).convert_dtypes(),
        lambda: pl.DataFrame(TABLE),
        lambda: pl.DataFrame(TABLE).lazy(),
        lambda: pa.table(TABLE),
        lambda: pa.table(TABLE).to_reader(),
        _relation,
    ],
    ids=["pandas", "pandas with an index", "pandas with missing values", "polars", "lazy", "arrow", "stream", "duckdb"],
)
def test_every_kind_of_source_gives_the_same_customers(make: Callable[[], Any]) -> None:
    """The same rows as any frame, stream or relation give the same customers."""
    base = cg.read_customers(make())
    assert base.ids.tolist() == ["b", "a", "c"]
    assert repr({name: column.tolist() for name, column in base.columns.items()}) == repr(
        {"profit": [3.0, -1.0, 0.0], "effort": [1.0, float("nan"), 5.0]}
    ) or list(base.columns) == ["effort", "profit"]
    assert (repr(base["effort"].tolist()), base["profit"].tolist()) == ("[1.0, nan, 5.0]", [3.0, -1.0, 0.0])


def test_ids_of_numbers_are_whole() -> None:
    """Ids that gaps turned into floats come out as the whole numbers they were, missing ones as missing."""
    data = pd.DataFrame({"customer_id": [1.0, 20.0, None], "profit": [1.0, 2.0, 3.0]})
    base = cg.read_customers(data)
    assert (base.ids.tolist(), [left.count for left in base.left_out]) == (["1", "20"], [1])


def test_join_adds_fields_by_id(put: Callable[..., Path]) -> None:
    """A join keeps rows, order and period; it adds fields by id, and counts whom only the other side has."""
    orders = put("o.csv", "customer_id,date,profit\nB,2024-01-01,1\nA,2024-01-02,2\n")
    survey = put("s.csv", "customer_id,effort\nX,1\nA,4\n")
    base = cg.read_orders(orders).join(cg.read_customers(survey))
    assert (base.ids.tolist(), repr(base["effort"].tolist())) == (["A", "B"], "[4.0, nan]")
    assert str(base.as_of) == "2024-01-02"
    assert [(left.count, left.examples) for left in base.left_out] == [(1, ("X",))]


def test_join_of_different_currencies_is_refused(put: Callable[..., Path]) -> None:
    """Money of two currencies doesn't come together."""
    left = cg.read_customers(put("a.csv", "customer_id,profit\nA,1\n"), currency="EUR")
    right = cg.read_customers(put("b.csv", "customer_id,potential\nA,1\n"), currency="USD")
    with pytest.raises(FieldError, match=r"EUR.*USD"):
        left.join(right)


def test_join_matches_ids_exactly(put: Callable[..., Path]) -> None:
    """Ids match as text: zeros in front, letters of another case and blanks make others."""
    left = cg.read_customers(put("a.csv", "customer_id,profit\n007,1\na,2\nÄ,3\n"))
    right = cg.read_customers(put("b.csv", "customer_id,effort\n7,1\nA,2\nÄ,3\n"))
    assert repr(left.join(right)["effort"].tolist()) == "[nan, nan, 3.0]"


def test_base_outlives_its_source(tmp_path: Path) -> None:
    """What was read stays readable after the file is gone."""
    path = tmp_path / "c.csv"
    path.write_text("customer_id,profit\nA,1\n", encoding="utf-8")
    base = cg.read_customers(path)
    path.unlink()
    assert (base.ids.tolist(), base["profit"].tolist()) == (["A"], [1.0])


def test_further_fields_are_read(put: Callable[..., Path]) -> None:
    """Fields of a plug-in are read from the columns of their names, within their bounds."""
    mood = cg.Field("mood", "rating", low=0, high=10)
    path = put("c.csv", "customer_id,mood\nA,7\n")
    assert cg.read_customers(path, fields=[mood])["mood"].tolist() == [7.0]
    with pytest.raises(BadRowsError, match="mood outside 0 to 10"):
        cg.read_customers(put("d.csv", "customer_id,mood\nA,11\n"), fields=[mood])

"""Columns of several files: matched by name, with a common type, and with their differences said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings, strategies as st

import custgrade as cg
from custgrade.errors import SourceError
from custgrade.ingest.source import SourceColumn
from custgrade.ingest.sources.common_type import common_type, converted

Put = Callable[[str, str | bytes], Path]


def parquet(path: Path, query: str) -> Path:
    """Write the result of a query to a Parquet file."""
    with duckdb.connect() as connection:
        connection.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet)")
    return path


def test_names_match_in_any_order_and_spelling(put: Put) -> None:
    """Another order, delimiter and spelling gives the same customers, and the spelling is said."""
    put("a.csv", "customer_id,date,revenue\nk1,2025-01-01,10\n")
    folder = put("b.csv", "Revenue;DATE;Customer-ID \n5;2025-01-02;k1\n").parent
    base = cg.read_orders(folder)
    assert base.ids == ["k1"] or list(base.ids) == ["k1"]
    assert list(base["revenue"]) == [15.0]
    notes = "\n".join(base.notes)
    assert "'Revenue'" in notes
    assert "'customer_id'" in notes


def test_columns_that_a_file_lacks_are_unknown_and_said(put: Put) -> None:
    """The note has the number of files without the column, and an example."""
    put("a.csv", "customer_id,date,revenue\nk1,2025-01-01,10\n")
    put("b.csv", "customer_id,date,revenue,discount\nk1,2025-01-02,10,2.5\n")
    folder = put("c.csv", "customer_id,date,revenue\nk2,2025-01-03,10\n").parent
    base = cg.read_orders(folder)
    assert base["discount"][0] == 2.5
    assert any("'discount'" in note and "2 of 3 files" in note and "a.csv" in note for note in base.notes)


def test_the_same_header_above_other_rows_is_looked_at_anew(put: Put) -> None:
    """A header that has all delimiters in its names doesn't decide for a file whose rows have another delimiter."""
    header = "customer_id;name, first,date;x,revenue\n"
    put("a.csv", header + "k1,Ann,2025-01-01,10\n" * 3)
    folder = put("b.csv", header + "k;1,5;2025-01-02,10\n" * 3).parent
    with pytest.raises(SourceError, match="no column in common"):
        cg.read_orders(folder, {"customer_id": "customer_id;name"})


def test_two_spellings_of_a_name_are_refused(put: Put) -> None:
    """Which of two columns is meant isn't guessed."""
    put("a.csv", "customer_id,date,Order ID\nk1,2025-01-01,1\n")
    folder = put("b.csv", "customer_id,date,order_id,ORDER-ID\nk1,2025-01-01,1,2\n").parent
    with pytest.raises(SourceError, match=r"'order_id', 'ORDER-ID'.*'Order ID'"):
        cg.read_orders(folder)


def test_a_file_of_another_kind_is_refused(put: Put) -> None:
    """A file without any column of the first one doesn't belong to it."""
    put("a.csv", "customer_id,date,revenue\nk1,2025-01-01,10\n")
    folder = put("b.csv", "sku,stock\nx,4\n").parent
    with pytest.raises(SourceError, match=r"b\.csv has no column in common with .*a\.csv.*sku, stock"):
        cg.read_orders(folder)


def test_parquet_and_text_are_read_as_one(put: Put) -> None:
    """Ids that are whole numbers, floating-point numbers and text in turn are the same ids; money stays exact."""
    put("a.csv", "customer_id,date,revenue\n7101,2025-01-01,0.10\n")
    folder = put("x", "").parent
    parquet(
        folder / "b.parquet", "SELECT 7101::BIGINT AS customer_id, DATE '2025-01-02' AS date, 0.2::DOUBLE AS revenue"
    )
    parquet(
        folder / "c.parquet",
        "SELECT 7101.0::DOUBLE AS customer_id, TIMESTAMP '2025-01-03 10:00' AS date, 0.7::DECIMAL(9,2) AS revenue",
    )
    base = cg.read_orders(folder)
    assert list(base.ids) == ["7101"]
    assert list(base["revenue"]) == [1.0]
    assert base.period is not None
    assert base.period.as_of == dt.date(2025, 1, 3)
    assert any("'customer_id' is read as text" in note for note in base.notes)


@pytest.mark.parametrize("kinds", [["a.csv", "b.csv"], ["a.parquet", "b.parquet"]])
def test_customers_keep_all_columns_in_the_output(put: Put, tmp_path: Path, kinds: list[str]) -> None:
    """The output has the rows of all files in their order, and the columns of each."""
    folder = put("in/x", "").parent
    for name, query in zip(
        kinds,
        ["SELECT 'z' AS customer_id, 1.5 AS profit, 'n' AS note", "SELECT 'a' AS customer_id, 2.5 AS profit"],
        strict=True,
    ):
        if name.endswith("csv"):
            with duckdb.connect() as connection:
                connection.execute(f"COPY ({query}) TO '{folder / name}' (FORMAT csv)")
        else:
            parquet(folder / name, query)
    cg.grade_file(folder, "abcde", tmp_path / "out.csv")
    rows = (tmp_path / "out.csv").read_text().splitlines()
    assert rows[0].startswith("customer_id,profit,note,")
    assert [row.split(",")[:3] for row in rows[1:]] == [["z", "1.5", "n"], ["a", "2.5", ""]]


KINDS: dict[str, Any] = {
    "TINYINT": st.integers(-128, 127),
    "INTEGER": st.integers(-(2**31), 2**31 - 1),
    "BIGINT": st.integers(-(2**63), 2**63 - 1),
    "UBIGINT": st.integers(0, 2**64 - 1),
    "UINTEGER": st.integers(0, 2**32 - 1),
    "HUGEINT": st.integers(-(2**120), 2**120),
    "DECIMAL(9,2)": st.decimals(-9_999_999, 9_999_999, places=2),
    "DECIMAL(38,10)": st.decimals(-(10**20), 10**20, places=10),
    "DOUBLE": st.floats(allow_nan=False, allow_infinity=False),
    "DATE": st.dates(),
    "TIMESTAMP": st.datetimes(),
    "VARCHAR": st.text(alphabet="ab0 é", min_size=1).filter(str.strip),
    "BOOLEAN": st.booleans(),
}


def plain(value: Any) -> Any:
    """Return a value in the form in which values of different types are equal."""
    if isinstance(value, dt.datetime):
        return value
    if isinstance(value, dt.date):
        return dt.datetime.combine(value, dt.time())
    return value


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    """Return one connection for all examples."""
    with duckdb.connect() as connection:
        yield connection


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_common_type_holds_all_values_exactly(connection: duckdb.DuckDBPyConnection, data: st.DataObject) -> None:
    """A value read in the common type is the value, or the shortest text of it."""
    kinds = data.draw(st.lists(st.sampled_from(sorted(KINDS)), min_size=2, max_size=4))
    kind = common_type(kinds)
    for one in kinds:
        value = data.draw(KINDS[one])
        item = converted(SourceColumn("c", "c", one), kind)
        row = connection.execute(f"SELECT c, {item} FROM (SELECT CAST(? AS {one}) AS c)", [str(value)]).fetchone()
        assert row is not None
        if kind != "VARCHAR" or one == "VARCHAR":
            assert plain(row[1]) == plain(row[0])
        elif one not in ("DATE", "TIMESTAMP", "BOOLEAN"):
            assert Decimal(row[1]) == Decimal(repr(value) if isinstance(value, float) else value)


@pytest.mark.parametrize(
    ("kinds", "kind"),
    [
        (["INTEGER", "INTEGER"], "INTEGER"),
        (["INTEGER", '"NULL"'], "INTEGER"),
        (["INTEGER", "BIGINT"], "BIGINT"),
        (["UINTEGER", "INTEGER"], "BIGINT"),
        (["INTEGER", "DOUBLE"], "DOUBLE"),
        (["BIGINT", "DOUBLE"], "VARCHAR"),
        (["INTEGER", "DECIMAL(9,2)"], "DECIMAL(12,2)"),
        (["DECIMAL(38,0)", "DECIMAL(38,10)"], "VARCHAR"),
        (["DATE", "TIMESTAMP"], "TIMESTAMP"),
        (["DATE", "VARCHAR"], "VARCHAR"),
        (["INTEGER[]", "VARCHAR"], "VARCHAR"),
    ],
)
def test_common_types(kinds: list[str], kind: str) -> None:
    """Text is the common type only where no other type is exact."""
    assert common_type(kinds) == kind
    assert common_type(kinds[::-1]) == kind


def test_lists_beside_text_are_unreadable(put: Put) -> None:
    """A column of lists in one file and of text in another one is refused only when a field is read from it."""
    folder = put("x", "").parent
    parquet(folder / "a.parquet", "SELECT 'k' AS customer_id, 1 AS profit, [1] AS tags")
    parquet(folder / "b.parquet", "SELECT 'l' AS customer_id, 2 AS profit, 'x' AS tags")
    assert list(cg.read_customers(folder).ids) == ["k", "l"]
    with pytest.raises(SourceError, match="convert it to text"):
        cg.read_customers(folder, {"consent": "tags"})

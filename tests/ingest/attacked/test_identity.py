"""Ids that were changed by programs, categories as ids and amounts, and names of columns that are nearly a field's."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import custgrade as cg
from custgrade.errors import CustgradeError, SourceError

pd = pytest.importorskip("pandas")
pl = pytest.importorskip("polars")

Put = Callable[[str, str | bytes], Path]


def lines(ids: list[str], delimiter: str = ",") -> str:
    """Return order lines with an amount of 1 for each id."""
    rows = "".join(delimiter.join([one, "2025-02-01", "1"]) + "\n" for one in ids)
    return delimiter.join(["customer_id", "date", "revenue"]) + "\n" + rows


@pytest.mark.parametrize(
    ("ids", "right"),
    [
        (["7,0", "8,0"], ["7", "8"]),
        (["7,00", "8"], ["7", "8"]),
        (["-7.0", "8.0"], ["-7", "8"]),
        (["7,0", "8,5"], ["7,0", "8,5"]),
        (["7,0", "8,125"], ["7,0", "8,125"]),
        (["7,000", "8,125"], ["7000", "8125"]),
    ],
)
def test_whole_numbers_with_decimals_are_read_as_such(put: Put, ids: list[str], right: list[str]) -> None:
    """A decimal comma and a minus don't hide that ids were turned into numbers; other decimals prove them texts."""
    assert sorted(cg.read_orders(put("o.csv", lines(ids, ";"))).ids) == sorted(right)


def test_an_exponent_without_a_plus_is_refused(put: Put) -> None:
    """Programs in Java write 8712345678901 as 8.712345678901E12, and 12E34 is an id."""
    with pytest.raises(SourceError, match="were rounded"):
        cg.read_orders(put("o.csv", lines(["8.71E12", "5"])))
    assert list(cg.read_orders(put("o.csv", lines(["12E34", "5"]))).ids) == ["12E34", "5"]


def test_decimal_ids_of_a_database_are_whole_numbers(tmp_path: Path) -> None:
    """An id of the type DECIMAL(10,2) matches the same id in text."""
    kind = pl.Decimal(10, 2)
    ids = pl.Series(["7.00", "8.00", "9.50"]).cast(kind)
    pl.DataFrame({"customer_id": ids, "date": ["2025-02-01"] * 3, "revenue": [1, 2, 3]}).write_parquet(
        tmp_path / "o.pq"
    )
    assert sorted(cg.read_orders(tmp_path / "o.pq").ids) == ["7", "8", "9.50"]


def test_ids_that_differ_in_invisible_characters_are_named(put: Put) -> None:
    """A zero-width space makes two customers of one, and a note says so."""
    base = cg.read_orders(put("o.csv", lines(["k1", "k1\u200b"])))
    assert any("differ in capitals, blanks" in str(note) for note in base.notes)


def test_categories_of_pandas_are_read_as_text() -> None:
    """Amounts, dates and ids in categories are read as those in text."""
    data = {"customer_id": ["a", "NULL"], "date": ["01.02.2025", "13.02.2025"], "revenue": ["1.234,50", "2,00"]}
    base = cg.read_orders(pd.DataFrame(data, dtype="category"))
    assert list(base.ids) == ["a"]
    assert base["revenue"].tolist() == [1234.5]


@pytest.mark.parametrize(
    ("column", "field"),
    [("revenue (EUR)", "revenue"), ("profit [EUR]", "profit"), ("Order Number", "order_id"), ("order-nr", "order_id")],
)
def test_a_column_that_probably_holds_a_field_is_named(put: Put, column: str, field: str) -> None:
    """A unit in brackets, and another word for id, don't hide what a column may hold."""
    base = cg.read_orders(put("o.csv", f"customer_id,date,{column}\na,2025-01-01,1\n"))
    assert any(
        repr(column) in str(note) and field in str(note) and "aren't read" not in str(note) for note in base.notes
    )
    assert field not in base.columns


def test_a_standard_field_that_is_missing_needs_no_definition(put: Put) -> None:
    """The error proposes the columns that nobody reads, and doesn't say that revenue must be defined first."""
    base = cg.read_orders(put("o.csv", "customer_id,date,Net (EUR)\na,2025-01-01,1\n"))
    with pytest.raises(CustgradeError, match=r"Net \(EUR\)") as caught:
        cg.scorer("abcde", by="revenue").fit(base)
    assert "Field" not in str(caught.value)

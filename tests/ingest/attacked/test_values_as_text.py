"""Numbers of workbooks and Parquet files that become text: their point is a decimal point."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

import custgrade as cg
from custgrade.errors import SourceError

openpyxl = pytest.importorskip("openpyxl")
pl = pytest.importorskip("polars")


def workbook(path: Path, rows: list[list[object]]) -> Path:
    """Write a workbook with one sheet, and return its path."""
    book = openpyxl.Workbook()
    for row in [["customer_id", "date", "revenue"], *rows]:
        book.active.append(row)
    held = io.BytesIO()
    book.save(held)
    path.write_bytes(held.getvalue())
    return path


def test_a_number_of_a_sheet_has_a_decimal_point(tmp_path: Path) -> None:
    """The number 1.234 is never 1234, so nothing has to be asked."""
    file = workbook(tmp_path / "o.xlsx", [["a", "2025-02-01", 1.234], ["b", "2025-02-02", 999.125]])
    assert cg.read_orders(file)["revenue"].tolist() == [1.234, 999.125]


def test_numbers_and_texts_with_a_comma_in_a_sheet_are_refused(tmp_path: Path) -> None:
    """Beside the text `1,50`, the number 1.234 isn't read as 1234."""
    file = workbook(tmp_path / "o.xlsx", [["a", "2025-02-01", "1,50"], ["b", "2025-02-02", 1.234]])
    with pytest.raises(SourceError, match=r"decimal point.*decimal comma"):
        cg.read_orders(file)


def test_an_id_of_a_sheet_stays_as_it_is(tmp_path: Path) -> None:
    """An id such as 10.101 keeps its three decimals."""
    file = workbook(tmp_path / "o.xlsx", [[10.101, "2025-02-01", 1], [10.102, "2025-02-02", 2]])
    assert list(cg.read_orders(file, only={"customer_id": ["10.101"]}).ids) == ["10.101"]


@pytest.mark.parametrize("kind", [pl.Float64, pl.Decimal(10, 3)])
def test_a_parquet_number_beside_text_with_a_comma_is_refused(tmp_path: Path, kind: object) -> None:
    """The value 1.234 of a Parquet file isn't read as 1234 because a CSV file has decimal commas."""
    frame = pl.DataFrame({"customer_id": ["a"], "date": ["2025-01-01"], "revenue": pl.Series([1.234]).cast(kind)})
    frame.write_parquet(tmp_path / "a.parquet")
    (tmp_path / "b.csv").write_text("customer_id;date;revenue\nb;2025-01-01;1,5\n", encoding="utf-8")
    with pytest.raises(SourceError, match=r"decimal point.*decimal comma"):
        cg.read_orders(tmp_path)
    (tmp_path / "b.csv").write_text("customer_id;date;revenue\nb;2025-01-01;1.5\n", encoding="utf-8")
    assert cg.read_orders(tmp_path)["revenue"].tolist() == [1.234, 1.5]

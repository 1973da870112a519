"""A cell of an optional field that can't be read is unknown: it is counted, and its row stays."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import custgrade as cg
from custgrade.errors import BadRowsError

Put = Callable[[str, str | bytes], Path]
ORDERS = """customer_id,date,order_id,revenue,profit,sales_hours,due_date,paid_date
k1,2025-02-11,1,4000,900,N/A,2025-03-11,2025-03-15
k2,2025-02-12,2,300,80,many,2025-03-12,0000-00-00
k3,2025-02-13,3,250,60,-,2025-03-13,9999-12-31
k4,2025-04-14,4,20,2,3,2025-03-14,
"""


@pytest.mark.parametrize("on_bad_rows", ["stop", "skip"])
def test_a_sale_stays_though_an_optional_cell_is_unreadable(put: Put, on_bad_rows: str) -> None:
    """All four sales count; what can't be read is unknown, and an invoice with an unread payment isn't late."""
    base = cg.read_orders(put("o.csv", ORDERS), on_bad_rows=on_bad_rows)
    assert ([4000.0, 300.0, 250.0, 20.0], ()) == (base["revenue"].tolist(), base.left_out)
    assert np.array_equal([np.nan, np.nan, np.nan, 3.0], base["sales_hours"], equal_nan=True)
    assert np.array_equal([4.0, np.nan, np.nan, 31.0], base["days_late"], equal_nan=True)
    assert [
        "1 cell of sales_hours can't be read and counts as unknown (line 3: 'many')",
        "2 cells of paid_date can't be read and count as unknown (line 3: '0000-00-00'; line 4: '9999-12-31')",
    ] == sorted((note for note in base.notes if "can't be read" in note), key=len)


def test_what_is_always_needed_stays_bad(put: Put) -> None:
    """Dates and money of lines, and values out of bounds, are refused."""
    with pytest.raises(BadRowsError, match="line 3: unreadable profit"):
        cg.read_orders(put("o.csv", ORDERS.replace(",80,", ",much,")))
    with pytest.raises(BadRowsError, match="line 5: sales_hours below 0"):
        cg.read_orders(put("o.csv", ORDERS.replace(",2,3,", ",2,-3,")))


def test_a_column_of_which_nothing_can_be_read_is_refused(put: Put) -> None:
    """Several cells and none readable: the mapping is wrong, and the error says how to leave the field out."""
    text = "customer_id,profit,effort\nk1,1,low\nk2,2,high\nk3,3,\n"
    with pytest.raises(BadRowsError, match="none of the 2 rows has a readable number in column 'effort'") as caught:
        cg.read_customers(put("c.csv", text))
    assert "--column effort=." in caught.value.for_command_line()


def test_files_of_any_size_say_the_same(put: Put, tmp_path: Path) -> None:
    """The scan of a customer file counts the cells and keeps the row."""
    path = put("c.csv", "customer_id,profit,effort,Potential\nk1,1,3,9\nk2,2,high,9\n")
    note = "1 cell of effort can't be read and counts as unknown (line 3: 'high')"
    outcome = cg.grade_file(path, "abcde", tmp_path / "graded.csv")
    for base in (cg.read_customers(path), outcome.base):
        assert note in base.notes and 2 == len(base)


def test_the_field_is_named_with_its_column(put: Put) -> None:
    """A note names the field, and the column where that has another name."""
    base = cg.read_customers(put("c.csv", "customer_id,profit,Work\nk1,1,3\nk2,2,high\n"), {"effort": "Work"})
    assert "1 cell of effort, column 'Work', can't be read and counts as unknown (line 3: 'high')" in base.notes

"""Rows that are chosen by the value of a column, and statuses that may mean no sale."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

import custgrade as cg
from custgrade.errors import BadRowsError, FieldError, SourceError

TEXT = (
    "customer_id,date,Order Status,Shop,revenue\n"
    "a,2025-01-01,completed,1,10\na,2025-01-02,cancelled,1,20\nb,2025-01-03, completed ,2,30\n"
    "b,2025-01-04,failed,2,x\nb,2025-01-05,,1,50\n,2025-01-05,failed,1,60\n"
)


def reasons(base: cg.CustomerBase) -> list[str]:
    """What was left out, in words."""
    return [str(left) for left in base.left_out]


def test_only_these_values_count(put: Callable[..., Path]) -> None:
    """Values are compared without blanks around them; rows with others are counted before any other fault."""
    base = cg.read_orders(put("o.csv", TEXT), only={"order_status": ["completed"]})
    assert (base.ids.tolist(), base["revenue"].tolist()) == (["a", "b"], [10.0, 30.0])
    assert reasons(base) == [
        "2 order lines: Order Status is 'failed'",
        "1 order line: Order Status is empty",
        "1 order line: Order Status is 'cancelled'",
    ]
    assert base.period is not None
    assert str(base.period.as_of) == "2025-01-03"


def test_values_of_a_column_are_alternatives_and_columns_all_apply(put: Callable[..., Path]) -> None:
    """Several values are any of them; several columns, and both kinds of filter, apply together."""
    path = put("o.csv", TEXT)
    base = cg.read_orders(path, only={"Order Status": ["completed", "cancelled"], "Shop": "1"})
    assert base["revenue"].tolist() == [30.0]
    base = cg.read_orders(path, only={"Shop": "1"}, exclude={"Order Status": ["cancelled", "failed"]})
    assert base["revenue"].tolist() == [10.0, 50.0]
    assert cg.read_orders(path, exclude={"Order Status": ["", "failed"]})["revenue"].tolist() == [30.0, 30.0]


def test_numbers_of_a_frame_are_compared_as_text() -> None:
    """A column of numbers is chosen by its text; whole numbers have no point."""
    frame = pl.DataFrame({"customer_id": ["a", "b", "c"], "profit": [1, 2, 3], "group": [1.0, 2.5, None]})
    assert cg.read_customers(frame, only={"group": ["1", "2.5"]})["profit"].tolist() == [1.0, 2.0]
    assert cg.read_customers(frame, exclude={"group": "2.5"}).ids.tolist() == ["a", "c"]


def test_positions_of_bad_rows_count_all_lines(put: Callable[..., Path]) -> None:
    """A filter doesn't move the lines that messages name."""
    with pytest.raises(BadRowsError, match="line 5: unreadable revenue"):
        cg.read_orders(put("o.csv", TEXT), exclude={"Order Status": "cancelled"})


def test_many_other_values_are_counted_together(put: Callable[..., Path]) -> None:
    """Beyond a few values, rows that are left out are counted together."""
    rows = "".join(f"c{k},{k},{k}\n" for k in range(200))
    base = cg.read_customers(put("c.csv", "customer_id,profit,city\n" + rows), only={"city": ["7", "9"]})
    assert (base.ids.tolist(), reasons(base)) == (["c7", "c9"], ["198 customers: city isn't '7' or '9'"])


def test_unknown_columns_and_values_are_refused(put: Callable[..., Path]) -> None:
    """A column that the file lacks, and a value that never occurs, are errors with what there is."""
    path = put("o.csv", TEXT)
    with pytest.raises(FieldError, match="Did you mean 'Shop'"):
        cg.read_orders(path, only={"Shops": "1"})
    with pytest.raises(SourceError, match="no row has 'complete' in column 'Order Status'") as caught:
        cg.read_orders(path, only={"order status": "complete"})
    assert "'failed' (2)" in str(caught.value)


def test_statuses_without_sale_are_noted(put: Callable[..., Path]) -> None:
    """Words for no sale in a column of statuses are counted with the ready flag, unless a filter chooses by them."""
    path = put("o.csv", TEXT.replace(",x\n", ",1\n"))
    (note,) = [note for note in cg.read_orders(path).notes if "not be sales" in note]
    assert note.startswith("3 rows may not be sales, by column 'Order Status': 2 failed, 1 cancelled")
    assert note.endswith("(--except 'Order Status=failed' --except 'Order Status=cancelled')")
    base = cg.read_orders(path, exclude={"Order Status": ["failed", "cancelled"]})
    assert not [note for note in base.notes if "not be sales" in note]


@pytest.mark.parametrize("word", ["wc-cancelled", "STORNIERT", "annulée", "Reembolsado", "payment failed"])
def test_words_for_no_sale(word: str, put: Callable[..., Path]) -> None:
    """Words of shop systems in four languages are recognised; refunds in part are sales."""
    text = f"customer_id,date,status,revenue\na,2025-01-01,{word},1\na,2025-01-02,partially_refunded,1\n"
    notes = cg.read_orders(put("o.csv", text)).notes
    assert [note for note in notes if note.startswith(f"1 row may not be sales, by column 'status': 1 {word}.")]


def test_a_state_on_the_first_line_of_an_order_only_is_refused(put: Callable[..., Path]) -> None:
    """Where lines of an order have no state, a filter would leave the order out in part, so it is refused."""
    text = "customer_id,date,order_id,revenue,status\na,2025-01-01,1,10,refunded\na,2025-01-01,1,20,\n"
    text += "b,2025-01-01,2,5,paid\nb,2025-01-01,2,5,\n"
    for options in ({"exclude": {"status": "refunded"}}, {"only": {"status": "paid"}}):
        with pytest.raises(SourceError, match="empty on some lines of 2 orders, such as '1'"):
            cg.read_orders(put("o.csv", text), **options)


def test_one_excluded_state_doesnt_hide_another(put: Callable[..., Path]) -> None:
    """A note counts the states that may not be sales among the rows that a filter keeps."""
    text = "customer_id,date,revenue,status\na,2025-01-01,10,paid\na,2025-01-01,20,failed\na,2025-01-01,5,cancelled\n"
    base = cg.read_orders(put("o.csv", text), exclude={"status": "failed"})
    assert any("1 row may not be sales, by column 'status': 1 cancelled" in note for note in base.notes)

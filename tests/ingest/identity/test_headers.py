"""Columns are found by their names regardless of capitals, blanks and punctuation, and near misses are named."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

import custgrade as cg
from custgrade.data.note import for_command_line
from custgrade.errors import FieldError
from custgrade.ingest.lines.order_lines import order_fields
from custgrade.ingest.sources.header_names import plain_name

Put = Callable[[str, str | bytes], Path]
ORDERS = "customer_id,date,Order_ID,revenue,profit\nk1,2025-02-11,1,20,2\nk1,2025-02-11,1,30,2\nk2,2025-02-12,2,50,3\n"


def test_a_column_is_read_whatever_its_capitals_and_underscores(put: Put) -> None:
    """`Order_ID` is read as order_id, and the note says so."""
    base = cg.read_orders(put("o.csv", ORDERS))
    assert [1.0, 1.0] == base["orders"].tolist()
    assert "order_id from 'Order_ID'" in base.notes[0]


@given(
    st.sampled_from(["customer_id", "order_id", "due_date", "cares_about_us"]),
    st.data(),
    st.sampled_from(["", " ", "_", "-", " - ", ".", "\u00a0"]),
    st.sampled_from(["", " ", "\u00a0", "_", "\t", "\ufeff"]),
)
def test_spellings_of_a_name_are_one_plain_name(name: str, data: st.DataObject, between: str, around: str) -> None:
    """Capitals, separators and blanks at the ends don't change a plain name."""
    words = [data.draw(st.sampled_from([word, word.upper(), word.title()])) for word in name.split("_")]
    assert plain_name(name) == plain_name(around + between.join(words) + around)


def test_no_two_fields_have_the_same_plain_name() -> None:
    """Otherwise one column could be read as two fields."""
    assert len(order_fields()) == len({plain_name(name) for name in order_fields()})


def test_blanks_around_names_are_ignored_and_shown(put: Put) -> None:
    """Fields are read from columns with blanks, which the note shows in quotes."""
    base = cg.read_orders(put("o.csv", "customer_id ,date, revenue,profit \nk1,2025-02-11,20,2\n"))
    assert "customer_id from 'customer_id ', date, revenue from ' revenue', profit from 'profit '" in base.notes[0]


def test_an_exact_name_wins_over_a_similar_one(put: Put) -> None:
    """The similar column isn't read."""
    base = cg.read_customers(put("c.csv", "Profit,customer_id,profit\n1,a,2\n"))
    assert ([2.0], ("Profit",)) == (base["profit"].tolist(), base.unmapped)


def test_two_similar_columns_of_a_required_field_stop_the_reading(put: Put) -> None:
    """The error names both, and the flag for each."""
    with pytest.raises(FieldError) as caught:
        cg.read_customers(put("c.csv", "Customer ID,CUSTOMER_ID,profit\n1,a,2\n"))
    assert "the columns 'Customer ID' and 'CUSTOMER_ID'" in str(caught.value)
    assert (
        """--column customer_id='Customer ID' or --column customer_id=CUSTOMER_ID.""" in caught.value.for_command_line()
    )
    assert 'columns={"customer_id": "Customer ID"}' in str(caught.value)


def test_two_similar_columns_of_another_field_are_named(put: Put) -> None:
    """None of them is read, and the note has the flag for each."""
    base = cg.read_customers(put("c.csv", "customer_id,profit,Potential,POTENTIAL\na,2,3,4\n"))
    assert "potential" not in base
    note = next(note for note in base.notes if "Potential" in note)
    assert "columns 'Potential', 'POTENTIAL' of" in note and 'columns={"potential": "Potential"}' in note
    assert "--column potential=Potential or --column potential=POTENTIAL" in for_command_line(note)


@pytest.mark.parametrize("wanted", ["order date", "Order Date", "ORDER_DATE"])
def test_a_given_column_matches_in_the_same_way(put: Put, wanted: str) -> None:
    """`columns` finds a column with a blank at its end."""
    base = cg.read_orders(put("o.csv", "customer_id,Order Date ,revenue\na,2025-01-01,2\n"), {"date": wanted})
    assert "date from 'Order Date '" in base.notes[0]


def test_a_given_column_that_two_columns_match_is_refused(put: Put) -> None:
    """A column named exactly is read; a similar name of two columns is an error."""
    path = put("o.csv", "customer_id,Order Date,order_date,revenue\na,2025-01-01,2025-01-02,2\n")
    assert "2025-01-02" == str(cg.read_orders(path, {"date": "order_date"}).as_of)
    with pytest.raises(FieldError, match="the columns 'Order Date' and 'order_date'"):
        cg.read_orders(path, {"date": "ORDER DATE"})


@pytest.mark.parametrize(("column", "field"), [("Enjoyabel", "enjoyable"), ("challenge us", "challenges_us")])
def test_a_near_miss_is_named_with_its_flag(put: Put, column: str, field: str) -> None:
    """A column with a typing slip isn't read, and the note says how to read it."""
    base = cg.read_customers(put("c.csv", f"customer_id,profit,{column}\na,2,3\n"))
    assert field not in base
    (note,) = (note for note in base.notes if repr(column) in note)
    assert f'columns={{"{field}": "{column}"}}' in note
    assert f"--column {field}=" in for_command_line(note) and "columns=" not in for_command_line(note)


def test_all_missing_columns_are_shown_at_once(put: Put) -> None:
    """The error names every required field, with one ready line."""
    with pytest.raises(FieldError) as caught:
        cg.read_orders(put("o.csv", "Customer,Order Date,Sales\na,2025-01-01,2\n"))
    assert "no columns 'customer_id' and 'date'. It has: 'Customer', 'Order Date', 'Sales'." in str(caught.value)
    assert 'columns={"customer_id": "Customer", "date": "Order Date"}.' in str(caught.value)
    line = caught.value.for_command_line()
    assert "--column customer_id=Customer --column date='Order Date'. Or let custgrade look: custgrade init" in line


def test_lists_never_end_in_one_more(put: Put) -> None:
    """A list of columns shows all of them, or leaves out at least two."""
    for size in range(36, 45):
        names = ",".join(f"x{k}" for k in range(size))
        with pytest.raises(FieldError) as caught:
            cg.read_customers(put("c.csv", f"{names}\n{names}\n"))
        assert "and 1 more" not in str(caught.value)


def test_shares_in_a_column_named_like_discount_are_not_money(put: Put) -> None:
    """A column `Discount` of shares is left out with a note; one of money is read."""
    head = "customer_id,date,revenue,Discount\n"
    shares = cg.read_orders(put("o.csv", f"{head}a,2025-01-01,20,0.2\nb,2025-01-01,20,0\n"))
    assert "discount" not in shares
    (note,) = (note for note in shares.notes if "column 'Discount'" in note)
    assert "between 0 and 0.2" in note and "--column discount=Discount" in for_command_line(note)
    money = cg.read_orders(put("o.csv", f"{head}a,2025-01-01,20,0.2\nb,2025-01-01,20,4\n"))
    assert [0.2, 4.0] == money["discount"].tolist()


def test_names_of_customers_are_found_in_any_spelling(put: Put) -> None:
    """`Customer Name` holds the names."""
    base = cg.read_customers(put("c.csv", "customer_id,profit,Customer Name\na,2,Miller\n"))
    assert "Miller (a)" == base.label(0)
    assert () == base.unmapped


def test_the_order_of_columns_decides_nothing(put: Put) -> None:
    """Every order of an exact, a similar and another column gives the same base."""
    cells = {"customer_id": "a", "Profit": "1", "profit ": "2", "profit": "3"}
    for order in itertools.permutations(cells):
        base = cg.read_customers(put("c.csv", f"{','.join(order)}\n{','.join(cells[name] for name in order)}\n"))
        assert [3.0] == base["profit"].tolist()

"""Revenue and cost from quantities and prices, against sums of fractions."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings, strategies as st

import custgrade as cg
from custgrade.errors import BadRowsError, CustgradeError, FieldError

QUANTITIES = st.integers(-(10**5), 10**5).map(lambda n: Decimal(n) / 8)
PRICES = st.integers(0, 10**10).map(lambda n: Decimal(n).scaleb(-6))
SHARES = st.integers(0, 1000).map(lambda n: Decimal(n).scaleb(-3))
LINES = st.lists(st.tuples(st.sampled_from("ab"), QUANTITIES, PRICES, PRICES, SHARES), min_size=1, max_size=8)


def frame(lines: list[tuple[str, Decimal, Decimal, Decimal, Decimal]]) -> pl.DataFrame:
    """The lines as text, as a file has them, each dated alike."""
    rows = [[who, "2025-01-01", *(f"{part:f}" for part in parts)] for who, *parts in lines]
    return pl.DataFrame(
        rows, schema=["customer_id", "date", "quantity", "unit_price", "unit_cost", "x"], orient="row"
    ).cast(pl.String)


@settings(max_examples=40, deadline=None)
@given(lines=LINES)
def test_products_are_summed_exactly(lines: list[tuple[str, Decimal, Decimal, Decimal, Decimal]]) -> None:
    """Revenue, cost and returns are the sums of exact products, rounded once; a share is taken off each line."""
    base = cg.read_orders(frame(lines), {"line_discount_share": "x"})
    most = max(share for *_, share in lines)
    assert most <= 1
    for who, row in zip(base.ids.tolist(), range(len(base)), strict=True):
        mine = [tuple(map(Fraction, parts)) for one, *parts in lines if one == who]
        revenues = [quantity * price * (1 - share) for quantity, price, _, share in mine]
        costs = [quantity * cost for quantity, _, cost, _ in mine]
        assert base["revenue"][row] == float(sum(revenues))
        assert base["profit"][row] == float(sum(revenues) - sum(costs))
        assert base["returns"][row] == float(-sum(revenue for revenue in revenues if revenue < 0))


def test_large_amounts_are_exact_and_larger_ones_are_bad(put: Callable[..., Path]) -> None:
    """A product just below a trillion is exact; a product of a trillion is refused with its line."""
    header = "customer_id,date,quantity,unit_price\n"
    base = cg.read_orders(put("o.csv", header + "a,2025-01-01,999999.999999,999999.999999\n"))
    assert base["revenue"][0] == float(Fraction("999999.999999") ** 2)
    with pytest.raises(BadRowsError, match="line 3: revenue of a trillion or more"):
        cg.read_orders(put("p.csv", header + "a,2025-01-01,1,1\na,2025-01-01,1000000,1000000\n"))


def test_discounts_are_money_off_the_line(put: Callable[..., Path]) -> None:
    """A discount is subtracted from the line; an empty one takes nothing off."""
    lines = "a,2025-01-01,2,10,3.5\na,2025-01-02,1,10,\n"
    base = cg.read_orders(put("o.csv", "customer_id,date,quantity,unit_price,line_discount\n" + lines))
    assert base["revenue"].tolist() == [26.5]


def test_shares_above_one_are_per_cent(put: Callable[..., Path]) -> None:
    """A share above 1 can't be a fraction, so the column is in per cent, and a note says so."""
    path = put("o.csv", "customer_id,date,quantity,unit_price,Rabatt\na,2025-01-01,2,10,20\na,2025-01-02,1,10,0.5\n")
    base = cg.read_orders(path, {"line_discount_share": "Rabatt"})
    assert base["revenue"].tolist() == [25.95]
    assert any("'Rabatt' is in per cent" in note for note in base.notes)
    path = put("p.csv", "customer_id,date,quantity,unit_price,Rabatt\na,2025-01-01,2,10,120\n")
    with pytest.raises(BadRowsError, match="line_discount_share"):
        cg.read_orders(path, {"line_discount_share": "Rabatt"})


def test_fractions_or_money_stop_with_both_readings(put: Callable[..., Path]) -> None:
    """Line discounts from 0 to 1 may be either; the error has both mappings, and each of them works."""
    path = put("o.csv", "customer_id,date,quantity,unit_price,Off\na,2025-01-01,2,10,0.2\na,2025-01-02,1,10,0\n")
    with pytest.raises(FieldError, match="is 20 %") as caught:
        cg.read_orders(path, {"line_discount": "Off"})
    assert "--column 'line_discount_share=Off' --column 'line_discount='" in caught.value.for_command_line()
    share = cg.read_orders(path, {"line_discount_share": "Off", "line_discount": ""})
    money = cg.read_orders(path, {"line_discount": "Off", "line_discount_share": ""})
    assert (share["revenue"].tolist(), money["revenue"].tolist()) == ([26.0], [29.8])


@pytest.mark.parametrize(
    ("header", "columns", "message"),
    [
        ("revenue,quantity,unit_price", {"revenue": "revenue", "unit_price": "unit_price"}, "both `revenue` and"),
        ("profit,unit_price", {}, "without `quantity`"),
        ("revenue,unit_cost", {"unit_cost": "unit_cost"}, "without `quantity`"),
        ("revenue,n", {"quantity": "n"}, "multiplied by `unit_price` or `unit_cost`"),
        ("revenue,n", {"line_discount": "n"}, "map `unit_price` too"),
        ("quantity,unit_cost", {}, "without `revenue`"),
        ("quantity,unit_price,cost,n", {"unit_cost": "n", "cost": "cost"}, "both `cost` and `unit_cost`"),
        ("quantity,unit_price,a,b", {"line_discount": "a", "line_discount_share": "b"}, "map one of them"),
    ],
)
def test_parts_that_lack_or_exclude_each_other(
    header: str, columns: dict[str, str], message: str, put: Callable[..., Path]
) -> None:
    """Mappings that can't be meant are refused before anything is read."""
    path = put("o.csv", f"customer_id,date,{header}\na,2025-01-01{',1' * (header.count(',') + 1)}\n")
    with pytest.raises(FieldError, match=message):
        cg.read_orders(path, columns)


def test_amounts_found_by_name_count_more(put: Callable[..., Path]) -> None:
    """Of columns that are found by name, revenue and cost are read, and a note lists the others."""
    path = put("o.csv", "customer_id,date,revenue,cost,quantity,unit_price,unit_cost\na,2025-01-01,7,2,3,5,1\n")
    base = cg.read_orders(path)
    assert (base["revenue"].tolist(), base["profit"].tolist()) == ([7.0], [5.0])
    assert base.unmapped == ("quantity", "unit_price", "unit_cost")
    assert any(note.startswith("not read, because revenue, cost is") for note in base.notes)
    base = cg.read_orders(path, {"unit_price": "unit_price", "unit_cost": "unit_cost"})
    assert (base["revenue"].tolist(), base["profit"].tolist()) == ([15.0], [12.0])


def test_price_read_as_revenue_is_noted(put: Callable[..., Path]) -> None:
    """A price of one unit that is read as revenue, beside a quantity, gives a note with both columns."""
    path = put("o.csv", "customer_id,date,Menge,Einzelpreis\na,2025-01-01,3,5\n")
    (_, note) = cg.read_orders(path, {"revenue": "Einzelpreis"}).notes
    assert "'Einzelpreis', which looks like the price of one unit, and 'Menge' isn't read" in note
    path = put("p.csv", "customer_id,date,Menge,revenue\na,2025-01-01,3,5\n")
    assert len(cg.read_orders(path).notes) == 1


def test_a_share_in_per_cent_signs(put: Callable[..., Path]) -> None:
    """15 % in a column of shares is 0.15, exactly; in a column of money it is refused with the field for shares."""
    text = (
        "customer_id,date,quantity,unit_price,line_discount_share\na,2025-01-01,3,10.00,15 %\nb,2025-01-02,1,4.00,5 %\n"
    )
    assert cg.read_orders(put("o.csv", text))["revenue"].tolist() == [25.5, 3.8]
    with pytest.raises(CustgradeError, match="line_discount_share"):
        cg.read_orders(put("o.csv", text.replace("line_discount_share", "line_discount")))

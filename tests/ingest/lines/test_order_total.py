"""Totals of orders that stand on each line of the order."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import custgrade as cg
from custgrade.errors import FieldError, SourceError

HEADER = "customer_id,date,order_id,revenue,profit\n"


def repeated(orders: int, amounts: int = 1000) -> str:
    """Lines of orders that have their total on each of two or three lines."""
    lines = [f"k{k % 3},2025-01-{k % 28 + 1:02},{k},{10 + k % amounts}.5,4\n" for k in range(orders)]
    return HEADER + "".join(line * (2 + k % 2) for k, line in enumerate(lines)) + "k0,2025-02-01,x,7,1\n"


def test_repeated_totals_stop_with_both_readings(put: Callable[..., Path]) -> None:
    """Five orders with several amounts stop; the message has both sums, and each choice gives its own."""
    path = put("o.csv", repeated(5))
    with pytest.raises(SourceError, match="all 5 orders of several lines") as caught:
        cg.read_orders(path)
    once, lines = 7 + sum(10.5 + k for k in range(5)), 7 + sum((10.5 + k) * (2 + k % 2) for k in range(5))
    assert f"revenue is {lines:g} in all; if each is the total of its order, {once:g}." in str(caught.value)
    assert "order '0' of customer 'k0': 2 lines of 10.5" in str(caught.value)
    assert "--no-order-total" in caught.value.for_command_line()
    assert cg.read_orders(path, order_total=False)["revenue"].sum() == lines
    base = cg.read_orders(path, order_total=True)
    assert (base["revenue"].sum(), base["profit"].sum(), base["orders"].sum()) == (once, 21.0, 6.0)


@pytest.mark.parametrize("text", [repeated(4), repeated(9, amounts=2)])
def test_few_repeated_totals_are_noted(text: str, put: Callable[..., Path]) -> None:
    """Fewer orders, or fewer amounts, may be a coincidence: the lines are added up, and a note has both sums."""
    notes = cg.read_orders(put("o.csv", text)).notes
    assert len([note for note in notes if "the total of its order" in note and "--order-total" in note]) == 1
    assert not [n for n in cg.read_orders(put("o.csv", text), order_total=False).notes if "total of its order" in n]


def test_one_counter_example_settles_it(put: Callable[..., Path]) -> None:
    """An order with two amounts shows that amounts are of lines, wherever it stands; amounts of 0 show nothing."""
    text = repeated(9) + "k1,2025-02-02,y,5,1\nk1,2025-02-02,y,6,1\n"
    assert not [note for note in cg.read_orders(put("o.csv", text)).notes if "total" in note]
    zeros = HEADER + "".join(f"a,2025-01-01,{k},0,0\n" * 2 for k in range(9))
    assert not [note for note in cg.read_orders(put("o.csv", zeros)).notes if "total" in note]


def test_totals_that_differ_within_an_order_are_refused(put: Callable[..., Path]) -> None:
    """An order whose lines have different amounts isn't a total, and the error names it."""
    path = put("o.csv", repeated(5) + "k1,2025-02-02,y,5,1\nk1,2025-02-02,y,5,2\n")
    with pytest.raises(SourceError, match="order 'y' of customer 'k1' have different amounts: profit 1 to 2"):
        cg.read_orders(path, order_total=True)


def test_totals_count_in_the_period_in_which_the_order_began(put: Callable[..., Path]) -> None:
    """Lines without an order id count one by one; an order of several days counts on its first; returns count once."""
    path = put(
        "o.csv",
        HEADER + "a,2025-01-31,1,5,1\na,2025-02-01,1,5,1\na,2025-02-02,,2,1\na,2025-02-02,,2,1\n"
        "a,2025-02-03,R,-3,-1\na,2025-02-03,R,-3,-1\n",
    )
    base = cg.read_orders(path, since="2025-02-01", order_total=True)
    assert (base["revenue"].tolist(), base["returns"].tolist(), base["profit"].tolist()) == ([1.0], [3.0], [1.0])


def test_totals_need_order_ids_and_amounts(put: Callable[..., Path]) -> None:
    """Without order ids nothing can count once, and a price of one unit is no total."""
    with pytest.raises(FieldError, match="map `order_id`"):
        cg.read_orders(put("o.csv", "customer_id,date,revenue\na,2025-01-01,1\n"), order_total=True)
    header = "customer_id,date,order_id,quantity,unit_price\n"
    with pytest.raises(FieldError, match="amount of a line"):
        cg.read_orders(put("p.csv", header + "a,2025-01-01,1,1,1\n"), order_total=True)

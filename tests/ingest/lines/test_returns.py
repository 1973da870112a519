"""Returns: orders whose lines are all negative, and the sign of their costs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import custgrade as cg
from custgrade.errors import FieldError, SourceError

HEADER = "customer_id,date,order_id,revenue,cost\n"


def test_returns_are_neither_orders_nor_visits(put: Callable[..., Path]) -> None:
    """A return lowers revenue and counts in `returns`; days count from sales, and are unknown without any."""
    path = put(
        "o.csv",
        "customer_id,date,order_id,revenue\n"
        "a,2025-01-02,1,100\na,2025-03-01,R1,-100\nb,2025-02-01,2,30\nb,2025-02-01,2,-5\nc,2025-02-10,R2,-7\n"
        "c,2025-02-11,,-7\n",
    )
    base = cg.read_orders(path)
    assert base["orders"].tolist() == [1.0, 1.0, 0.0]
    assert base["returns"].tolist() == [100.0, 5.0, 14.0]
    assert repr(base["recency"].tolist()) == "[58.0, 28.0, nan]"
    assert repr(base["tenure"].tolist()) == "[58.0, 28.0, nan]"
    assert repr(base["average_sale"].tolist()) == "[0.0, 25.0, nan]"
    assert any(note.startswith("3 orders are returns, with negative revenue only") for note in base.notes)


def test_lines_without_order_ids_are_sales_or_returns(put: Callable[..., Path]) -> None:
    """Without order ids, each line that isn't negative is an order; a line of 0 is one."""
    base = cg.read_orders(put("o.csv", "customer_id,date,revenue\na,2025-01-02,0\na,2025-03-01,-1\n"))
    assert (base["orders"].tolist(), base["recency"].tolist()) == ([1.0], [58.0])
    assert any(note.startswith("1 order line is a return, with negative revenue: it lowers") for note in base.notes)


def test_returns_in_the_period_only(put: Callable[..., Path]) -> None:
    """A customer who only returned goods in the period has no order in it; tenure counts from the first sale of all."""
    path = put("o.csv", "customer_id,date,revenue\na,2024-01-01,9\na,2025-03-01,-1\nb,2025-03-01,1\n")
    base = cg.read_orders(path, since="2025-01-01")
    assert repr(base["recency"].tolist()) == "[nan, 0.0]"
    assert base["tenure"].tolist() == [425.0, 0.0]


def test_costs_of_returns_without_sign(put: Callable[..., Path]) -> None:
    """The note has profit under both readings; each choice gives its reading, without a note."""
    path = put("o.csv", HEADER + "a,2025-01-01,1,900,450\na,2025-01-02,R1,-900,450\nb,2025-01-03,2,100,95\n")
    noted = [note for note in cg.read_orders(path).notes if "positive cost" in note]
    assert len(noted) == 1
    assert "profit is -895" in noted[0]
    assert "profit is 5:" in noted[0]
    for sign, profit in (("as written", [-900.0, 5.0]), ("of revenue", [0.0, 5.0])):
        base = cg.read_orders(path, cost_sign=sign)
        assert base["profit"].tolist() == profit
        assert not [note for note in base.notes if "positive cost" in note]


def test_sign_of_revenue_mends_each_cost(put: Callable[..., Path]) -> None:
    """Costs of returns become negative, others positive; the cost of a line without revenue stays."""
    path = put("o.csv", HEADER + "a,2025-01-01,1,9,4\na,2025-01-02,2,-9,-4\na,2025-01-02,3,-9,3\na,2025-01-03,4,0,-1\n")
    assert not [note for note in cg.read_orders(path).notes if "positive cost" in note]
    assert cg.read_orders(path, cost_sign="of revenue")["profit"].tolist() == [-5.0]


def test_sign_needs_costs(put: Callable[..., Path]) -> None:
    """A sign of costs without costs, and one that doesn't exist, are refused."""
    path = put("o.csv", "customer_id,date,revenue\na,2025-01-01,1\n")
    with pytest.raises(FieldError, match="hold no costs"):
        cg.read_orders(path, cost_sign="of revenue")
    with pytest.raises(SourceError, match="of revenue"):
        cg.read_orders(path, cost_sign="minus")

"""The cases of `../shared/cases` about what order lines and rows of customers mean, as commands."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from attrs import field, frozen

CASES = Path(__file__).resolve().parents[2].parent / "shared" / "cases"
HALVES = ("--scorer", "abcde", "--param", "letters=AB", "--param", 'shares=["0.5","0.5"]')
UCI = [
    part for pair in ("customer_id=CustomerID", "date=InvoiceDate", "order_id=Invoice") for part in ("--column", pair)
]
UCI += ["--date-format", "%m/%d/%Y %H:%M", "--param", "by=revenue"]


@frozen
class Case:
    """A command and what it gives: values by customer and column, or texts of its report or of its error."""

    folder: str
    arguments: tuple[str, ...] = ()
    gives: dict[str, dict[str, str]] = field(factory=dict)
    says: tuple[str, ...] = ()
    fails: bool = False


TABLE = [
    Case(
        "quantity-times-price",
        (*UCI, "--column", "quantity=Quantity", "--column", "unit_price=UnitPrice"),
        {"9001": {"revenue": "28.7", "returns": "20.5", "orders": "1.0"}, "9002": {"revenue": "30.0", "grade": "A"}},
    ),
    Case("quantity-times-price", (*UCI, "--column", "revenue=UnitPrice"), says=("looks like the price of one unit",)),
    Case(
        "cancelled-order",
        ("--param", "by=orders"),
        {"k1": {"orders": "1.0", "recency": "84.0", "returns": "100.0", "revenue": "0.0"}},
        says=("1 order is a return",),
    ),
    Case("credit-note-cost", says=("negative revenue and a positive cost", "--cost-sign 'of revenue'")),
    Case("credit-note-cost", ("--cost-sign", "of revenue"), {"k1": {"profit": "0.0"}, "k2": {"profit": "5.0"}}),
    Case("repeated-order-total", says=("is 620 in all; if each is the total of its order, 340", "--order-total")),
    Case("repeated-order-total", ("--order-total",), {"k1": {"revenue": "140.0"}, "k2": {"revenue": "200.0"}}),
    Case("order-status", says=("--except status=cancelled --except status=failed",)),
    Case(
        "order-status",
        ("--only", "status=completed"),
        {"k1": {"revenue": "70.0"}, "k2": {"revenue": "150.0"}},
        says=("left out: 1 order line: status is 'cancelled'", "left out: 1 order line: status is 'failed'"),
    ),
    Case("two-currencies", ("--currency", "EUR"), says=("'EUR' (2), 'JPY' (1)", "--rates FILE"), fails=True),
    Case("two-currencies", ("--only", "currency=EUR"), {"k1": {"revenue": "300.0"}}, says=("money in EUR",)),
    Case(
        "last-visit-date",
        ("--param", "by=recency", "--column", "recency=last_visit"),
        says=("--column 'last_order=last_visit'",),
        fails=True,
    ),
    Case(
        "last-visit-date",
        ("--param", "by=recency", "--column", "last_order=last_visit", "--as-of", "2025-01-01"),
        {"k1": {"recency": "54.0", "grade": "A"}, "k2": {"recency": "698.0", "grade": "B"}},
    ),
    Case("any-column", ("--param", "by=lead_score"), {"k1": {"grade": "A"}, "k2": {"grade": "B"}}),
    Case(
        "total-row",
        (),
        {"k1": {"grade": "A"}, "k2": {}, "k3": {"grade": "B"}},
        says=("left out: 1 customer: a row of totals",),
    ),
]


@pytest.mark.skipif(not CASES.exists(), reason="the folder ../shared with the cases is absent")
@pytest.mark.parametrize("case", TABLE, ids=lambda case: case.folder)
def test_cases_give_what_is_right(case: Case, tmp_path: Path, command: Callable[..., Any]) -> None:
    """Each command gives the values and texts that are right."""
    (source,) = (CASES / case.folder).glob("*.csv")
    option = "--orders" if source.name == "orders.csv" else "--customers"
    status, report, error = command("grade", option, source, *HALVES, *case.arguments, "--out", tmp_path / "out.csv")
    assert status == (2 if case.fails else 0), error
    assert [text for text in case.says if text not in (error if case.fails else report)] == []
    if case.gives:
        with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
            rows = {row["customer_id"].removesuffix(".0"): row for row in csv.DictReader(file)}
        found = {who: {name: rows[who][name] for name in values} for who, values in case.gives.items()}
        assert found == case.gives

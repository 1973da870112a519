"""Rows of totals in customer files and below order lines, and days after the as-of date."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import custgrade as cg
from custgrade.errors import BadRowsError

HALVES = ("--scorer", "abcde", "--param", "by=revenue", "--param", "letters=AB", "--param", 'shares=["0.5","0.5"]')
CUSTOMERS = "customer_id,revenue,profit\nk1,100.10,40\nk2,80.20,\nk3,40.30,5\n"


@pytest.mark.parametrize("word", ["Grand Total", "GESAMT", "Summe:", "Total général", "Suma", "Totale", "* Totaal *"])
@pytest.mark.parametrize("first", [True, False])
def test_totals_of_customer_files_are_left_out(
    word: str, first: bool, put: Callable[..., Path], command: Callable[..., tuple[int, str, str]]
) -> None:
    """A first or last row with a word for a total and the sums of all others is no customer, in memory as in files."""
    header, *rows = CUSTOMERS.splitlines(keepends=True)
    total = f"{word},220.60,45\n"
    path = put("c.csv", header + "".join([total, *rows] if first else [*rows, total]))
    base = cg.read_customers(path)
    assert base.ids.tolist() == ["k1", "k2", "k3"]
    assert [str(left) for left in base.left_out] == [f"1 customer: a row of totals, {word!r}"]
    if not word.startswith("*"):
        _, report, _ = command("grade", "--customers", path, *HALVES)
        assert "left out: 1 customer: a row of totals" in report


def test_lines_that_were_rejected_are_still_counted(
    put: Callable[..., Path], command: Callable[..., tuple[int, str, str]]
) -> None:
    """A line of too few columns is counted once, in memory as in files, where a row of totals is left out as well."""
    path = put("c.csv", CUSTOMERS + "k4\nTotal,220.60,45\n")
    base = cg.read_customers(path, on_bad_rows="skip")
    reasons = ["1 line: could not be split into columns", "1 customer: a row of totals, 'Total'"]
    assert [str(left) for left in base.left_out] == reasons
    _, report, _ = command("grade", "--customers", path, "--on-bad-rows", "skip", *HALVES)
    assert all(f"left out: {reason}" in report for reason in reasons)


def test_word_or_sums_alone_are_noted(put: Callable[..., Path], command: Callable[..., tuple[int, str, str]]) -> None:
    """Either of them alone may be a coincidence, so the row stays, and a note says how to leave it out."""
    path = put("c.csv", CUSTOMERS + "Total,220.61,45\n")
    base = cg.read_customers(path)
    assert len(base) == 4
    assert any("(--except 'customer_id=Total')" in note for note in base.notes)
    assert len(cg.read_customers(path, exclude={"customer_id": "Total"})) == 3
    path = put("d.csv", CUSTOMERS + "k4,0,0\nk5,220.60,45\n")
    (note,) = [note for note in cg.read_customers(path).notes if "totals" in note]
    assert note.startswith("customer 'k5' may be a row of totals: its revenue and profit are the sums of all others.")
    assert note in command("grade", "--customers", path, *HALVES)[1]
    # three others are too few
    path = put("e.csv", CUSTOMERS + "k5,220.60,45\n")
    assert not [note for note in cg.read_customers(path).notes if "totals" in note]


def test_totals_below_order_lines_are_left_out(put: Callable[..., Path]) -> None:
    """A line without a date that has the word and the sums is left out; otherwise it is bad, as it was."""
    lines = "customer_id,date,revenue,quantity,unit_cost\na,2025-01-01,10.5,1,2\nb,2025-01-02,4.5,3,1\n"
    base = cg.read_orders(put("o.csv", lines + "Summe,,15.0,4,\n"))
    assert (base.ids.tolist(), base["profit"].tolist()) == (["a", "b"], [8.5, 1.5])
    assert [str(left) for left in base.left_out] == ["1 order line: a row of totals"]
    for wrong in ("Summe,,15.1,4,\n", "c,,15.0,4,\n"):
        with pytest.raises(BadRowsError, match="unreadable date"):
            cg.read_orders(put("p.csv", lines + wrong))


def test_customers_named_like_totals_are_noted(put: Callable[..., Path]) -> None:
    """A dated line of a customer called Total counts, and a note says how to leave it out."""
    base = cg.read_orders(put("o.csv", "customer_id,date,revenue\na,2025-01-01,1\nTOTAL,2025-01-01,1\n"))
    assert len(base) == 2
    assert any("customer 'TOTAL' may be a row of totals" in note for note in base.notes)


def test_days_after_the_as_of_date_are_counted(put: Callable[..., Path]) -> None:
    """Due and paid dates after the as-of date are counted in notes, also where the as-of date is the newest date."""
    text = "customer_id,date,order_id,due_date,paid_date\n"
    text += "a,2025-01-01,1,2025-01-05,2025-02-01\na,2025-01-10,2,2025-02-10,\n"
    base = cg.read_orders(put("o.csv", text))
    assert base.notes[1:] == (
        "1 order line has a due_date after the as-of date 2025-01-10: 0 days late",
        "1 order line has a paid_date after the as-of date 2025-01-10: not paid on that day",
    )
    assert base["days_late"].tolist() == [2.5]
    assert len(cg.read_orders(put("o.csv", text), as_of="2025-03-01").notes) == 1

"""What the amounts of order lines look like: shares in place of money, and costs of returns without a sign."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from custgrade.errors import FieldError
from custgrade.ingest.engine import one_row
from custgrade.ingest.lines.line_columns import share_or_money
from custgrade.ingest.lines.order_lines import OrderLines
from custgrade.ingest.mapping import not_read
from custgrade.text import counted


def refuse_fractions(lines: OrderLines) -> None:
    """Raise FieldError for discounts that are fractions, or may be, in the table `grouped`."""
    for name in [name for name in ("discount", "line_discount") if name in lines.columns]:
        query = f"SELECT min(least_{name}), max(most_{name}) FROM grouped WHERE fault = 0"
        low, high = one_row(lines.source.connection, query)
        if high is None or low < 0 or not 0 < high <= 1:
            continue
        column = lines.columns[name].name
        if name == "discount":
            raise FieldError(
                f"the values of column {column!r} lie between {plainly(low)} and {plainly(high)}, so they are "
                "fractions, but `discount` is an amount of money: map a column of amounts, or leave it out.",
                not_read("discount"),
            )
        if not lines.settled("line_discount_share"):
            raise share_or_money(column, plainly(low), plainly(high))


def noted_amounts(lines: OrderLines) -> tuple[int, list[str]]:
    """Return the number of lines that are returns, and a note where their costs seem to lack a sign.

    Both are read from the table `grouped`.
    """
    if not lines.amounts.has_revenue:
        return 0, []
    costs = ", sum(unsigned)::BIGINT, sum(signed)::BIGINT, sum(unsigned_cost)" if lines.amounts.has_cost else ""
    profit = ", sum(f_profit)" if costs else ""
    query = f"SELECT coalesce(sum(returned), 0)::BIGINT{costs}{profit} FROM grouped WHERE fault = 0"
    returned, *found = one_row(lines.source.connection, query)
    if not costs or lines.cost_sign is not None or not found[0] or found[1]:
        return returned, []
    unsigned, _, cost, total = found
    return returned, [
        f"{_have(unsigned)} negative revenue and a positive cost, so profit is {plainly(total)}; if the cost of a "
        f"return has the sign of its revenue, profit is {plainly(total + 2 * cost)}: cost_sign='of revenue' "
        "(--cost-sign 'of revenue'), else 'as written'"
    ]


def _have(lines: int) -> str:
    return f"{counted(lines, 'order lines')} {'has' if lines == 1 else 'have'}"


def later_payments(lines: OrderLines, table: str, as_of: dt.date) -> list[str]:
    """Return a note that counts the lines whose paid date is after the as-of date.

    table: the usable lines of the period. The table `grouped` says whether there are such lines.
    """
    if "paid_date" not in lines.columns:
        return []
    connection = lines.source.connection
    (last,) = one_row(connection, "SELECT max(last_paid_date) FROM grouped WHERE fault = 0")
    if last is None or last <= as_of:
        return []
    (count,) = one_row(connection, f"SELECT count(*) FROM {table} WHERE v_paid_date > DATE '{as_of}'")
    lines.source.rejected()
    later = f"{_have(count)} a paid_date after the as-of date {as_of}: not paid on that day"
    return [later] if count else []


def plainly(amount: Any) -> str:
    """Return a decimal as text, without zeros at the end of its fraction."""
    return f"{Decimal(amount).normalize():,f}"

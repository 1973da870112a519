"""The SQL of what is counted once per order, invoice or category, in place of once per line."""

from __future__ import annotations

import datetime as dt

from custgrade.ingest.lines.order_lines import ALL, OrderLines
from custgrade.ingest.lines.quick_sums import BY_ORDER, named
from custgrade.ingest.mapping import CUSTOMER_ID

PER_ORDER, WITHOUT_ORDER = "per_order", "without_order"
"""The tables of totals per order: for lines with an order id, and for lines without one."""


def counted_once(
    lines: OrderLines, table: str, inside: str, as_of: dt.date, returned: bool, by_order: bool
) -> dict[str, str]:
    """Return queries for values that are counted once per order, invoice or category, by the name of their table.

    Days past due: 0 for an early payment; an invoice unpaid at `as_of` counts to that day. The lines of one order
    are one invoice. An order whose lines are all returns is none; the column `returned` counts them. A line without
    an order id is an order of its own; the column `blank` of PER_ORDER is above 0
    for customers with such lines, and the table WITHOUT_ORDER is needed only then. `per_order` adds both up.

    table: the usable lines. inside: the SQL condition of lines in the period. returned: whether there are returns.
    by_order: whether the table BY_ORDER is there.
    """
    queries = {}
    end, of_period = f"DATE '{as_of}'", f"FROM {table} WHERE {inside}"
    days = f"greatest(date_diff('day', v_due_date, coalesce(least(v_paid_date, {end}), {end})), 0)"
    # an unread date of payment isn't an unpaid invoice; grouping is faster with short rows, so days take four bytes
    late = f"CASE WHEN v_due_date IS NOT NULL AND NOT unread_paid_date THEN CAST({days} AS INTEGER) END"
    mean = "CAST(sum(late) AS DOUBLE) / count(late) AS f_days_late"
    if by_order and "due_date" not in lines.columns:
        kept, sold = (
            f"FROM {BY_ORDER} WHERE {named(lines)} AND period_lines > 0",
            "period_lines > returned" if returned else ALL,
        )
        known, back = "order_id IS NOT NULL", "returned" if returned else "0"
        queries[PER_ORDER] = (
            f"SELECT id, count(*) FILTER ({known} AND {sold}) AS orders, count(*) FILTER ({known} AND NOT {sold}) AS "
            f"returned, count(*) FILTER (NOT {known}) AS blank {kept} GROUP BY id"
        )
        queries[WITHOUT_ORDER] = (
            f"SELECT id, period_lines AS lines, period_lines - {back} AS orders, {back} AS returned {kept} "
            "AND order_id IS NULL"
        )
    elif "order_id" in lines.columns:
        due = f", max({late}) AS late" if "due_date" in lines.columns else ""
        sold = f", bool_or({lines.amounts.sale}) AS sold" if returned else ", true AS sold"
        per_order = f"SELECT v_{CUSTOMER_ID} AS id, v_order_id IS NULL AS blank{sold}{due} {of_period}"
        known = ", sum(late) FILTER (NOT blank) AS late, count(late) FILTER (NOT blank) AS invoices" if due else ""
        queries[PER_ORDER] = (
            "SELECT id, count(*) FILTER (NOT blank AND sold) AS orders, count(*) FILTER (NOT blank AND NOT sold) "
            f"AS returned, count(*) FILTER (blank) AS blank{known} "
            f"FROM ({per_order} GROUP BY id, v_order_id) GROUP BY id"
        )
        # few files have lines without an order id, and grouping them takes time, so they have a query of their own
        own = f", sum({late}) AS late, count({late}) AS invoices" if due else ""
        sale = lines.amounts.sale if returned else ALL
        queries[WITHOUT_ORDER] = (
            f"SELECT v_{CUSTOMER_ID} AS id, count(*) AS lines, count(*) FILTER ({sale}) AS orders, "
            f"count(*) FILTER (NOT {sale}) AS returned{own} {of_period} AND v_order_id IS NULL GROUP BY id"
        )
    elif "due_date" in lines.columns:
        queries["invoices"] = (
            f"SELECT id, {mean} FROM (SELECT v_{CUSTOMER_ID} AS id, {late} AS late {of_period}) GROUP BY id"
        )
    if "category" in lines.columns:
        queries["categories"] = (
            f"SELECT v_{CUSTOMER_ID} AS id, count(DISTINCT v_category) AS f_product_mix {of_period} GROUP BY id"
        )
    return queries


def per_order(lines: OrderLines, blank: bool) -> dict[str, str]:
    """Return SQL of the values that are counted once per order, by field, over the tables of `counted_once`.

    blank: whether there are lines without an order id.
    """
    if "order_id" not in lines.columns:
        return {}

    def total(name: str) -> str:
        parts = [f"coalesce({table}.{name}, 0)" for table in (PER_ORDER, *[WITHOUT_ORDER] * blank)]
        return f"({' + '.join(parts)})"

    found = {"orders": total("orders")}
    if "due_date" in lines.columns:
        found["days_late"] = f"CAST({total('late')} AS DOUBLE) / nullif({total('invoices')}, 0)"
    return found

"""Orders whose lines all have the same amount, which may be the total of the order."""

from __future__ import annotations

from custgrade.errors import FieldError, Hint, SourceError
from custgrade.ingest.engine import one_row
from custgrade.ingest.lines.order_checks import plainly
from custgrade.ingest.lines.order_lines import ONCE, OrderLines
from custgrade.ingest.mapping import CUSTOMER_ID
from custgrade.text import counted, listed

_ENOUGH_ORDERS, _ENOUGH_AMOUNTS = 5, 3
_PROBED = 20_000
"""The number of lines among which most files have an order with several amounts."""


def check_order_total(lines: OrderLines) -> None:
    """Raise FieldError when amounts of orders can't count once, because there are no order ids or prices of units."""
    if not lines.order_total:
        return
    if "order_id" not in lines.columns:
        raise FieldError("amounts of orders count once only where lines have an order id; map `order_id`")
    if lines.amounts.multiplied:
        raise FieldError(
            "a quantity × a price is the amount of a line, not of its order.",
            Hint("Leave out order_total.", "Leave out --order-total."),
        )


def counted_once_per_order(lines: OrderLines, table: str) -> str:
    """Return SQL of a table of lines with a further column `once`, true on one line of each order.

    A line without an order id is an order of its own. The line is the first by date, so that the order belongs to the
    period in which it began.

    table: the lines with their readings and their column `fault`.

    Raises SourceError when the lines of an order have different amounts.
    """
    amounts = [name for name in lines.columns if name in lines.money]
    differ = " OR ".join(f"min(v_{name}) <> max(v_{name}) OR count(v_{name}) NOT IN (0, count(*))" for name in amounts)
    shown = ", ".join(f"min(v_{name}), max(v_{name}), count(*) - count(v_{name})" for name in amounts)
    whole = f"v_{CUSTOMER_ID}, v_order_id"
    usable = f"FROM {table} WHERE fault = 0 AND v_order_id IS NOT NULL GROUP BY {whole}"
    if differ:
        found = lines.source.connection.execute(
            f"SELECT {whole}, {shown} {usable} HAVING {differ} ORDER BY {whole} LIMIT 1"
        ).fetchall()
        lines.source.rejected()
        if found:
            customer, order, *values = found[0]
            parts = [
                f"{name} {'and '.join(filter(None, [_range(low, high), 'empty' if empty else '']))}"
                for name, low, high, empty in zip(amounts, values[::3], values[1::3], values[2::3], strict=True)
                if low != high or empty
            ]
            raise SourceError(
                f"{lines.source.label}: the lines of order {order!r} of customer {customer!r} have different amounts: "
                f"{listed(parts)}, so they are not totals of the order.",
                Hint("Give order_total=False.", "Give --no-order-total."),
            )
    first = f"row_number() OVER (PARTITION BY fault, {whole} ORDER BY v_date) = 1"
    return f"(SELECT *, v_order_id IS NULL OR {first} AS {ONCE} FROM {table})"


def _range(low: object, high: object) -> str:
    return " to ".join(dict.fromkeys(plainly(one) for one in (low, high))) + " " if low is not None else ""


def noted_totals(lines: OrderLines, table: str, several: bool) -> list[str]:
    """Return a note where few orders have the same amount on each of their lines.

    table: the usable lines of the period. several: whether there are orders of several lines.

    Raises SourceError where this is so for all orders of several lines, and they are too many for a coincidence.
    """
    amount = next((name for name in ("revenue", "profit") if name in lines.columns), None)
    if not several or lines.order_total is not None or amount is None:
        return []
    connection, value = lines.source.connection, lines.amounts.of(amount)
    whole = f"v_{CUSTOMER_ID}, v_order_id"

    def orders(among: str) -> str:
        grouped = f"WHERE v_order_id IS NOT NULL GROUP BY {whole} HAVING count(*) > 1"
        columns = f"min({value}) AS low, max({value}) AS high, count(*) AS n"
        return f"(SELECT {whole}, {columns} FROM {among} {grouped})"

    probe = f"SELECT count(*) FROM {orders(f'(SELECT * FROM {table} LIMIT {_PROBED})')} WHERE low <> high"
    (differing,) = one_row(connection, probe)
    if differing:
        return []
    query = (
        "SELECT count(*) FILTER (low <> high), count(*) FILTER (low <> 0), count(DISTINCT low) FILTER (low <> 0), "
        f"sum((n - 1) * low), min_by(struct_pack(customer := v_{CUSTOMER_ID}, order_id := v_order_id, n := n, "
        f"amount := low), struct_pack(customer := v_{CUSTOMER_ID}, order_id := v_order_id)) FILTER (low <> 0) "
        f"FROM {orders(table)}"
    )
    differing, same, amounts, repeated, example = one_row(connection, query)
    if differing or not same:
        return []
    (total,) = one_row(connection, f"SELECT sum({value}) FROM {table}")
    message = (
        f"each line has the same {amount} in {_all(same)} of several lines, such as order {example['order_id']!r} of "
        f"customer {example['customer']!r}: {example['n']} lines of {plainly(example['amount'])}. If these are "
        f"amounts of the lines, {amount} is {plainly(total)} in all; if each is the total of its order, "
        f"{plainly(total - repeated)}"
    )
    if same >= _ENOUGH_ORDERS and amounts >= _ENOUGH_AMOUNTS:
        raise SourceError(
            f"{lines.source.label}: {message}.",
            Hint(
                "Give order_total=True for totals of orders, or order_total=False for amounts of lines.",
                "Give --order-total for totals of orders, or --no-order-total for amounts of lines.",
            ),
        )
    return [f"{message} (order_total=True, --order-total). The lines are added up"]


def _all(orders: int) -> str:
    return "the only order" if orders == 1 else f"all {counted(orders, 'orders')}"

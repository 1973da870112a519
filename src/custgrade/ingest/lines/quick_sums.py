"""What the lines of each customer add up to, in one pass that is right only where no line has a fault.

Text is split once: its lines are added up by order, and the orders then by customer.
"""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

from custgrade.ingest.engine import one_row
from custgrade.ingest.lines.order_lines import OrderLines
from custgrade.ingest.mapping import CUSTOMER_ID
from custgrade.ingest.rows.bad_rows import CheckedRows

BY_ORDER = "by_order"
"""The table of what the lines of each order add up to: the columns of `grouped` without `fault`, and `order_id`."""
_AGAIN = {"sum": "sum", "count": "sum", "-coalesce": "sum", "min": "min", "max": "max"}
"""The functions that add up, over orders, what a function has added up over their lines."""


@frozen
class QuickSums:
    """Lines that were added up.

    rows: their readings. by_order: whether there is the table BY_ORDER.
    """

    lines: OrderLines
    rows: CheckedRows
    by_order: bool = False


def quick_sums(lines: OrderLines, rows: CheckedRows, aggregates: Mapping[str, str]) -> QuickSums | None:
    """Create the table `grouped`, and return how its lines were read; None where a line may have another fault than to
    lack a customer's id.

    aggregates: SQL by name.
    """
    if not rows.quickly_checked:
        return None
    connection, table = lines.source.connection, rows.unchecked()
    again = _again(aggregates) if "order_id" in lines.columns and lines.source.typed is not None else None
    sums = ", ".join(f"{sql} AS {name}" for name, sql in aggregates.items())
    sums += ", bool_and(coalesce(sound, false)) AS sound"
    by, of = f"v_{CUSTOMER_ID} AS id, {sums}", table
    if again is not None:
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE {BY_ORDER} AS SELECT v_{CUSTOMER_ID} AS id, v_order_id AS order_id, {sums} "
            f"FROM {table} GROUP BY v_{CUSTOMER_ID}, v_order_id"
        )
        merged = ", ".join(f"{sql} AS {name}" for name, sql in again.items())
        by, of = f"id, {merged}, bool_and(sound) AS sound", BY_ORDER
    # few ids remain, so that words for no customer are found in no time
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE grouped AS SELECT CASE WHEN {named(lines)} THEN 0 ELSE {rows.without_id} END "
        f"AS fault, * FROM (SELECT {by} FROM {of} GROUP BY ALL)"
    )
    rejected = lines.source.rejected().count if lines.source.typed is not None else 0
    (sound,) = one_row(connection, "SELECT coalesce(bool_and(sound), true) FROM grouped")
    return QuickSums(lines, rows, again is not None) if sound and not rejected else None


def named(lines: OrderLines, identity: str = "id") -> str:
    """Return the SQL condition that a customer's id is neither empty nor a word for no customer."""
    return f"coalesce({lines.columns[CUSTOMER_ID].missing.holds(identity)}, false)"


def _again(aggregates: Mapping[str, str]) -> dict[str, str] | None:
    """Return SQL that adds up orders, by name; None where an aggregate can't be added up."""
    functions = {name: _AGAIN.get(sql.partition("(")[0]) for name, sql in aggregates.items()}
    if None in functions.values():
        return None
    return {name: f"{function}({name})" for name, function in functions.items()}

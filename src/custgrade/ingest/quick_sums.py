"""What the lines of each customer add up to, in one pass that is right only where no line has a fault.

Text is split once: its lines are added up by order, and the orders then by customer.
"""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

from custgrade.ingest.bad_rows import CheckedRows
from custgrade.ingest.engine import one_row
from custgrade.ingest.mapping import CUSTOMER_ID
from custgrade.ingest.order_lines import OrderLines

BY_ORDER = "by_order"
"""The table of what the lines of each order add up to; the columns are those of `grouped`, and `order_id`."""
_AGAIN = {"sum": "sum", "count": "sum", "-coalesce": "sum", "min": "min", "max": "max"}
"""The functions that add up, over orders, what a function has added up over their lines."""


@frozen
class QuickSums:
    """Lines that were added up.

    rows: their readings. by_order: whether there is the table BY_ORDER.
    """

    rows: CheckedRows
    by_order: bool = False


def quick_sums(
    lines: OrderLines, rows: CheckedRows, aggregates: Mapping[str, str], without_id: int
) -> QuickSums | None:
    """Create the table `grouped`, and return how its lines were read; None where a line may have another fault than to
    lack a customer's id.

    aggregates: SQL by name. without_id: the number of the fault of lines without a customer's id.
    """
    if not rows.quickly_checked:
        return None
    connection = lines.source.connection
    by_order = "order_id" in lines.columns and lines.source.typed is not None and _again(aggregates) is not None
    sums = ", ".join(f"{sql} AS {name}" for name, sql in aggregates.items())
    sums += ", bool_and(coalesce(sound, false)) AS sound"
    customer = f"CASE WHEN v_{CUSTOMER_ID} IS NULL THEN {without_id} ELSE 0 END AS fault, v_{CUSTOMER_ID} AS id"
    begin = "CREATE OR REPLACE TEMP TABLE"
    if by_order:
        connection.execute(
            f"{begin} {BY_ORDER} AS SELECT {customer}, v_order_id AS order_id, {sums} FROM {rows.unchecked()} "
            f"GROUP BY v_{CUSTOMER_ID}, v_order_id"
        )
        again = ", ".join(f"{sql} AS {name}" for name, sql in (_again(aggregates) or {}).items())
        connection.execute(
            f"{begin} grouped AS SELECT fault, id, {again}, bool_and(sound) AS sound FROM {BY_ORDER} GROUP BY fault, id"
        )
    else:
        connection.execute(
            f"{begin} grouped AS SELECT {customer}, {sums} FROM {rows.unchecked()} GROUP BY v_{CUSTOMER_ID}"
        )
    rejected = lines.source.rejected().count if lines.source.typed is not None else 0
    (sound,) = one_row(connection, "SELECT coalesce(bool_and(sound), true) FROM grouped")
    return QuickSums(rows, by_order) if sound and not rejected else None


def _again(aggregates: Mapping[str, str]) -> dict[str, str] | None:
    """Return SQL that adds up orders, by name; None where an aggregate can't be added up."""
    functions = {name: _AGAIN.get(sql.partition("(")[0]) for name, sql in aggregates.items()}
    if None in functions.values():
        return None
    return {name: f"{function}({name})" for name, function in functions.items()}

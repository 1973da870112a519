"""Rows of totals below order lines: they have no date, and the amounts of all other lines together."""

from __future__ import annotations

from custgrade.ingest.cells.column_reading import ColumnReading
from custgrade.ingest.cells.column_values import cell_text, one_of
from custgrade.ingest.engine import one_row
from custgrade.ingest.lines.order_lines import OrderLines
from custgrade.ingest.mapping import CUSTOMER_ID
from custgrade.ingest.rows.bad_rows import CheckedRows
from custgrade.ingest.rows.total_words import TOTAL_WORDS, plain_sql


def leave_out_total_lines(lines: OrderLines, rows: CheckedRows) -> bool:
    """Leave out the lines without a date that have a word for a total and the sums of all other lines.

    Returns whether there are such lines. rows: the lines with their readings.
    """
    texts = [column for column in lines.source.columns.values() if column.type == "VARCHAR" and not column.unreadable]
    names = [name for name in (*sorted(lines.money), "quantity") if name in lines.columns]
    if not texts or not names:
        return False
    worded = " OR ".join(one_of(plain_sql(cell_text(column)), TOTAL_WORDS) for column in texts)
    empty = f"{cell_text(lines.columns['date'])} = ''"
    total = f"coalesce({empty} AND ({worded}), false)"
    table = rows.table([f"{total} AS is_total"])
    same = []
    for name in names:
        others = f"sum(v_{name}) FILTER (WHERE NOT is_total)"
        alike = f"min(v_{name}) FILTER (WHERE is_total) = {others} AND max(v_{name}) FILTER (WHERE is_total) = {others}"
        same.append(f"(count(v_{name}) FILTER (WHERE is_total) = 0 OR {alike})")
    some = " + ".join(f"count(v_{name}) FILTER (WHERE is_total)" for name in names)
    (found,) = one_row(
        lines.source.connection, f"SELECT coalesce({some} > 0 AND {' AND '.join(same)}, false) FROM {table}"
    )
    lines.source.rejected()
    if found:
        lines.leave_out_totals(ColumnReading("total_line", lines.columns["date"], total))
    return bool(found)


def customers_like_totals(lines: OrderLines) -> list[str]:
    """Return notes on customers whose id is a word for a total, from the table `grouped`."""
    query = f"SELECT id FROM grouped WHERE fault = 0 AND {one_of(plain_sql('id'), TOTAL_WORDS)} ORDER BY id LIMIT 3"
    found = [str(identity) for (identity,) in lines.source.connection.execute(query).fetchall()]
    column = lines.columns[CUSTOMER_ID].name
    return [
        f"customer {identity!r} may be a row of totals by its id. It counts as a customer; leave it out by "
        f"exclude={{{column!r}: {identity!r}}} (--except '{column}={identity}')"
        for identity in found
    ]

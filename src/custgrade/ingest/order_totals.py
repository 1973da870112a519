"""Adding up order lines by customer in DuckDB: the tables `grouped` and `customers`."""

from __future__ import annotations

import datetime as dt
from typing import Any

from custgrade.data.left_out import LeftOut
from custgrade.data.period import Period
from custgrade.errors import FieldError, Hint, SourceError
from custgrade.ingest.bad_rows import WITHOUT_ID, CheckedRows, rejected_lines
from custgrade.ingest.bad_rows_report import BadRowsReport
from custgrade.ingest.column_reading import Fault
from custgrade.ingest.engine import engine_errors
from custgrade.ingest.mapping import CUSTOMER_ID, not_read
from custgrade.ingest.order_lines import ALL, PER_ORDER, WITHOUT_ORDER, OrderLines
from custgrade.ingest.source import Source
from custgrade.ingest.unknown_cells import counts_of_unread, unread_cells
from custgrade.text import counted

_BEFORE = "before the period, which starts on {}"


def one_row(source: Source, query: str) -> tuple[Any, ...]:
    """Return the only row of a query's result."""
    (row,) = source.connection.execute(query).fetchall()
    return tuple(row)


def newest_date(lines: OrderLines) -> dt.date | None:
    """Return the newest date on a usable line, None where there is no usable line."""
    query = f"SELECT max(v_date) FROM {lines.rows(None).table()} WHERE fault = 0"
    with engine_errors(f"{lines.source.label} can't be read"):
        (newest,) = one_row(lines.source, query)
    lines.source.rejected()
    return newest if isinstance(newest, dt.date) else None


def _inside(start: dt.date | None) -> str:
    """Return the SQL condition of lines in the period that begins on `start`, that day included."""
    return ALL if start is None else f"v_date >= DATE '{start}'"


def group_lines(
    lines: OrderLines, skip: bool, report: BadRowsReport | None, as_of: dt.date | None, start: dt.date | None
) -> tuple[list[LeftOut], list[str], bool]:
    """Create the table `grouped`, and return the lines that are left out, notes, and whether no cell has a fault.

    The table has one row per customer, with fault 0, and one row per other fault. Columns of fields are named
    `f_<field>`.

    skip: whether bad lines are left out instead of refused. report: takes rows that are left out or refused. as_of:
    the last day, included. start: the first day of the period, included.

    Raises BadRowsError for bad lines that may not be left out, FieldError for discounts that are fractions.
    """
    source = lines.source
    sound = _group(lines, as_of, start)
    if lines.mend_ids("(SELECT id FROM grouped WHERE fault = 0)"):
        sound = _group(lines, as_of, start)
    rows = lines.rows(as_of)
    rejected = source.rejected()
    query = "SELECT fault, sum(lines)::BIGINT, sum(lines - period_lines)::BIGINT FROM grouped GROUP BY fault"
    counts = {int(fault): (int(n), int(before)) for fault, n, before in source.connection.execute(query).fetchall()}
    faulty = any(counts)
    words = f"SELECT id, lines FROM grouped WHERE fault = {WITHOUT_ID}"
    if report is not None:
        any_left_out = faulty or (0 in counts and counts[0][1] > 0)
        report.add(source, rejected, rows.with_fault(_before_period(start)) if any_left_out else None)
    left_out = rejected_lines(source, rejected, skip)
    left_out += rows.left_out({fault: n for fault, (n, _) in counts.items()}, skip, "order lines", words)
    notes = [] if sound else _unread(rows)
    if "discount" in lines.columns:
        _refuse_fraction(lines)
    return left_out, notes, not faulty and not notes


def _group(lines: OrderLines, as_of: dt.date | None, start: dt.date | None) -> bool:
    """Create the table `grouped`, and return whether the fast conditions show that no line has a fault."""
    source, rows, inside = lines.source, lines.rows(as_of), _inside(start)
    aggregates = "".join(f", {sql} AS f_{name}" for name, sql in lines.aggregates(inside).items())
    if "discount" in lines.columns:
        aggregates += ", min(v_discount) AS least_discount, max(v_discount) AS most_discount"
    in_period = "count(*)" if start is None else f"count(*) FILTER (WHERE {inside})"
    totals = f"count(*) AS lines, min(v_date) AS first, max(v_date) AS last, {in_period} AS period_lines{aggregates}"
    begin = "CREATE OR REPLACE TEMP TABLE grouped AS SELECT"
    with engine_errors(f"{source.label} can't be read"):
        sound = False
        if rows.quickly_checked:
            # most files have no fault, and the fast condition proves that in less time
            source.connection.execute(
                f"{begin} 0 AS fault, v_{CUSTOMER_ID} AS id, {totals}, bool_and(coalesce(sound, false)) AS sound "
                f"FROM {rows.unchecked()} GROUP BY v_{CUSTOMER_ID}"
            )
            # few ids remain, so that words for no customer are found in no time
            named = lines.columns[CUSTOMER_ID].missing.holds("id")
            (sound,) = one_row(source, f"SELECT bool_and(sound AND {named}) FROM grouped")
        if not sound:
            column = lines.columns[CUSTOMER_ID]
            # lines without a customer id are grouped by the word in its place
            of_whom = f"CASE fault WHEN 0 THEN v_{CUSTOMER_ID} WHEN {WITHOUT_ID} THEN trim(CAST(word AS VARCHAR)) END"
            unread = "".join(f", {sql} AS {name}" for name, sql in counts_of_unread(rows).items())
            source.connection.execute(
                f"{begin} fault, {of_whom} AS id, {totals}{unread} FROM {rows.table([f'{column.sql} AS word'])} "
                f"GROUP BY fault, {of_whom}"
            )
    return bool(sound)


def _unread(rows: CheckedRows) -> list[str]:
    """Return the notes on optional cells that can't be read."""
    names = list(counts_of_unread(rows))
    if not names:
        return []
    sums = one_row(rows.source, f"SELECT {', '.join(f'sum({name})::BIGINT' for name in names)} FROM grouped")
    return unread_cells(rows, dict(zip(names, (int(count or 0) for count in sums), strict=True)))


def _before_period(start: dt.date | None) -> Fault | None:
    """Return the fault of lines before the period, which count for `tenure` only."""
    return None if start is None else Fault(f"v_date < DATE '{start}'", _BEFORE.format(start), bad=False)


def _refuse_fraction(lines: OrderLines) -> None:
    query = "SELECT min(least_discount), max(most_discount) FROM grouped WHERE fault = 0"
    low, high = one_row(lines.source, query)
    if high is not None and low >= 0 and 0 < high <= 1:
        column = lines.columns["discount"].name
        raise FieldError(
            f"the values of column {column!r} lie between {low.normalize():f} and {high.normalize():f}, so they are "
            "fractions, but `discount` is an amount of money: map a column of amounts, or leave it out.",
            not_read("discount"),
        )


def make_customers(
    lines: OrderLines, table: str, period: Period, start: dt.date | None
) -> tuple[list[LeftOut], list[str]]:
    """Create the table `customers`, in ascending id order, and return the rows that are left out, and notes.

    table: the readings of usable lines. start: the first day of the period, included; lines before it are left out.

    Raises SourceError when no customer has a line in the period.
    """
    source, end = lines.source, f"DATE '{period.as_of}'"
    joined, blank, counted_once = "grouped", 0, lines.counted_once(table, _inside(start), period.as_of)
    with engine_errors(f"{source.label} can't be read"):
        for name, query in counted_once.items():
            if name == WITHOUT_ORDER and not one_row(source, f"SELECT bool_or(blank > 0) FROM {PER_ORDER}")[0]:
                continue
            source.connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {query}")
            joined += f" LEFT JOIN {name} USING (id)"
            if name == WITHOUT_ORDER:
                (blank,) = one_row(source, f"SELECT sum(orders)::BIGINT FROM {name}")
    source.rejected()
    computed = {"recency": f"date_diff('day', last, {end})", "tenure": f"date_diff('day', first, {end})"}
    computed |= {name: f"coalesce(f_{name}, 0)" for name in ("orders", "product_mix")}
    computed |= lines.per_order(blank > 0)
    if lines.assumed_profit:
        computed["profit"] = lines.assumed_profit
    items = ", ".join(f"{computed.get(name, f'f_{name}')} AS f_{name}" for name in lines.measures())
    source.connection.execute(
        f"CREATE OR REPLACE TEMP TABLE customers AS SELECT id, {items} FROM {joined} "
        "WHERE fault = 0 AND period_lines > 0 ORDER BY id"
    )
    for name in counted_once:
        source.connection.execute(f"DROP TABLE IF EXISTS {name}")
    left_out = [] if start is None else _before(source, start, period.as_of)
    source.connection.execute("DROP TABLE grouped")
    return left_out, [_blank_note(blank)] if blank else []


def _blank_note(lines: int) -> str:
    have, each = ("has", "it counts") if lines == 1 else ("have", "each counts")
    return f"{counted(lines, 'order lines')} {have} no order id; {each} as an order of its own"


def _before(source: Source, start: dt.date, end: dt.date) -> list[LeftOut]:
    """Return the order lines and customers that are left out because they are before the period.

    Raises SourceError when no customers are left.
    """
    before, gone, left = one_row(
        source,
        "SELECT sum(lines - period_lines)::BIGINT, count(*) FILTER (WHERE period_lines = 0), count(*) "
        "FROM grouped WHERE fault = 0",
    )
    if gone == left:
        raise SourceError(
            f"{source.label} has no order lines from {start} to {end}.",
            Hint("Give an earlier since, or a longer window.", "Give an earlier --since, or a longer --window."),
        )
    left_out = []
    if before:
        left_out.append(LeftOut(_BEFORE.format(start), int(before), "order lines"))
    if gone:
        left_out.append(LeftOut(f"with no order since {start}", int(gone), "customers"))
    return left_out

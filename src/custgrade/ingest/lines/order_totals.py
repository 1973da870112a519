"""Adding up order lines by customer in DuckDB: the tables `grouped` and `customers`."""

from __future__ import annotations

import datetime as dt

from custgrade.data.left_out import LeftOut
from custgrade.data.period import Period
from custgrade.errors import Hint, SourceError
from custgrade.ingest.cells.column_reading import Fault
from custgrade.ingest.engine import engine_errors, one_row
from custgrade.ingest.lines.counted_once import PER_ORDER, WITHOUT_ORDER, counted_once, per_order
from custgrade.ingest.lines.line_sums import aggregates_of, measures, observed
from custgrade.ingest.lines.order_checks import later_payments, noted_amounts, refuse_fractions
from custgrade.ingest.lines.order_lines import ALL, OrderLines
from custgrade.ingest.lines.quick_sums import QuickSums, quick_sums
from custgrade.ingest.lines.repeated_totals import counted_once_per_order, noted_totals
from custgrade.ingest.lines.total_lines import customers_like_totals, leave_out_total_lines
from custgrade.ingest.mapping import CUSTOMER_ID
from custgrade.ingest.rows.bad_rows import CheckedRows, rejected_lines
from custgrade.ingest.rows.bad_rows_report import BadRowsReport
from custgrade.ingest.rows.unknown_cells import counts_of_unread, unread_cells
from custgrade.ingest.source import Source
from custgrade.text import counted

_BEFORE = "before the period, which starts on {}"


def newest_date(lines: OrderLines) -> dt.date | None:
    """Return the newest date on a usable line, None where there is no usable line."""
    query = f"SELECT max(v_date) FROM {lines.rows(None).table()} WHERE fault = 0"
    with engine_errors(f"{lines.source.label} can't be read"):
        (newest,) = one_row(lines.source.connection, query)
    lines.source.rejected()
    return newest if isinstance(newest, dt.date) else None


def _inside(start: dt.date | None) -> str:
    """Return the SQL condition of lines in the period that begins on `start`, that day included."""
    return ALL if start is None else f"v_date >= DATE '{start}'"


def group_lines(
    lines: OrderLines,
    skip: bool,
    report: BadRowsReport | None,
    as_of: dt.date | None,
    start: dt.date | None,
    look_for_totals: bool = True,
) -> tuple[list[LeftOut], list[str], QuickSums | None]:
    """Create the table `grouped`, and return the lines that are left out, notes, and how the lines were read if no cell
    of them has a fault, except that a line may lack a customer's id.

    The table has one row per customer, with fault 0, and one row per other fault. Columns of fields are named
    `f_<field>`.

    skip: whether bad lines are left out instead of refused. report: takes rows that are left out or refused. as_of:
    the last day, included. start: the first day of the period, included. look_for_totals: whether lines without a date
    may be rows of totals, which are left out.

    Raises BadRowsError for bad lines that may not be left out, FieldError for discounts that are fractions.
    """
    source = lines.source
    quick = _group(lines, as_of, start)
    if lines.mend_ids("(SELECT id FROM grouped WHERE fault = 0)"):
        quick = _group(lines, as_of, start)
    rows = lines.rows(as_of)
    rejected = source.rejected()
    query = "SELECT fault, sum(lines)::BIGINT, sum(lines - period_lines)::BIGINT FROM grouped GROUP BY fault"
    counts = {int(fault): (int(n), int(before)) for fault, n, before in source.connection.execute(query).fetchall()}
    faulty = any(counts)
    undated = any(counts.get(code) and fault.expects == "date" for code, fault in enumerate(rows.faults, 1))
    if look_for_totals and undated and leave_out_total_lines(lines, rows):
        return group_lines(lines, skip, report, as_of, start, look_for_totals=False)
    if report is not None:
        any_left_out = faulty or (0 in counts and counts[0][1] > 0)
        report.add(source, rejected, rows.with_fault(_before_period(start)) if any_left_out else None)
    words = f"SELECT id, lines FROM grouped WHERE fault = {rows.without_id}"
    left_out = rejected_lines(source, rejected, skip)
    left_out += rows.left_out({fault: n for fault, (n, _) in counts.items()}, skip, "order lines", words)
    refuse_fractions(lines)
    return left_out, [] if quick is not None else _unread(rows), quick


def _group(lines: OrderLines, as_of: dt.date | None, start: dt.date | None) -> QuickSums | None:
    """Create the table `grouped`, and return how the lines were read if the fast conditions show no fault."""
    source, rows, inside = lines.source, lines.rows(as_of), _inside(start)
    in_period = "count(*)" if start is None else f"count(*) FILTER (WHERE {inside})"
    sums = {"lines": "count(*)", "first": "min(v_date)", "last": "max(v_date)", "period_lines": in_period}
    sums |= {f"f_{name}": sql for name, sql in aggregates_of(lines, inside).items()}
    sums |= observed(lines, inside)
    quick = None
    with engine_errors(f"{source.label} can't be read"):
        if not lines.order_total:
            # most files have no fault, and the fast conditions prove that in less time
            read = lines.typed() or lines
            quick = quick_sums(read, read.rows(as_of), sums)
        if quick is None:
            column = lines.columns[CUSTOMER_ID]
            # lines without a customer id are grouped by the word in its place
            word = f"WHEN {rows.without_id} THEN trim(CAST(word AS VARCHAR))"
            of_whom = f"CASE fault WHEN 0 THEN v_{CUSTOMER_ID} {word} END"
            checked = rows.table([f"{column.sql} AS word"])
            checked = counted_once_per_order(lines, checked) if lines.order_total else checked
            items = ", ".join(f"{sql} AS {name}" for name, sql in (sums | counts_of_unread(rows)).items())
            source.connection.execute(
                f"CREATE OR REPLACE TEMP TABLE grouped AS SELECT fault, {of_whom} AS id, {items} FROM {checked} "
                f"GROUP BY fault, {of_whom}"
            )
    return quick


def _unread(rows: CheckedRows) -> list[str]:
    """Return the notes on optional cells that can't be read."""
    names = list(counts_of_unread(rows))
    if not names:
        return []
    query = f"SELECT {', '.join(f'sum({name})::BIGINT' for name in names)} FROM grouped"
    sums = one_row(rows.source.connection, query)
    return unread_cells(rows, dict(zip(names, (int(count or 0) for count in sums), strict=True)))


def _before_period(start: dt.date | None) -> Fault | None:
    """Return the fault of lines before the period, which count for `tenure` only."""
    return None if start is None else Fault(f"v_date < DATE '{start}'", _BEFORE.format(start), bad=False)


def make_customers(
    lines: OrderLines, table: str, period: Period, start: dt.date | None, by_order: bool
) -> tuple[list[LeftOut], list[str]]:
    """Create the table `customers`, in ascending id order, and return the rows that are left out, and notes.

    table: the readings of usable lines. start: the first day of the period, included; lines before it are left out.
    by_order: whether the table BY_ORDER is there.

    Raises SourceError when no customer has a line in the period.
    """
    source, end, inside = lines.source, f"DATE '{period.as_of}'", _inside(start)
    returned, notes = noted_amounts(lines)
    of_period = f"(SELECT * FROM {table} WHERE {inside})"
    notes += [*customers_like_totals(lines), *later_payments(lines, of_period, period.as_of)]
    joined, blank, queries = "grouped", 0, counted_once(lines, table, inside, period.as_of, returned > 0, by_order)
    with engine_errors(f"{source.label} can't be read"):
        for name, query in queries.items():
            if (
                name == WITHOUT_ORDER
                and not one_row(source.connection, f"SELECT bool_or(blank > 0) FROM {PER_ORDER}")[0]
            ):
                continue
            source.connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {query}")
            joined += f" LEFT JOIN {name} USING (id)"
            if name == WITHOUT_ORDER:
                (blank,) = one_row(source.connection, f"SELECT sum(lines)::BIGINT FROM {name}")
    source.rejected()
    if "order_id" in lines.columns:
        several = f"(SELECT sum(orders + returned + blank) FROM {PER_ORDER})"
        (repeated,) = one_row(source.connection, f"SELECT sum(period_lines) > {several} FROM grouped WHERE fault = 0")
        with engine_errors(f"{source.label} can't be read"):
            notes += noted_totals(lines, of_period, bool(repeated))
        source.rejected()
    notes += [_blank_note(blank)] if blank else []
    if "order_id" in lines.columns and returned:
        tables = (PER_ORDER, *[WITHOUT_ORDER] * (blank > 0))
        counts = [one_row(source.connection, f"SELECT sum(returned)::BIGINT FROM {name}") for name in tables]
        returned = sum(count or 0 for (count,) in counts)
    notes += [_returns_note(returned, "orders" if "order_id" in lines.columns else "order lines")] if returned else []
    days = {"recency": "last_sale", "tenure": "first_sale"}
    computed = {name: f"date_diff('day', {day}, {end})" for name, day in days.items()}
    computed |= {name: f"coalesce(f_{name}, 0)" for name in ("orders", "product_mix")}
    computed |= per_order(lines, blank > 0)
    computed |= {name: lines.as_double(name) for name in measures(lines) if name in lines.wide}
    if lines.assumed_profit:
        computed["profit"] = lines.assumed_profit
    items = ", ".join(f"{computed.get(name, f'f_{name}')} AS f_{name}" for name in measures(lines))
    source.connection.execute(
        f"CREATE OR REPLACE TEMP TABLE customers AS SELECT id, {items} FROM {joined} "
        "WHERE fault = 0 AND period_lines > 0 ORDER BY id"
    )
    for name in queries:
        source.connection.execute(f"DROP TABLE IF EXISTS {name}")
    left_out = [] if start is None else _before(source, start, period.as_of)
    source.connection.execute("DROP TABLE grouped")
    return left_out, notes


def _blank_note(lines: int) -> str:
    have, each = ("has", "it counts") if lines == 1 else ("have", "each counts")
    return f"{counted(lines, 'order lines')} {have} no order id; {each} as an order of its own"


def _returns_note(count: int, what: str) -> str:
    only = " only" if what == "orders" else ""
    if count == 1:
        have, they = "is a return", "it lowers revenue and counts in returns, but is neither an order nor a visit"
    else:
        have, they = "are returns", "they lower revenue and count in returns, but are neither orders nor visits"
    return f"{counted(count, what)} {have}, with negative revenue{only}: {they}"


def _before(source: Source, start: dt.date, end: dt.date) -> list[LeftOut]:
    """Return the order lines and customers that are left out because they are before the period.

    Raises SourceError when no customers are left.
    """
    before, gone, left = one_row(
        source.connection,
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

"""Customers from order lines, aggregated by DuckDB with exact sums of money."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen

from custgrade.data.base import CustomerBase
from custgrade.data.field import Field
from custgrade.data.names import NAME, LazyNames
from custgrade.data.period import Period
from custgrade.errors import SourceError
from custgrade.ingest.cells.values import given_text
from custgrade.ingest.engine import one_row
from custgrade.ingest.ids.alike_ids import alike_ids
from custgrade.ingest.lines.line_sums import measures
from custgrade.ingest.lines.order_lines import OrderLines, order_fields
from custgrade.ingest.lines.order_totals import group_lines, make_customers, newest_date
from custgrade.ingest.lines.quick_sums import QuickSums, named
from custgrade.ingest.lines.repeated_totals import check_order_total
from custgrade.ingest.loaded import Loaded, TextLoader, closed_on_errors, float_columns, without_engine
from custgrade.ingest.mapping import (
    CUSTOMER_ID,
    NOTHING_NEEDED,
    Needed,
    described,
    unmapped,
    unread_notes,
    with_missing,
)
from custgrade.ingest.names import lazy_names, name_source
from custgrade.ingest.read_options import EVERY_ROW, OrderOptions
from custgrade.ingest.rows.bad_rows_report import BadRowsReport
from custgrade.ingest.source import Source, SourceColumn
from custgrade.ingest.sources.opening import open_source

if TYPE_CHECKING:
    import duckdb


def read_orders(
    source: Any,
    columns: Mapping[str, str] | None = None,
    *,
    as_of: str | dt.date | None = None,
    since: str | dt.date | None = None,
    window: str | int | dt.timedelta | None = None,
    currency: str | None = None,
    rates: str | os.PathLike[str] | Mapping[str, Any] | None = None,
    delimiter: str | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
    decimal: str | None = None,
    thousands: str | None = None,
    date_format: str | None = None,
    time_zone: str | None = None,
    missing: Sequence[str] | None = None,
    only: Mapping[str, str | Sequence[str]] = EVERY_ROW,
    exclude: Mapping[str, str | Sequence[str]] = EVERY_ROW,
    aliases: str | os.PathLike[str] | Mapping[str, str] | None = None,
    order_total: bool | None = None,
    cost_sign: str | None = None,
    assume_margin: float | None = None,
    on_bad_rows: str = "stop",
    fields: Sequence[Field] = (),
    name_column: str | None = None,
) -> CustomerBase:
    """Return the customers of order lines, in ascending order of their ids' UTF-8 bytes.

    source: the path of a text file with delimiters, a Parquet file or a workbook (Excel, ODS; extra `excel`), each also
    compressed (gzip, bzip2, xz, Zstandard, or a ZIP archive of one file); "-" for standard input; an open file; a data
    frame, an object with an Arrow C stream, or a DuckDB relation. Files are recognised by their content. The header is
    found below titles and comments; `notes` says so. A folder (its data files), a pattern such as "sales/2025-*.csv"
    (`**` stands for any number of folders) and a list of paths are read as one source, file by file. Columns are
    matched by name, regardless of capitals, blanks, `_` and `-`; a column that a file lacks is unknown there, and
    `notes` says what differs between the files.
    columns: column names by field. `customer_id` and `date` are required. `order_id`, `category`, `due_date`,
    `paid_date`, `currency`, `cost` (profit is then revenue − cost) and every field that lines can hold are optional. A
    field that isn't listed is read from the column of the same name, else from the only column whose name differs in
    capitals, blanks and punctuation only; a field mapped to an empty text is not read.
    In place of `revenue`, `quantity` × `unit_price` gives it, less `line_discount` (money off the line) or
    `line_discount_share` (a share of the line, from 0 to 1 or in per cent); in place of `cost`, `quantity` ×
    `unit_cost`. Products are exact. A line of negative revenue is a return: it lowers revenue and counts in `returns`,
    but it is neither an order nor a visit for `orders`, `recency` and `tenure`.
    as_of: the last day of the data to use, included; None takes the newest date. Later lines are left out and counted.
    since: the first day of the period, included. window: the length of the period in days, instead of `since`; it ends
    on the as-of date, included. Lines before the period count for `tenure` only.
    currency: the currency of all amounts, such as "EUR"; None takes the only one of a column of currencies. rates:
    what one unit of each other currency is worth in `currency`, as a mapping or a CSV file with the columns currency
    and rate; amounts are converted exactly before they are summed.
    only, exclude: values by column; only lines with one of these values in each column count, or lines with such a
    value don't. Values are compared as text, without blanks around them; a column is matched whatever its capitals.
    order_total: True counts the amounts of an order once, because each of its lines holds the total; False adds up its
    lines; None adds them up, and raises an error where they look like totals.
    cost_sign: "of revenue" gives a cost the sign of its line's revenue, for returns that have costs without a sign; "as
    written" takes costs as they are; None does so too, and notes returns with positive costs.
    delimiter: one character for text files; None recognises it; " " means any run of blanks. encoding: the encoding of
    text files, such as "cp1252"; None reads UTF-8, UTF-16, UTF-32 and, where no other one makes sense, Windows-1252;
    other texts are refused. sheet: the name of a workbook's sheet, or its number from 1 as a text; None takes the only
    visible sheet with rows.
    decimal: the decimal sign of numbers in text, "." or ","; thousands: the separator of thousands. None recognises
    them from the cells; a number that may be two raises an error.
    date_format: the format of dates in text, in strptime codes, or "excel" for day numbers of spreadsheets; None
    recognises it, and raises an error where two formats fit. time_zone: the zone in which a timestamp with an offset or
    a zone becomes a day; None means UTC.
    assume_margin: profit as a share of revenue, from -1 to 1, for data without profits and costs.
    missing: words and numbers that mean an unknown value, in addition to the default list (NULL, N/A, NaN, - and the
    like, whatever their capitals); an empty list turns the list off. A line with such a word as its id has no customer.
    aliases: the new ids of customers who were merged or renamed, by old id: a mapping, or a source with the columns
    `old_id` and `new_id`.
    on_bad_rows: "stop" raises an error that shows the first bad rows; "skip" leaves them out and counts them.
    A cell of an optional field that can't be read is unknown and counted in `notes`.
    fields: definitions of further fields that lines may hold.
    name_column: the column that holds customers' names; None takes `customer_name` or `name`, in any spelling; an
    empty text reads no names. A customer's name is that of the newest line with a name; of several names on that day,
    the last in text order.

    Money is summed exactly and rounded to float64 once, so the order of lines never changes a result.

    Raises SourceError when the source can't be read, BadRowsError for bad rows, FieldError for an unknown field or a
    missing column.
    """
    options = OrderOptions(
        delimiter=delimiter,
        encoding=encoding,
        sheet=sheet,
        decimal=decimal,
        thousands=thousands,
        date_format=date_format,
        time_zone=time_zone,
        missing=missing,
        only=only,
        exclude=exclude,
        aliases=aliases,
        currency=currency,
        rates=rates,
        as_of=as_of,
        since=since,
        window=window,
        order_total=order_total,
        cost_sign=cost_sign,
        assume_margin=assume_margin,
        on_bad_rows=on_bad_rows,
    )
    opened = open_source(source, options)
    with closed_on_errors(opened):
        return without_engine(load_orders(order_rows(opened, columns, options, fields, name_column)))


@frozen(eq=False)
class OrderRows:
    """Order lines, not yet read.

    lines: the SQL of the lines. options: how they are read. head: the base without its customers, with a placeholder
    for the period. name: the column of customers' names. report: takes the rows that are left out or refused.
    """

    lines: OrderLines
    options: OrderOptions
    head: CustomerBase
    name: SourceColumn | None = None
    report: BadRowsReport | None = None
    own = (CUSTOMER_ID,)
    own_fields = ()

    @property
    def source(self) -> Source:
        """The source of the lines."""
        return self.lines.source

    def names(self, as_of: dt.date, quick: QuickSums | None, customers: str) -> LazyNames | None:
        """Return the names on each customer's newest line up to and including `as_of`; None without a name column.

        quick: how the lines were read if none has a fault. customers: the table of customers, in ascending id order.
        """
        if self.name is None:
            return None
        table = usable_lines(self.lines, as_of, quick, [f"{given_text(self.name)} AS name_text"])

        def named(whose: str) -> str:
            newest = "max(struct_pack(on_day := v_date, name_text := name_text)).name_text"
            known = f"name_text IS NOT NULL AND {whose}"
            return f"SELECT v_{CUSTOMER_ID} AS id, {newest} AS name FROM {table} WHERE {known} GROUP BY v_{CUSTOMER_ID}"

        return lazy_names(self.source, named, f"SELECT id, row_number() OVER (ORDER BY id) AS place FROM {customers}")


def usable_lines(lines: OrderLines, as_of: dt.date | None, quick: QuickSums | None, others: Sequence[str] = ()) -> str:
    """Return the SQL of the table of the readings of lines that count.

    as_of: the last day, included. quick: how the lines were read if none has a fault. others: further columns, SQL with
    aliases.
    """
    if quick is not None:
        return f"(SELECT * FROM {quick.rows.unchecked(others)} WHERE {named(quick.lines, f'v_{CUSTOMER_ID}')})"
    return f"(SELECT * FROM {lines.rows(as_of).table(others)} WHERE fault = 0)"


def order_rows(
    source: Source,
    columns: Mapping[str, str] | None,
    options: OrderOptions,
    fields: Sequence[Field] = (),
    name_column: str | None = None,
    needed: Needed = NOTHING_NEEDED,
) -> OrderRows:
    """Return the order lines of a source, not yet read; see `read_orders`.

    needed: what the caller will need, for the error for missing columns.
    """
    lines = OrderLines(source, columns, options, fields, needed)
    check_order_total(lines)
    name = name_source(source, name_column, lines.columns.values())
    read = {**lines.read, **({} if name is None else with_missing({NAME: name}, options.missing))}
    notes = [
        described(source, read),
        *source.notes,
        *lines.notes,
        *lines.set_aside.values(),
        *unread_notes(source, read, {**(columns or {}), **lines.set_aside}, order_fields(fields)),
    ]
    if options.assume_margin is not None:
        notes.append(f"profit is assumed to be {options.assume_margin:.4g} of revenue")
    found = measures(lines)
    head = CustomerBase(
        ids=(),
        columns=dict.fromkeys(found, ()),
        period=Period(dt.date.max, dt.date.max, dt.date.max),
        currency=lines.unit.label or lines.written.currency,
        notes=notes,
        unmapped=[name for name in unmapped(source, read) if name not in lines.filters.columns],
        extra_fields=[field for field in fields if field.name in found or field.derived],
    )
    return OrderRows(lines, options, head, read.get(NAME))


def load_orders(
    rows: OrderRows,
    names: Sequence[str] | None = None,
    fetch: Callable[[duckdb.DuckDBPyConnection, str, Mapping[str, str]], Mapping[str, Any]] = float_columns,
) -> Loaded:
    """Return the customers of order lines, read and added up; see `read_orders`.

    names: the fields to fetch, None for all. fetch: the function that fetches columns from a table of a connection.
    """
    lines, options, source = rows.lines, rows.options, rows.source
    as_of = options.as_of
    if as_of is None and options.window:
        as_of = newest_date(lines)
    start = options.since
    if options.window is not None and as_of is not None:
        if options.window > as_of.toordinal():
            raise SourceError(
                f"a window of {options.window} days up to {as_of} would begin before the year 1; give a shorter one"
            )
        start = as_of - dt.timedelta(days=options.window - 1)
    left_out, unread, quick = group_lines(lines, options.skip, rows.report, as_of, start)
    first, last = one_row(source.connection, "SELECT min(first), max(last) FROM grouped WHERE fault = 0")
    if last is None:
        why = "; ".join(map(str, left_out)) or "it holds no lines below its header"
        raise SourceError(f"{source.label} has no usable order lines: {why}; give a file with usable lines")
    table = usable_lines(lines, as_of, quick)
    as_of = as_of or last
    if start is not None and start > as_of:
        raise SourceError(f"the period would start on {start}, after the as-of date {as_of}; choose an earlier start")
    period = Period(as_of, start or first, as_of)
    before, notes = make_customers(lines, table, period, start, quick is not None and quick.by_order)
    left_out += before
    wanted = rows.head.columns if names is None else names
    fields = {name: f"f_{name}" for name in wanted}
    alike = alike_ids(source, "customers")
    base = evolve(
        rows.head,
        ids=TextLoader(source.connection, "SELECT id FROM customers"),
        columns=fetch(source.connection, "customers", fields),
        period=period,
        notes=(*rows.head.notes, *lines.id_notes, *alike, *unread, *notes),
        left_out=left_out,
        unique_ids=True,
        names=rows.names(as_of, quick, "customers"),
    )
    return Loaded(base, source.connection, "customers", {CUSTOMER_ID: "id"}, identity="id", fields=fields)

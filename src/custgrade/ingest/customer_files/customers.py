"""Customer files, with one row per customer."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping, Sequence
from typing import Any

from attrs import evolve

from custgrade.data.base import CustomerBase
from custgrade.data.field import Field
from custgrade.data.names import NAME
from custgrade.data.standard import known_fields
from custgrade.ingest.cells import values
from custgrade.ingest.cells.column_reading import ColumnReading, Fault
from custgrade.ingest.cells.missing_codes import code_notes
from custgrade.ingest.cells.written_columns import Kind, kind_of, written_columns
from custgrade.ingest.customer_files.customer_readings import CustomerReadings, customer_columns
from custgrade.ingest.customer_files.customer_rows import CustomerRows
from custgrade.ingest.engine import engine_errors
from custgrade.ingest.ids.aliases import aliases_note, aliases_of, with_aliases
from custgrade.ingest.ids.alike_ids import alike_ids
from custgrade.ingest.ids.changed_ids import mended_ids
from custgrade.ingest.ids.duplicate_ids import refuse_duplicates
from custgrade.ingest.loaded import Loaded, TextLoader, closed_on_errors, float_columns, without_engine
from custgrade.ingest.mapping import (
    CUSTOMER_COLUMNS,
    CUSTOMER_ID,
    NOTHING_NEEDED,
    Needed,
    described,
    mapped_columns,
    unmapped,
    unread_notes,
    with_missing,
)
from custgrade.ingest.names import name_source
from custgrade.ingest.read_options import EVERY_ROW, ReadOptions
from custgrade.ingest.rows.bad_rows import WITHOUT_ID, CheckedRows
from custgrade.ingest.rows.currencies import CURRENCY, currency_column, money_unit
from custgrade.ingest.rows.filters import row_filters
from custgrade.ingest.source import Source
from custgrade.ingest.sources.opening import open_source


def read_customers(
    source: Any,
    columns: Mapping[str, str] | None = None,
    *,
    as_of: str | dt.date | None = None,
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
    assume_margin: float | None = None,
    on_bad_rows: str = "stop",
    fields: Sequence[Field] = (),
    name_column: str | None = None,
) -> CustomerBase:
    """Return the customers of a source that has one row per customer, in the order of the rows.

    source: the path of a text file with delimiters, a Parquet file or a workbook (Excel, ODS; extra `excel`), each also
    compressed (gzip, bzip2, xz, Zstandard, or a ZIP archive of one file); "-" for standard input; an open file; a data
    frame, an object with an Arrow C stream, or a DuckDB relation. Files are recognised by their content. The header is
    found below titles and comments; `notes` says so. A folder (its data files), a pattern such as "sales/2025-*.csv"
    (`**` stands for any number of folders) and a list of paths are read as one source, file by file. Columns are
    matched by name, regardless of capitals, blanks, `_` and `-`; a column that a file lacks is unknown there, and
    `notes` says what differs between the files.
    columns: column names by field; `customer_id` is required. A field that isn't listed is read from the column of the
    same name, else from the only column whose name differs in capitals, blanks and punctuation only; a field mapped to
    an empty text is not read. An empty cell means that the value is unknown. `last_order` and `first_order` are dates
    that give `recency` and `tenure`; `cost` gives profit, with `revenue`; `currency` is a column of currencies.
    as_of: the day to which `last_order` and `first_order` count; None takes the newest `last_order`.
    currency: the currency of all amounts, such as "EUR"; None takes the only one of a column of currencies. rates:
    what one unit of each other currency is worth in `currency`, as a mapping or a CSV file with the columns currency
    and rate.
    only, exclude: values by column; only rows with one of these values in each column count, or rows with such a
    value don't. Values are compared as text, without blanks around them; a column is matched whatever its capitals.
    assume_margin: profit as a share of revenue, from -1 to 1, for data without profits and costs.
    delimiter: one character for text files; None recognises it; " " means any run of blanks. encoding: the encoding of
    text files, such as "cp1252"; None reads UTF-8, UTF-16, UTF-32 and, where no other one makes sense, Windows-1252;
    other texts are refused. sheet: the name of a workbook's sheet, or its number from 1 as a text; None takes the only
    visible sheet with rows.
    decimal: the decimal sign of numbers in text, "." or ","; thousands: the separator of thousands. None recognises
    them from the cells; a number that may be two raises an error.
    date_format: the format of dates in text, in strptime codes, or "excel" for day numbers of spreadsheets; None
    recognises it, and raises an error where two formats fit. time_zone: the zone in which a timestamp with an offset or
    a zone becomes a day; None means UTC.
    missing: words and numbers that mean an unknown value, in addition to the default list (NULL, N/A, NaN, - and the
    like, whatever their capitals); an empty list turns the list off. A row with such a word as its id has no customer.
    aliases: the new ids of customers who were merged or renamed, by old id: a mapping, or a source with the columns
    `old_id` and `new_id`.
    on_bad_rows: "stop" raises an error that shows the first bad rows; "skip" leaves them out and counts them. A row is
    bad when a number is outside its field's bounds, and when a revenue or profit can't be read. An unreadable cell of
    another field is unknown and counted in `notes`. A first or last row with a word for a total and the sums of all
    other rows is left out.
    fields: definitions of further fields.
    name_column: the column that holds customers' names; None takes `customer_name` or `name`, in any spelling; an
    empty text reads no names.

    Raises SourceError when the source can't be read or an id occurs twice, BadRowsError for bad rows, FieldError for an
    unknown field or a missing column.
    """
    options = ReadOptions(
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
        assume_margin=assume_margin,
        on_bad_rows=on_bad_rows,
    )
    opened = open_source(source, options)
    with closed_on_errors(opened):
        rows = customer_rows(opened, columns, options, fields, name_column)
        return without_engine(load_customers(rows))


def customer_fields(extra: Sequence[Field] = ()) -> tuple[str, ...]:
    """Return the names that columns of a customer file can be mapped to."""
    return (*CUSTOMER_COLUMNS, *(name for name, field in known_fields(extra).items() if not field.derived))


def customer_rows(
    source: Source,
    columns: Mapping[str, str] | None,
    options: ReadOptions,
    fields: Sequence[Field] = (),
    name_column: str | None = None,
    needed: Needed = NOTHING_NEEDED,
) -> CustomerRows:
    """Return the rows of a customer file, not yet read; see `read_customers`.

    needed: what the caller will need, for the error for missing columns.
    """
    known = known_fields(fields)
    mapped = mapped_columns(source, columns, customer_fields(fields), known, (CUSTOMER_ID,), needed)
    mapped = with_missing(mapped, options.missing)
    aliases = {} if options.aliases is None else aliases_of(options.aliases)
    given, changed = mended_ids(source, mapped.pop(CUSTOMER_ID), CUSTOMER_ID, spared=aliases)
    filters = row_filters(source, options)
    counted_rows = f"{filters.kept} AND {values.present(given)}"
    unit = money_unit(
        source, currency_column(source, mapped.pop(CURRENCY, None), columns), options, counted_rows, "customers"
    )
    mapped = customer_columns(mapped, columns, options.assume_margin)
    written = written_columns(source, mapped, {name: _kind(name, known) for name in mapped}, options)
    if unit.column is not None and not unit.rate:
        written.refuse_other_currency(source, unit.label, unit.column.name)
    mapped = dict(written.columns)
    found = CustomerReadings(source, mapped, known, options, unit, filters.kept)
    found.add_all()
    name = name_source(source, name_column, [given, *mapped.values()])
    read = {CUSTOMER_ID: given, **mapped, **({} if unit.column is None else {CURRENCY: unit.column})}
    read |= {} if name is None else with_missing({NAME: name}, options.missing)
    column = given
    if aliases:
        changed.append(aliases_note(source, given, aliases))
        source, column = with_aliases(source, given, aliases)
    identity = ColumnReading(CUSTOMER_ID, column, values.given_text(column), values.present(column))
    without_id = Fault(f"v_{CUSTOMER_ID} IS NULL", WITHOUT_ID, bad=False)
    numbers = [*found.own, *found.computed]
    head = CustomerBase(
        ids=(),
        columns=dict.fromkeys(numbers, ()),
        currency=unit.label or written.currency,
        notes=[
            described(source, read),
            *source.notes,
            *written.notes,
            *unit.notes,
            *found.notes,
            *changed,
            *unread_notes(source, read, columns, customer_fields(fields)),
        ],
        unmapped=[name for name in unmapped(source, read) if name not in filters.columns],
        extra_fields=[field for field in fields if field.name in mapped or field.derived],
    )
    checked = CheckedRows(
        source,
        [identity, *found.readings, *filters.readings],
        [*filters.faults, without_id, *found.faults],
        found.optional,
    )
    return CustomerRows(checked, numbers, options.skip, head, found.own, read.get(NAME))


def _kind(name: str, known: Mapping[str, Field]) -> Kind:
    if name in known:
        return kind_of(known[name])
    return "amount" if name == "cost" else "date"


def load_customers(rows: CustomerRows) -> Loaded:
    """Read the rows of a customer file into memory; see `read_customers`."""
    connection = rows.source.connection
    table, own = rows.table()
    with engine_errors(f"{rows.source.label} can't be read"):
        connection.execute(f"CREATE OR REPLACE TEMP TABLE rows AS SELECT * FROM {table}")
        if not rows.looked_for_totals:
            looked = rows.without_totals("rows")
            if looked.checked is not rows.checked:
                rows.source.rejected()
                return load_customers(looked)
            rows = looked
    counts = connection.execute("SELECT fault, count(*) FROM rows GROUP BY fault").fetchall()
    left_out = rows.left_out({int(k): int(n) for k, n in counts})
    notes = rows.unread("rows")
    connection.execute("CREATE OR REPLACE TEMP VIEW customers AS SELECT * FROM rows WHERE fault = 0")
    refuse_duplicates(rows.source, "customers", own[rows.identity])
    notes += alike_ids(rows.source, "(SELECT v_customer_id AS id FROM customers)")
    columns = float_columns(connection, "customers", {name: f"v_{name}" for name in rows.numbers})
    notes += code_notes(rows.source.label, columns)
    base = evolve(
        rows.head,
        ids=TextLoader(connection, "SELECT v_customer_id FROM customers"),
        columns=columns,
        left_out=left_out,
        notes=(*rows.head.notes, *notes),
        unique_ids=True,
        names=rows.names("customers"),
    )
    return Loaded(base, connection, "customers", own, frozenset(rows.own_fields), "v_customer_id")

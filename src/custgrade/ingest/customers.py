"""Customer files, with one row per customer."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping, Sequence
from typing import Any

from attrs import evolve, frozen

from custgrade.data.base import CustomerBase
from custgrade.data.field import Field
from custgrade.data.left_out import LeftOut
from custgrade.data.names import NAME, LazyNames
from custgrade.data.standard import known_fields
from custgrade.errors import SourceError
from custgrade.ingest import values
from custgrade.ingest.aliases import aliases_note, aliases_of, with_aliases
from custgrade.ingest.alike_ids import alike_ids
from custgrade.ingest.bad_rows import WITHOUT_ID, CheckedRows, rejected_lines
from custgrade.ingest.bad_rows_report import BadRowsReport
from custgrade.ingest.column_reading import ColumnReading, Fault
from custgrade.ingest.duplicate_ids import refuse_duplicates
from custgrade.ingest.engine import engine_errors
from custgrade.ingest.ids import mended_ids
from custgrade.ingest.loaded import Loaded, TextLoader, closed_on_errors, float_columns, without_engine
from custgrade.ingest.mapping import CUSTOMER_ID, described, mapped_columns, unmapped, unread_notes, with_missing
from custgrade.ingest.missing_codes import code_notes
from custgrade.ingest.names import lazy_names, name_source
from custgrade.ingest.opening import open_source
from custgrade.ingest.read_options import EVERY_ROW, ReadOptions
from custgrade.ingest.source import Source, SourceColumn
from custgrade.ingest.unknown_cells import counts_of_unread, unread_cells
from custgrade.ingest.written_columns import kind_of, written_columns

_NEVER_IN_DOUBT = ("revenue", "profit")
"""Amounts whose cells must be readable; an unreadable cell of another field is unknown."""


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

    source: a CSV or Parquet path, a data frame, an object with an Arrow C stream, or a DuckDB relation.
    columns: column names by field; `customer_id` is required. A field that isn't listed is read from the column of the
    same name, else from the only column whose name differs in capitals, blanks and punctuation only; a field mapped to
    an empty text is not read. An empty cell means that the value is unknown.
    currency: a label for all amounts, such as "EUR". delimiter: one character for text files; None finds it in the
    header line; " " means any run of blanks.
    missing: words and numbers that mean an unknown value, in addition to the default list (NULL, N/A, NaN, - and the
    like, whatever their capitals); an empty list turns the list off. A row with such a word as its id has no customer.
    aliases: the new ids of customers who were merged or renamed, by old id: a mapping, or a source with the columns
    `old_id` and `new_id`.
    on_bad_rows: "stop" raises an error that shows the first bad rows; "skip" leaves them out and counts them. A row is
    bad when a number is outside its field's bounds, and when a revenue or profit can't be read. An unreadable cell of
    another field is unknown and counted in `notes`.
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
    return (CUSTOMER_ID, *(name for name, field in known_fields(extra).items() if not field.derived))


@frozen(eq=False)
class CustomerRows:
    """The rows of a customer file, not yet read.

    checked: the readings and faults of the rows. numbers: the fields that are read. skip: whether bad rows are left out
    instead of refused. head: the base without its customers. name: the column of customers' names. report: takes the
    rows that are left out or refused.
    """

    checked: CheckedRows
    numbers: tuple[str, ...]
    skip: bool
    head: CustomerBase
    name: SourceColumn | None = None
    report: BadRowsReport | None = None

    @property
    def source(self) -> Source:
        """The source of the rows."""
        return self.checked.source

    @property
    def identity(self) -> str:
        """The name of the column of ids."""
        return self.checked.readings[0].column.name

    @property
    def own(self) -> tuple[str, ...]:
        """The names of the source's columns, with which each output row begins."""
        return tuple(self.source.columns)

    @property
    def own_fields(self) -> tuple[str, ...]:
        """The fields that the source's columns hold."""
        return self.numbers

    def table(self) -> tuple[str, dict[str, str]]:
        """Return SQL of a table of the checked rows, and the SQL of the source's columns in it, by name."""
        own = {name: f"own{k}" for k, name in enumerate(self.source.columns)}
        columns = [f"{self.source.columns[name].sql} AS {alias}" for name, alias in own.items()]
        return self.checked.table(columns), own

    def names(self, table: str) -> LazyNames | None:
        """Return the names of the customers in a table that was selected from `table()`; None without a name column."""
        if self.name is None:
            return None
        name = values.given_text(evolve(self.name, sql=self.table()[1][self.name.name]))
        one = f"SELECT v_{CUSTOMER_ID} AS id"
        customers = f"{one}, row_number() OVER () AS place FROM {table}"
        return lazy_names(self.source, lambda whose: f"{one}, {name} AS name FROM {table} WHERE {whose}", customers)

    def left_out(self, counts: Mapping[int, int]) -> list[LeftOut]:
        """Return the rows that are left out, by reason; counts: rows by fault.

        Raises BadRowsError for bad rows that may not be left out, SourceError when no customers are left.
        """
        rejected = self.source.rejected()
        if self.report is not None:
            faulty = any(count for fault, count in counts.items() if fault)
            self.report.add(self.source, rejected, self.checked.with_fault(None) if faulty else None)
        left_out = rejected_lines(self.source, rejected, self.skip)
        table, own = self.table()
        word = f"trim(CAST({own[self.identity]} AS VARCHAR))"
        words = f"SELECT {word}, count(*) FROM {table} WHERE fault = {WITHOUT_ID} GROUP BY 1"
        left_out += self.checked.left_out(counts, self.skip, "customers", words)
        if not counts.get(0):
            why = "; ".join(map(str, left_out)) or "it holds no rows below its header"
            raise SourceError(f"{self.source.label} has no usable customers: {why}; give a file with usable rows")
        return left_out

    def unread(self, table: str) -> list[str]:
        """Return the notes on optional cells that can't be read; table: a table with the columns of `table()`."""
        sums = counts_of_unread(self.checked)
        if not sums:
            return []
        values = self.source.connection.execute(f"SELECT {', '.join(sums.values())} FROM {table}").fetchall()[0]
        return unread_cells(self.checked, dict(zip(sums, map(int, values), strict=True)))


def customer_rows(
    source: Source,
    columns: Mapping[str, str] | None,
    options: ReadOptions,
    fields: Sequence[Field] = (),
    name_column: str | None = None,
    needed: Sequence[str] = (),
) -> CustomerRows:
    """Return the rows of a customer file, not yet read; see `read_customers`.

    needed: fields that the caller will need, for the error for missing columns.
    """
    known = known_fields(fields)
    mapped = mapped_columns(source, columns, customer_fields(fields), known, (CUSTOMER_ID,), needed)
    name = name_source(source, name_column, mapped.values())
    kinds = {name: kind_of(known[name]) for name in mapped if name != CUSTOMER_ID}
    written = written_columns(source, with_missing(mapped, options.missing), kinds, options)
    mapped = dict(written.columns)
    read = {**mapped, **({} if name is None else with_missing({NAME: name}, options.missing))}
    aliases = {} if options.aliases is None else aliases_of(options.aliases)
    column, changed = mended_ids(source, mapped.pop(CUSTOMER_ID), CUSTOMER_ID, spared=aliases)
    if aliases:
        changed.append(aliases_note(source, column, aliases))
        source, column = with_aliases(source, column, aliases)
    identity = ColumnReading(CUSTOMER_ID, column, values.given_text(column), values.present(column))
    numbers = [
        ColumnReading(
            name,
            column,
            values.number(column, per_cent=known[name].unit == "ratio"),
            values.sound_number(column, known[name].low, known[name].high),
        )
        for name, column in mapped.items()
    ]
    faults, optional = [Fault(f"v_{CUSTOMER_ID} IS NULL", "without a customer id", bad=False)], list[Fault]()
    for number in numbers:
        unread = number.unreadable(f"{number.name}, a number", needed=False)
        (faults if number.name in _NEVER_IN_DOUBT else optional).append(unread)
        faults.append(number.outside(known[number.name]))
    head = CustomerBase(
        ids=(),
        columns={number.name: () for number in numbers},
        currency=written.currency or options.currency,
        notes=[
            described(source, read),
            *source.notes,
            *written.notes,
            *changed,
            *unread_notes(source, read, columns, customer_fields(fields)),
        ],
        unmapped=unmapped(source, read),
        extra_fields=[field for field in fields if field.name in mapped or field.derived],
    )
    checked = CheckedRows(source, [identity, *numbers], faults, optional)
    return CustomerRows(checked, tuple(number.name for number in numbers), options.skip, head, read.get(NAME))


def load_customers(rows: CustomerRows) -> Loaded:
    """Read the rows of a customer file into memory; see `read_customers`."""
    connection = rows.source.connection
    table, own = rows.table()
    with engine_errors(f"{rows.source.label} can't be read"):
        connection.execute(f"CREATE OR REPLACE TEMP TABLE rows AS SELECT * FROM {table}")
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
    return Loaded(base, connection, "customers", own, frozenset(base.columns), "v_customer_id")

"""Rows that are left out by the value of a column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import field, frozen

from custgrade.data.converters import tupled
from custgrade.errors import FieldError, SourceError
from custgrade.ingest.cells.column_reading import ColumnReading, Fault
from custgrade.ingest.cells.column_values import MOST_VALUES, cell_text, column_like, one_of, shown_values, values_of
from custgrade.ingest.engine import engine_errors, one_row
from custgrade.ingest.read_options import ReadOptions
from custgrade.ingest.source import Source, SourceColumn
from custgrade.text import counted, did_you_mean, listed

_EACH = 8
"""The number of values of a column that are counted one by one; of more, all rows are counted together."""


@frozen
class RowFilters:
    """The rows that are left out by the value of a column.

    readings: the columns that decide. faults: of the rows that are left out; they count before any other fault. kept:
    the SQL condition of the other rows, over the source's columns. columns: the names of the columns that decide.
    """

    readings: tuple[ColumnReading, ...] = field(default=(), converter=tupled)
    faults: tuple[Fault, ...] = field(default=(), converter=tupled)
    kept: str = "true"
    columns: tuple[str, ...] = field(default=(), converter=tupled)


def row_filters(source: Source, options: ReadOptions, order_id: SourceColumn | None = None) -> RowFilters:
    """Return the filters of a source; a column is matched whatever its capitals, blanks and signs.

    order_id: the column of order ids, of order lines that have one.

    Raises FieldError for a column that the source doesn't have, SourceError for a value that never occurs, and for a
    column that is filled on some lines of an order only.
    """
    readings: dict[str, ColumnReading] = {}
    faults: list[Fault] = []
    conditions: list[str] = []
    for chosen, keep in ((options.only, True), (options.exclude, False)):
        for name, given in chosen.items():
            column = column_like(source, name)
            if column is None:
                raise FieldError(
                    f"{source.label} has no column {name!r}, by which rows are to be chosen."
                    f"{did_you_mean(name, source.columns)} It has: {listed(source.columns)}."
                )
            wanted = list(dict.fromkeys(value.strip() for value in given))
            if not wanted:
                raise SourceError(f"received no value of {name!r} by which rows are to be chosen; give at least one")
            sql = cell_text(column)
            counts = values_of(source, sql, wanted)
            _refuse_absent(source, column.name, wanted, counts)
            if order_id is not None and "" in counts:
                _refuse_gaps(source, column, order_id)
            reading = readings.setdefault(column.name, ColumnReading(f"chosen{len(readings)}", column, sql))
            faults += _faults(reading, wanted, counts, keep)
            conditions.append(one_of(sql, wanted) if keep else f"NOT {one_of(sql, wanted)}")
    return RowFilters(readings.values(), faults, " AND ".join(conditions) or "true", readings)


def _refuse_absent(source: Source, column: str, wanted: Sequence[str], counts: Mapping[str, int]) -> None:
    absent = [value for value in wanted if value not in counts]
    if absent:
        guess = did_you_mean(absent[0], [value for value in counts if value])
        raise SourceError(
            f"{source.label}: no row has {listed(map(repr, absent))} in column {column!r}.{guess} "
            f"Its values are: {shown_values(counts)}."
        )


def _refuse_gaps(source: Source, column: SourceColumn, order_id: SourceColumn) -> None:
    """Raise SourceError where an order has lines with and without a value: it would be chosen in part."""
    filled = f"{cell_text(column)} <> ''"
    query = (
        f"SELECT count(*), min(id) FROM (SELECT {cell_text(order_id)} AS id FROM {source.table} GROUP BY id "
        f"HAVING id <> '' AND bool_or({filled}) AND NOT bool_and({filled}))"
    )
    with engine_errors(f"{source.label} can't be read"):
        count, first = one_row(source.connection, query)
    source.rejected()
    if count:
        raise SourceError(
            f"{source.label}: column {column.name!r} is empty on some lines of {counted(count, 'orders')}, such as "
            f"{first!r}, so these orders would be left out in part; fill it in on all lines of an order"
        )


def _faults(reading: ColumnReading, wanted: Sequence[str], counts: Mapping[str, int], keep: bool) -> list[Fault]:
    """Return the faults of the rows that one filter leaves out, each with one value where they are few."""
    name, value = reading.column.name, f"v_{reading.name}"
    out = [one for one in counts if one not in wanted] if keep else list(wanted)
    if len(out) <= min(_EACH, MOST_VALUES):
        return [
            Fault(one_of(value, [one]), f"{name} is {repr(one) if one else 'empty'}", reading, bad=False) for one in out
        ]
    if keep:
        return [Fault(f"NOT {one_of(value, wanted)}", f"{name} isn't {_either(wanted)}", reading, bad=False)]
    return [Fault(one_of(value, wanted), f"{name} is {_either(wanted)}", reading, bad=False)]


def _either(values: Sequence[str]) -> str:
    if len(values) > _EACH:
        return f"one of {len(values)} values"
    return " or ".join(repr(value) if value else "empty" for value in values)

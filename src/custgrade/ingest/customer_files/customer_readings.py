"""How the fields of a customer file are read: as they stand, from dates of orders, or from revenue and cost."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from attrs import define, field

from custgrade.data.field import Field
from custgrade.errors import FieldError, Hint, SourceError
from custgrade.ingest.cells import date_values, values
from custgrade.ingest.cells.column_reading import ColumnReading, Fault
from custgrade.ingest.cells.column_values import cell_text
from custgrade.ingest.engine import engine_errors, one_row
from custgrade.ingest.mapping import not_read
from custgrade.ingest.read_options import ReadOptions
from custgrade.ingest.rows.currencies import MoneyUnit
from custgrade.ingest.source import Source, SourceColumn

_NEVER_IN_DOUBT = ("revenue", "profit")
"""Amounts whose cells must be readable; an unreadable cell of another field is unknown."""
_FROM_DATES = {"recency": "last_order", "tenure": "first_order"}
_DATE = re.compile(r"\s*\d{1,4}[-/.]\s?(\d{1,2}|[^\W\d]{3,9})[-/.]\s?\d{2,4}\b")


@define
class CustomerReadings:
    """The readings and faults of the fields of a customer file.

    source: the file. columns: those to read, by field, without that of the id. unit: the currency of amounts. kept: the
    SQL condition of rows that filters keep. own: the fields that columns of the file hold. computed: the fields that
    are computed from columns. notes: what was recognised.
    """

    source: Source
    columns: dict[str, SourceColumn]
    known: Mapping[str, Field]
    options: ReadOptions
    unit: MoneyUnit
    kept: str
    readings: list[ColumnReading] = field(factory=list)
    faults: list[Fault] = field(factory=list)
    optional: list[Fault] = field(factory=list)
    own: list[str] = field(factory=list)
    computed: list[str] = field(factory=list)
    notes: list[str] = field(factory=list)

    def add_all(self) -> None:
        """Add the readings of all columns.

        Raises FieldError for columns that need or exclude each other, SourceError for a column of another type, and for
        an as-of date without dates.
        """
        for name in [name for name in self.columns if name not in ("cost", *_FROM_DATES.values())]:
            self._refuse_dates(name)
            self._add_number(name)
        self._add_days()
        self._add_profit()

    def _money(self, name: str) -> str:
        """Return SQL of an amount as a decimal, in the currency of the base."""
        amount = values.money(self.columns[name])
        return f"({amount} * {self.unit.rate})" if self.unit.rate else amount

    def _add_number(self, name: str) -> None:
        column, bounds = self.columns[name], self.known[name]
        if self.unit.rate and bounds.unit == "money":
            number = ColumnReading(name, column, _as_double(self._money(name)))
        else:
            sound = values.sound_number(column, bounds.low, bounds.high)
            number = ColumnReading(name, column, values.number(column, per_cent=bounds.unit == "ratio"), sound)
        self.own.append(name)
        self.readings.append(number)
        unread = number.unreadable(f"{name}, a number", needed=False)
        (self.faults if name in _NEVER_IN_DOUBT else self.optional).append(unread)
        self.faults.append(number.outside(bounds))

    def _add_days(self) -> None:
        days = {name: date for name, date in _FROM_DATES.items() if date in self.columns}
        if not days and self.options.as_of is not None:
            raise SourceError(
                f"an as-of date is given, but {self.source.label} has no dates of orders.",
                Hint(
                    'Leave out as_of, or read dates: columns={"last_order": "NAME"}.',
                    "Leave out --as-of, or give order lines (--orders FILE), or dates (--column last_order=NAME).",
                ),
            )
        if not days:
            return
        as_of, why = self.options.as_of, "the as-of date"
        if as_of is None:
            as_of, why = self._newest(), "the newest last_order"
        for name, date in days.items():
            column = self.columns[date]
            day = date_values.date(column)
            reading = ColumnReading(name, column, f"date_diff('day', {day}, DATE '{as_of}')")
            self.readings.append(reading)
            self.optional.append(reading.unreadable(date, needed=False, expects="date"))
            self.faults.append(Fault(f"v_{name} < 0", f"{date} after the as-of date {as_of}", reading))
            self.computed.append(name)
        self.notes.append(f"{' and '.join(days)} {'counts' if len(days) == 1 else 'count'} to {as_of}, {why}")

    def _newest(self) -> dt.date:
        """Return the newest date of a last order; any date where none can be read.

        Raises FieldError where only dates of first orders are read.
        """
        if "last_order" not in self.columns:
            raise FieldError(
                "`first_order` is mapped without `last_order`, so the day to which tenure counts isn't known.",
                Hint('Give as_of="YYYY-MM-DD", or map `last_order` too.', "Give --as-of DATE, or map `last_order` too.")
                + not_read("first_order"),
            )
        day = date_values.date(self.columns["last_order"])
        with engine_errors(f"{self.source.label} can't be read"):
            query = f"SELECT max({day}) FROM {self.source.table} WHERE {self.kept}"
            (newest,) = one_row(self.source.connection, query)
        self.source.rejected()
        return newest if isinstance(newest, dt.date) else dt.date(9999, 12, 30)

    def _add_profit(self) -> None:
        margin = self.options.assume_margin
        if "cost" in self.columns:
            column = self.columns["cost"]
            cost = ColumnReading("cost", column, values.money(column))
            profit = f"({values.money(self.columns['revenue'])} - {cost.value})"
            profit = f"({profit} * {self.unit.rate})" if self.unit.rate else profit
            self.readings += [cost, ColumnReading("profit", column, _as_double(profit))]
            self.faults.append(cost.unreadable("cost, an amount below a trillion", needed=False, expects="amount"))
            self.computed.append("profit")
        elif margin is not None:
            column = self.columns["revenue"]
            revenue = _as_double(self._money("revenue")) if self.unit.rate else values.number(column)
            assumed = f"({revenue}) * CAST('{margin!r}' AS DOUBLE)"
            self.readings.append(ColumnReading("profit", column, assumed))
            self.computed.append("profit")
            self.notes.append(f"profit is assumed to be {margin:.4g} of revenue")

    def _refuse_dates(self, name: str) -> None:
        """Raise FieldError where days are to be read from a column that holds dates."""
        if name not in _FROM_DATES:
            return
        column = self.columns[name]
        example = ""
        if column.type == "VARCHAR":
            cell = cell_text(column)
            first = f"SELECT {cell} FROM {self.source.table} WHERE {cell} <> '' LIMIT 1"
            with engine_errors(f"{self.source.label} can't be read"):
                found = self.source.connection.execute(first).fetchall()
            self.source.rejected()
            example = next((f", such as {text!r}" for (text,) in found if _DATE.match(text)), "")
        if not example and column.type != "DATE" and not column.type.startswith("TIMESTAMP"):
            return
        date = _FROM_DATES[name]
        raise FieldError(
            f"{self.source.label}: column {column.name!r} holds dates{example}, but {name} is a number of days.",
            Hint(
                f'Read the days from it: columns={{"{date}": "{column.name}"}}.',
                f"Read the days from it: --column '{date}={column.name}'.",
            ),
        )


def _as_double(amount: str) -> str:
    """Return SQL of a decimal as DOUBLE, rounded once; DuckDB's cast of wide decimals rounds twice."""
    return f"CAST(CAST({amount} AS VARCHAR) AS DOUBLE)"


def customer_columns(
    mapped: Mapping[str, SourceColumn], given: Mapping[str, Any] | None, margin: float | None
) -> dict[str, SourceColumn]:
    """Return the columns to read, by field.

    A mapping that was given counts more than a column that was found by its name. Of columns that were found by name,
    `recency`, `tenure` and `profit` count more than the dates and the cost from which they could be computed.

    mapped: the columns by field. given: those of them that were given by name. margin: the share of revenue that profit
    is assumed to be, None without.

    Raises FieldError for given columns that exclude each other, and for a cost without a revenue.
    """
    chosen = {name for name, column in (given or {}).items() if column}
    kept = dict(mapped)
    for whole, part in (*_FROM_DATES.items(), ("profit", "cost")):
        if whole not in kept or part not in kept:
            continue
        if whole in chosen and part in chosen:
            raise FieldError(
                f"both `{whole}` and `{part}` are mapped, and {whole} follows from {part}; map one of them"
            )
        del kept[whole if part in chosen else part]
    if "cost" in kept and "revenue" not in kept:
        if "cost" in chosen:
            raise FieldError("`cost` is mapped without `revenue`; profit is revenue − cost: map `revenue` too")
        del kept["cost"]
    if margin is not None and {"profit", "cost"} & set(kept):
        raise FieldError(
            f"a margin of {margin} is assumed, but the customer file holds profits or costs.",
            Hint("Leave out assume_margin.", "Leave out --assume-margin."),
        )
    if margin is not None and "revenue" not in kept:
        raise FieldError(f"a margin of {margin} is assumed without `revenue`; map `revenue` too")
    return kept

"""The rows of a customer file, not yet read: their readings, their faults and their totals."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import evolve, field, frozen

from custgrade.data.base import CustomerBase
from custgrade.data.converters import tupled
from custgrade.data.left_out import LeftOut
from custgrade.data.names import LazyNames
from custgrade.errors import SourceError
from custgrade.ingest.cells import values
from custgrade.ingest.cells.column_reading import Fault
from custgrade.ingest.cells.column_values import one_of
from custgrade.ingest.customer_files.total_rows import total_rows
from custgrade.ingest.mapping import CUSTOMER_ID
from custgrade.ingest.names import lazy_names
from custgrade.ingest.rows.bad_rows import CheckedRows, rejected_lines
from custgrade.ingest.rows.bad_rows_report import BadRowsReport
from custgrade.ingest.rows.total_words import TOTALS
from custgrade.ingest.rows.unknown_cells import counts_of_unread, unread_cells
from custgrade.ingest.source import Source, SourceColumn
from custgrade.text import listed


@frozen(eq=False)
class CustomerRows:
    """The rows of a customer file, not yet read.

    checked: the readings and faults of the rows. numbers: the fields that are read. skip: whether bad rows are left out
    instead of refused. head: the base without its customers. own_fields: the fields that the source's columns hold; the
    others are computed from them. name: the column of customers' names. report: takes the rows that are left out or
    refused. looked_for_totals: whether rows of totals were looked for.
    """

    checked: CheckedRows
    numbers: tuple[str, ...] = field(converter=tupled)
    skip: bool
    head: CustomerBase
    own_fields: tuple[str, ...] = field(converter=tupled)
    name: SourceColumn | None = None
    report: BadRowsReport | None = None
    looked_for_totals: bool = False

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

    def unread(self, table: str) -> list[str]:
        """Return the notes on optional cells that can't be read; table: a table with the columns of `table()`."""
        sums = counts_of_unread(self.checked)
        if not sums:
            return []
        values = self.source.connection.execute(f"SELECT {', '.join(sums.values())} FROM {table}").fetchall()[0]
        return unread_cells(self.checked, dict(zip(sums, map(int, values), strict=True)))

    @property
    def amounts(self) -> list[str]:
        """The fields of money."""
        known = self.head.fields
        return [name for name in self.numbers if known[name].unit == "money"]

    def without_totals(self, table: str) -> CustomerRows:
        """Return these rows with rows of totals left out, and notes on rows that may be such.

        table: the table of `table()`, or a copy of it.
        """
        reading = self.checked.readings[0]
        found = total_rows(self.source.connection, table, self.amounts, reading.column.name)
        reason = f"{TOTALS}, {listed(map(repr, found.ids))}"
        fault = Fault(one_of(f"v_{CUSTOMER_ID}", found.ids), reason, reading, bad=False) if found.ids else None
        return evolve(
            self,
            checked=self.checked.with_fault(fault, first=True) if fault else self.checked,
            head=evolve(self.head, notes=[*self.head.notes, *found.notes]),
            looked_for_totals=True,
        )

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
        words = f"SELECT {word}, count(*) FROM {table} WHERE fault = {self.checked.without_id} GROUP BY 1"
        left_out += self.checked.left_out(counts, self.skip, "customers", words)
        if not counts.get(0):
            why = "; ".join(map(str, left_out)) or "it holds no rows below its header"
            raise SourceError(f"{self.source.label} has no usable customers: {why}; give a file with usable rows")
        return left_out

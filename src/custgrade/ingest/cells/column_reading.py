"""How one column of a source is read, and the faults of its cells, as SQL."""

from __future__ import annotations

import math
from typing import Literal

from attrs import frozen

from custgrade.data.field import Field
from custgrade.ingest.cells.values import filled, known, present
from custgrade.ingest.source import SourceColumn

Expected = Literal["date", "amount", "number"]
_CELL = 32_767
"""The number of characters of a cell that are kept, the most that a spreadsheet's cell holds."""


@frozen
class ColumnReading:
    """The SQL that reads one column.

    In the SQL of faults, `v_<name>` is the value, NULL where the cell is empty or can't be read; `given_<name>` is
    whether the cell holds a value; `word_<name>` is whether it holds a word for an unknown value; `cell_<name>` is the
    cell as text.

    value: SQL of the value. sound: SQL of a fast condition that only cells without a fault meet; empty where no such
    condition is known. plain: SQL of the value of a cell that meets `sound`, empty where it is the same as `value`.
    """

    name: str
    column: SourceColumn
    value: str
    sound: str = ""
    plain: str = ""

    @property
    def sql(self) -> str:
        """The SQL of the columns `v_<name>`, `given_<name>` and `word_<name>` over the source."""
        value, given = known(self.column, self.value), present(self.column)
        return (
            f"{value} AS v_{self.name}, {given} AS given_{self.name}, "
            f"({filled(self.column)} AND NOT given_{self.name}) AS word_{self.name}"
        )

    @property
    def cell(self) -> str:
        """The SQL of the column `cell_<name>` over the source."""
        text = f"CASE WHEN {filled(self.column)} THEN CAST({self.column.sql} AS VARCHAR) END"
        return f"{text} AS cell_{self.name}"

    def unreadable(self, what: str, needed: bool, expects: Expected = "number") -> Fault:
        """Return the fault of cells that can't be read.

        what: the column and the kind of value that it should hold, in words. needed: whether empty cells are at fault
        too. expects: the kind of value, for hints.
        """
        given = "" if needed else f"given_{self.name} AND "
        return Fault(f"{given}v_{self.name} IS NULL", f"unreadable {what}", self, expects=expects)

    def outside(self, definition: Field) -> Fault:
        """Return the fault of values outside a field's bounds, both closed."""
        low, high = (f"'{bound!r}'::DOUBLE" for bound in (definition.low, definition.high))
        return Fault(
            f"CAST(v_{self.name} AS DOUBLE) NOT BETWEEN {low} AND {high}",
            f"{self.name} {_outside(definition.low, definition.high)}",
            self,
        )


def _outside(low: float, high: float) -> str:
    if math.isinf(high):
        return f"below {low:g}"
    return f"above {high:g}" if math.isinf(low) else f"outside {low:g} to {high:g}"


@frozen
class Fault:
    """A fault for which a row can't be used.

    condition: SQL over the columns of readings that is true for rows with the fault. reason: the fault in words. of:
    the reading of the cell at fault, None where it isn't one cell. bad: whether such rows are refused; if not, they are
    always left out and counted. expects: the kind of value that an unreadable cell should hold.
    """

    condition: str
    reason: str
    of: ColumnReading | None = None
    bad: bool = True
    expects: Expected | None = None

    @property
    def name(self) -> str:
        """The name of the reading of the cell at fault."""
        return "" if self.of is None else self.of.name

    @property
    def shown(self) -> str:
        """The SQL of the text of the cell at fault, empty for an empty cell, NULL where it isn't one cell."""
        return "NULL" if self.of is None else f"substr(coalesce(cell_{self.of.name}, ''), 1, {_CELL})"

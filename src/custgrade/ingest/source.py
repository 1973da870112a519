"""A source of rows: something opened that SQL can select from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import field, frozen

from custgrade.errors import BadRowsError, counted

if TYPE_CHECKING:
    import duckdb


@frozen
class SourceColumn:
    """One column: its SQL expression and DuckDB type."""

    name: str
    sql: str
    type: str


@frozen(eq=False)
class Source:
    """Something opened for reading.

    label: what it is called in messages. table: what stands after FROM. columns: by name, in order.
    count_word: what a position counts, `line` of a text file or `row`.
    locate: turns record numbers (1-based) into those positions.
    rejected: after a scan, the lines that the reader could not split into columns, as (line, message).
    file: where it is, if it is a file. parquet: whether that is in the format Parquet.
    inexact: columns whose values the engine can't hold to the last digit.
    """

    label: str
    connection: duckdb.DuckDBPyConnection = field(repr=False)
    table: str
    columns: Mapping[str, SourceColumn]
    count_word: str = "row"
    locate: Callable[[Sequence[int]], list[int]] = list
    rejected: Callable[[], list[tuple[int, str]]] = list
    file: Path | None = None
    parquet: bool = False
    inexact: tuple[str, ...] = ()

    def refuse_rejected(self, skip: bool) -> list[tuple[int, str]]:
        """Return the lines that could not be split into columns, if they may be skipped.

        Raises BadRowsError otherwise, and always for an unterminated quote, which swallows what follows it.
        """
        rejected = self.rejected()
        fatal = [item for item in rejected if "unterminated" in item[1]]
        if rejected and (fatal or not skip):
            shown = "; ".join(f"line {line}: {message}" for line, message in (fatal or rejected)[:5])
            more = f" (and {len(rejected) - 5:,} more)" if len(rejected) > 5 else ""
            hint = "mend the quote" if fatal else "mend them, give --delimiter, or leave them out: --on-bad-rows skip"
            raise BadRowsError(f"{self.label}: {counted(len(rejected), 'lines')} can't be read: {shown}{more}; {hint}")
        return rejected

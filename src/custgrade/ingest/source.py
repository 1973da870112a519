"""A source of rows: something opened that SQL can select from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import field, frozen

from custgrade.errors import BadRow, BadRowsError, Hint
from custgrade.text import counted

if TYPE_CHECKING:
    import duckdb

SHOWN = 5
"""How many bad rows a message shows."""
KEPT = 100
"""How many bad rows an error keeps."""


@frozen
class SourceColumn:
    """One column: its SQL expression and DuckDB type.

    unreadable: why no field can be read from it, and what to do; empty for nearly all columns. shown: how the source
    itself calls the type, where that is known.
    """

    name: str
    sql: str
    type: str
    unreadable: str = ""
    shown: str = ""

    @property
    def held(self) -> str:
        """The type as messages call it."""
        return self.shown or self.type


@frozen(eq=False)
class Rejected:
    """The lines of a text file that the last scan could not split into columns.

    lines: returns them one after the other, each with the reader's reason and the line's text. fatal: returns those
    that can't be skipped, because they swallow what follows them.
    """

    count: int = 0
    lines: Callable[[], Iterator[BadRow]] = field(default=lambda: iter(()), repr=False)
    fatal: Callable[[], Iterator[BadRow]] = field(default=lambda: iter(()), repr=False)


@frozen(eq=False)
class Source:
    """Something opened for reading.

    label: what it is called in messages. table: what stands after FROM. columns: by name, in order.
    count_word: what a position counts, `line` of a text file or `row`.
    locate: turns ascending record numbers (1-based) into those positions, one after the other.
    rejected: after a scan, the lines that the reader could not split into columns.
    file: where it is, if it is a file. parquet: whether that is in the format Parquet.
    inexact: columns whose values the engine can't hold to the last digit.
    index: names that a frame has in its index instead of a column.
    """

    label: str
    connection: duckdb.DuckDBPyConnection = field(repr=False)
    table: str
    columns: Mapping[str, SourceColumn]
    count_word: str = "row"
    locate: Callable[[Iterable[int]], Iterator[int]] = iter
    rejected: Callable[[], Rejected] = Rejected
    file: Path | None = None
    parquet: bool = False
    inexact: tuple[str, ...] = ()
    index: tuple[str, ...] = ()

    def refuse_rejected(self, rejected: Rejected, skip: bool) -> None:
        """Raise BadRowsError for lines that could not be split into columns, unless they may be skipped.

        An unterminated quote, which swallows what follows it, may never be skipped.
        """
        if not rejected.count:
            return
        fatal = list(islice(rejected.fatal(), KEPT))
        if fatal or not skip:
            rows = fatal or list(islice(rejected.lines(), KEPT))
            shown = "; ".join(f"line {row.position}: {row.reason}" for row in rows[:SHOWN])
            more = f" (and {rejected.count - SHOWN:,} more)" if rejected.count > SHOWN and not fatal else ""
            hint = Hint.alike("Mend the quote.") if fatal else _MEND_LINES
            message = f"{self.label}: {counted(rejected.count, 'lines')} can't be read: {shown}{more}."
            raise BadRowsError(message, hint, rows, rejected.count)


_MEND_LINES = Hint(
    'Mend them, give another delimiter, or leave them out: on_bad_rows="skip".',
    "Mend them, give --delimiter, or leave them out: --on-bad-rows skip.",
)

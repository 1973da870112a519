"""A source of rows: an open file, frame or relation that SQL can select from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import field, frozen

from custgrade.errors import BadRow, BadRowsError, Hint
from custgrade.ingest.cells.missing_values import NOTHING_MISSING, Missing
from custgrade.ingest.cells.number_formats import PLAIN, NumberFormat
from custgrade.text import counted

if TYPE_CHECKING:
    import duckdb

SHOWN = 5
"""The number of bad rows that a message shows."""
KEPT = 100
"""The number of bad rows that an error holds."""
NO_TYPES: Mapping[str, str] = {}


@frozen
class SourceColumn:
    """A column of a source: its name, SQL expression and DuckDB type.

    unreadable: why no field can be read from it, and how to convert it; empty for readable columns. shown: the name of
    the type in the source's own library, where it is known. numbers: how numbers in text are written. date_format: how
    dates are written, in strptime codes or `excel`; None for ISO dates. missing: the words that mean an unknown value.
    padded: whether the text may hold numbers that were written from values of another type; see
    `written_numbers.padded`.
    """

    name: str
    sql: str
    type: str
    unreadable: str = ""
    shown: str = ""
    numbers: NumberFormat = PLAIN
    date_format: str | None = None
    missing: Missing = NOTHING_MISSING
    padded: bool = False

    @property
    def held(self) -> str:
        """The name of the type in messages."""
        return self.shown or self.type


@frozen(eq=False)
class Rejected:
    """The lines of a text file that the last scan could not split into columns.

    lines: returns an iterator over the lines, each with DuckDB's reason and its text. fatal: the same for lines that
    can't be skipped, because an open quote makes the following lines part of them.
    """

    count: int = 0
    lines: Callable[[], Iterator[BadRow]] = field(default=lambda: iter(()), repr=False)
    fatal: Callable[[], Iterator[BadRow]] = field(default=lambda: iter(()), repr=False)


@frozen
class TextFile:
    """How DuckDB reads a text file.

    path: the file, in plain UTF-8. delimiter: the character between columns. skipped: the number of lines above the
    header. width: the number of columns.
    """

    path: Path
    delimiter: str
    skipped: int
    width: int


@frozen(eq=False)
class Source:
    """An open file, several files, a frame or a relation.

    label: its name in messages. table: its SQL expression after FROM. columns: by name, in order.
    count_word: the unit of positions in messages, "line" for a text file, else "row".
    locate: turns ascending record numbers, from 1, into positions, one at a time.
    rejected: returns the lines that the last scan could not split into columns. collected: the same from lines that
    were collected for all files of the connection, without a look at the last scan.
    file: the path, None for several files, streams, frames and relations. unpacked: the temporary file that the engine
    reads in place of `file`, if there is one. parquet: whether it reads a Parquet file.
    text: how DuckDB reads it, where it is a text file that DuckDB splits into columns. typed: returns the SQL of the
    table of texts in which columns have other types, by name; rows with a cell of another type are rejected.
    parts: the single files of a source of several, each with the names and the SQL of this source's columns. The table
    then has a column `part`, the row's position in `parts`, from 0.
    inexact: the columns whose values DuckDB can't hold exactly.
    notes: what was recognised when it was opened, in words. index: the names of a frame's index levels.
    """

    label: str
    connection: duckdb.DuckDBPyConnection = field(repr=False)
    table: str
    columns: Mapping[str, SourceColumn]
    count_word: str = "row"
    locate: Callable[[Iterable[int]], Iterator[int]] = iter
    rejected: Callable[[], Rejected] = Rejected
    collected: Callable[[], Rejected] = Rejected
    file: Path | None = None
    unpacked: Path | None = None
    parquet: bool = False
    text: TextFile | None = None
    typed: Callable[[Mapping[str, str]], str] | None = None
    parts: tuple[Source, ...] = ()
    inexact: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    index: tuple[str, ...] = ()

    @property
    def files(self) -> tuple[Path, ...]:
        """The files that are read, none for frames and relations."""
        if self.parts:
            return tuple(path for part in self.parts for path in part.files)
        return () if self.file is None else (self.file,)

    @property
    def read_from(self) -> Path | None:
        """The file that the engine reads, None for several files, frames and relations."""
        return self.unpacked or self.file

    def place(self, row: BadRow) -> str:
        """Return where a row stands, in words: `line 3`, with the file's name in front if there are several files."""
        if not self.parts:
            return f"{self.count_word} {row.position}"
        words = (part.count_word for part in self.parts if part.label == row.source)
        return f"{row.source}, {next(words, 'row')} {row.position}"

    def refuse_rejected(self, rejected: Rejected, skip: bool) -> None:
        """Raise BadRowsError for lines that could not be split into columns, unless they may be skipped.

        A line with an open quote may never be skipped, because the following lines are part of it.
        """
        if not rejected.count:
            return
        fatal = list(islice(rejected.fatal(), KEPT))
        if fatal or not skip:
            rows = fatal or list(islice(rejected.lines(), KEPT))
            shown = "; ".join(f"{self.place(row)}: {row.reason}" for row in rows[:SHOWN])
            more = f" (and {rejected.count - SHOWN:,} more)" if rejected.count > SHOWN and not fatal else ""
            hint = Hint.alike("Close the quote.") if fatal else _MEND_LINES
            message = f"{self.label}: {counted(rejected.count, 'lines')} can't be read: {shown}{more}."
            raise BadRowsError(message, hint, rows, rejected.count)


_MEND_LINES = Hint(
    'Correct them, give another delimiter, or leave them out: on_bad_rows="skip".',
    "Correct them, give another --delimiter, or leave them out: --on-bad-rows skip.",
)

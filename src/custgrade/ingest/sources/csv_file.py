"""Delimited text files: their rows, and the lines on which these begin."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import tee
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from custgrade.errors import BadRow
from custgrade.ingest.engine import connect, literal, path_literal, streamed
from custgrade.ingest.source import NO_TYPES, Rejected, Source, SourceColumn, TextFile
from custgrade.ingest.sources.text_layout import Layout, layout, opened
from custgrade.ingest.sources.text_records import record_starts

if TYPE_CHECKING:
    import duckdb

_NO_CHARACTER = "\x01"
_REJECTS = (
    "SELECT file_path AS file, CAST(line AS BIGINT) AS number, min(lower(error_message)) AS reason, "
    "min(csv_line) AS text FROM reject_errors JOIN reject_scans USING (scan_id, file_id) "
    "GROUP BY file_path, line, line_byte_position"
)


def open_csv(
    path: Path,
    label: str,
    delimiter: str | None,
    connection: duckdb.DuckDBPyConnection | None = None,
    known: dict[str, Layout] | None = None,
) -> Source:
    """Return an open source for a delimited text in UTF-8; quotes are doubled within quotes.

    label: its name in messages. delimiter: one character, or a name such as tab or space; None recognises it.
    connection: where to open it; None makes a new one. known: see `layout`.

    Raises SourceError for another delimiter, and when the header can't be found.
    """
    found = layout(path, label, delimiter, known)
    connection = connection or connect()
    columns = {name: SourceColumn(name, f"c{k}", "VARCHAR") for k, name in enumerate(found.names)}
    if found.delimiter == " ":
        table, misshapen = _by_blanks(path, len(found.names), found.above)
        lines, file = _Lines(path, label, found, connection, misshapen), None
    else:
        file = TextFile(path, found.delimiter, found.above, len(found.names))
        table, lines = text_table([file]), _Lines(path, label, found, connection)
    return Source(
        label,
        connection,
        table,
        columns,
        "line",
        lines.locate,
        lines.rejected,
        collected=lines.collected,
        text=file,
        typed=None if file is None else lambda types: _typed(file, columns, types),
        notes=found.notes,
    )


def _typed(file: TextFile, columns: Mapping[str, SourceColumn], types: Mapping[str, str]) -> str:
    return text_table([file], {columns[name].sql: kind for name, kind in types.items()})


def text_table(files: Sequence[TextFile], types: Mapping[str, str] = NO_TYPES) -> str:
    """Return SQL of the rows of text files that are alike but for their paths; the columns are c0, c1 …

    types: the types of columns that aren't read as text, by SQL. Rows with a cell of another type are rejected.
    """
    kinds = ", ".join(f"'c{k}': {literal(types.get(f'c{k}', 'VARCHAR'))}" for k in range(files[0].width))
    paths = ", ".join(path_literal(str(file.path)) for file in files)
    return (
        f"read_csv([{paths}], columns={{{kinds}}}, auto_detect=false, header=true, skip={files[0].skipped}, "
        f"delim={literal(files[0].delimiter)}, quote='\"', escape='\"', store_rejects=true, rejects_limit=0, "
        # DuckDB would unpack by the file's name
        "compression='none')"
    )


def _by_blanks(path: Path, width: int, skipped: int) -> tuple[str, str]:
    """Return SQL of a table of the rows, and a query for lines with too many or too few columns.

    width: the number of columns. skipped: the number of lines above the header.
    """
    lines = (
        f"read_csv({path_literal(str(path))}, columns={{'line': 'VARCHAR'}}, auto_detect=false, header=true, "
        f"skip={skipped}, delim={literal(_NO_CHARACTER)}, quote='', escape='', compression='none')"
    )
    wide = f"(SELECT string_split_regex(trim(line), '\\s+') AS parts FROM {lines} WHERE trim(line) <> '')"
    parts = ", ".join(f"parts[{k + 1}] AS c{k}" for k in range(width))
    table = f"(SELECT {parts} FROM {wide} WHERE len(parts) = {width})"
    misshapen = (
        "SELECT CAST(number AS BIGINT) AS number, "
        f"'expected number of columns: {width} found: ' || len(parts) AS reason, "
        f"array_to_string(parts, ' ') AS text "
        f"FROM (SELECT row_number() OVER () AS number, parts FROM {wide}) WHERE len(parts) <> {width}"
    )
    return table, misshapen


def _places(path: Path, layout: Layout) -> Iterator[tuple[int, int, int]]:
    """Yield for each record below the header its number in DuckDB, its number among all records, and its line.

    All are counted from 1. DuckDB counts the header, empty lines and what is above the header too.
    """
    record = 0
    with opened(path, errors="replace") as file:
        starts = enumerate(record_starts(file, layout.delimiter), 1)
        for number, (line, empty) in starts:
            if number > layout.above + 1 and not empty:
                record += 1
                yield number, record, line


def _lines_of(path: Path, layout: Layout, numbers: Iterable[int]) -> Iterator[int]:
    """Yield the line, from 1, on which each record begins; line breaks within quotes count.

    numbers: the numbers of records, from 1 without the header, ascending. They are read one at a time.
    """
    places = _places(path, layout)
    number, line = 0, layout.line
    for wanted in numbers:
        while number < wanted:
            _, number, line = next(places, (0, wanted, line + 1))
        yield line


def collect_rejected(connection: duckdb.DuckDBPyConnection) -> bool:
    """Move DuckDB's record of rejected lines into the table `rejected`, and return whether there is a record.

    The columns are `file`, `number` (in DuckDB's count of the file's lines), `reason` and `text`.
    """
    import duckdb

    try:
        connection.execute(f"CREATE OR REPLACE TEMP TABLE rejected AS {_REJECTS}")
    except duckdb.CatalogException:
        return False
    connection.execute("DROP TABLE reject_errors; DROP TABLE reject_scans")
    return True


class _Lines:
    """The lines of records, and the lines that the last scan could not split into columns.

    query: a query for the rejected records with the columns `number` (among all records, from 1), `reason` and `text`;
    empty where DuckDB records them.
    """

    def __init__(
        self, path: Path, label: str, layout: Layout, connection: duckdb.DuckDBPyConnection, query: str = ""
    ) -> None:
        self._path, self._label, self._layout, self._connection = path, label, layout, connection
        self._recorded = not query
        self._query = query or f"SELECT * FROM rejected WHERE file = {literal(str(path.absolute()))}"
        self._gone = np.empty(0, dtype=np.int64)

    def locate(self, numbers: Iterable[int]) -> Iterator[int]:
        """Yield the line of each record; numbers: positions in a scan, from 1, ascending."""
        return _lines_of(self._path, self._layout, self._among_all(numbers))

    def _among_all(self, numbers: Iterable[int]) -> Iterator[int]:
        """Yield the number among all records for each position in a scan, which leaves out rejected records."""
        before = 0
        for number in numbers:
            while before < len(self._gone) and self._gone[before] <= number + before:
                before += 1
            yield number + before

    def rejected(self) -> Rejected:
        """Return the lines that the last scan could not split into columns, and clear DuckDB's record of them."""
        if self._recorded and not collect_rejected(self._connection):
            return Rejected()
        return self.collected()

    def collected(self) -> Rejected:
        """Return the lines of this file that `collect_rejected` has moved."""
        found = self._connection.execute(f"SELECT number FROM ({self._query}) ORDER BY number").fetchnumpy()
        numbers = np.asarray(found["number"], dtype=np.int64)
        records = (record for record, _ in self._rejected_places(numbers.tolist()))
        self._gone = np.fromiter(records, dtype=np.int64, count=len(numbers))
        return Rejected(len(numbers), lambda: self._rows("true"), lambda: self._rows("reason LIKE '%unterminated%'"))

    def _rejected_places(self, numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
        """Yield the number among all records, and the line, of rejected records; numbers: those of the query."""
        places = _places(self._path, self._layout)
        number = record = 0
        line = self._layout.line
        for wanted in numbers:
            while number < wanted:
                counted, record, line = next(places, (wanted, record + 1, line + 1))
                number = counted if self._recorded else record
            yield record, line

    def _rows(self, condition: str) -> Iterator[BadRow]:
        query = f"SELECT number, reason, text FROM ({self._query}) WHERE {condition} ORDER BY number"
        found, numbered = tee(streamed(self._connection, query))
        places = self._rejected_places(int(number) for number, _, _ in numbered)
        for (_, place), (_, reason, text) in zip(places, found, strict=True):
            yield BadRow(place, str(reason).strip().rstrip("."), text, self._label)

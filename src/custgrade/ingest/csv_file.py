"""Delimited text files: the header, the delimiter, and the line on which each record begins."""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import tee
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import numpy as np

from custgrade.errors import BadRow, Hint, SourceError
from custgrade.ingest.engine import connect, literal, path_literal, streamed
from custgrade.ingest.source import Rejected, Source, SourceColumn, TextFile
from custgrade.ingest.text_records import MOST_CHARACTERS, cells, first_record, record_starts

if TYPE_CHECKING:
    import duckdb

_DELIMITERS = ",;\t|"
_NAMES = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "space": " ", "blank": " "}
_NO_CHARACTER = "\x01"
_REJECTS = (
    "SELECT file_path AS file, CAST(line - 1 AS BIGINT) AS number, min(lower(error_message)) AS reason, "
    "min(csv_line) AS text FROM reject_errors JOIN reject_scans USING (scan_id, file_id) "
    "GROUP BY file_path, line, line_byte_position"
)


def open_csv(path: Path, delimiter: str | None, connection: duckdb.DuckDBPyConnection | None = None) -> Source:
    """Return an open source for a delimited UTF-8 text file with a header line; quotes are doubled within quotes.

    delimiter: one character, or a name such as tab or space; None finds it in the header line. connection: where to
    open it; None makes a new one.

    Raises SourceError for another delimiter, and when the header can't be read.
    """
    delimiter = _NAMES.get(delimiter, delimiter) if delimiter else _found_delimiter(path)
    if len(delimiter) != 1 or delimiter in '"\r\n':
        raise SourceError(
            f"received the delimiter {delimiter!r}; a delimiter is one character, 'tab' or 'space'.",
            Hint(
                "Give delimiter=None to find it in the header line.", "Leave out --delimiter to find it in the header."
            ),
        )
    skipped, names = _header(path, delimiter)
    connection = connection or connect()
    columns = {name: SourceColumn(name, f"c{k}", "VARCHAR") for k, name in enumerate(names)}
    if delimiter == " ":
        table, misshapen = _by_blanks(path, len(names), skipped)
        lines, file = _Lines(path, delimiter, connection, misshapen), None
    else:
        file = TextFile(path, delimiter, skipped, len(names))
        table, lines = text_table([file]), _Lines(path, delimiter, connection)
    return Source(
        str(path),
        connection,
        table,
        columns,
        "line",
        lines.locate,
        lines.rejected,
        collected=lines.collected,
        file=path,
        text=file,
    )


def text_table(files: Sequence[TextFile]) -> str:
    """Return SQL of the rows of text files that are alike but for their paths; the columns are c0, c1 …"""
    types = ", ".join(f"{literal(f'c{k}')}: 'VARCHAR'" for k in range(files[0].width))
    paths = ", ".join(path_literal(str(file.path)) for file in files)
    return (
        f"read_csv([{paths}], columns={{{types}}}, auto_detect=false, header=true, skip={files[0].skipped}, "
        f"delim={literal(files[0].delimiter)}, quote='\"', escape='\"', store_rejects=true, rejects_limit=0)"
    )


def _by_blanks(path: Path, width: int, skipped: int) -> tuple[str, str]:
    """Return SQL of a table of the rows, and a query for lines with too many or too few columns.

    width: the number of columns. skipped: the number of empty lines before the header.
    """
    lines = (
        f"read_csv({path_literal(str(path))}, columns={{'line': 'VARCHAR'}}, auto_detect=false, header=true, "
        f"skip={skipped}, delim={literal(_NO_CHARACTER)}, quote='', escape='')"
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


@contextmanager
def _opened(path: Path, errors: str = "strict") -> Iterator[TextIO]:
    """Yield an open text file, line ends unchanged.

    Raises SourceError when it isn't UTF-8 text.
    """
    try:
        with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as raw:
            yield io.TextIOWrapper(raw, encoding="utf-8-sig", newline="", errors=errors)
    except UnicodeDecodeError as error:
        raise SourceError(f"{path} is not UTF-8 text ({error.reason}); save it as UTF-8") from error
    except (OSError, EOFError) as error:
        raise SourceError(f"{path} can't be read: {error}") from error


def _first(path: Path, delimiter: str) -> tuple[int, list[str]]:
    """Return the line of the first record, from 1, and its cells."""
    with _opened(path) as file:
        line, text = first_record(file, delimiter)
    if "\0" in text:
        raise SourceError(f"{path} is not UTF-8 text (it holds NUL characters); save it as UTF-8")
    if len(text) > MOST_CHARACTERS:
        raise SourceError(
            f"{path} has a header line of more than {MOST_CHARACTERS:,} characters; close the quote that is open in it"
        )
    return line, cells(text, delimiter)


def _header(path: Path, delimiter: str) -> tuple[int, list[str]]:
    """Return the number of empty lines before the header, and the names in it."""
    line, names = _first(path, delimiter)
    if not any(name.strip() for name in names):
        raise SourceError(f"{path} has no header line; add a first line with the names of the columns")
    names = [name if name else f"column{k + 1}" for k, name in enumerate(names)]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise SourceError(f"{path} has more than one column named {', '.join(map(repr, twice))}; rename them")
    return line - 1, names


def _found_delimiter(path: Path) -> str:
    """Return the delimiter that splits the header line into most columns, a comma where none does."""
    return max(_DELIMITERS, key=lambda delimiter: len(_first(path, delimiter)[1]))


def _located(path: Path, delimiter: str, numbers: Iterable[int]) -> Iterator[int]:
    """Yield the line, from 1, on which each record begins; line breaks within quotes count.

    numbers: the numbers of records, from 1 without the header, ascending. They are read one at a time.
    """
    with _opened(path, errors="replace") as file:
        starts = enumerate(record_starts(file, delimiter))
        number, line = -1, 0
        for wanted in numbers:
            while number < wanted:
                number, line = next(starts, (wanted, wanted + 1))
            yield line


def collect_rejected(connection: duckdb.DuckDBPyConnection) -> bool:
    """Move DuckDB's record of rejected lines into the table `rejected`, and return whether there is a record.

    The columns are `file`, `number` (among all records of the file, from 1), `reason` and `text`.
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

    def __init__(self, path: Path, delimiter: str, connection: duckdb.DuckDBPyConnection, query: str = "") -> None:
        self._path, self._delimiter, self._connection = path, delimiter, connection
        self._recorded = not query
        self._query = query or f"SELECT * FROM rejected WHERE file = {literal(str(path.absolute()))}"
        self._gone = np.empty(0, dtype=np.int64)

    def locate(self, numbers: Iterable[int]) -> Iterator[int]:
        """Yield the line of each record; numbers: positions in a scan, from 1, ascending."""
        return _located(self._path, self._delimiter, self._among_all(numbers))

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
        self._gone = np.asarray(found["number"], dtype=np.int64)
        return Rejected(len(self._gone), lambda: self._rows("true"), lambda: self._rows("reason LIKE '%unterminated%'"))

    def _rows(self, condition: str) -> Iterator[BadRow]:
        query = f"SELECT number, reason, text FROM ({self._query}) WHERE {condition} ORDER BY number"
        found, numbered = tee(streamed(self._connection, query))
        places = _located(self._path, self._delimiter, (int(number) for number, _, _ in numbered))
        for place, (_, reason, text) in zip(places, found, strict=True):
            yield BadRow(place, str(reason).strip().rstrip("."), text, str(self._path))

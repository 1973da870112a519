"""Delimited text files: the header, the delimiter, and the line a record stands on."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from custgrade.errors import SourceError
from custgrade.ingest.engine import connect, literal, path_literal
from custgrade.ingest.source import Source, SourceColumn

if TYPE_CHECKING:
    import duckdb

_DELIMITERS = ",;\t|"
_NAMES = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "space": " ", "blank": " "}
_NO_CHARACTER = "\x01"
_MOST_CHARACTERS = 1 << 30


def open_csv(path: Path, delimiter: str | None) -> Source:
    """Open a delimited UTF-8 text file with a header line; quotes are doubled within quotes.

    Raises SourceError when the header can't be read.
    """
    delimiter = _NAMES.get(delimiter, delimiter) if delimiter else _found_delimiter(path)
    if len(delimiter) != 1 or delimiter in '"\r\n':
        raise SourceError(f"a delimiter is one character, 'tab' or 'space'; received {delimiter!r}")
    skipped, names = _header(path, delimiter)
    connection = connect()
    columns = {name: SourceColumn(name, f"c{k}", "VARCHAR") for k, name in enumerate(names)}
    misshapen = ""
    if delimiter == " ":
        table, misshapen = _by_blanks(path, len(names), skipped)
    else:
        types = ", ".join(f"{literal(f'c{k}')}: 'VARCHAR'" for k in range(len(names)))
        table = (
            f"read_csv({path_literal(str(path))}, columns={{{types}}}, auto_detect=false, header=true, skip={skipped}, "
            f"delim={literal(delimiter)}, quote='\"', escape='\"', store_rejects=true, rejects_limit=0)"
        )

    def locate(records: Sequence[int]) -> list[int]:
        return _lines(path, delimiter, records)

    def rejected() -> list[tuple[int, str]]:
        found = connection.execute(misshapen).fetchall() if misshapen else _rejected(connection)
        lines = locate([number for number, _ in found]) if found else []
        return [(line, message) for line, (_, message) in zip(lines, found, strict=True)]

    return Source(str(path), connection, table, columns, "line", locate, rejected, path)


def _by_blanks(path: Path, width: int, skipped: int) -> tuple[str, str]:
    """What to select from, and the query for lines with too many or too few columns."""
    lines = (
        f"read_csv({path_literal(str(path))}, columns={{'line': 'VARCHAR'}}, auto_detect=false, header=true, "
        f"skip={skipped}, delim={literal(_NO_CHARACTER)}, quote='', escape='')"
    )
    wide = f"(SELECT string_split_regex(trim(line), '\\s+') AS parts FROM {lines} WHERE trim(line) <> '')"
    parts = ", ".join(f"parts[{k + 1}] AS c{k}" for k in range(width))
    table = f"(SELECT {parts} FROM {wide} WHERE len(parts) = {width})"
    misshapen = (
        f"SELECT line, 'expected number of columns: {width} found: ' || found "
        f"FROM (SELECT row_number() OVER () AS line, len(parts) AS found FROM {wide}) WHERE found <> {width}"
    )
    return table, misshapen


@contextmanager
def _records(path: Path, delimiter: str, errors: str = "strict") -> Iterator[Iterator[tuple[int, list[str]]]]:
    """The records that hold anything, each with the line it begins on; an empty line is no record.

    Raises SourceError when the file isn't UTF-8 text.
    """
    most = csv.field_size_limit(_MOST_CHARACTERS)
    try:
        with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as raw:
            file = io.TextIOWrapper(raw, encoding="utf-8-sig", newline="", errors=errors)
            yield _split(file, delimiter)
    except UnicodeDecodeError as error:
        raise SourceError(f"{path} is not UTF-8 text ({error.reason}); save it as UTF-8") from error
    except (csv.Error, OSError, EOFError) as error:
        raise SourceError(f"{path} can't be read: {error}") from error
    finally:
        csv.field_size_limit(most)


def _split(file: TextIO, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    if delimiter == " ":
        for number, line in enumerate(file, 1):
            if line.strip():
                yield number, line.split()
        return
    reader = csv.reader(file, delimiter=delimiter)
    before = 0
    for record in reader:
        if record:
            yield before + 1, record
        before = reader.line_num


def _first(path: Path, delimiter: str) -> tuple[int, list[str]]:
    """The line of the first record, and the record."""
    with _records(path, delimiter) as records:
        line, names = next(records, (1, []))
    if any("\0" in name for name in names):
        raise SourceError(f"{path} is not UTF-8 text (it holds NUL characters); save it as UTF-8")
    return line, names


def _header(path: Path, delimiter: str) -> tuple[int, list[str]]:
    """How many empty lines come before the header, and the names it gives."""
    line, names = _first(path, delimiter)
    if not any(name.strip() for name in names):
        raise SourceError(f"{path} has no header line")
    names = [name if name else f"column{k + 1}" for k, name in enumerate(names)]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise SourceError(f"{path} has more than one column named {', '.join(map(repr, twice))}; rename them")
    return line - 1, names


def _found_delimiter(path: Path) -> str:
    """The delimiter that splits the header line into most columns; a comma where none does."""
    return max(_DELIMITERS, key=lambda delimiter: len(_first(path, delimiter)[1]))


def _lines(path: Path, delimiter: str, numbers: Sequence[int]) -> list[int]:
    """The line on which each record (1-based, the header not counted) begins, line breaks in quotes counted."""
    found: dict[int, int] = {}
    wanted = set(numbers)
    with _records(path, delimiter, errors="replace") as records:
        for number, (line, _) in enumerate(records):
            if number in wanted:
                found[number] = line
                if len(found) == len(wanted):
                    break
    return [found.get(number, number + 1) for number in numbers]


def _rejected(connection: duckdb.DuckDBPyConnection) -> list[tuple[int, str]]:
    """The records that the last scan could not split into columns; what it noted is then forgotten."""
    import duckdb

    try:
        rows = connection.execute(
            "SELECT line, min(lower(error_message)) FROM reject_errors GROUP BY line, line_byte_position ORDER BY line"
        ).fetchall()
    except duckdb.CatalogException:
        return []
    if rows:
        connection.execute("DROP TABLE reject_errors")
        connection.execute("DROP TABLE reject_scans")
    return [(int(line) - 1, str(message).strip().rstrip(".")) for line, message in rows]

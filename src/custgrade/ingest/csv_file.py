"""Delimited text files: the header, the delimiter, and the line a record stands on."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from custgrade.errors import SourceError
from custgrade.ingest.engine import connect, identifier, literal
from custgrade.ingest.source import Source, SourceColumn

if TYPE_CHECKING:
    import duckdb

_DELIMITERS = ",;\t|"
_NAMES = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "space": " ", "blank": " "}
_NO_CHARACTER = "\x01"


def open_csv(path: Path, delimiter: str | None) -> Source:
    """Open a delimited UTF-8 text file with a header line; quotes are doubled within quotes.

    Raises SourceError when the header can't be read.
    """
    delimiter = _NAMES.get(delimiter, delimiter) if delimiter else _found_delimiter(path)
    if len(delimiter) != 1 or delimiter in '"\r\n':
        raise SourceError(f"a delimiter is one character, 'tab' or 'space'; received {delimiter!r}")
    names = _header(path, delimiter)
    connection = connect()
    if delimiter == " ":
        table, columns, misshapen = _by_blanks(path, names)
        return Source(
            str(path),
            connection,
            table,
            columns,
            "line",
            lambda records: [number + 1 for number in records],
            lambda: connection.execute(misshapen).fetchall(),
        )
    types = ", ".join(f"{literal(f'c{k}')}: 'VARCHAR'" for k in range(len(names)))
    table = (
        f"read_csv({literal(str(path))}, columns={{{types}}}, auto_detect=false, header=true, "
        f"delim={literal(delimiter)}, quote='\"', escape='\"', store_rejects=true, rejects_limit=0)"
    )
    columns = {name: SourceColumn(name, f"c{k}", "VARCHAR") for k, name in enumerate(names)}
    return Source(
        str(path),
        connection,
        table,
        columns,
        "line",
        lambda records: _lines(path, delimiter, records),
        lambda: _rejected(connection),
    )


def _by_blanks(path: Path, names: Sequence[str]) -> tuple[str, dict[str, SourceColumn], str]:
    """What to select from, the columns, and the query for lines with too many or too few of them."""
    lines = (
        f"read_csv({literal(str(path))}, columns={{'line': 'VARCHAR'}}, auto_detect=false, header=true, "
        f"delim={literal(_NO_CHARACTER)}, quote='', escape='')"
    )
    wide = f"(SELECT string_split_regex(trim(line), '\\s+') AS parts FROM {lines} WHERE trim(line) <> '')"
    parts = ", ".join(f"parts[{k + 1}] AS {identifier(name)}" for k, name in enumerate(names))
    table = f"(SELECT {parts} FROM {wide} WHERE len(parts) = {len(names)})"
    misshapen = (
        f"SELECT line, 'expected number of columns: {len(names)} found: ' || found "
        f"FROM (SELECT row_number() OVER () + 1 AS line, len(parts) AS found FROM {wide}) WHERE found <> {len(names)}"
    )
    return table, {name: SourceColumn(name, identifier(name), "VARCHAR") for name in names}, misshapen


def _open_text(path: Path) -> TextIO:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8-sig", newline="")
    return path.open(encoding="utf-8-sig", newline="")


def _records(file: TextIO, delimiter: str) -> Iterator[list[str]]:
    """The records that hold anything; an empty line is none."""
    if delimiter == " ":
        return (line.split() for line in file if line.strip())
    return (record for record in csv.reader(file, delimiter=delimiter) if record)


def _first(path: Path, delimiter: str) -> list[str]:
    try:
        with _open_text(path) as file:
            return next(_records(file, delimiter), [])
    except UnicodeDecodeError as error:
        raise SourceError(f"{path} is not UTF-8 text ({error.reason}); save it as UTF-8") from error
    except (csv.Error, OSError, EOFError) as error:
        raise SourceError(f"the header of {path} can't be read: {error}") from error


def _header(path: Path, delimiter: str) -> list[str]:
    names = _first(path, delimiter)
    if not any(name.strip() for name in names):
        raise SourceError(f"{path} has no header line")
    names = [name if name else f"column{k + 1}" for k, name in enumerate(names)]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise SourceError(f"{path} has more than one column named {', '.join(map(repr, twice))}; rename them")
    return names


def _found_delimiter(path: Path) -> str:
    """The delimiter that splits the header line into most columns; a comma where none does."""
    return max(_DELIMITERS, key=lambda delimiter: len(_first(path, delimiter)))


def _lines(path: Path, delimiter: str, records: Sequence[int]) -> list[int]:
    """The line on which each record (1-based, the header not counted) begins, line breaks in quotes counted."""
    wanted, found = set(records), {}
    with _open_text(path) as file:
        reader = csv.reader(file, delimiter=delimiter)
        number, before = -1, 0
        for record in reader:
            if record:
                number += 1
                if number in wanted:
                    found[number] = before + 1
                    if len(found) == len(wanted):
                        break
            before = reader.line_num
    return [found.get(number, number + 1) for number in records]


def _rejected(connection: duckdb.DuckDBPyConnection) -> list[tuple[int, str]]:
    """What the last scan could not split into columns; what it noted is then forgotten."""
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
    return [(int(line), str(message).strip().rstrip(".")) for line, message in rows]

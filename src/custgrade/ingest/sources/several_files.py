"""Several files opened as one source."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import evolve

from custgrade.errors import BadRow, SourceError
from custgrade.ingest.engine import connect, path_literal
from custgrade.ingest.source import NO_TYPES, Rejected, Source, SourceColumn
from custgrade.ingest.sources.common_type import converted
from custgrade.ingest.sources.csv_file import collect_rejected, text_table
from custgrade.ingest.sources.file_notes import file_notes, is_empty
from custgrade.ingest.sources.matched_columns import MatchedColumn, match_columns
from custgrade.ingest.sources.source_files import SourceFiles

if TYPE_CHECKING:
    import duckdb

OpenFile = Callable[[Path, "duckdb.DuckDBPyConnection"], Source]


def open_several(files: SourceFiles, open_file: OpenFile) -> Source:
    """Return one open source for several files, whose rows follow each other in the order of the files.

    open_file: opens one file on a connection.

    Raises SourceError when a file can't be read, when all are empty, and when their columns don't belong together.
    """
    connection = connect()
    try:
        paths = [path for path in files.paths if not is_empty(path)]
        if not paths:
            raise SourceError(f"{files.label}: all files are empty; give files with a header line and rows")
        opened = [open_file(path, connection) for path in paths]
        matched, differences = match_columns(opened)
        source = _combined(files.label, opened, matched)
        return evolve(source, notes=(*file_notes(files, opened), *differences))
    except BaseException:
        # the error's traceback would keep it open
        connection.close()
        raise


def _combined(label: str, opened: Sequence[Source], matched: Sequence[MatchedColumn]) -> Source:
    connection = opened[0].connection
    columns = {
        column.name: SourceColumn(column.name, f"m{k}", column.kind, column.unreadable, padded=column.padded)
        for k, column in enumerate(matched)
    }

    before = set[str]()

    def clear() -> Rejected:
        collect_rejected(connection)
        return Rejected()

    parts = tuple(
        evolve(
            part,
            table=f"(SELECT {_items(matched, number)} FROM {part.table})",
            columns=columns,
            rejected=clear,
            notes=(),
        )
        for number, part in enumerate(opened)
    )

    def typed(types: Mapping[str, str]) -> str:
        return f"({' UNION ALL '.join(_branches(opened, matched, types))})"

    inexact = {id(part.columns[name]) for part in opened for name in part.inexact}
    return Source(
        label,
        connection,
        f"({' UNION ALL '.join(_branches(opened, matched, NO_TYPES))})",
        columns,
        count_word="line" if all(part.count_word == "line" for part in opened) else "row",
        rejected=lambda: _rejected(connection, parts, before),
        inexact=tuple(column.name for column in matched if any(id(found) in inexact for found in column.found)),
        parts=parts,
        typed=typed if all(part.text is not None for part in opened) else None,
    )


def _items(matched: Sequence[MatchedColumn], number: int, types: Mapping[str, str] = NO_TYPES) -> str:
    """Return the SELECT list of a file's columns as m0, m1 …

    number: the file's position. types: the types of columns of text that are read as other types, by name.
    """
    cells = (
        f"CAST(NULL AS {types.get(column.name, column.kind)})"
        if found is None or found.unreadable
        else found.sql
        if column.name in types
        else converted(found, column.kind)
        for column in matched
        for found in [column.found[number]]
    )
    return ", ".join(f"{sql} AS m{k}" for k, sql in enumerate(cells))


def _branches(opened: Sequence[Source], matched: Sequence[MatchedColumn], types: Mapping[str, str]) -> Iterator[str]:
    """Yield SQL that selects the rows of files, with the column `part`.

    Files that follow each other and are alike are read by one function: DuckDB opens thousands of files faster so.
    """
    for _, run in groupby(range(len(opened)), lambda number: _form(opened[number], number)):
        numbers = list(run)
        first, parts = numbers[0], [opened[number] for number in numbers]
        texts = [part.text for part in parts if part.text is not None]
        part, table = f"{first}", parts[0].table
        if texts:
            found = {one.name: one.found[first] for one in matched}
            kinds = {column.sql: kind for name, kind in types.items() if (column := found[name]) is not None}
            part, table = f"{first} + file_index", text_table(texts, kinds)
        elif len(parts) > 1:
            paths = ", ".join(path_literal(str(one.read_from)) for one in parts)
            part, table = f"{first} + file_index", f"read_parquet([{paths}], hive_partitioning=false)"
        yield f"SELECT CAST({part} AS INTEGER) AS part, {_items(matched, first, types)} FROM {table}"


def _form(part: Source, number: int) -> Any:
    """Return a value that is equal for files that one function of DuckDB can read."""
    if part.text is not None:
        return part.text.delimiter, part.text.skipped, *part.columns
    if part.parquet:
        return "parquet", *part.columns.values()
    return number


def _rejected(connection: duckdb.DuckDBPyConnection, parts: Sequence[Source], before: set[str]) -> Rejected:
    """Return the lines that the last scan could not split into columns, file by file.

    before: the files with such lines in the scan before, which are looked at again; it is replaced.
    """
    again = set[str]()
    if collect_rejected(connection):
        files = {str(file) for (file,) in connection.execute("SELECT DISTINCT file FROM rejected").fetchall()}
        again = files | before
        before.clear()
        before |= files
    found = [part.collected() for part in parts if part.text is None or str(part.text.path.absolute()) in again]

    def lines() -> Iterator[BadRow]:
        return (row for one in found if one.count for row in one.lines())

    def fatal() -> Iterator[BadRow]:
        return (row for one in found if one.count for row in one.fatal())

    return Rejected(sum(one.count for one in found), lines, fatal)

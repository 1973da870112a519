"""Opening sources: paths, data frames, Arrow streams and DuckDB relations."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import evolve

from custgrade.errors import OutputError, SourceError
from custgrade.ingest.containers.plain_text import plain_text
from custgrade.ingest.containers.streams import (
    STANDARD_INPUT,
    is_piped,
    is_stream,
    kept_pipe,
    kept_stream,
    label_of,
)
from custgrade.ingest.containers.temporary import TemporaryFiles
from custgrade.ingest.containers.unpacking import unpack
from custgrade.ingest.engine import connect, engine_errors, identifier, path_literal
from custgrade.ingest.read_options import ReadOptions
from custgrade.ingest.source import Source, SourceColumn
from custgrade.ingest.sources.csv_file import open_csv
from custgrade.ingest.sources.frame_source import open_frame
from custgrade.ingest.sources.several_files import open_several
from custgrade.ingest.sources.source_files import source_files
from custgrade.ingest.sources.text_layout import Layout

if TYPE_CHECKING:
    import duckdb


_MOST_DIGITS = 38
"""The digits of DuckDB's widest decimals; it reads wider ones as floating-point numbers."""


def open_source(data: Any, options: ReadOptions) -> Source:
    """Return an open source for a path, a folder, a pattern, a list of these, a data frame, an Arrow stream or a DuckDB
    relation.

    options: how files are written.

    Raises SourceError for a file that is missing, empty or of another format, and for other objects.
    """
    if is_stream(data):
        return open_stream(data, options)
    if not isinstance(data, (str, os.PathLike, list, tuple)):
        return open_frame(data)
    files = source_files(data)
    if not files.several:
        return open_file(files.paths[0], options)
    known: dict[str, Layout] = {}
    return open_several(files, lambda path, connection: open_file(path, options, connection, known))


def open_file(
    path: Path,
    options: ReadOptions,
    connection: duckdb.DuckDBPyConnection | None = None,
    known: dict[str, Layout] | None = None,
) -> Source:
    """Return an open source for one file.

    connection: where to open it; None makes a new one. known: layouts of text files that are read with it; see
    `layout`.

    Raises SourceError for a file that is missing, empty or of another kind.
    """
    files = TemporaryFiles()
    with files.until_error():
        try:
            if path != STANDARD_INPUT and path.is_dir():
                raise SourceError(f"{path} is a folder; give a file")
            if is_piped(path):
                return _opened(kept_pipe(path, files), label_of(path), options, connection, files, known)
            with path.open("rb"):
                pass
        except (SourceError, OutputError):
            raise
        except OSError as error:
            raise SourceError(f"can't read {path}: {error.strerror or error}") from error
        return evolve(_opened(path, str(path), options, connection, files, known), file=path)


def open_stream(stream: Any, options: ReadOptions) -> Source:
    """Return an open source for all that an open file, of bytes or text, still holds.

    Raises SourceError when it can't be read, and what `open_file` raises.
    """
    files = TemporaryFiles()
    with files.until_error():
        kept, is_text = kept_stream(stream, files)
        return _opened(kept, label_of(stream), evolve(options, encoding=None) if is_text else options, None, files)


def _opened(
    path: Path,
    label: str,
    options: ReadOptions,
    connection: duckdb.DuckDBPyConnection | None,
    files: TemporaryFiles,
    known: dict[str, Layout] | None = None,
) -> Source:
    """Return an open source for the content of a file, without the file itself.

    files: takes the temporary files that it is unpacked to; they stay as long as the connection.
    """
    plain, kind, notes = unpack(path, label, files)
    if kind == "parquet":
        source = _open_parquet(plain, label, connection)
    elif kind == "workbook":
        # importing it takes longer than a small file takes to grade
        from custgrade.ingest.sources.sheet_file import open_sheet

        source = open_sheet(plain, label, options.sheet, files, connection)
    else:
        plain, decoded = plain_text(plain, label, options.encoding, files)
        source, notes = open_csv(plain, label, options.delimiter, connection, known), [*notes, *decoded]
    files.keep_for(source.connection)
    return evolve(source, notes=(*notes, *source.notes), unpacked=plain if plain in files else None)


def _open_parquet(path: Path, label: str, connection: duckdb.DuckDBPyConnection | None) -> Source:
    connection = connection or connect()
    table = f"read_parquet({path_literal(str(path))}, hive_partitioning=false)"
    names, inexact = _parquet_names(connection, path, label)
    columns = _described(connection, table, label, names)
    return Source(label, connection, table, columns, parquet=True, inexact=inexact)


def _parquet_names(connection: duckdb.DuckDBPyConnection, path: Path, label: str) -> tuple[list[str], tuple[str, ...]]:
    """Return the names of a Parquet file's columns, and of those whose decimals are wider than DuckDB's.

    Raises SourceError when two columns have the same name.
    """
    with engine_errors(f"{label} can't be read"):
        query = f"SELECT name, num_children, precision FROM parquet_schema({path_literal(str(path))})"
        root, *elements = connection.execute(query).fetchall()
    names: list[str] = []
    inexact: list[str] = []
    below = [root[1]]
    for name, children, precision in elements:
        while not below[-1]:
            below.pop()
        below[-1] -= 1
        if len(below) == 1:
            names.append(name)
        if precision and precision > _MOST_DIGITS:
            inexact.append(names[-1])
        below.append(children or 0)
    twice = sorted({name for name in names if names.count(name) > 1}) if len(set(names)) < len(names) else []
    if twice:
        raise SourceError(f"{label} has more than one column named {', '.join(map(repr, twice))}; rename them")
    return names, tuple(inexact)


def _described(
    connection: duckdb.DuckDBPyConnection, table: str, label: str, names: list[str]
) -> dict[str, SourceColumn]:
    with engine_errors(f"{label} can't be read"):
        rows = connection.execute(f"DESCRIBE SELECT * FROM {table}").fetchall()
    return {
        name: SourceColumn(name, identifier(given), kind) for name, (given, kind, *_) in zip(names, rows, strict=True)
    }

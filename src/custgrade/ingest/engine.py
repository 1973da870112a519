"""The embedded engine, DuckDB: connections, quoted SQL, and its errors."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from custgrade.errors import CustgradeError, MissingExtraError, SourceError

if TYPE_CHECKING:
    import duckdb

_MEMORY = "1GB"
_FETCHED = 1000


def connect() -> duckdb.DuckDBPyConnection:
    """Return a connection to a new database in memory.

    Raises MissingExtraError when DuckDB isn't installed.
    """
    try:
        import duckdb
    except ImportError as error:
        raise MissingExtraError("reading and writing files needs DuckDB: pip install 'custgrade[cli]'") from error
    connection = duckdb.connect(
        ":memory:", config={"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
    )
    # progress callbacks read how far a query is
    connection.execute("SET enable_progress_bar = true; SET enable_progress_bar_print = false")
    # timestamps must give the same dates on every machine; the type of an object column depends on all of its values
    connection.execute("SET TimeZone = 'UTC'; SET GLOBAL pandas_analyze_sample = 2147483647")
    return connection


def identifier(name: str) -> str:
    """Return a name as a quoted SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def path_literal(path: str) -> str:
    """Return a path as an SQL literal that names one file, even if it begins with a tilde or holds wildcards."""
    return literal(re.sub(r"[*?\[]", r"[\g<0>]", str(Path(path).absolute())))


def literal(text: str) -> str:
    """Return a text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def selected(columns: Mapping[str, str]) -> str:
    """Return the SELECT list of columns; columns: SQL by name."""
    return ", ".join(f"{sql} AS {identifier(name)}" for name, sql in columns.items())


def copied(query: str, path: Path, options: str) -> str:
    """Return SQL that writes the result of a query to a file at once; options: those of DuckDB's COPY."""
    return f"COPY ({query}) TO {literal(str(path))} ({options}, USE_TMP_FILE false)"


def handed_over(connection: duckdb.DuckDBPyConnection, query: str, file: Path) -> str:
    """Write the result of a query to a file for another connection, and return SQL of its table there.

    The table has a further column `file_row_number`, from 0.
    """
    connection.execute(copied(query, file, "FORMAT parquet"))
    return f"read_parquet({path_literal(str(file))}, file_row_number = true)"


def enum(texts: Sequence[str]) -> str:
    """Return the ENUM type of these texts; a column of it is written in a third of the time of VARCHAR."""
    return f"ENUM({', '.join(map(literal, texts))})"


def streamed(connection: duckdb.DuckDBPyConnection, query: str) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a query in bounded memory; no other query may run on the connection meanwhile."""
    result = connection.execute(query)
    while rows := result.fetchmany(_FETCHED):
        yield from rows


def one_row(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[Any, ...]:
    """Return the only row of a query's result."""
    (row,) = connection.execute(query).fetchall()
    return tuple(row)


def within_memory(connection: duckdb.DuckDBPyConnection, query: str) -> None:
    """Run a query with 1 GB of memory; if that isn't enough, run it again with DuckDB's default limit."""
    import duckdb

    try:
        connection.execute(f"SET memory_limit = '{_MEMORY}'")
        connection.execute(query)
    except duckdb.OutOfMemoryException:
        connection.execute("RESET memory_limit")
        connection.execute(query)


@contextmanager
def engine_errors(what: str, kind: type[CustgradeError] = SourceError) -> Iterator[None]:
    """Raise DuckDB's errors as `kind` with a message that begins with `what`; other errors are unchanged."""
    import duckdb

    try:
        yield
    except duckdb.Error as error:
        message = str(error).splitlines()[0]
        if "state machine" in message:
            message = "its lines end in different ways (\\r\\n here, \\r or \\n there), or a quote is out of place"
        raise kind(f"{what}: {message}") from error

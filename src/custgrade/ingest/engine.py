"""The embedded engine, DuckDB: connecting to it, and quoting for its SQL."""

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
    # how far a query is can be asked for
    connection.execute("SET enable_progress_bar = true; SET enable_progress_bar_print = false")
    # moments are dated the same on every machine, and all of a column of objects decides its type
    connection.execute("SET TimeZone = 'UTC'; SET GLOBAL pandas_analyze_sample = 2147483647")
    return connection


def identifier(name: str) -> str:
    """A name as SQL, whatever it holds."""
    return '"' + name.replace('"', '""') + '"'


def path_literal(path: str) -> str:
    """A path as SQL that names one file, also where it begins with a tilde or holds the wildcards of the engine."""
    return literal(re.sub(r"[*?\[]", r"[\g<0>]", str(Path(path).absolute())))


def literal(text: str) -> str:
    """A text as SQL, whatever it holds."""
    return "'" + text.replace("'", "''") + "'"


def selected(columns: Mapping[str, str]) -> str:
    """What stands after SELECT for columns, from their SQL by name."""
    return ", ".join(f"{sql} AS {identifier(name)}" for name, sql in columns.items())


def enum(texts: Sequence[str]) -> str:
    """The type of a column that holds nothing but these texts, which takes a third of the time to write."""
    return f"ENUM({', '.join(map(literal, texts))})"


def streamed(connection: duckdb.DuckDBPyConnection, query: str) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a query; no other may run on the connection meanwhile. Memory stays bounded."""
    result = connection.execute(query)
    while rows := result.fetchmany(_FETCHED):
        yield from rows


def within_memory(connection: duckdb.DuckDBPyConnection, query: str) -> None:
    """Run a query with a gigabyte of memory if it can do with that, and else with what the engine takes by default."""
    import duckdb

    try:
        connection.execute(f"SET memory_limit = '{_MEMORY}'")
        connection.execute(query)
    except duckdb.OutOfMemoryException:
        connection.execute("RESET memory_limit")
        connection.execute(query)


@contextmanager
def engine_errors(what: str, kind: type[CustgradeError] = SourceError) -> Iterator[None]:
    """Raise the engine's errors in our words, beginning with `what`; others pass as they are."""
    import duckdb

    try:
        yield
    except duckdb.Error as error:
        message = str(error).splitlines()[0]
        if "state machine" in message:
            message = "its lines end in different ways (\\r\\n here, \\r or \\n there), or a quote is out of place"
        raise kind(f"{what}: {message}") from error

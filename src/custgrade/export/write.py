"""Writing columns as CSV or Parquet; ids and unchanged columns never leave DuckDB."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from custgrade.data.output_columns import OutputColumns
from custgrade.errors import OutputError
from custgrade.export.formats import check_format, refuse_inexact
from custgrade.export.sink import Sink
from custgrade.export.sql_columns import arrays_of, sql_of
from custgrade.files import write_atomically
from custgrade.ingest.engine import connect, copied, engine_errors, selected
from custgrade.ingest.loaded import Loaded
from custgrade.progress import OnProgress


@contextmanager
def file_sink(loaded: Loaded, path: str, folder: Callable[[], Path], on_progress: OnProgress) -> Iterator[Sink]:
    """Yield a sink that writes the customers' own columns and the columns that it takes to `path`.

    The file is replaced when the block ends without an error.

    folder: returns a folder for temporary files. on_progress: called at the beginning of each stage.

    Raises OutputError when the file can't be written.
    """
    options = check_format(path)
    with write_atomically(path) as temporary, engine_errors(f"can't write {path}", OutputError):
        if path.lower().endswith(".csv"):
            # importing either module takes longer than grading a small base
            from custgrade.export.table_sink import TableSink

            refuse_inexact(loaded)
            yield TableSink(loaded, temporary, options, on_progress)
            return
        from custgrade.export.parquet_sink import ParquetSink

        with temporary.open("wb") as target:
            yield ParquetSink(loaded, target, folder(), options, on_progress)


def write_columns(path: str | os.PathLike[str], columns: OutputColumns) -> None:
    """Write columns to a .csv or .parquet file, which is replaced in one step.

    Raises OutputError when the file can't be written.
    """
    options, connection = check_format(path), connect()
    connection.register("written", arrays_of(columns))
    query = f"SELECT {selected(sql_of(columns, 'written', enumerated=False))} FROM written"
    with write_atomically(path) as temporary, engine_errors(f"can't write {path}", OutputError):
        connection.execute(copied(query, temporary, options))

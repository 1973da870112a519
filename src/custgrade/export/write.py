"""Writing columns as CSV or Parquet; ids and untouched columns stay in the engine."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from custgrade.data.output_columns import OutputColumns
from custgrade.errors import OutputError
from custgrade.export.formats import check_format, refuse_inexact
from custgrade.export.sink import Sink
from custgrade.export.sql_columns import arrays_of, sql_of
from custgrade.files import write_atomically
from custgrade.ingest.engine import connect, engine_errors, literal, selected
from custgrade.ingest.loaded import Loaded
from custgrade.progress import OnProgress


@contextmanager
def file_sink(loaded: Loaded, path: str, folder: Callable[[], Path], watch: OnProgress) -> Iterator[Sink]:
    """Yield a sink that writes the customers' own columns and those it takes to `path`.

    The file takes its place when the block ends. folder: returns one for temporary files. watch: told of the stages.

    Raises OutputError.
    """
    options = check_format(path)
    with write_atomically(path) as temporary, engine_errors(f"can't write {path}", OutputError):
        if path.lower().endswith(".csv"):
            # loading either takes longer than to grade a small base
            from custgrade.export.table_sink import TableSink

            refuse_inexact(loaded)
            yield TableSink(loaded, temporary, options, watch)
            return
        from custgrade.export.parquet_sink import ParquetSink

        with temporary.open("wb") as target:
            yield ParquetSink(loaded, target, folder(), options, watch)


def write_columns(path: str | os.PathLike[str], ids: Any, columns: OutputColumns) -> None:
    """Write ids, as `customer_id`, and columns to a .csv or .parquet file, which is replaced in one step.

    Raises OutputError.
    """
    options, connection = check_format(path), connect()
    everything = {"customer_id": ids, **columns}
    connection.register("written", arrays_of(everything))
    query = f"SELECT {selected(sql_of(everything, 'written', enumerated=False))} FROM written"
    with write_atomically(path) as temporary, engine_errors(f"can't write {path}", OutputError):
        connection.execute(f"COPY ({query}) TO {literal(str(temporary))} ({options}, USE_TMP_FILE false)")

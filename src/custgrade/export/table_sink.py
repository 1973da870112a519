"""Writing CSV: new columns are collected in a DuckDB table and written after the customers' own columns."""

from __future__ import annotations

from pathlib import Path

from custgrade.data.output_columns import OutputColumns
from custgrade.export.sql_columns import RunningTexts, arrays_of, sql_of
from custgrade.ingest.engine import copied, selected, within_memory
from custgrade.ingest.loaded import Loaded
from custgrade.progress import OnProgress
from custgrade.selection.chunks import spans


class TableSink:
    """A sink that collects columns in a DuckDB table, and writes them with the customers' columns; see `Sink`."""

    ordered = True

    def __init__(self, loaded: Loaded, target: Path, options: str, on_progress: OnProgress) -> None:
        self.parts = spans(loaded.size)
        self._loaded, self._target, self._options, self._on_progress = loaded, target, options, on_progress
        self._texts = RunningTexts()
        self._begun = False

    def take(self, number: int, columns: OutputColumns) -> None:
        """Add the columns of the next part to the table."""
        connection = self._loaded.connection
        begin = "INSERT INTO added" if self._begun else "CREATE OR REPLACE TEMP TABLE added AS"
        connection.register("part", arrays_of(self._texts.aligned(columns)))
        connection.execute(f"{begin} SELECT * FROM part")
        connection.unregister("part")
        self._begun = True

    def finish(self) -> None:
        """Write the customers' own columns and the collected ones."""
        loaded = self._loaded
        columns = loaded.own_columns | sql_of(self._texts.columns, "added", enumerated=True)
        query = f"SELECT {selected(columns)} FROM {loaded.table} AS customers POSITIONAL JOIN added"
        self._on_progress("writing", loaded.how_far)
        within_memory(loaded.connection, copied(query, self._target, self._options))

"""Encoding columns in memory as files, on several threads at once."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from custgrade.ingest.engine import connect, copied, selected


class Encoder:
    """A writer of columns to files, with a single-threaded DuckDB connection for each calling thread."""

    def __init__(self) -> None:
        self._engines = threading.local()

    def write(
        self, table: str, arrays: Mapping[str, Any], columns: Mapping[str, str], path: Path, options: str
    ) -> None:
        """Write columns to a file.

        table: the SQL name of the arrays. columns: SQL by name over that table. options: the options of DuckDB's COPY.
        """
        if not hasattr(self._engines, "connection"):
            self._engines.connection = connect()
            self._engines.connection.execute("SET threads = 1")
        connection = self._engines.connection
        connection.register(table, dict(arrays))
        query = f"SELECT {selected(columns)} FROM {table}"
        connection.execute(copied(query, path, options))
        connection.unregister(table)

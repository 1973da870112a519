"""Encoding columns in memory as a file, on as many threads as ask for it."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from custgrade.ingest.engine import connect, literal, selected


class Encoder:
    """Writes columns to files; each thread that calls it has an engine of its own, which takes one core."""

    def __init__(self) -> None:
        self._engines = threading.local()

    def write(
        self, table: str, arrays: Mapping[str, Any], columns: Mapping[str, str], path: Path, options: str
    ) -> None:
        """Write columns to a file.

        columns: their SQL by name, over a table of these arrays. options: the engine's, for a file of this kind.
        """
        if not hasattr(self._engines, "connection"):
            self._engines.connection = connect()
            self._engines.connection.execute("SET threads = 1")
        connection = self._engines.connection
        connection.register(table, dict(arrays))
        query = f"SELECT {selected(columns)} FROM {table}"
        connection.execute(f"COPY ({query}) TO {literal(str(path))} ({options}, USE_TMP_FILE false)")
        connection.unregister(table)

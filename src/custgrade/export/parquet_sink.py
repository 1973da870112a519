"""Writing Parquet: new columns are added to a file whose own columns are copied byte for byte."""

from __future__ import annotations

import threading
from itertools import accumulate, pairwise
from pathlib import Path
from typing import BinaryIO

from custgrade.data.output_columns import OutputColumns
from custgrade.errors import OutputError
from custgrade.export.encoder import Encoder
from custgrade.export.formats import refuse_inexact
from custgrade.export.parquet_file import ColumnAppender, ParquetFile, read_footer
from custgrade.export.sql_columns import arrays_of, sql_of
from custgrade.ingest.engine import copied, selected, within_memory
from custgrade.ingest.loaded import Loaded
from custgrade.progress import OnProgress

_LEAST_ROWS, _MOST_ROWS = 1 << 13, 1 << 24
"""The least mean size and the greatest size of row groups, in rows, that are kept; others are written again."""


def _fitting(loaded: Loaded) -> ParquetFile | None:
    """Return the customers' Parquet file, or None where no columns can be added to it."""
    if loaded.parquet is None:
        return None
    try:
        file = read_footer(loaded.parquet)
    except OutputError:
        return None
    sizes, size = file.row_groups, loaded.size
    usable = sum(sizes) == size and max(sizes) <= _MOST_ROWS
    return file if usable and (len(sizes) < 64 or size >= len(sizes) * _LEAST_ROWS) else None


def _rewritten(loaded: Loaded, path: Path, options: str) -> ParquetFile:
    """Write the customers' own columns to a new file, and return it."""
    refuse_inexact(loaded)
    query = f"SELECT {selected(loaded.own_columns)} FROM {loaded.table} AS customers"
    within_memory(loaded.connection, copied(query, path, options))
    return read_footer(path)


class ParquetSink:
    """A sink that adds columns to a Parquet file, one row group at a time; see `Sink`.

    Customers that aren't the rows of a Parquet file are first written to one.
    """

    ordered = False

    def __init__(self, loaded: Loaded, target: BinaryIO, folder: Path, options: str, on_progress: OnProgress) -> None:
        original = _fitting(loaded)
        if original is None:
            on_progress("writing the input's columns", loaded.how_far)
            original = _rewritten(loaded, folder / "own.parquet", options)
        ends = accumulate(original.row_groups, initial=0)
        self.parts = [slice(start, stop) for start, stop in pairwise(ends)]
        self._appender = ColumnAppender(original, target)
        self._appender.copy()
        if original.path != loaded.parquet:
            original.path.unlink()
        self._folder, self._options = folder, options
        self._adding = threading.Lock()
        self._encoded: dict[int, Path] = {}
        self._next = 0
        self._encoder = Encoder()

    def take(self, number: int, columns: OutputColumns) -> None:
        """Encode and add the columns of a row group; may be called by several threads at once."""
        file, rows = self._folder / f"{number}.parquet", self.parts[number]
        options = f"{self._options}, ROW_GROUP_SIZE {max(rows.stop - rows.start, 2048)}"
        self._encoder.write("added", arrays_of(columns), sql_of(columns, "added", enumerated=True), file, options)
        with self._adding:
            self._encoded[number] = file
            # in order, so that equal grades make equal files
            while (due := self._encoded.pop(self._next, None)) is not None:
                self._appender.add(self._next, due)
                due.unlink()
                self._next += 1

    def finish(self) -> None:
        """Write the footer of the file."""
        self._appender.finish()

"""Writing graded customers part by part, so that no more than a part of them is in memory at a time."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import accumulate, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol

import numpy as np
from attrs import field, frozen

from custgrade.data.scale import GradeScale
from custgrade.errors import OutputError, listed
from custgrade.export.encoder import Encoder
from custgrade.export.parquet_file import ColumnAppender, ParquetFile, read_footer
from custgrade.export.write import check_format, grade_arrays, grade_columns
from custgrade.files import temporary_folder, write_atomically
from custgrade.ingest.engine import engine_errors, literal, selected
from custgrade.selection.chunks import spans
from custgrade.watching import Watch

if TYPE_CHECKING:
    import duckdb

    from custgrade.model.graded import Graded

_LEAST_ROWS, _MOST_ROWS = 1 << 13, 1 << 24
"""Row groups of this mean size at least, and this size at most, are graded one by one; others are written anew."""
_MEMORY = "1GB"
"""What the engine may take to write a file anew, if it can do with that."""


@frozen(eq=False)
class Original:
    """The customers as they were given, to which grades are added.

    table: what to select them from, as SQL, in the order in which they are graded. own: SQL of their own columns, by
    name. size: how many they are. parquet: the file that holds them and nobody else, if it is in that format. inexact:
    own columns that the engine can't write as they are.
    """

    connection: duckdb.DuckDBPyConnection = field(repr=False)
    table: str
    own: Mapping[str, str]
    size: int
    parquet: Path | None = None
    inexact: tuple[str, ...] = ()


class PartsWriter(Protocol):
    """What takes graded customers part by part."""

    @property
    def pieces(self) -> Sequence[slice]:
        """The rows of each part."""
        ...

    @property
    def ordered(self) -> bool:
        """Whether the parts must come one after the other."""
        ...

    def write(self, number: int, graded: Graded) -> None:
        """Take in the customers of a piece."""
        ...

    def finish(self) -> None:
        """Write what is still to be written when all pieces are there."""
        ...


class Nowhere:
    """Takes graded customers that nobody wants written."""

    ordered = False

    def __init__(self, size: int) -> None:
        self.pieces = spans(size)

    def write(self, number: int, graded: Graded) -> None:
        """Do nothing."""

    def finish(self) -> None:
        """Do nothing."""


@contextmanager
def parts_writer(original: Original, path: str, prefix: str, watch: Watch) -> Iterator[PartsWriter]:
    """Yield what writes the given customers with their grades to `path`, which takes its place when the block ends.

    Parquet to Parquet, the columns that are there are copied byte for byte. watch: told of the stages that follow.

    Raises OutputError.
    """
    options = check_format(path)
    with write_atomically(path) as temporary, engine_errors(f"can't write {path}", OutputError):
        file = _appendable(original) if path.lower().endswith(".parquet") else None
        if file is None:
            if original.inexact:
                raise OutputError(
                    f"{listed(original.inexact)} holds decimals of more than 38 digits, which can only be copied from "
                    "Parquet to Parquet, with no row left out and no tiny row groups; leave the column out"
                )
            with temporary_folder() as folder:
                yield _Table(original, temporary, folder, prefix, options, watch)
            return
        with temporary_folder() as folder, temporary.open("wb") as target:
            yield _Columns(file, target, folder, prefix, options)


def _appendable(original: Original) -> ParquetFile | None:
    """The file to which columns can be added, if there is one."""
    if original.parquet is None:
        return None
    try:
        file = read_footer(original.parquet)
    except OutputError:
        return None
    sizes = file.row_groups
    fitting = sum(sizes) == original.size and max(sizes) <= _MOST_ROWS
    return file if fitting and (len(sizes) < 64 or original.size >= len(sizes) * _LEAST_ROWS) else None


class _Columns:
    """Adds grade columns to a Parquet file; the engine encodes those of one row group at a time."""

    ordered = False

    def __init__(self, file: ParquetFile, target: BinaryIO, folder: Path, prefix: str, options: str) -> None:
        ends = accumulate(file.row_groups, initial=0)
        self.pieces = [slice(start, stop) for start, stop in pairwise(ends)]
        self._appender = ColumnAppender(file, target)
        self._appender.copy()
        self._folder, self._prefix, self._options = folder, prefix, options
        self._adding = threading.Lock()
        self._encoder = Encoder()

    def write(self, number: int, graded: Graded) -> None:
        """Encode the grades of a row group, and add them."""
        part = self._folder / f"{number}.parquet"
        columns = grade_columns(graded.scale, tuple(graded.details), graded.reasons, self._prefix, enumerated=True)
        rows = self.pieces[number].stop - self.pieces[number].start
        options = f"{self._options}, ROW_GROUP_SIZE {max(rows, 2048)}"
        self._encoder.write("grades", grade_arrays(graded), columns, part, options)
        with self._adding:
            self._appender.add(number, part)
        part.unlink()

    def finish(self) -> None:
        """Write what comes after the data."""
        self._appender.finish()


class _Table:
    """Collects grades in a table of the engine, which stands beside that of the customers when both are written."""

    ordered = True

    def __init__(self, original: Original, target: Path, folder: Path, prefix: str, options: str, watch: Watch) -> None:
        self.pieces = spans(original.size)
        self._original, self._target, self._prefix = original, target, prefix
        self._options, self._watch = options, watch
        self._reasons: dict[str, int] = {"": 0}
        self._scale: GradeScale | None = None
        self._details: tuple[str, ...] = ()
        # what has no room goes to the folder
        original.connection.execute(f"SET temp_directory = {literal(str(folder))}; SET memory_limit = '{_MEMORY}'")

    def write(self, number: int, graded: Graded) -> None:
        """Add the grades of the next piece to the table."""
        arrays: dict[str, Any] = grade_arrays(graded)
        renumbered = [self._reasons.setdefault(text, len(self._reasons)) for text in graded.reasons]
        arrays["reason"] = np.array(renumbered, dtype=np.uint32)[arrays["reason"]]
        connection = self._original.connection
        begin = "INSERT INTO grades" if self._scale else "CREATE OR REPLACE TEMP TABLE grades AS"
        connection.register("piece", arrays)
        connection.execute(f"{begin} SELECT * FROM piece")
        connection.unregister("piece")
        self._scale, self._details = graded.scale, tuple(graded.details)

    def finish(self) -> None:
        """Write the customers with their grades."""
        import duckdb

        assert self._scale is not None
        connection, size = self._original.connection, self._original.size
        added = grade_columns(self._scale, self._details, tuple(self._reasons), self._prefix, enumerated=True)
        own = {name: f"customers.{sql}" for name, sql in self._original.own.items()}
        query = f"SELECT {selected(own | added)} FROM {self._original.table} AS customers POSITIONAL JOIN grades"
        self._watch("writing", lambda: (int(max(connection.query_progress(), 0) / 100 * size), size))
        copy = f"COPY ({query}) TO {literal(str(self._target))} ({self._options}, USE_TMP_FILE false)"
        try:
            connection.execute(copy)
        except duckdb.OutOfMemoryException:
            # rows of very many columns need more
            connection.execute("RESET memory_limit")
            connection.execute(copy)

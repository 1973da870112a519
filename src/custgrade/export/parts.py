"""Writing graded customers part by part, so that no more than a part of them is in memory at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from custgrade.data.scale import GradeScale
from custgrade.errors import OutputError, listed
from custgrade.export.write import check_format, field_arrays, field_columns, grade_arrays, grade_columns, own_columns
from custgrade.files import write_atomically
from custgrade.ingest.engine import engine_errors, literal, selected, within_memory
from custgrade.ingest.loaded import Loaded
from custgrade.selection.chunks import spans
from custgrade.watching import Watch

if TYPE_CHECKING:
    from custgrade.model.graded import Graded
    from custgrade.model.overrides import InForce


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
def parts_writer(
    loaded: Loaded, path: str, prefix: str, folder: Callable[[], Path], watch: Watch
) -> Iterator[PartsWriter]:
    """Yield what writes graded customers to `path`, which takes its place when the block ends.

    folder: returns one for temporary files. watch: told of the stages that follow.

    Raises OutputError.
    """
    options = check_format(path)
    with write_atomically(path) as temporary, engine_errors(f"can't write {path}", OutputError):
        if path.lower().endswith(".csv"):
            refuse_inexact(loaded)
            yield _Table(loaded, temporary, prefix, options, watch)
            return
        # loading it takes longer than to grade a small base
        from custgrade.export.columns import ColumnsWriter

        with temporary.open("wb") as target:
            yield ColumnsWriter(loaded, target, folder(), prefix, options, watch)


def refuse_inexact(loaded: Loaded) -> None:
    """Raise OutputError when the engine can't write all columns as they are."""
    if loaded.inexact:
        raise OutputError(
            f"{listed(loaded.inexact)} holds decimals of more than 38 digits, which can only be copied from "
            "Parquet to Parquet, with no row left out and no tiny row groups; leave the column out"
        )


class _Table:
    """Collects grades in a table of the engine, which stands beside that of the customers when both are written."""

    ordered = True

    def __init__(self, loaded: Loaded, target: Path, prefix: str, options: str, watch: Watch) -> None:
        self.pieces = spans(len(loaded.base))
        self._loaded, self._further = loaded, loaded.further
        self._target, self._prefix = target, prefix
        self._options, self._watch = options, watch
        self._reasons: dict[str, int] = {"": 0}
        self._scale: GradeScale | None = None
        self._details: tuple[str, ...] = ()
        self._overrides: InForce | None = None

    def write(self, number: int, graded: Graded) -> None:
        """Add the grades of the next piece to the table."""
        arrays = grade_arrays(graded) | field_arrays(column[self.pieces[number]] for column in self._further.values())
        renumbered = [self._reasons.setdefault(text, len(self._reasons)) for text in graded.reasons]
        arrays["reason"] = np.array(renumbered, dtype=np.uint32)[arrays["reason"]]
        connection = self._loaded.connection
        begin = "INSERT INTO grades" if self._scale else "CREATE OR REPLACE TEMP TABLE grades AS"
        connection.register("piece", arrays)
        connection.execute(f"{begin} SELECT * FROM piece")
        connection.unregister("piece")
        self._scale, self._details, self._overrides = graded.scale, tuple(graded.details), graded.overrides

    def finish(self) -> None:
        """Write the customers with their grades."""
        assert self._scale is not None
        connection = self._loaded.connection
        reasons = tuple(self._reasons)
        added = grade_columns(self._scale, self._details, reasons, self._prefix, True, self._overrides)
        columns = own_columns(self._loaded) | field_columns(self._further) | added
        query = f"SELECT {selected(columns)} FROM {self._loaded.table} AS customers POSITIONAL JOIN grades"
        self._watch("writing", self._loaded.how_far)
        options = f"{self._options}, USE_TMP_FILE false"
        within_memory(connection, f"COPY ({query}) TO {literal(str(self._target))} ({options})")

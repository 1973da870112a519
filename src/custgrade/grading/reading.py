"""Reading the files of one run, joined by id; a run fails if a file changes meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from attrs import evolve, frozen

from custgrade.data.base import CustomerBase
from custgrade.errors import CustgradeError, FieldError, SourceError
from custgrade.files import temporary_folder
from custgrade.ingest.customer_files.customer_rows import CustomerRows
from custgrade.ingest.engine import literal
from custgrade.ingest.lines.orders import OrderRows, load_orders
from custgrade.ingest.loaded import Loaded, stored_columns
from custgrade.ingest.source import Source
from custgrade.progress import OnProgress
from custgrade.text import listed

SourceRows = CustomerRows | OrderRows
"""The rows of one file, not yet read."""
_SMALL_FILE = 1 << 24


def joined_head(files: Sequence[SourceRows]) -> CustomerBase:
    """Return the base of the joined files without its customers, before they are read.

    Raises FieldError, with the names of both files, when two files can't be joined.
    """
    head = files[0].head
    for rows in files[1:]:
        try:
            head = head.join(rows.head)
        except FieldError as error:
            before = listed(other.source.label for other in files[: files.index(rows)])
            raise FieldError(f"{rows.source.label} can't be joined to {before}: {error.message}", error.hint) from error
    return head


@frozen(eq=False)
class Reading:
    """The customers that were read for a run.

    loaded: the customers of the first file with the fields of the others. folder: returns a folder for temporary files.
    refuse_changed: raises SourceError when a file has changed since it was read.
    """

    loaded: Loaded
    folder: Callable[[], Path]
    refuse_changed: Callable[[], None]


@contextmanager
def reading(
    files: Sequence[SourceRows], needed: Sequence[str], written: bool, on_progress: OnProgress
) -> Iterator[Reading]:
    """Yield the customers of files; temporary files are removed when the block ends.

    needed: the fields to read. written: whether the columns of all files are read too, for the output. on_progress:
    called at the beginning of each stage.

    Raises SourceError when a file changes meanwhile, and the errors of reading.
    """
    before = [_stamps(rows.source) for rows in files]

    def refuse_changed() -> None:
        for rows, stamps in zip(files, before, strict=True):
            for file, stamp, now in zip(rows.source.files, stamps, _stamps(rows.source), strict=True):
                if now != stamp:
                    raise SourceError(f"{file} changed while it was read, so nothing was written; run again")

    try:
        with temporary_folder() as folder:
            yield Reading(_load(files, needed, written, folder, on_progress), folder, refuse_changed)
    except (CustgradeError, OSError):
        # the change may have caused the error
        refuse_changed()
        raise


def _load(
    files: Sequence[SourceRows],
    needed: Sequence[str],
    written: bool,
    folder: Callable[[], Path],
    on_progress: OnProgress,
) -> Loaded:
    """Return the customers with the fields that are needed or written, of all files joined by id to the first."""
    for rows in files:
        paths = rows.source.files
        if not paths or sum(path.stat().st_size for path in paths) > _SMALL_FILE:
            # DuckDB writes data that exceeds its memory there
            rows.source.connection.execute(f"SET temp_directory = {literal(str(folder()))}")
    parts = []
    for number, rows in enumerate(files):
        kept = [name for name in rows.head.columns if name in needed or (written and name not in files[0].own_fields)]
        if isinstance(rows, OrderRows):
            on_progress("adding up order lines", lambda: (0, 0))
            parts.append(load_orders(rows, kept, stored_columns))
            continue
        # importing it takes longer than grading the customers of a small order file
        from custgrade.ingest.customer_files.scan import scan

        if number:
            others = scan(rows, (), on_progress)
            parts.append(evolve(others, fields={name: others.fields[name] for name in kept}))
        else:
            parts.append(scan(rows, kept, on_progress))
    first = parts[0]
    for other in parts[1:]:
        from custgrade.ingest.joining import load_joined

        on_progress("joining", lambda: (0, 0))
        first = load_joined(first, other, folder() / "joined.parquet")
    return first


def _stamps(source: Source) -> list[tuple[int, int] | None]:
    """Return the size and modification time of each file of the source, None where there is no file any more."""
    states = [file.stat() if file.exists() else None for file in source.files]
    return [None if state is None else (state.st_size, state.st_mtime_ns) for state in states]

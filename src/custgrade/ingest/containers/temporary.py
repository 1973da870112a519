"""The temporary files that a source is unpacked to, removed when its engine is gone."""

from __future__ import annotations

import os
import weakref
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import RawIOBase
from pathlib import Path

from custgrade.errors import OutputError, SourceError
from custgrade.files import new_temporary_folder, remove_temporary_folder

_SHARE = 0.9
"""The share of the free space in the folder of temporary files that one of them may take."""


class TemporaryFiles:
    """The temporary files of one source; their folder is made on first use.

    The folder stays until `remove` is called, or until an object that it was handed to with `keep_for` is gone.
    """

    def __init__(self) -> None:
        self._folder: Path | None = None
        self._count = 0

    def __contains__(self, path: Path) -> bool:
        return path.parent == self._folder

    def new(self) -> Path:
        """Return the path of a new temporary file, which isn't made yet.

        Raises OutputError if the folder can't be made.
        """
        if self._folder is None:
            self._folder = new_temporary_folder()
        self._count += 1
        return self._folder / f"{self._count}"

    def remove(self) -> None:
        """Remove all of the files."""
        if self._folder is not None:
            remove_temporary_folder(self._folder)
            self._folder = None

    def keep_for(self, owner: object) -> None:
        """Remove the files when `owner` is gone; a process that was forked from this one leaves them alone."""
        if self._folder is not None:
            weakref.finalize(owner, _remove_in, os.getpid(), self._folder)

    @contextmanager
    def until_error(self) -> Iterator[None]:
        """Remove all of the files when the block fails."""
        try:
            yield
        except BaseException:
            self.remove()
            raise


def _remove_in(process: int, folder: Path) -> None:
    if os.getpid() == process:
        remove_temporary_folder(folder)


@contextmanager
def new_file(path: Path) -> Iterator[RawIOBase]:
    """Yield a new temporary file, open for writing.

    Raises OutputError if it can't be written, for example because the disk is full.
    """
    try:
        # without a buffer, no error comes only when the file is closed
        file = path.open("xb", buffering=0)
    except OSError as error:
        raise _not_written(path, error) from error
    with file:
        yield file


def write_all(parts: Iterable[bytes], path: Path, label: str) -> None:
    """Write bytes to a new temporary file.

    label: what the bytes come from, for the error.

    Raises OutputError if the file can't be written, SourceError if it would take more than nine tenths of the free
    space.
    """
    from shutil import disk_usage

    most = int(disk_usage(path.parent).free * _SHARE)
    size = 0
    with new_file(path) as file:
        for part in parts:
            size += len(part)
            if size > most:
                raise SourceError(
                    f"{label} holds more than {most / 1e9:,.1f} GB, nine tenths of the free space in "
                    f"{path.parent.parent}; set TMPDIR to a folder with more space"
                )
            try:
                rest = memoryview(part)
                while rest:
                    rest = rest[file.write(rest) :]
            except OSError as error:
                raise _not_written(path, error) from error


def _not_written(path: Path, error: OSError) -> OutputError:
    return OutputError(
        f"can't write to the temporary folder {path.parent.parent}: {error.strerror or error}; set TMPDIR to a folder "
        "with more space"
    )

"""`--out -`: the rows go to standard output, and everything else to standard error."""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import Any

from custgrade.files import temporary_folder

_READ = 1 << 20


class _Report(io.TextIOBase):
    """Standard error, with another name for the file that holds the rows meanwhile."""

    def __init__(self, path: Path) -> None:
        self._path = str(path)

    def write(self, text: str) -> int:
        """Write to standard error, and return the number of characters."""
        return sys.stderr.write(text.replace(self._path, "standard output"))

    def flush(self) -> None:
        """Flush standard error."""
        sys.stderr.flush()


@contextmanager
def rows_to_standard_output(options: argparse.Namespace) -> Iterator[None]:
    """Run the block with a temporary file for `--out -`, and copy it to standard output when the block ends well.

    Without that option the block runs as it is. `custgrade init` writes no rows, and does this by itself.
    """
    if getattr(options, "out", None) != "-" or options.command == "init":
        yield
        return
    with temporary_folder() as folder:
        path = folder() / "rows.csv"
        options.out = str(path)
        with redirect_stdout(_Report(path)):
            yield
        if path.exists():
            _copy(path, sys.stdout)


def _copy(path: Path, target: Any) -> None:
    target.flush()
    if hasattr(target, "buffer"):
        with path.open("rb") as file:
            while data := file.read(_READ):
                target.buffer.write(data)
        return
    with path.open(encoding="utf-8", newline="") as text:
        while part := text.read(_READ):
            target.write(part)

"""Standard input, pipes and file objects, kept in a temporary file because they can be read only once."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from custgrade.errors import SourceError
from custgrade.ingest.containers.temporary import TemporaryFiles, write_all
from custgrade.text import shown, type_with_article

STANDARD_INPUT = Path("-")
_READ = 1 << 20


def is_stream(data: Any) -> bool:
    """Return whether an object is an open file or the like: it has a method `read`."""
    # a frame may have a column called read
    return callable(getattr(type(data), "read", None))


def is_piped(path: Path) -> bool:
    """Return whether a path leads to standard input, a pipe or a device, which can be read only once.

    Raises OSError when there is no such file.
    """
    return path == STANDARD_INPUT or not stat.S_ISREG(path.stat().st_mode)


def label_of(data: Any) -> str:
    """Return the name of a path or an open file in messages."""
    if data == STANDARD_INPUT:
        return "standard input"
    name = data if isinstance(data, Path) else getattr(data, "name", None)
    return str(name) if isinstance(name, (str, Path)) and str(name) else f"the data of {type_with_article(data)}"


def kept_pipe(path: Path, files: TemporaryFiles) -> Path:
    """Return a temporary file with all that comes out of standard input, a pipe or a device.

    Raises SourceError when it is a terminal or no stream of bytes, OSError when it can't be read.
    """
    label = label_of(path)
    if path == STANDARD_INPUT:
        if sys.stdin is None:
            raise SourceError("standard input is closed; name a file")
        if sys.stdin.isatty():
            raise SourceError("standard input is a terminal; send a file into it (custgrade … < FILE), or name a file")
        return _kept(getattr(sys.stdin, "buffer", sys.stdin), label, files)
    if stat.S_ISBLK(path.stat().st_mode):
        raise SourceError(f"{label} is a disk; give a file")
    with path.open("rb") as file:
        if os.isatty(file.fileno()):
            raise SourceError(f"{label} is a terminal; send a file into it, or name a file")
        return _kept(file, label, files)


def kept_stream(stream: Any, files: TemporaryFiles) -> tuple[Path, bool]:
    """Return a temporary file with all that an open file still holds, and whether it gave text, kept in UTF-8.

    Raises SourceError when it can't be read, or gives neither bytes nor text.
    """
    label = label_of(stream)
    try:
        first = stream.read(0)
        return _kept(stream, label, files), isinstance(first, str)
    except (OSError, ValueError) as error:
        if isinstance(error, SourceError):
            raise
        raise SourceError(f"{label} can't be read: {error}") from error


def _kept(stream: Any, label: str, files: TemporaryFiles) -> Path:
    target = files.new()
    write_all(_parts(stream, label), target, label)
    return target


def _parts(stream: Any, label: str) -> Iterator[bytes]:
    while part := stream.read(_READ):
        if isinstance(part, str):
            yield part.encode()
        elif isinstance(part, (bytes, bytearray, memoryview)):
            yield bytes(part)
        else:
            raise SourceError(f"{label} gives {shown(part)} when it is read; give an open file of bytes or text")

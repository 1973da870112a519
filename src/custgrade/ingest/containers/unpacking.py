"""Unpacking a file until it is text, a Parquet file or a workbook."""

from __future__ import annotations

from pathlib import Path

from custgrade.errors import SourceError
from custgrade.ingest.containers.kinds import PACKED, Kind, kind_of
from custgrade.ingest.containers.temporary import TemporaryFiles, write_all

_MOST_LAYERS = 4


def unpack(path: Path, label: str, files: TemporaryFiles) -> tuple[Path, Kind, list[str]]:
    """Return the path and the kind of what a file holds, and notes on what it was unpacked from.

    The path is that of the file itself if it isn't packed, else that of a temporary file. The kind is text, parquet or
    workbook. label: the file's name in messages.

    Raises SourceError for files that are damaged or of other kinds, OutputError if temporary files can't be written.
    """
    notes: list[str] = []
    for _ in range(_MOST_LAYERS + 1):
        kind = kind_of(path, label)
        if kind not in PACKED:
            return path, kind, notes
        # importing them takes longer than a small file takes to grade
        from custgrade.ingest.containers.archive import only_file, purpose
        from custgrade.ingest.containers.compression import unpacked

        if kind == "zip" and purpose(path, label) == "workbook":
            return path, "workbook", notes
        if kind == "zip":
            name, parts = only_file(path, label)
            notes.append(f"{label} holds {name}")
        else:
            parts = unpacked(path, kind, label)
        target = files.new()
        write_all(parts, target, label)
        if path in files:
            path.unlink()
        path = target
    raise SourceError(f"{label} is packed more than {_MOST_LAYERS} times over; unpack it first")

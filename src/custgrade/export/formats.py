"""Which files can be written, and with which options of the engine."""

from __future__ import annotations

import os
from pathlib import Path

from custgrade.errors import OutputError
from custgrade.ingest.loaded import Loaded
from custgrade.text import listed

_FORMATS = {
    ".csv": "FORMAT csv, HEADER true",
    ".parquet": "FORMAT parquet, COMPRESSION zstd",
}


def check_format(path: str | os.PathLike[str]) -> str:
    """Return the engine's options for a file of this name.

    Raises OutputError when it ends in neither .csv nor .parquet.
    """
    suffix = Path(path).suffix.lower()
    if suffix not in _FORMATS:
        raise OutputError(f"can't write {path}: its name must end in {' or '.join(_FORMATS)}")
    return _FORMATS[suffix]


def refuse_inexact(loaded: Loaded) -> None:
    """Raise OutputError when the engine can't write all columns as they are."""
    if loaded.inexact:
        raise OutputError(
            f"{listed(loaded.inexact)} holds decimals of more than 38 digits, which can only be copied from "
            "Parquet to Parquet, with no row left out and no tiny row groups; leave the column out"
        )

"""The formats of output files, and DuckDB's options for them."""

from __future__ import annotations

import os

from custgrade.errors import OutputError
from custgrade.files import check_writable, checked_path
from custgrade.ingest.loaded import Loaded
from custgrade.text import listed

_FORMATS = {
    ".csv": "FORMAT csv, HEADER true",
    ".parquet": "FORMAT parquet, COMPRESSION zstd",
}


def check_format(path: str | os.PathLike[str]) -> str:
    """Return the options of DuckDB's COPY for a file of this name.

    Raises OutputError when it ends in neither .csv nor .parquet.
    """
    suffix = checked_path(path, "the file to write", OutputError).suffix.lower()
    if suffix not in _FORMATS:
        raise OutputError(f"can't write {path}; give a file name that ends in {' or '.join(_FORMATS)}")
    return _FORMATS[suffix]


def check_outputs(table: str | None, *others: str | None) -> None:
    """Raise OutputError unless a table and other files can be written; None or an empty text names no file."""
    if table:
        check_format(table)
    for path in (table, *others):
        if path:
            check_writable(path)


def refuse_inexact(loaded: Loaded) -> None:
    """Raise OutputError when DuckDB can't write all columns exactly."""
    if loaded.inexact:
        raise OutputError(
            f"{listed(loaded.inexact)} holds decimals of more than 38 digits, which can't be written here. They can be "
            "copied from Parquet to Parquet, if no row is left out and row groups aren't tiny; or remove the column "
            "from the input"
        )

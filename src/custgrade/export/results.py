"""Writing what was found out about customers: an id and columns of its own, without the columns of the source."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from custgrade.errors import OutputError
from custgrade.export.write import check_format
from custgrade.files import write_atomically
from custgrade.ingest.engine import connect, engine_errors, identifier, literal
from custgrade.ingest.loaded import Loaded
from custgrade.selection.chunks import spans

_ROWS = 1 << 20


def write_results(path: str | os.PathLike[str], columns: Mapping[str, Any], loaded: Loaded | None = None) -> None:
    """Write columns to a .csv or .parquet file, which is replaced in one step.

    columns: texts and numbers by name, of one length; an empty text and NaN are written as missing. loaded: what the
    customers were read from, row by row; its ids come first, as `customer_id`.

    Raises OutputError.
    """
    options = check_format(path)
    connection = connect() if loaded is None else loaded.connection
    size = len(next(iter(columns.values())))
    with write_atomically(path) as temporary, engine_errors(f"can't write {path}", OutputError):
        begin = "CREATE OR REPLACE TEMP TABLE results AS"
        for rows in spans(size, _ROWS) or [slice(0)]:
            arrays = {f"c{k}": _plain(column[rows]) for k, column in enumerate(columns.values())}
            items = ", ".join(f"{_known(f'c{k}', c)} AS c{k}" for k, c in enumerate(columns.values()))
            connection.register("piece", arrays)
            connection.execute(f"{begin} SELECT {items} FROM piece")
            connection.unregister("piece")
            begin = "INSERT INTO results"
        items = ", ".join(f"c{k} AS {identifier(name)}" for k, name in enumerate(columns))
        query = f"SELECT {items} FROM results"
        if loaded is not None:
            ids = f"SELECT {loaded.identity} AS customer_id FROM {loaded.table}"
            query = f"SELECT customer_id, {items} FROM ({ids}) POSITIONAL JOIN results"
        connection.execute(f"COPY ({query}) TO {literal(str(temporary))} ({options}, USE_TMP_FILE false)")


def _plain(column: npt.NDArray[Any]) -> npt.NDArray[Any]:
    return np.array(column.tolist(), dtype=object) if column.dtype.kind == "T" else np.ascontiguousarray(column)


def _known(name: str, column: npt.NDArray[Any]) -> str:
    """SQL of a column, without what stands for missing values."""
    if column.dtype.kind == "T":
        return f"nullif(CAST({name} AS VARCHAR), '')"
    return f"CASE WHEN NOT isnan({name}) THEN {name} END" if column.dtype.kind == "f" else name

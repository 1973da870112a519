"""Writing tables with any number of rows for each customer; ids and names are handed to DuckDB once a customer."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from custgrade.data.output_columns import OutputColumns
from custgrade.errors import OutputError
from custgrade.export.formats import check_format
from custgrade.export.spreadsheet import marked_sql
from custgrade.export.sql_columns import arrays_of, sql_of
from custgrade.files import write_atomically
from custgrade.ingest.engine import connect, copied, engine_errors, identifier, selected


def write_customer_rows(
    path: str | os.PathLike[str],
    own: Mapping[str, npt.NDArray[Any]],
    columns: OutputColumns,
    rows: npt.NDArray[Any] | None = None,
) -> None:
    """Write customers' own texts and further columns to a .csv or .parquet file, which is replaced in one step.

    In CSV, texts are marked so that a spreadsheet neither runs nor changes them; see `custgrade.export.spreadsheet`.

    own: texts of shape (n,) by column, written first: the ids, and other texts of each customer. columns: shape (m,).
    rows: the position of each row's customer, shape (m,); None if there is a row for each customer, in order.

    Raises OutputError when the file can't be written.
    """
    options, connection = check_format(path), connect()
    marked = str(path).lower().endswith(".csv")
    connection.register("given", arrays_of(own))
    texts = {name: f"nullif(CAST(c{k} AS VARCHAR), '')" for k, name in enumerate(own)}
    if marked:
        texts = {name: marked_sql(text, identity=not k) for k, (name, text) in enumerate(texts.items())}
    with write_atomically(path) as temporary, engine_errors(f"can't write {path}", OutputError):
        connection.execute(f"CREATE TEMP TABLE own AS SELECT {selected(texts)} FROM given")
        if rows is not None:
            # sorting texts alone is faster than sorting whole rows
            places = {"place": np.arange(len(rows), dtype=np.uint32), "customer": np.ascontiguousarray(rows)}
            connection.register("places", places)
            connection.execute(
                f"CREATE TEMP TABLE repeated AS SELECT {', '.join(map(identifier, own))} "
                "FROM places JOIN own ON own.rowid = places.customer ORDER BY place"
            )
        table = "own" if rows is None else "repeated"
        written = {name: f"{table}.{identifier(name)}" for name in own}
        connection.register("further", arrays_of(columns))
        written |= sql_of(columns, "further", enumerated=True, marked=marked)
        query = f"SELECT {selected(written)} FROM {table} POSITIONAL JOIN further"
        connection.execute(copied(query, temporary, options))

"""Writing tables with any number of rows for each customer."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from custgrade.data.output_columns import OutputColumns
from custgrade.errors import OutputError
from custgrade.export.formats import check_format
from custgrade.export.spreadsheet import MARK, changed_sql
from custgrade.export.sql_columns import arrays_of, sql_of
from custgrade.files import write_atomically
from custgrade.ingest.engine import connect, copied, engine_errors, literal, selected

if TYPE_CHECKING:
    import duckdb


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
    # all values of an object column are texts, so looking at one of them is enough
    connection.execute("SET GLOBAL pandas_analyze_sample = 1")
    marked = str(path).lower().endswith(".csv")
    with write_atomically(path) as temporary, engine_errors(f"can't write {path}", OutputError):
        table, sql = arrays_of(columns), sql_of(columns, "written", enumerated=True, marked=marked)
        texts: dict[str, str] = {}
        for name, column in own.items():
            given = np.array(column.tolist(), dtype=object)
            if marked:
                _mark(connection, given, identity=not texts)
            # only references are repeated
            table[f"own{len(texts)}"] = given if rows is None else given[rows]
            texts[name] = f"nullif(CAST(written.own{len(texts)} AS VARCHAR), '')"
        connection.register("written", table)
        query = f"SELECT {selected(texts | sql)} FROM written"
        connection.execute(copied(query, temporary, options))


def _mark(connection: duckdb.DuckDBPyConnection, texts: npt.NDArray[Any], *, identity: bool) -> None:
    """Mark those texts of an object array that a spreadsheet would run, or change if they are ids."""
    connection.register("texts", {"place": np.arange(len(texts)), "given": texts})
    text = "CAST(given AS VARCHAR)"
    query = f"SELECT place, {literal(MARK)} || {text} AS marked FROM texts WHERE {changed_sql(text, identity=identity)}"
    found = connection.execute(query).fetchnumpy()
    texts[found["place"]] = found["marked"]

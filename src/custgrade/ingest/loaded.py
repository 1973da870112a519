"""What was read: a base, and the table behind it, whose ids and other columns never leave the engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from attrs import field, frozen

from custgrade.data.base import CustomerBase

if TYPE_CHECKING:
    import duckdb


@frozen(eq=False)
class Loaded:
    """A base and the engine's table behind it, row by row in the same order.

    table: its name. own: SQL expressions of the columns that output begins with, by name. own_fields: the base's fields
    that those columns hold already.
    """

    base: CustomerBase
    connection: duckdb.DuckDBPyConnection = field(repr=False)
    table: str
    own: Mapping[str, str]
    own_fields: frozenset[str] = frozenset()


def text_loader(connection: duckdb.DuckDBPyConnection, query: str) -> Callable[[], Any]:
    """Return a function that fetches one column of text when it is called."""
    return lambda: next(iter(connection.execute(query).fetchnumpy().values()))


def float_columns(
    connection: duckdb.DuckDBPyConnection, table: str, names: Mapping[str, str]
) -> dict[str, npt.NDArray[np.float64]]:
    """Return columns of a table as float64 arrays, NULL as NaN; names: SQL expressions by name."""
    if not names:
        return {}
    items = ", ".join(f"coalesce(CAST({sql} AS DOUBLE), 'nan'::DOUBLE) AS c{k}" for k, sql in enumerate(names.values()))
    arrays = connection.execute(f"SELECT {items} FROM {table}").fetchnumpy()
    return {name: np.ascontiguousarray(arrays[f"c{k}"], dtype=np.float64) for k, name in enumerate(names)}

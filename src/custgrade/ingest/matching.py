"""Matching the customers of two sources by id, in the engine."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from attrs import evolve, frozen

from custgrade.data.names import NAME
from custgrade.data.output_columns import identity_columns
from custgrade.ingest.arrow_stream import batches
from custgrade.ingest.engine import engine_errors, handed_over, within_memory
from custgrade.ingest.loaded import Loaded, TextLoader

Rows = npt.NDArray[np.int64]


@frozen(eq=False)
class Matched:
    """The customers of two sources: those of the first in its order, then those only in the other one, in its order.

    loaded: their table, whose output begins with `customer_id`. places: where each customer stands in the other source,
    −1 for customers not in it, int64 of shape (n,). gone: how many are only in the other source.
    """

    loaded: Loaded
    places: Rows
    gone: int

    def load_ids(self) -> Any:
        """Return all ids, of shape (n,)."""
        return TextLoader(self.loaded.connection, f"SELECT id FROM {self.loaded.table}")()

    def find_ids(self, rows: Rows) -> Sequence[str]:
        """Return the ids at some positions."""
        return self.loaded.ids_at(rows)


def match(first: Loaded, other: Loaded, file: Path, named: bool) -> Matched:
    """Return the customers of both sources.

    file: where one engine hands the ids over to the other. named: whether their output has names, where some have one.

    Raises SourceError when the engine can't do it.
    """
    connection, size = first.connection, len(first.base)
    if named:
        first, other = first.only_identified(), other.only_identified()
    name, name_there = (loaded.own[NAME] if named and NAME in loaded.own else "NULL" for loaded in (first, other))
    own = identity_columns("id", None if name == name_there == "NULL" else "name")
    with engine_errors("the customers can't be matched"):
        ids = f"SELECT {other.identity} AS id, CAST({name_there} AS VARCHAR) AS name_there FROM {other.table}"
        handed = handed_over(other.connection, ids, file)
        here = f"SELECT row_number() OVER () - 1 AS place, {first.identity} AS id, {name} AS name FROM {first.table}"
        both = "id, coalesce(name, name_there) AS name, coalesce(file_row_number, -1) AS there"
        found = f"SELECT place, {both} FROM ({here}) LEFT JOIN {handed} USING (id)"
        only = f"FROM {handed} ANTI JOIN (SELECT {first.identity} AS id FROM {first.table}) USING (id)"
        gone = f"SELECT {size} + file_row_number AS place, id, name_there AS name, file_row_number AS there {only}"
        query = f"SELECT id, name, there FROM ({found} UNION ALL {gone}) ORDER BY place"
        within_memory(connection, f"CREATE OR REPLACE TEMP TABLE matched AS {query}")
        relation = connection.sql("SELECT there FROM matched")
        parts = [there.copy() for (there,) in batches(relation, [np.int64], "what was matched")]
    file.unlink()
    places: Rows = np.concatenate([np.empty(0, dtype=np.int64), *parts])
    loaded = evolve(
        first,
        table="matched",
        own=own,
        own_fields=frozenset(),
        identity="id",
        parquet=None,
        inexact=(),
        rows=len(places),
    )
    return Matched(loaded, places, len(places) - size)

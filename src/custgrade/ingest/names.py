"""Customers' names in a source: the column that holds them, and how they are looked up when they are shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from custgrade.data.names import NAME, LazyNames
from custgrade.errors import FieldError
from custgrade.ingest.engine import engine_errors
from custgrade.ingest.mapping import CUSTOMER_ID, source_column
from custgrade.ingest.source import Source, SourceColumn
from custgrade.ingest.sources.header_names import by_plain_name, plain_name

_OBVIOUS = ("customer_name", NAME)
"""The usual headings of a column of customers' names; the first one that a source has is used."""
_EVERYBODY, _WANTED = "true", f"v_{CUSTOMER_ID} IN (SELECT id FROM wanted_names)"
"""SQL conditions that select the customers whose names are looked up."""


def name_source(source: Source, given: str | None, mapped: Iterable[SourceColumn]) -> SourceColumn | None:
    """Return the column that holds customers' names, None where there is none.

    given: the column's name; an empty text reads no names; None takes a column `customer_name` or `name`, whatever
    its capitals, blanks and punctuation, unless a field is read from it. mapped: the columns that fields are read from.

    Raises FieldError when the source has no column `given`.
    """
    if given is not None and not isinstance(given, str):
        raise FieldError(f"received {given!r} for name_column; give the name of a column as text")
    if given:
        return source_column(source, given, NAME)
    if given == "":
        return None
    used = {column.name for column in mapped}
    free = by_plain_name(name for name in source.columns if name not in used)
    return next((source.columns[free[name][0]] for name in map(plain_name, _OBVIOUS) if name in free), None)


def lazy_names(source: Source, named: Callable[[str], str], customers: str) -> LazyNames:
    """Return names that DuckDB looks up on first use.

    named: takes an SQL condition on customers and returns a query with the columns `id` and `name`, at most one row per
    customer. customers: a query with the columns `id` and `place`, the customer's position in the base.
    """
    run = source.connection.execute

    def load() -> Any:
        query = (
            f"SELECT coalesce(name, '') AS name FROM ({customers}) AS customers "
            f"LEFT JOIN ({named(_EVERYBODY)}) AS named USING (id) ORDER BY place"
        )
        with engine_errors(f"{source.label} can't be read"):
            names = run(query).fetchnumpy()["name"]
        source.rejected()
        return names

    def find(ids: Sequence[str]) -> Mapping[str, str]:
        with engine_errors(f"{source.label} can't be read"):
            source.connection.register("wanted_names", {"id": np.array([*ids, ""], dtype=object)})
            found = run(f"SELECT id, name FROM ({named(_WANTED)}) WHERE name IS NOT NULL").fetchall()
            source.connection.unregister("wanted_names")
        source.rejected()
        return dict(found)

    return LazyNames(load, find, named(_EVERYBODY))

"""Customers' names in a source: which column holds them, and how they are looked up when somebody is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from custgrade.data.names import LazyNames
from custgrade.errors import FieldError
from custgrade.ingest.engine import engine_errors
from custgrade.ingest.mapping import CUSTOMER_ID, unknown_column
from custgrade.ingest.source import Source, SourceColumn

NAME = "name"
"""What the column of names is called beside the fields that are read."""

_OBVIOUS = ("customer_name", NAME)
"""What a column of customers' names is called, in small letters; the first that there is counts."""
_EVERYBODY, _WANTED = "true", f"v_{CUSTOMER_ID} IN (SELECT id FROM wanted_names)"
"""Whose names are looked up, as SQL."""


def name_source(source: Source, given: str | None, mapped: Iterable[SourceColumn]) -> SourceColumn | None:
    """Return the column that holds customers' names, None where there is none.

    given: its name; an empty text reads names from no column; None takes a column `customer_name` or `name`, in
    capitals or small letters, unless a field is read from it. mapped: the columns that fields are read from.

    Raises FieldError when there is no such column.
    """
    if given is not None and not isinstance(given, str):
        raise FieldError(f"name_column is the name of a column, a text; received {given!r}")
    if given:
        if given not in source.columns:
            raise unknown_column(given, NAME, [source])
        return source.columns[given]
    if given == "":
        return None
    used = {column.name for column in mapped}
    free = {name.casefold(): column for name, column in source.columns.items() if name not in used}
    return next((free[name] for name in _OBVIOUS if name in free), None)


def lazy_names(source: Source, named: Callable[[str], str], customers: str) -> LazyNames:
    """Return names that the engine looks up when they are asked for.

    named: returns a query of `id` and `name`, at most one row per customer, of those for whom a condition holds.
    customers: a query of `id` and `place`, in the order of the base.
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

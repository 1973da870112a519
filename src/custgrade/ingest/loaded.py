"""What was read: a base, and the table behind it, whose ids and other columns never leave the engine."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from attrs import evolve, field, frozen

from custgrade.data.base import CustomerBase
from custgrade.data.ids import id_column
from custgrade.data.missing import GUESSED_FROM, no_customer
from custgrade.data.names import LazyNames
from custgrade.data.output_columns import identity_columns
from custgrade.data.stored import StoredColumn
from custgrade.ingest.engine import within_memory
from custgrade.ingest.source import Source

if TYPE_CHECKING:
    import duckdb

_SMALL = 1 << 16
_FETCHED_AT_ONCE = 1 << 12
"""The largest number of ids that are fetched before they are used; this takes a few milliseconds."""


@frozen(eq=False)
class Loaded:
    """A base and the engine's table behind it, row by row in the same order.

    table: the table's name or its query, as SQL. own: SQL of the columns that output begins with, by name.
    own_fields: the fields that these columns already hold. identity, fields: SQL of the id and of the fields, by name;
    for joins.
    parquet: the file that holds these rows and no others, if it is in that format. inexact: own columns that the engine
    can't write as they are. rows: the number of rows of the table, if it isn't that of the base.
    names: returns SQL of customers' ids and names, as `id` and `name`; None if the source has no names.
    """

    base: CustomerBase
    connection: duckdb.DuckDBPyConnection = field(repr=False)
    table: str
    own: Mapping[str, str]
    own_fields: frozenset[str] = frozenset()
    identity: str = ""
    fields: Mapping[str, str] = field(factory=dict)
    parquet: Path | None = None
    inexact: tuple[str, ...] = ()
    rows: int | None = None
    names: Callable[[], str] | None = field()

    @names.default
    def _names_of_base(self) -> Callable[[], str] | None:
        names = self.base.given_names
        return (lambda: names.query) if isinstance(names, LazyNames) else None

    @property
    def size(self) -> int:
        """The number of rows of the table."""
        return len(self.base) if self.rows is None else self.rows

    @property
    def own_columns(self) -> dict[str, str]:
        """SQL of the columns that output begins with, over the table under the name `customers`."""
        return {name: f"customers.{sql}" for name, sql in self.own.items()}

    @property
    def placed(self) -> str:
        """SQL of each customer's position, from 0, and id, as `place` and `id`."""
        return f"SELECT row_number() OVER () - 1 AS place, {self.identity} AS id FROM {self.table}"

    def only_identified(self) -> Loaded:
        """Return the same customers, whose output begins with `customer_id` and, where some have one, their `name`."""
        own = identity_columns(self.identity, None)
        ids = evolve(self, own=own, own_fields=frozenset(), parquet=None, inexact=())
        if self.names is None:
            return ids
        found = f"({self.placed}) LEFT JOIN ({self.names()}) USING (id)"
        query = f"SELECT id, nullif(name, '') AS name FROM {found} ORDER BY place"
        within_memory(self.connection, f"CREATE OR REPLACE TEMP TABLE identified AS {query}")
        return evolve(ids, table="identified", own=identity_columns("id", "name"), identity="id")

    @property
    def further(self) -> dict[str, Any]:
        """The base's columns of fields that the table's own columns don't hold."""
        return {name: column for name, column in self.base.columns.items() if name not in self.own_fields}

    def positions(self, ids: Sequence[str]) -> npt.NDArray[np.int64]:
        """Return the positions of the customers with these ids, int64, −1 for unknown ids."""
        asked = {"id": np.array([*ids, ""], dtype=object)}
        self.connection.register("asked", asked)
        query = f"SELECT asked.id, place FROM ({self.placed}) AS placed JOIN asked ON placed.id = asked.id"
        found = dict(self.connection.execute(query).fetchall())
        self.connection.unregister("asked")
        return np.array([found.get(one, -1) for one in ids], dtype=np.int64)

    def ids_at(self, rows: npt.NDArray[np.int64]) -> list[str]:
        """Return the ids of the customers at some positions."""
        self.connection.register("wanted", {"place": np.append(rows, np.int64(-1))})
        query = f"SELECT place, id FROM ({self.placed}) JOIN wanted USING (place)"
        found = dict(self.connection.execute(query).fetchall())
        self.connection.unregister("wanted")
        return [str(found[row]) for row in rows.tolist()]

    def position_of(self, identity: str) -> int:
        """Return the position of the customer with this id.

        Raises FieldError for an unknown id.
        """
        (place,) = self.positions([identity]).tolist()
        if place < 0:
            query = f"SELECT {self.identity} FROM {self.table} LIMIT {GUESSED_FROM}"
            some = [str(one) for (one,) in self.connection.execute(query).fetchall()]
            raise no_customer(identity, len(self.base), some, self.base.left_out)
        return int(place)

    def how_far(self) -> tuple[int, int]:
        """Return the number of rows that the running query has processed, and the number of all rows."""
        size = self.size
        return int(max(self.connection.query_progress(), 0) / 100 * size), size


class TextLoader:
    """A function that returns one column of text. The first call fetches it, once for all copies of a base.

    The function then releases the engine, which is closed if nothing else needs it. It is pickled as the texts.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection | None, query: str = "", texts: Any = None) -> None:
        self._connection, self._query, self._texts = connection, query, texts
        self._lock = Lock()

    def __call__(self) -> Any:
        """Return the texts, a read-only numpy array of variable-width text, shape (n,)."""
        with self._lock:
            if self._connection is not None:
                self._texts = id_column(next(iter(self._connection.execute(self._query).fetchnumpy().values())))
                self._connection = None
            return self._texts

    def __reduce__(self) -> tuple[Any, ...]:
        return TextLoader, (None, "", self())


def without_engine(loaded: Loaded) -> CustomerBase:
    """Return the base that was read; only its ids and names may still be read from the engine.

    The ids of a small base are fetched at once, and the engine is closed. For a large base, and for one with names, the
    engine stays open with one thread until ids and names are read, or until the last copy of the base is deleted.
    """
    if len(loaded.base) <= _FETCHED_AT_ONCE and loaded.base.given_names is None:
        if callable(loaded.base.given_ids):
            loaded.base.given_ids()
        loaded.connection.close()
    else:
        loaded.connection.execute("SET threads = 1")
    return loaded.base


@contextmanager
def closed_on_errors(source: Source) -> Iterator[None]:
    """Close a source's engine when the block fails, because the error's traceback would keep it open."""
    try:
        yield
    except BaseException:
        source.connection.close()
        raise


def float_columns(
    connection: duckdb.DuckDBPyConnection, table: str, names: Mapping[str, str]
) -> dict[str, npt.NDArray[np.float64]]:
    """Return columns of a table as float64 arrays, NULL as NaN; names: SQL expressions by name."""
    if not names:
        return {}
    arrays = connection.execute(f"SELECT {float_items(names.values())} FROM {table}").fetchnumpy()
    return {name: np.ascontiguousarray(arrays[f"c{k}"], dtype=np.float64) for k, name in enumerate(names)}


def stored_columns(connection: duckdb.DuckDBPyConnection, table: str, names: Mapping[str, str]) -> Mapping[str, Any]:
    """Return columns of a table as `float_columns` does, in temporary files unless they are small."""
    ((size,),) = connection.execute(f"SELECT count(*) FROM {table}").fetchall()
    if size <= _SMALL or not names:
        return float_columns(connection, table, names)
    # loading it takes longer than to grade a small base
    from custgrade.ingest.arrow_stream import batches

    columns = {name: StoredColumn() for name in names}
    relation = connection.sql(f"SELECT {float_items(names.values())} FROM {table}")
    for batch in batches(relation, [np.float64] * len(names), "a table"):
        add_rows(columns, batch)
    return columns


def add_rows(columns: Mapping[str, StoredColumn], values: Iterable[npt.NDArray[np.float64]]) -> None:
    """Add values at the end of columns, one array for each; a base holds no −0.0."""
    for column, some in zip(columns.values(), values, strict=True):
        column.append(some + 0.0)


def float_items(expressions: Iterable[str]) -> str:
    """Return the list after SELECT for columns `c0`, `c1` … of doubles, NaN for NULL."""
    return ", ".join(f"coalesce(CAST({sql} AS DOUBLE), 'nan'::DOUBLE) AS c{k}" for k, sql in enumerate(expressions))

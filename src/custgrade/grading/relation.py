"""Reading fields from, and adding columns to, DuckDB relations."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from custgrade.data.output_columns import OutputColumns, check_names
from custgrade.errors import FieldError, SourceError
from custgrade.ingest.engine import identifier, selected

if TYPE_CHECKING:
    from custgrade.ingest.source import Source


class Relation:
    """A DuckDB relation; the graded relation is on the same connection."""

    def __init__(self, native: Any) -> None:
        from custgrade.ingest.read_options import ReadOptions
        from custgrade.ingest.sources.opening import open_source

        self._native = native
        self._types = {name: str(kind) for name, kind in zip(native.columns, native.types, strict=True)}
        self._source: Source = open_source(
            native.query("custgrade_given", f"SELECT {self._handed()} FROM custgrade_given"), ReadOptions()
        )
        self.columns = list(self._source.columns)

    def numbers(self, column: str) -> Any:
        """Return a column as float64, NaN where missing; raise FieldError unless it holds numbers."""
        from custgrade.ingest.cells.values import number
        from custgrade.ingest.loaded import float_columns

        found = self._source.columns[column]
        if found.type == "VARCHAR":
            raise FieldError(f"column {column!r} holds {found.type}; convert it to numbers")
        try:
            number(found)
        except SourceError as error:
            raise FieldError(f"column {column!r} holds {found.type}; convert it to numbers") from error
        return float_columns(self._source.connection, self._source.table, {column: found.sql})[column]

    def identities(self, column: str) -> tuple[int, list[Any]]:
        """Return the number of missing ids, and the first few ids that occur more than once."""
        sql, table = self._source.columns[column].sql, self._source.table
        run = self._source.connection.execute
        missing = run(f"SELECT count(*) - count({sql}) FROM {table}").fetchall()[0][0]
        twice = run(f"SELECT {sql} FROM {table} GROUP BY 1 HAVING count(*) > 1 ORDER BY 1 LIMIT 5").fetchall()
        return int(missing), [row[0] for row in twice]

    def with_columns(self, columns: OutputColumns) -> Any:
        """Return the relation with these columns added; raise FieldError for a name that it has already."""
        import duckdb

        from custgrade.export.sql_columns import arrays_of, sql_of
        from custgrade.ingest.sources.frame_source import ArrowStream

        source, own = self._source, {name: f"customers.{column.sql}" for name, column in self._source.columns.items()}
        check_names(own, columns)
        source.connection.register("added", arrays_of(columns))
        items = selected(own | sql_of(columns, "added", enumerated=False))
        given = {name: f"CAST({identifier(name)} AS {kind})" for name, kind in self._types.items()}
        new = {name: identifier(name) for name in columns}
        custgrade_graded = ArrowStream(  # noqa: F841  # DuckDB finds it by its name, and reads it with the relation
            source.connection.sql(f"SELECT {items} FROM {source.table} AS customers POSITIONAL JOIN added")
        )
        try:
            return self._native.query("custgrade_given", f"SELECT {selected(given | new)} FROM custgrade_graded")
        except duckdb.CatalogException as error:
            raise SourceError(
                "the relation's connection reads nothing from Python: python_enable_replacements or "
                "enable_external_access is off. Grade relation.arrow() instead."
            ) from error

    def _handed(self) -> str:
        """What stands after SELECT so that Arrow, which has no type like these two, changes no value."""
        lost = {name for name, kind in self._types.items() if re.search(r"\bBIT\b|\bTIME WITH TIME ZONE", kind)}
        items = {name: identifier(name) for name in self._types}
        return selected({name: f"CAST({sql} AS VARCHAR)" if name in lost else sql for name, sql in items.items()})

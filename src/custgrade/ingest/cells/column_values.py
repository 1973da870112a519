"""The values that a column of a source holds, as text, with the number of their rows."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from custgrade.ingest.cells.values import text
from custgrade.ingest.engine import engine_errors, literal
from custgrade.ingest.lines.line_columns import plain
from custgrade.ingest.source import Source, SourceColumn

MOST_VALUES = 50
"""The number of different values of a column that are fetched."""


def cell_text(column: SourceColumn) -> str:
    """Return SQL of a cell as text without blanks around it, an empty text for an empty cell."""
    return f"trim(coalesce({text(column)}, ''))"


def one_of(sql: str, values: Collection[str]) -> str:
    """Return the SQL condition that a text is one of some values; `values` must not be empty."""
    return f"{sql} IN ({', '.join(map(literal, values))})"


def values_of(source: Source, sql: str, wanted: Collection[str] = (), condition: str = "true") -> dict[str, int]:
    """Return the number of rows by value: those of `wanted` that occur, then the most frequent others.

    At most MOST_VALUES others are returned, and one more shows that there are further ones.

    sql: SQL of the value, over the source's columns. condition: SQL of the rows that count.

    Raises SourceError when the source can't be read.
    """
    first = f"{one_of('value', wanted)} DESC, " if wanted else ""
    with engine_errors(f"{source.label} can't be read"):
        rows = source.connection.execute(
            f"SELECT value, count(*) AS n FROM (SELECT {sql} AS value FROM {source.table} WHERE {condition}) "
            f"GROUP BY value ORDER BY {first}n DESC, value LIMIT {len(wanted) + MOST_VALUES + 1}"
        ).fetchall()
    source.rejected()
    return {str(value): int(n) for value, n in rows}


def column_like(source: Source, name: str) -> SourceColumn | None:
    """Return the column of a name, or the only one whose name differs in capitals, blanks and signs; None without."""
    if name in source.columns:
        return source.columns[name]
    alike = [column for other, column in source.columns.items() if plain(other) == plain(name)]
    return alike[0] if len(alike) == 1 else None


def shown_values(counts: Mapping[str, int], most: int = 10) -> str:
    """Return values with their numbers of rows as text: `'completed' (120), 'failed' (3)`."""
    some = [f"{value!r} ({count:,})" if value else f"empty ({count:,})" for value, count in counts.items()]
    return ", ".join(some[:most]) + (" and others" if len(some) > most else "")

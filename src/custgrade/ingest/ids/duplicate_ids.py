"""The error for an id that stands in several rows of a customer file."""

from __future__ import annotations

from collections.abc import Sequence

from custgrade.errors import Hint, SourceError
from custgrade.ingest.source import Source
from custgrade.text import counted, listed


def refuse_duplicates(source: Source, table: str, written: str) -> None:
    """Raise SourceError when an id occurs in several rows of a table with the column `v_customer_id`.

    written: SQL of the id as the source has it.
    """
    ids = f"list_sort(list(DISTINCT CAST({written} AS VARCHAR)))"
    query = (
        f"SELECT v_customer_id, count(*), count(*) OVER (), {ids} FROM {table} "
        "GROUP BY 1 HAVING count(*) > 1 ORDER BY 1 LIMIT 5"
    )
    twice = source.connection.execute(query).fetchall()
    if twice:
        shown = ", ".join(f"{one!r} ({count:,} times{_written(one, ids)})" for one, count, _, ids in twice)
        raise SourceError(
            f"{source.label} has {counted(twice[0][2], 'customers')} more than once: {shown}. "
            "A customer file has one row per customer.",
            Hint("Read order lines with read_orders.", "Read order lines with --orders FILE."),
        )


def _written(identity: str, ids: Sequence[str]) -> str:
    """Return the different ids that are read as this one, for an error."""
    return f": {listed(map(repr, ids), 5)}" if list(ids) != [identity] else ""

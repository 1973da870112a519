"""Rows of totals in a customer file: a last or first row that holds the sums of all others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from attrs import field, frozen

from custgrade.data.converters import tupled
from custgrade.ingest.engine import literal
from custgrade.ingest.rows.total_words import is_total, spellings

if TYPE_CHECKING:
    import duckdb

EDGE = 3
"""The number of rows at each end of a file among which totals are looked for."""
_ENOUGH = 4
"""The number of other rows from which their sums alone, without a word, are no coincidence."""


@frozen
class TotalRows:
    """The rows of totals among the first and last rows of a file.

    ids: those of rows with a word for a total whose amounts are the sums of all others; they are no customers.
    notes: on rows with the word alone, or the sums alone, which stay.
    """

    ids: tuple[str, ...] = field(default=(), converter=tupled)
    notes: tuple[str, ...] = field(default=(), converter=tupled)


def total_rows(connection: duckdb.DuckDBPyConnection, table: str, amounts: Sequence[str], id_column: str) -> TotalRows:
    """Return the rows of totals of a table with the column `v_customer_id`.

    amounts: the fields of money, whose values are in columns `v_<field>`. id_column: the name of the column of ids.
    """
    exact = [f"CAST(TRY_CAST(v_{name} AS DECIMAL(28,6)) AS DECIMAL(38,6))" for name in amounts]
    sums = "".join(f", sum({sql})" for sql in exact)
    ((size, *totals),) = connection.execute(f"SELECT count(*){sums} FROM {table}").fetchall()
    values = "".join(f", {sql}" for sql in exact)
    rows = connection.execute(
        f"SELECT * FROM (SELECT row_number() OVER () AS record, coalesce(v_customer_id, ''){values} FROM {table}) "
        f"WHERE record <= {EDGE} OR record > {size - EDGE} ORDER BY record"
    ).fetchall()
    worded = [row for row in rows if is_total(row[1])]
    others = [
        None if total is None else total - sum(row[k] or 0 for row in worded) for k, total in enumerate(totals, 2)
    ]
    found = [row for row in worded if size > len(worded) and _same(row[2:], others)]
    notes = [_word_note(row[1], id_column) for row in worded if row not in found]
    if not worded and size > _ENOUGH:
        for row in {rows[0], rows[-1]}:
            rest = [None if total is None else total - (row[k] or 0) for k, total in enumerate(totals, 2)]
            if row[1] and _same(row[2:], rest):
                notes.append(_sum_note(row[1], amounts, id_column))
    return TotalRows([row[1] for row in found], notes)


def _same(row: Sequence[object], others: Sequence[object]) -> bool:
    """Return whether all amounts that a row has are the sums of the others, and one of them isn't 0."""
    known = [(mine, rest) for mine, rest in zip(row, others, strict=True) if mine is not None]
    return any(mine for mine, _ in known) and all(mine == rest for mine, rest in known)


def _word_note(identity: str, column: str) -> str:
    return (
        f"customer {identity!r} may be a row of totals by its id, but its amounts aren't the sums of all others. It "
        f"counts as a customer; {_leave_out(identity, column)}"
    )


def _sum_note(identity: str, amounts: Sequence[str], column: str) -> str:
    return (
        f"customer {identity!r} may be a row of totals: its {' and '.join(amounts)} {_are(amounts)} of all others. It "
        f"counts as a customer; {_leave_out(identity, column)}"
    )


def _are(amounts: Sequence[str]) -> str:
    return "is the sum" if len(amounts) == 1 else "are the sums"


def _leave_out(identity: str, column: str) -> str:
    return f"leave it out by exclude={{{column!r}: {identity!r}}} (--except '{column}={identity}')"


def total_hashes(connection: duckdb.DuckDBPyConnection) -> frozenset[int]:
    """Return the engine's hashes of the usual spellings of words for a total."""
    words = ", ".join(f"({literal(word)})" for word in spellings())
    rows = connection.execute(f"SELECT hash(word) FROM (VALUES {words}) words(word)").fetchall()
    return frozenset(int(number) for (number,) in rows)

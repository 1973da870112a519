"""Columns of text that the engine may read as numbers while it splits lines, which is several times as fast.

The engine rejects lines with a cell of another type. Whatever it reads otherwise than this library does must be caught
by the fast conditions of `ingest.values`, after which the text is read again, thoroughly.
"""

from __future__ import annotations

from collections.abc import Container, Mapping

from attrs import evolve

from custgrade.ingest.cells.written_columns import Kind
from custgrade.ingest.source import Source, SourceColumn

EXACT = "DECIMAL(18,9)"
"""The type of amounts: three decimals more than they have show where one would be rounded."""


def typed_columns(
    source: Source, columns: Mapping[str, SourceColumn], kinds: Mapping[str, Kind], exact: Container[str]
) -> tuple[Source, dict[str, SourceColumn]] | None:
    """Return a source, and columns of fields, in which plainly written text has types; None where there is none.

    columns: by field. kinds: what fields hold. exact: the fields that are summed.
    """
    if source.typed is None:
        return None
    types: dict[str, set[str]] = {}
    for name, column in columns.items():
        plain = name in kinds and column.type == "VARCHAR" and _is_plain(column, kinds[name])
        kind = "" if not plain else EXACT if name in exact else "DOUBLE"
        types.setdefault(column.name, set()).add(kind)
    # a column that two fields read in different ways stays as it is
    chosen = {name: next(iter(some)) for name, some in types.items() if len(some) == 1 and "" not in some}
    if not chosen:
        return None
    typed = {name: evolve(one, type=chosen[one.name]) if one.name in chosen else one for name, one in columns.items()}
    return evolve(source, table=source.typed(chosen)), typed


def _is_plain(column: SourceColumn, kind: Kind) -> bool:
    """Return whether a column of text holds plain numbers; the engine reads dates too loosely."""
    return (
        kind != "date" and not column.missing.given and column.numbers.decimal == "." and not column.numbers.currencies
    )

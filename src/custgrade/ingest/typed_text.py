"""Columns of text that the engine may read as numbers and dates while it splits lines, which is several times as fast.

The engine rejects lines with a cell of another type. Whatever it reads otherwise than this library does must be caught
by the fast conditions of `ingest.values`, after which the text is read again, thoroughly.
"""

from __future__ import annotations

from collections.abc import Mapping

from attrs import evolve

from custgrade.ingest.source import Source, SourceColumn
from custgrade.ingest.written_columns import Kind

_TYPES: Mapping[Kind, str] = {
    # three decimals more than amounts have show where an amount would be rounded
    "amount": "DECIMAL(18,9)",
    "number": "DOUBLE",
    "small number": "DOUBLE",
    # a timestamp without an offset is a moment of the connection's time zone, and becomes the same day again
    "date": "TIMESTAMP WITH TIME ZONE",
}


def typed_columns(
    source: Source, columns: Mapping[str, SourceColumn], kinds: Mapping[str, Kind]
) -> tuple[Source, dict[str, SourceColumn]] | None:
    """Return a source, and columns of fields, in which plainly written text has types; None where there is none.

    columns: by field. kinds: what fields hold.
    """
    if source.typed is None:
        return None
    plain = {
        column.name: _TYPES[kinds[name]]
        for name, column in columns.items()
        if name in kinds and column.type == "VARCHAR" and _is_plain(column, kinds[name])
    }
    # a column that two fields read in different ways stays as it is
    for name, column in columns.items():
        if column.name in plain and plain[column.name] != _TYPES.get(kinds.get(name, "date")):
            del plain[column.name]
    if not plain:
        return None
    typed = {
        name: evolve(column, type=plain[column.name]) if column.name in plain else column
        for name, column in columns.items()
    }
    return evolve(source, table=source.typed(plain)), typed


def _is_plain(column: SourceColumn, kind: Kind) -> bool:
    if kind == "date":
        return column.date_format is None
    return column.numbers.decimal == "." and not column.numbers.currency

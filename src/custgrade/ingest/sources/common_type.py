"""The type that a column of several files has: one that holds all of their values exactly."""

from __future__ import annotations

import re
from collections.abc import Sequence

from custgrade.ingest.cells import values
from custgrade.ingest.cells.written_numbers import padded
from custgrade.ingest.source import SourceColumn

NOTHING = '"NULL"'
"""The type of a column in which all cells are NULL."""
_BITS = {"TINYINT": 8, "SMALLINT": 16, "INTEGER": 32, "BIGINT": 64, "HUGEINT": 128}
_UNSIGNED = {"UTINYINT": 8, "USMALLINT": 16, "UINTEGER": 32, "UBIGINT": 64}
_FLOATS = ("DOUBLE", "FLOAT")
_CLOCK = ("DATE", "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS")
_NESTED = ("STRUCT", "MAP", "UNION")
_MOST_DIGITS = 38
_DECIMAL = re.compile(r"DECIMAL\((\d+),(\d+)\)")


def common_type(kinds: Sequence[str]) -> str:
    """Return the DuckDB type of a column that has these types in several files; VARCHAR where only text is exact.

    Whole numbers and decimals become wider ones, dates become timestamps; whole numbers of more than 53 bits and
    floating-point numbers become text, because neither type holds all values of the other.
    """
    given = {kind for kind in kinds if kind != NOTHING}
    if len(given) <= 1:
        return next(iter(given), NOTHING)
    if given <= set(_CLOCK):
        return "TIMESTAMP"
    if all(kind in _FLOATS or _whole_bits(kind) <= 32 for kind in given) and given & set(_FLOATS):
        return "DOUBLE"
    if all(_whole_bits(kind) <= 128 for kind in given):
        signed = max((_BITS[kind] for kind in given if kind in _BITS), default=0)
        unsigned = max((_UNSIGNED[kind] for kind in given if kind in _UNSIGNED), default=0)
        needed = max(signed, 2 * unsigned) if signed else unsigned
        names = _BITS if signed else _UNSIGNED
        return next(name for name, bits in names.items() if bits >= needed)
    if all(_digits(kind) for kind in given):
        before, after = (max(_digits(kind)[k] for kind in given) for k in (0, 1))
        if before + after <= _MOST_DIGITS:
            return f"DECIMAL({before + after},{after})"
    return "VARCHAR"


def _whole_bits(kind: str) -> int:
    """Return the bits of a type of whole numbers, a large number for other types."""
    return _BITS.get(kind) or _UNSIGNED.get(kind) or 1 << 20


def _digits(kind: str) -> tuple[int, ...]:
    """Return the digits before and after the point of a type of exact numbers, nothing for other types."""
    bits = _whole_bits(kind)
    if bits <= 64:
        return {8: 3, 16: 5, 32: 10, 64: 20}[bits], 0
    found = _DECIMAL.fullmatch(kind)
    return (int(found[1]) - int(found[2]), int(found[2])) if found else ()


def is_fractional(kind: str) -> bool:
    """Return whether a type holds numbers with decimals."""
    return kind in _FLOATS or _DECIMAL.fullmatch(kind) is not None


def is_nested(kind: str) -> bool:
    """Return whether a type holds several values in a cell."""
    return kind.endswith("]") or kind.startswith(_NESTED)


def converted(column: SourceColumn, kind: str) -> str:
    """Return SQL of a column in a type of `common_type`; in text, NaN becomes NULL, and numbers are padded."""
    if column.type == kind:
        return column.sql
    if column.type == NOTHING or kind == NOTHING:
        return f"CAST(NULL AS {kind})" if kind != NOTHING else "NULL"
    if kind == "VARCHAR":
        text = padded(values.text(column)) if is_fractional(column.type) else values.text(column)
        return f"CASE WHEN {values.present(column)} THEN {text} END"
    return f"CAST({column.sql} AS {kind})"

"""SQL for output columns over the arrays that hold them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from custgrade.data.output_columns import CodedTexts, OutputColumns
from custgrade.ingest.engine import enum, literal


def arrays_of(columns: OutputColumns) -> dict[str, npt.NDArray[Any]]:
    """Return the arrays of columns by their SQL names, `c0`, `c1` …"""
    return {f"c{k}": _array(column) for k, column in enumerate(columns.values())}


def _array(column: CodedTexts | npt.NDArray[Any]) -> npt.NDArray[Any]:
    if isinstance(column, CodedTexts):
        return np.ascontiguousarray(column.codes)
    if column.dtype.kind == "T":
        return np.array(column.tolist(), dtype=object)
    return np.ascontiguousarray(column)


def sql_of(columns: OutputColumns, table: str, *, enumerated: bool) -> dict[str, str]:
    """Return SQL by column, over a table of the arrays of `arrays_of`; missing values are NULL.

    enumerated: whether coded texts have the type ENUM instead of VARCHAR, which is written three times as fast and
    gives the same file.
    """
    return {name: _sql(column, f"{table}.c{k}", enumerated) for k, (name, column) in enumerate(columns.items())}


def _sql(column: CodedTexts | npt.NDArray[Any], name: str, enumerated: bool) -> str:
    if not isinstance(column, CodedTexts):
        if column.dtype.kind == "T":
            return f"nullif(CAST({name} AS VARCHAR), '')"
        return f"CASE WHEN NOT isnan({name}) THEN {name} END" if column.dtype.kind == "f" else name
    items = ", ".join(literal(text) if text else "NULL" for text in column.texts)
    known = [text for text in dict.fromkeys(column.texts) if text] or ["none"]
    picked = f"([{items}]::{enum(known) if enumerated else 'VARCHAR'}[])[({name})::BIGINT + 1]"
    return picked if column.missing is None else f"CASE WHEN {name} <> {column.missing} THEN {picked} END"


class RunningTexts:
    """Coded columns of several parts, renumbered so that a text has the same code in all parts."""

    def __init__(self) -> None:
        self._places: dict[str, dict[str, int]] = {}
        self.columns: dict[str, CodedTexts | npt.NDArray[Any]] = {}

    def aligned(self, columns: OutputColumns) -> Mapping[str, CodedTexts | npt.NDArray[Any]]:
        """Return the columns of a part with the codes of all parts; `columns` then has all texts so far."""
        self.columns = {name: self._aligned(name, column) for name, column in columns.items()}
        return self.columns

    def _aligned(self, name: str, column: CodedTexts | npt.NDArray[Any]) -> CodedTexts | npt.NDArray[Any]:
        if not isinstance(column, CodedTexts):
            return column
        places = self._places.setdefault(name, {})
        renumbered = [places.setdefault(text, len(places)) for text in column.texts]
        codes = column.codes
        if renumbered != list(range(len(renumbered))):
            room = np.arange(max(len(renumbered), (column.missing or 0) + 1), dtype=np.uint32)
            room[: len(renumbered)] = renumbered
            codes = room[codes]
        return CodedTexts(tuple(places), codes, column.missing)

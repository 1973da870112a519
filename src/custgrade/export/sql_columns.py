"""SQL for output columns over the arrays that hold them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from custgrade.data.output_columns import CodedTexts, OutputColumns
from custgrade.export.spreadsheet import marked_sql, marked_text
from custgrade.ingest.engine import enum, literal

_NO_DAY = np.iinfo(np.int32).min
"""The number of a missing day."""


def arrays_of(columns: OutputColumns) -> dict[str, npt.NDArray[Any]]:
    """Return the arrays of columns by their SQL names, `c0`, `c1` …"""
    return {f"c{k}": _array(column) for k, column in enumerate(columns.values())}


def _array(column: CodedTexts | npt.NDArray[Any]) -> npt.NDArray[Any]:
    if isinstance(column, CodedTexts):
        return np.ascontiguousarray(column.codes)
    if column.dtype.kind == "T":
        return np.array(column.tolist(), dtype=object)
    if column.dtype.kind == "M":
        # NaT is the least int64
        return np.maximum(column.astype("datetime64[D]").view(np.int64), _NO_DAY).astype(np.int32)
    return np.ascontiguousarray(column)


def sql_of(columns: OutputColumns, table: str, *, enumerated: bool, marked: bool = False) -> dict[str, str]:
    """Return SQL by column, over a table of the arrays of `arrays_of`; missing values are NULL.

    enumerated: whether coded texts have the type ENUM instead of VARCHAR, which is written three times as fast and
    gives the same file. marked: whether texts are marked for spreadsheets; see `marked_text`.
    """
    return {name: _sql(column, f"{table}.c{k}", enumerated, marked) for k, (name, column) in enumerate(columns.items())}


def _sql(column: CodedTexts | npt.NDArray[Any], name: str, enumerated: bool, marked: bool) -> str:
    if not isinstance(column, CodedTexts):
        if column.dtype.kind == "T":
            text = f"nullif(CAST({name} AS VARCHAR), '')"
            return marked_sql(text, identity=False) if marked else text
        if column.dtype.kind == "M":
            return f"CASE WHEN {name} <> {_NO_DAY} THEN DATE '1970-01-01' + {name} END"
        return f"CASE WHEN NOT isnan({name}) THEN {name} END" if column.dtype.kind == "f" else name
    texts = [marked_text(text) for text in column.texts] if marked else column.texts
    items = ", ".join(literal(text) if text else "NULL" for text in texts)
    known = [text for text in dict.fromkeys(texts) if text] or ["none"]
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

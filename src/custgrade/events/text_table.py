"""Reading a CSV or Parquet file as columns of texts, each row with its line."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
from attrs import define, field, frozen

from custgrade.errors import LogError
from custgrade.files import checked_path
from custgrade.ingest.engine import connect, engine_errors, identifier, path_literal
from custgrade.record_file import delimiter_of
from custgrade.text import counted, listed, shown

_CHUNK = 65_536
_MOST = 5
_MAY_BE_CUT = {"note", "revision", "terms"}
"""Columns that spreadsheets leave out at the end of a row where they are empty."""
Value = TypeVar("Value")


@define
class LineErrors:
    """What is wrong with the rows of a file: the first few reasons, and how many there are."""

    what: str = "Nothing was recorded."
    _reasons: list[tuple[int, str]] = field(factory=list)
    _count: int = 0

    def add(self, line: int, why: str, count: int = 1) -> None:
        """Count wrong rows, and keep the reason with the line of the first one."""
        self._count += count
        self._reasons.append((line, why))

    def refuse(self) -> None:
        """Raise LogError if a row is wrong."""
        if not self._count:
            return
        lines = [f"line {line}: {why}" for line, why in sorted(self._reasons)[:_MOST]]
        if self._count > len(lines):
            lines.append(f"and {counted(self._count - len(lines), 'rows')} more")
        said = "; ".join(line.rstrip(".") for line in lines)
        raise LogError(f"{said}{'' if said.endswith('?') else '.'} {self.what}")


@frozen(eq=False)
class TextTable:
    """The rows of a file as columns of texts.

    columns: texts of equal length by name; a missing text is empty. line: the line on which each row ends in a text
    file, the row's number in a Parquet file, int64. marked: whether texts may have the apostrophe of
    `custgrade.export.spreadsheet`.
    """

    columns: Mapping[str, Sequence[str]]
    line: npt.NDArray[np.int64]
    marked: bool = True

    def __len__(self) -> int:
        return len(self.line)

    def column(self, name: str) -> Sequence[str]:
        """Return a column; empty texts if the file doesn't have it."""
        return self.columns[name] if name in self.columns else [""] * len(self)

    def parsed(self, name: str, parse: Callable[[str], Value], errors: LineErrors, instead: Value) -> list[Value]:
        """Return the values of a column's texts; each different text is parsed once.

        parse: raises LogError for a wrong text, for which the value is `instead`.
        """
        column, values, wrong = self.column(name), dict[str, Value](), dict[str, str]()
        for text in dict.fromkeys(column):
            try:
                values[text] = parse(text)
            except LogError as error:
                values[text], wrong[text] = instead, str(error)
        if wrong:
            rows = [row for row, text in enumerate(column) if text in wrong]
            for row in rows[:_MOST]:
                errors.add(int(self.line[row]), wrong[column[row]])
            if len(rows) > _MOST:
                errors.add(int(self.line[rows[_MOST]]), wrong[column[rows[_MOST]]], len(rows) - _MOST)
        return list(map(values.__getitem__, column))

    def take(self, rows: Sequence[int]) -> TextTable:
        """Return some rows."""
        columns = {name: [texts[row] for row in rows] for name, texts in self.columns.items()}
        return TextTable(columns, self.line[np.array(rows, dtype=np.int64)], self.marked)


def read_table(path: str | os.PathLike[str]) -> TextTable:
    """Return the rows of a .parquet file, or of a CSV file in UTF-8 with commas, semicolons or tabs.

    Raises LogError without the name of the file.
    """
    place = checked_path(path, "the file of events", LogError)
    try:
        if place.suffix.lower() == ".parquet":
            return _read_parquet(place)
        with place.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.reader(file, strict=True, delimiter=delimiter_of(file))
            try:
                return _read_rows(rows)
            except csv.Error as error:
                raise LogError(f"line {rows.line_num}: it can't be read as CSV: {error}") from error
    except UnicodeDecodeError as error:
        raise LogError(f"it isn't a CSV file in UTF-8: {error.reason} at byte {error.start:,}") from error
    except OSError as error:
        raise LogError(f"it can't be read: {error.strerror or error}") from error


def _read_rows(rows: Any) -> TextTable:
    header: list[str] = next(rows, [])
    if not any(header):
        raise LogError("it is empty; the first line has the names of the columns")
    twice = [name for k, name in enumerate(header) if name and name in header[:k]]
    if twice:
        raise LogError(f"it has two columns {twice[0]!r}; remove one of them")
    width, errors = len(header), LineErrors()
    short = next((k for k in range(width, 0, -1) if header[k - 1] not in _MAY_BE_CUT), 0)
    columns: list[list[str]] = [[] for _ in header]
    # a text that is repeated is kept once
    kept: list[dict[str, str]] = [{} for _ in header]
    lines: list[int] = []
    for chunk in _chunks(rows):
        some = [(line, row) for line, row in chunk if any(row)]
        full = []
        for line, row in some:
            if len(row) != width:
                if len(row) < short or any(row[width:]):
                    errors.add(line, f"it has {len(row)} cells, and the header has {width}; is the file cut off?")
                    continue
                row = [*row, *[""] * (width - len(row))][:width]
            full.append(row)
            lines.append(line)
        for column, texts, known in zip(columns, zip(*full, strict=True), kept, strict=bool(full)):
            column.extend(map(known.setdefault, texts, texts))
    errors.refuse()
    return TextTable(dict(zip(header, columns, strict=True)), np.array(lines, dtype=np.int64))


def _chunks(rows: Any) -> Iterator[list[tuple[int, list[str]]]]:
    """Yield rows with their lines, many at a time."""
    numbered: Iterable[tuple[int, list[str]]] = ((rows.line_num, row) for row in rows)
    iterator = iter(numbered)
    while chunk := list(islice(iterator, _CHUNK)):
        yield chunk


def _read_parquet(path: Path) -> TextTable:
    if not path.is_file():
        raise LogError("it can't be read: there is no such file")
    connection = connect()
    with engine_errors("it can't be read", LogError):
        table = f"read_parquet({path_literal(str(path))})"
        types = connection.execute(f"DESCRIBE SELECT * FROM {table}").fetchall()
        texts = [_as_text(identifier(name), kind) for name, kind, *_ in types]
        rows = connection.execute(f"SELECT {', '.join(texts)} FROM {table}").fetchall()
    names = [name for name, *_ in types]
    columns = [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in names]
    return TextTable(dict(zip(names, columns, strict=True)), np.arange(1, len(rows) + 1, dtype=np.int64), marked=False)


def _as_text(column: str, kind: str) -> str:
    text = f"coalesce(CAST({column} AS VARCHAR), '')"
    # data frames have days as timestamps
    if kind.startswith("TIMESTAMP"):
        day = f"CAST(CAST({column} AS DATE) AS VARCHAR)"
        return f"CASE WHEN {column} = date_trunc('day', {column}) THEN {day} ELSE {text} END"
    return text


def check_columns(table: TextTable, needed: Iterable[str], known: Iterable[str] | None = None) -> None:
    """Raise LogError if a needed column is missing, or a column isn't known; None allows any."""
    from custgrade.text import did_you_mean, meant_instead

    names = list(needed)
    missing = [name for name in names if name not in table.columns]
    if missing:
        raise LogError(
            f"it has no column {missing[0]!r}.{meant_instead(missing[0], table.columns)} It needs: {listed(names)}"
        )
    odd = [] if known is None else [name for name in table.columns if name and name not in set(known)]
    if odd and known is not None:
        raise LogError(
            f"it has a column {shown(odd[0])}, which events don't have.{did_you_mean(odd[0], known)} "
            f"There are: {listed(known)}"
        )

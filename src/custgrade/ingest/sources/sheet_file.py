"""A sheet of a workbook as a source: its rows are written to a plain file that DuckDB reads."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from custgrade.errors import SourceError
from custgrade.ingest.containers.error_cells import error_cells
from custgrade.ingest.containers.temporary import TemporaryFiles, write_all
from custgrade.ingest.containers.workbook import cell_text, opened_sheet
from custgrade.ingest.engine import connect, literal, path_literal
from custgrade.ingest.source import Source, SourceColumn
from custgrade.ingest.sources.header_line import Record, header_at, header_note
from custgrade.text import listed

if TYPE_CHECKING:
    import duckdb

_SAMPLED = 200
_AT_ONCE = 10_000


def open_sheet(
    path: Path,
    label: str,
    sheet: str | None,
    files: TemporaryFiles,
    connection: duckdb.DuckDBPyConnection | None = None,
) -> Source:
    """Return an open source for a sheet of a workbook.

    label: the workbook's name in messages. sheet: the name of the sheet, or its number, from 1; None takes the only one
    with rows. files: takes the temporary file of its rows. connection: where to open it; None makes a new one.

    Raises MissingExtraError without python-calamine; SourceError when the sheet can't be read or chosen, and when its
    header can't be found.
    """
    with opened_sheet(path, label, sheet) as found:
        where = f"{label}, sheet {found.name!r}"
        records = _records(found.rows(), found.first, found.left, error_cells(path, found.name))
        if not records:
            raise SourceError(f"{where} is empty; give a sheet with a table")
        header = header_at(records[:_SAMPLED], where, "row")
        names, kept = _columns(records, header, where)
        notes = [*found.notes, *([header_note(records, header, where, "row")] if header else [])]
    target = files.new()
    write_all(_lines(records[header + 1 :], kept), target, label)
    numbers = np.fromiter((record.line for record in records[header + 1 :]), dtype=np.int32)
    connection = connection or connect()
    types = ", ".join(f"{literal(f'c{k}')}: 'VARCHAR'" for k in range(len(names)))
    table = (
        f"read_csv({path_literal(str(target))}, columns={{{types}}}, auto_detect=false, header=false, delim=',', "
        "quote='\"', escape='\"')"
    )
    columns = {name: SourceColumn(name, f"c{k}", "VARCHAR", padded=True) for k, name in enumerate(names)}
    return Source(label, connection, table, columns, locate=lambda rows: _located(numbers, rows), notes=tuple(notes))


def _located(numbers: npt.NDArray[np.int32], rows: Iterable[int]) -> Iterator[int]:
    return (int(numbers[row - 1]) for row in rows)


def _records(
    rows: Iterable[Sequence[object]], first: int, left: int, errors: Mapping[tuple[int, int], str]
) -> list[Record]:
    """Return the rows of a sheet that aren't empty, as texts.

    first, left: the numbers of the first row and column, from 1. errors: texts of further cells by row and column, from
    0.
    """
    further: dict[int, dict[int, str]] = {}
    for (row, column), text in errors.items():
        further.setdefault(row + 1, {})[column + 1 - left] = text
    texts = ((number, _texts(row, further.get(number))) for number, row in enumerate(rows, first))
    return [Record(number, cells) for number, cells in texts if any(cells) and any(cell.strip() for cell in cells)]


def _texts(row: Sequence[object], further: Mapping[int, str] | None) -> tuple[str, ...]:
    cells = tuple(map(cell_text, row))
    return cells if further is None else tuple(further.get(k) or cell for k, cell in enumerate(cells))


def _columns(records: Sequence[Record], header: int, where: str) -> tuple[list[str], list[int]]:
    """Return the names of the columns that hold anything from the header on, and their positions.

    Raises SourceError when two columns have the same name.
    """
    used = [False] * max(len(record.cells) for record in records)
    for record in records[header:]:
        for k, cell in enumerate(record.cells):
            used[k] = used[k] or bool(cell)
    kept = [k for k, one in enumerate(used) if one]
    given = records[header].cells
    names = [given[k] if k < len(given) and given[k].strip() else f"column{k + 1}" for k in kept]
    twice = sorted({name for name in names if names.count(name) > 1}) if len(set(names)) < len(names) else []
    if twice:
        raise SourceError(f"{where} has more than one column named {listed(map(repr, twice))}; rename them")
    return names, kept


def _lines(records: Sequence[Record], kept: Sequence[int]) -> Iterator[bytes]:
    """Yield the rows as CSV in UTF-8 without a header; kept: the positions of the columns."""
    for begin in range(0, len(records), _AT_ONCE):
        buffer = io.StringIO(newline="")
        rows = ([record.cells[k] for k in kept] for record in records[begin : begin + _AT_ONCE])
        csv.writer(buffer, lineterminator="\n").writerows(rows)
        # a text of a sheet may hold halves of surrogate pairs
        yield buffer.getvalue().encode("utf-8", "replace")

"""Sheets of Excel and ODS workbooks as rows of text."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from attrs import frozen

from custgrade.errors import Hint, MissingExtraError, SourceError
from custgrade.text import listed

_MOST = 4 << 30
"""The most bytes that the parts of a workbook may have when they are unpacked; they are held in memory."""
_EXACT = 1e15
"""The numbers from which a spreadsheet doesn't keep every digit."""
_NEARLY = 500
"""The microseconds by which a time of day, which a spreadsheet holds as a fraction of a day, may miss a second."""


@frozen
class Sheet:
    """A sheet of a workbook.

    name: as in the workbook. first, left: the numbers of its first row and column in use, from 1. rows: returns an
    iterator over its rows, each a list of cells. notes: what was recognised, in words.
    """

    name: str
    first: int
    left: int
    rows: Callable[[], Iterator[list[Any]]]
    notes: tuple[str, ...] = ()


@contextmanager
def opened_sheet(path: Path, label: str, wanted: str | None) -> Iterator[Sheet]:
    """Yield a sheet of a workbook: the wanted one, else the only one that has rows.

    label: the workbook's name in messages. wanted: the name of a sheet, or its number, from 1.

    Raises MissingExtraError without python-calamine, SourceError when the workbook can't be read, when it has no such
    sheet, and when several sheets have rows and none is named.
    """
    try:
        import python_calamine
    except ImportError as error:
        raise MissingExtraError("reading workbooks needs python-calamine: pip install 'custgrade[excel]'") from error
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            size = sum(one.file_size for one in archive.infolist())
        if size > _MOST:
            raise SourceError(f"{label} unpacks to {size / 1e9:,.1f} GB; save the sheet as CSV or Parquet")
    try:
        with path.open("rb") as file, python_calamine.CalamineWorkbook.from_filelike(file) as book:
            yield _named(book, label, wanted) if wanted is not None else _only(book, label, python_calamine)
    except python_calamine.PasswordError as error:
        raise SourceError(f"{label} is encrypted; save it without a password") from error
    except (python_calamine.CalamineError, ValueError, OSError) as error:
        if isinstance(error, SourceError):
            raise
        raise SourceError(f"{label} is a workbook that can't be read ({error}); save it again, or as CSV") from error


def _named(book: Any, label: str, wanted: str) -> Sheet:
    names = list(book.sheet_names)
    alike = [name for name in names if name.strip().casefold() == wanted.strip().casefold()]
    if wanted in names:
        name = wanted
    elif len(alike) == 1:
        name = alike[0]
    elif wanted.isdecimal() and 0 < int(wanted) <= len(names):
        name = names[int(wanted) - 1]
    else:
        raise SourceError(f"{label} has no sheet {wanted!r}. It has: {listed(map(repr, names))}")
    sheet = book.get_sheet_by_name(name)
    if not sheet.height:
        raise SourceError(f"{label}: the sheet {name!r} is empty. It has the sheets: {listed(map(repr, names))}")
    return _sheet(sheet, name, (f"{label}: the sheet {name!r} is read",) if len(names) > 1 else ())


def _only(book: Any, label: str, kinds: Any) -> Sheet:
    """Return the only sheet with rows; hidden sheets count only if no other has rows.

    kinds: the module with the kinds of sheets.
    """
    filled = []
    for about in book.sheets_metadata:
        if about.typ == kinds.SheetTypeEnum.WorkSheet:
            sheet = book.get_sheet_by_name(about.name)
            if sheet.height:
                filled.append((sheet, about.visible == kinds.SheetVisibleEnum.Visible))
    if not filled:
        raise SourceError(f"{label} has no sheet with rows; give a workbook with a table")
    shown = [sheet for sheet, visible in filled if visible] or [sheet for sheet, _ in filled]
    if len(shown) > 1:
        sizes = listed([f"{sheet.name!r} ({sheet.height:,} rows × {sheet.width:,} columns)" for sheet in shown])
        raise SourceError(
            f"{label} has {len(shown)} sheets with rows: {sizes}.",
            Hint(
                f"Choose one by its name or number, such as sheet={shown[0].name!r}.",
                f"Choose one by its name or number, such as --sheet {_quoted(shown[0].name)}.",
            ),
        )
    others = [name for name in book.sheet_names if name != shown[0].name]
    note = f"{label}: the sheet {shown[0].name!r} is read; hidden, empty or without cells: {listed(map(repr, others))}"
    return _sheet(shown[0], shown[0].name, (note,) if others else ())


def _quoted(name: str) -> str:
    import shlex

    return shlex.quote(name)


def _sheet(sheet: Any, name: str, notes: tuple[str, ...]) -> Sheet:
    first = (sheet.start or (0, 0))[0] + 1
    return Sheet(name, first, (sheet.start or (0, 0))[1] + 1, lambda: iter(sheet.to_python()), notes)


def cell_text(cell: Any) -> str:
    """Return a cell as text: whole numbers without a decimal point, dates in ISO form, truth as TRUE or FALSE.

    Other numbers have the fewest digits that are read as exactly the same number; 1.234 is padded, see
    `written_numbers.padded`. Errors are texts such as #N/A.
    """
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        text = str(int(cell)) if cell.is_integer() and abs(cell) < _EXACT else repr(cell)
        return f"{text}0" if text[-4:-3] == "." and 1 <= abs(cell) < 1000 else text
    if isinstance(cell, int):
        return str(cell) if abs(cell) < _EXACT else repr(float(cell))
    if isinstance(cell, dt.datetime):
        moment = _whole_seconds(cell)
        return moment.isoformat(" ") if moment.time() != dt.time() else moment.date().isoformat()
    if isinstance(cell, dt.timedelta):
        seconds = round(cell.total_seconds())
        return f"{'-' if seconds < 0 else ''}{abs(seconds) // 3600}:{abs(seconds) // 60 % 60:02}:{abs(seconds) % 60:02}"
    return cell.isoformat() if isinstance(cell, (dt.date, dt.time)) else str(cell)


def _whole_seconds(moment: dt.datetime) -> dt.datetime:
    """Return a moment without the rounding of a spreadsheet's fractions of a day."""
    if moment.microsecond < _NEARLY:
        return moment.replace(microsecond=0)
    if moment.microsecond > 1_000_000 - _NEARLY:
        return moment.replace(microsecond=0) + dt.timedelta(seconds=1)
    return moment

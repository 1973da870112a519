"""Which of the first lines of a table is its header, below titles and comments."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from attrs import frozen

from custgrade.errors import Hint, SourceError
from custgrade.text import counted, listed

_NUMBER = re.compile(r"[-+−(]? ?[€$£¥]? ?[-+−]?\d[\d.,'’ \u00a0\u202f]*(?:[eE][-+]?\d+)? ?[-)%€$£¥]*")
_LETTER = re.compile(r"[^\W\d_]")
_WHOLE = re.compile(r"\d{1,4}")
_DATE = re.compile(r"\d{1,4}([-/.])\d{1,2}\1\d{1,4}(?:\D.*)?|\d{1,2}[- ]?[^\W\d_]{3,9}[- ]?\d{2,4}", re.DOTALL)
_FULL = 0.75
"""The share of the usual number of filled cells from which a record may be a header or a row."""
_MOST_ABOVE = 50
"""The greatest number of lines above a header that is recognised."""


@frozen
class Record:
    """A record of a text, or a row of a sheet: the line or row on which it begins, from 1, and its cells."""

    line: int
    cells: tuple[str, ...]

    @property
    def filled(self) -> int:
        """The number of cells that hold something."""
        return sum(bool(cell.strip()) for cell in self.cells)

    @property
    def names(self) -> bool:
        """Whether its cells could be names of columns: none is a date or a number, years and small numbers apart."""
        given = [cell.strip() for cell in self.cells if cell.strip()]
        worded = any(_LETTER.search(cell) and not is_value(cell) for cell in given)
        return worded and not any(_is_certain_value(cell) for cell in given)


def is_value(cell: str) -> bool:
    """Return whether a cell is written like a number or a date."""
    return bool(_NUMBER.fullmatch(cell.strip()) or _DATE.fullmatch(cell.strip()))


def _is_certain_value(cell: str) -> bool:
    return is_value(cell) and not _WHOLE.fullmatch(cell)


def body_width(records: Sequence[Record]) -> int:
    """Return the most frequent number of cells of the records below the first; of several, the greatest."""
    widths = Counter(len(record.cells) for record in records[1:] or records)
    return max(widths, key=lambda width: (widths[width], width))


def header_at(records: Sequence[Record], label: str, word: str) -> int:
    """Return the position of the header among the first records of a table, which isn't empty.

    label: the name of the table in messages. word: line or row, for messages.

    Raises SourceError when two of them could be the header, and when none can.
    """
    width = body_width(records)
    if width < 2 or len(records) == 1:
        return 0
    full = [record for record in records[1:] if len(record.cells) == width]
    usual = sorted(record.filled for record in full)[len(full) // 2]

    def is_full(record: Record) -> bool:
        return len(record.cells) == width and record.filled >= _FULL * usual

    first = next((k for k, record in enumerate(records) if is_full(record) and not record.names), None)
    if first == 0:
        _refuse_without_header(records, label, word)
        return 0
    if first is None:
        return next((k for k, record in enumerate(records[:_MOST_ABOVE]) if is_full(record)), 0)
    found = [k for k, record in enumerate(records[: min(first, _MOST_ABOVE)]) if is_full(record) and record.names]
    uncommented = [k for k in found if not re.match(r"#+\s*\w", records[k].cells[0])]
    found = uncommented or found
    if not found:
        # lines of a title may hold dates and numbers too
        rows = [k for k, record in enumerate(records[: _MOST_ABOVE + 2]) if is_full(record)]
        above = [k for k, below in pairwise(rows) if records[k].names and not records[below].names]
        return above[0] if len(above) == 1 and not is_full(records[0]) else 0
    apart = [k for k in found[1:] if records[k].line > records[k - 1].line + 1 or k - 1 not in found]
    if apart and not _is_line_above(records[found[0]], records[apart[0]]):
        one, other = records[found[0]], records[apart[0]]
        raise SourceError(
            f"{label} has two {word}s that could be its header: {word} {one.line} ({listed(one.cells, 4)}) and {word} "
            f"{other.line} ({listed(other.cells, 4)}).",
            Hint.alike(f"Remove the {word}s above the header."),
        )
    return apart[-1] if apart else found[0]


def _is_line_above(one: Record, other: Record) -> bool:
    """Return whether a record has far fewer cells than the header below it, as lines of a title have."""
    return 2 * one.filled <= other.filled


def _refuse_without_header(records: Sequence[Record], label: str, word: str) -> None:
    """Raise SourceError when the first record is a row like those below it."""
    first, below = records[0], records[1:]
    alike = [
        k
        for k, cell in enumerate(first.cells)
        if is_value(cell) and all(is_value(record.cells[k]) for record in below[:20] if len(record.cells) > k)
    ]
    certain = any(_is_certain_value(first.cells[k].strip()) for k in alike)
    if alike and (certain or len(alike) == first.filled):
        raise SourceError(
            f"{label} has no header line: its first {word} ({listed(first.cells, 5)}) is like those below it; add a "
            f"first {word} with the names of the columns"
        )


def header_note(records: Sequence[Record], header: int, label: str, word: str) -> str:
    """Return the note on what is above the header, for a header that isn't the first record."""
    above = [" ".join(cell.strip() for cell in record.cells if cell.strip())[:60] for record in records[:header]]
    below = f"below {counted(header, word + 's')}: {listed(map(repr, above), 3)}"
    return f"{label}: the header is {word} {records[header].line}, {below}"

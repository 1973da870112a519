"""The file of all rows that were left out or refused, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from custgrade.errors import CustgradeError, Hint
from custgrade.files import write_atomically
from custgrade.ingest.bad_rows import CheckedRows
from custgrade.ingest.source import Rejected, Source

_HEADER = ("source", "line", "reason", "column", "value")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class BadRowsReport:
    """Writes rows that are left out or refused, one a line: the source, the line or row, the reason, and the cell.

    count: how many have been written. Memory stays bounded however many there are.
    """

    def __init__(self, file: TextIO) -> None:
        self.count = 0
        self._writer = csv.writer(file)
        self._writer.writerow(_HEADER)

    def add(self, source: Source, rejected: Rejected, checked: CheckedRows | None) -> None:
        """Write the lines that could not be split into columns, then the rows that have a fault.

        checked: the rows to look through, None where no row has a fault.
        """
        for row in rejected.lines() if rejected.count else ():
            self._write(source, row.position, row.reason, "", row.value)
        if checked is None:
            return
        for row, column in checked.every():
            self._write(source, row.position, row.reason, column, row.value)
        source.rejected()

    def _write(self, source: Source, position: int, reason: str, column: str, value: str | None) -> None:
        self._writer.writerow(
            [spreadsheet_safe(source.label), position, reason, *map(spreadsheet_safe, (column, value or ""))]
        )
        self.count += 1


def spreadsheet_safe(text: str) -> str:
    """Return a cell with an apostrophe in front if a spreadsheet would take it for a formula; numbers stay."""
    return f"'{text}" if text.startswith(_FORMULA) and not _NUMBER.fullmatch(text) else text


@contextmanager
def bad_rows_report(path: str | os.PathLike[str] | None) -> Iterator[BadRowsReport | None]:
    """Yield a report that is written to `path`, a CSV file in UTF-8, which is replaced when the block ends.

    It is also written when the block ends with an error of custgrade's, if it holds any rows. None without a path.

    Raises OutputError when the file can't be written.
    """
    if path is None:
        yield None
        return
    failure = None
    with write_atomically(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
        report = BadRowsReport(file)
        try:
            yield report
        except CustgradeError as error:
            if not report.count:
                raise
            error.hint = (error.hint or Hint()) + Hint.alike(f"All such rows are in {path}.")
            failure = error
    if failure is not None:
        raise failure

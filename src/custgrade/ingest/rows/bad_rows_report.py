"""The CSV file of all rows that were left out or refused, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from custgrade.errors import BadRow, CustgradeError, Hint
from custgrade.files import write_atomically
from custgrade.ingest.rows.bad_rows import CheckedRows
from custgrade.ingest.source import Rejected, Source

_HEADER = ("source", "line", "reason", "column", "value")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class BadRowsReport:
    """A CSV file of rows that are left out or refused: source, line or row, reason, column and value of each.

    count: the number of rows written. Memory doesn't grow with it.
    """

    def __init__(self, file: TextIO) -> None:
        self.count = 0
        self._writer = csv.writer(file)
        self._writer.writerow(_HEADER)

    def add(self, source: Source, rejected: Rejected, checked: CheckedRows | None) -> None:
        """Write the lines that could not be split into columns, then the rows that have a fault.

        checked: the rows to check for faults, None where no row has one.
        """
        for row in rejected.lines() if rejected.count else ():
            self._write(source, row, "")
        if checked is None:
            return
        for row, column in checked.every():
            self._write(source, row, column)
        source.rejected()

    def _write(self, source: Source, row: BadRow, column: str) -> None:
        place = spreadsheet_safe(row.source or source.label)
        self._writer.writerow([place, row.position, row.reason, *map(spreadsheet_safe, (column, row.value or ""))])
        self.count += 1


def spreadsheet_safe(text: str) -> str:
    """Return a text with an apostrophe in front if a spreadsheet would run it as a formula; numbers are unchanged."""
    return f"'{text}" if text.startswith(_FORMULA) and not _NUMBER.fullmatch(text) else text


@contextmanager
def bad_rows_report(path: str | os.PathLike[str] | None) -> Iterator[BadRowsReport | None]:
    """Yield a report that is written to `path`, a CSV file in UTF-8, or None without a path.

    The file is replaced when the block ends. If the block raises CustgradeError, the file is replaced when the report
    holds rows.

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
            error.hint = (error.hint or Hint()) + Hint.alike(f"{path} lists all of these rows.")
            failure = error
    if failure is not None:
        raise failure

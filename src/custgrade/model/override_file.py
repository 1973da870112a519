"""Reading overrides from a CSV file."""

from __future__ import annotations

import csv
import os
from collections import Counter
from typing import TextIO

from attrs import fields

from custgrade.errors import CustgradeError, OverrideError
from custgrade.files import checked_path
from custgrade.model.overrides import MOST, Override, Overrides
from custgrade.text import listed, meant_instead

_COLUMNS = tuple(one.name for one in fields(Override))


def read_overrides(path: str | os.PathLike[str]) -> Overrides:
    """Return the overrides in a CSV file with the columns customer_id, grade, reason, author, date and expires.

    Dates are written YYYY-MM-DD. Further columns are ignored. The delimiter may be a comma, a semicolon or a tab.

    Raises OverrideError, which names the line of a wrong override.
    """
    file_path = checked_path(path, "the file of overrides", OverrideError)
    records: list[Override] = []
    try:
        with file_path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file, strict=True, delimiter=_delimiter(file))
            twice = [name for name, count in Counter(rows.fieldnames).items() if count > 1 and name in _COLUMNS]
            if twice:
                raise OverrideError(f"{path} has two columns {twice[0]!r}; remove one of them")
            missing = [name for name in _COLUMNS if name not in (rows.fieldnames or ())]
            if missing:
                raise OverrideError(
                    f"{path} has no column {missing[0]!r}.{meant_instead(missing[0], rows.fieldnames or ())} "
                    f"Overrides need the columns {listed(_COLUMNS)}."
                )
            for row in rows:
                if len(records) == MOST:
                    raise OverrideError(f"{path} has more than {MOST:,} overrides")
                try:
                    texts = {name: (row[name] or "").strip() for name in _COLUMNS}
                    # ids keep their blanks, as in every other file
                    records.append(Override(**{**texts, "customer_id": row["customer_id"] or ""}))
                except CustgradeError as error:
                    raise OverrideError(f"{path}, line {rows.line_num}: {error}") from error
        return Overrides(records)
    except OSError as error:
        raise OverrideError(f"can't read the overrides {path}: {error.strerror or error}") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise OverrideError(f"{path} is not a CSV file in UTF-8: {error}") from error


def _delimiter(file: TextIO) -> str:
    """Return the most frequent of comma, semicolon and tab in the header."""
    header = file.readline()
    file.seek(0)
    return max(",;\t", key=header.count)

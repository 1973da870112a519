"""Reading records that a person keeps in a CSV file: one record a line, with the line of a wrong one."""

from __future__ import annotations

import csv
import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import TextIO, TypeVar

from custgrade.errors import CustgradeError
from custgrade.files import checked_path
from custgrade.text import listed, meant_instead

MOST = 10_000
"""The largest number of records; each is a person's decision."""

_LONGEST_HEADER = 1_000_000

Record = TypeVar("Record")


def read_records(
    path: str | os.PathLike[str],
    kind: str,
    columns: Iterable[str],
    make: Callable[[Mapping[str, str]], Record],
    error: type[CustgradeError],
    *,
    optional: Iterable[str] = (),
) -> list[Record]:
    """Return the records in a CSV file in UTF-8, whose delimiter may be a comma, a semicolon or a tab.

    kind: what the records are, a plural. columns: the names of all columns that are read; further ones are ignored.
    make: makes a record from texts by column, without blanks around them, except in `customer_id`; a missing text is
    empty. optional: the columns that may be missing.

    Raises `error`, which names the line of a wrong record.
    """
    names, needed = list(columns), [name for name in columns if name not in set(optional)]
    file_path = checked_path(path, f"the file of {kind}", error)
    records: list[Record] = []
    try:
        with file_path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file, strict=True, delimiter=delimiter_of(file))
            header = rows.fieldnames or ()
            twice = [name for name, count in Counter(header).items() if count > 1 and name in names]
            if twice:
                raise error(f"{path} has two columns {twice[0]!r}; remove one of them")
            missing = [name for name in needed if name not in header]
            if missing:
                raise error(
                    f"{path} has no column {missing[0]!r}.{meant_instead(missing[0], header)} "
                    f"{kind.capitalize()} need the columns {listed(needed)}."
                )
            for row in rows:
                if len(records) == MOST:
                    raise error(f"{path} has more than {MOST:,} {kind}")
                # ids keep their blanks, as in every other file
                texts = {name: (row.get(name) or "") for name in names}
                try:
                    records.append(make({k: v if k == "customer_id" else v.strip() for k, v in texts.items()}))
                except CustgradeError as wrong:
                    raise error(f"{path}, line {rows.line_num}: {wrong}") from wrong
        return records
    except OSError as failure:
        raise error(f"can't read the {kind} {path}: {failure.strerror or failure}") from failure
    except (UnicodeDecodeError, csv.Error) as failure:
        raise error(f"{path} is not a CSV file in UTF-8: {failure}") from failure


def delimiter_of(file: TextIO) -> str:
    """Return the most frequent of comma, semicolon and tab in the header, and go back to the beginning of the file."""
    header = file.readline(_LONGEST_HEADER)
    file.seek(0)
    return max(",;\t", key=header.count)

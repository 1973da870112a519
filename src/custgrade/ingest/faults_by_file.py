"""The rows with a fault in a source of several files, found file by file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from attrs import evolve

from custgrade.errors import BadRow

if TYPE_CHECKING:
    from custgrade.ingest.bad_rows import CheckedRows


def files_with_faults(rows: CheckedRows) -> Iterator[CheckedRows]:
    """Yield the rows of each file that has rows with a fault, bad or not, in the order of the files."""
    codes = range(1, len(rows.faults) + 1)
    for part in dict.fromkeys(part for part, _, _ in _counts(rows, codes)):
        yield evolve(rows, source=rows.source.parts[part])


def first_of_files(
    rows: CheckedRows, codes: Sequence[int], most: int, each: bool
) -> dict[int, list[tuple[int, BadRow]]]:
    """Return the first `most` rows with these faults, as `CheckedRows.first` does, from the files that hold them.

    each: whether to return the first rows of each fault, by fault; else the first rows of all, under 0.
    """
    held = Counter[int]()
    needed: dict[int, list[int]] = {}
    for part, counts in groupby(_counts(rows, codes), lambda count: count[0]):
        found = [(fault, fault if each else 0, count) for _, fault, count in counts]
        wanted = [fault for fault, group, _ in found if held[group] < most]
        needed |= {part: wanted} if wanted else {}
        for _, group, count in found:
            held[group] += count
    first: dict[int, list[tuple[int, BadRow]]] = {}
    for part, faults in needed.items():
        for group, some in evolve(rows, source=rows.source.parts[part]).first(faults, each).items():
            before = first.setdefault(group, [])
            before += some[: most - len(before)]
    return first


def _counts(rows: CheckedRows, codes: Sequence[int]) -> list[tuple[int, int, int]]:
    """Return the file's position, the fault and the number of rows, for all files that have rows with these faults."""
    chosen = f"fault IN ({', '.join(map(str, codes))})"
    found = rows.source.connection.execute(
        f"SELECT part, fault, count(*) FROM {rows.table(['part'])} WHERE {chosen} GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    rows.source.rejected()
    return [(int(part), int(fault), int(count)) for part, fault, count in found]

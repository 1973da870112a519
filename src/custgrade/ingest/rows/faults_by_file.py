"""The rows with a fault in a source of several files, found file by file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby

from custgrade.errors import BadRow
from custgrade.ingest.source import Source

FirstRows = dict[int, list[tuple[int, BadRow]]]
"""The first rows with a fault, each with its fault's number, by fault or under 0."""


def fault_counts(source: Source, table: str, codes: Sequence[int]) -> list[tuple[int, int, int]]:
    """Return the file's position, the fault and the number of rows, for all files that have rows with these faults.

    table: SQL of a table of the source's rows with the columns `part` and `fault`.
    """
    chosen = f"fault IN ({', '.join(map(str, codes))})"
    found = source.connection.execute(
        f"SELECT part, fault, count(*) FROM {table} WHERE {chosen} GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    source.rejected()
    return [(int(part), int(fault), int(count)) for part, fault, count in found]


def first_of_files(
    counts: Sequence[tuple[int, int, int]], first: Callable[[int, Sequence[int]], FirstRows], most: int, each: bool
) -> FirstRows:
    """Return the first `most` rows with a fault, from the files that hold them.

    counts: see `fault_counts`. first: returns the first rows of a file with some faults. each: whether to return the
    first rows of each fault, by fault; else the first rows of all, under 0.
    """
    rows: FirstRows = {}
    for part, faults in _needed(counts, most, each).items():
        for group, some in first(part, faults).items():
            before = rows.setdefault(group, [])
            before += some[: most - len(before)]
    return rows


def _needed(counts: Sequence[tuple[int, int, int]], most: int, each: bool) -> Mapping[int, Sequence[int]]:
    """Return by file the faults whose first rows are in it."""
    held = Counter[int]()
    needed: dict[int, list[int]] = {}
    for part, found in groupby(counts, lambda count: count[0]):
        faults = [(fault, fault if each else 0, count) for _, fault, count in found]
        wanted = [fault for fault, group, _ in faults if held[group] < most]
        needed |= {part: wanted} if wanted else {}
        for _, group, count in faults:
            held[group] += count
    return needed

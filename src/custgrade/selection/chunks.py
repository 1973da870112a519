"""Running over rows in chunks, on as many threads as there are cores; numpy lets go of the interpreter meanwhile."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Result = TypeVar("Result")

ROWS = 1 << 18
"""Rows of a chunk: few enough for the cache, and so many that starting an operation on them costs next to nothing."""


def spans(size: int, rows: int = ROWS) -> list[slice]:
    """Return consecutive slices of `rows` rows, the last one shorter, that cover `size` rows."""
    return [slice(start, min(start + rows, size)) for start in range(0, size, rows)]


def over_chunks(work: Callable[[slice], Result], size: int, threads: bool = True, rows: int = ROWS) -> list[Result]:
    """Return what `work` gives for each chunk, in their order; the chunks may be worked on at the same time."""
    pieces = spans(size, rows)
    workers = min(len(pieces), os.cpu_count() or 1, 16) if threads else 1
    if workers < 2:
        return list(map(work, pieces))
    # each thread goes through rows that lie together
    share = -(-len(pieces) // workers)
    runs = [pieces[start : start + share] for start in range(0, len(pieces), share)]
    with ThreadPoolExecutor(len(runs)) as pool:
        return [result for run in pool.map(lambda run: list(map(work, run)), runs) for result in run]

"""Running a function over chunks of rows, on as many threads as cores; numpy releases the interpreter lock."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

Result = TypeVar("Result")

ROWS = 1 << 18
"""The rows of a chunk: few enough for the cache, and enough to make the overhead of an operation small."""


def cores() -> int:
    """Return the number of cores that this process may use, limited by its CPU affinity and its container."""
    if hasattr(os, "process_cpu_count"):
        count = os.process_cpu_count() or 1
    elif hasattr(os, "sched_getaffinity"):
        count = len(os.sched_getaffinity(0))
    else:
        count = os.cpu_count() or 1
    return max(1, math.ceil(min(count, _granted())))


def _granted(folder: str = "/sys/fs/cgroup") -> float:
    """Return the number of cores that a container allows (Linux control groups, version 2 or 1); infinity if unset."""
    for names in (("cpu.max",), ("cpu/cpu.cfs_quota_us", "cpu/cpu.cfs_period_us")):
        try:
            words = " ".join(Path(folder, name).read_text(encoding="ascii") for name in names).split()
            quota, period = (int(word) for word in words)
        except (OSError, ValueError):
            # there is no such file, or its quota is `max`, for unlimited
            continue
        if quota > 0 and period > 0:
            return quota / period
    return math.inf


def spans(size: int, rows: int = ROWS) -> list[slice]:
    """Return consecutive slices of `rows` rows that cover `size` rows; the last one can be shorter."""
    return [slice(start, min(start + rows, size)) for start in range(0, size, rows)]


def over_chunks(work: Callable[[slice], Result], size: int, threads: bool = True, rows: int = ROWS) -> list[Result]:
    """Return the results of `work` for each chunk, in order; with `threads`, several chunks run at the same time."""
    return over_pieces(work, spans(size, rows), threads)


def over_pieces(work: Callable[[slice], Result], pieces: Sequence[slice], threads: bool = True) -> list[Result]:
    """Return the results of `work` for each piece, in order; with `threads`, several pieces run at the same time."""
    workers = min(len(pieces), cores(), 16) if threads and len(pieces) > 1 else 1
    if workers < 2:
        return list(map(work, pieces))
    # importing it takes longer than grading a small base
    from concurrent.futures import ThreadPoolExecutor

    results: dict[int, Result] = {}
    waiting: Iterator[tuple[int, slice]] = iter(enumerate(pieces))
    taking = Lock()

    def drain() -> None:
        while True:
            with taking:
                place, piece = next(waiting, (-1, slice(0)))
            if place < 0:
                return
            results[place] = work(piece)

    # each thread takes its next piece itself, so that a slow core takes fewer; this thread is one of the workers
    with ThreadPoolExecutor(workers - 1) as pool:
        others = [pool.submit(drain) for _ in range(workers - 1)]
        try:
            drain()
            for other in others:
                other.result()
        finally:
            # after an error no worker starts another piece
            with taking:
                waiting = iter(())
    return [results[place] for place in range(len(pieces))]


def filled(
    compute: Callable[[slice], npt.NDArray[Any]], size: int, dtype: Any, threads: bool = True, rows: int = ROWS
) -> npt.NDArray[Any]:
    """Return a column of shape (size,) that `compute` fills chunk by chunk; see `over_chunks`."""
    column = np.empty(size, dtype=dtype)

    def fill(piece: slice) -> None:
        column[piece] = compute(piece)

    over_chunks(fill, size, threads, rows)
    return column

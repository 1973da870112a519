"""A short check, for every change, that what is fast has not become slow by an amount that noise can't explain.

    python benchmarks/regression.py

Each figure is the median of ratios between two jobs that take turns in this process, so a slow machine slows both. The
bounds are two to four times what was measured when they were written, beside them; six times for what sorts, which
depends on the processor's vector unit. A run takes about a quarter of a minute.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

import custgrade as cg
from custgrade.plugins import Axis, Percentile, Thresholds

TURNS = 5
Job = Callable[[], Any]


def seconds(job: Job) -> float:
    """How long a job takes."""
    begun = time.perf_counter()
    job()
    return time.perf_counter() - begun


def ratio(job: Job, other: Job) -> float:
    """How many times as long as the other a job takes."""
    job(), other()
    return statistics.median(seconds(job) / seconds(other) for _ in range(TURNS))


def passes(scores: Any) -> int:
    """Compare all scores with ten numbers, one after the other: what sorting takes depends on the machine too much."""
    return sum(int(np.count_nonzero(scores < edge)) for edge in range(10))


def in_memory() -> float:
    """Five classes of 4 million customers, against ten comparisons of their scores."""
    scores = np.random.default_rng(1).lognormal(6, 1.6, 4_000_000)
    base = cg.CustomerBase(lambda: np.arange(len(scores)), {"profit": scores}, unique_ids=True)
    scorer = cg.scorer("abcde")
    return ratio(lambda: scorer.fit_grade(base)[1].codes["grade"], lambda: passes(scores))


def percentiles() -> float:
    """A hundred ranks of 2 million customers, against ten comparisons of their scores."""
    scores = np.random.default_rng(2).lognormal(6, 1.6, 2_000_000)
    base = cg.CustomerBase(lambda: np.arange(len(scores)), {"profit": scores}, unique_ids=True)
    axis = Axis("grade", "AB", lambda c: c["rank"], Thresholds((50,)))
    scorer = cg.Scorer([axis], learned={"rank": Percentile("profit")})
    return ratio(lambda: scorer.fit(base), lambda: passes(scores))


def one_customer() -> float:
    """A thousand customers one by one, against ten thousand additions of arrays of one number."""
    model = cg.scorer("abcde").fit(cg.CustomerBase(np.arange(100), {"profit": np.arange(100.0)}))
    one = np.array([1.0])
    return ratio(
        lambda: [model.grade_one({"profit": 12.5}) for _ in range(1_000)], lambda: [one + one for _ in range(10_000)]
    )


def whole_job() -> float:
    """Half a million customers, Parquet to graded Parquet, against the file through DuckDB."""
    with tempfile.TemporaryDirectory() as folder:
        source, out = str(Path(folder) / "in.parquet"), str(Path(folder) / "out.parquet")
        cg.synthetic(source, 500_000, seed=1)
        copy = f"COPY (FROM read_parquet('{source}')) TO '{out}' (FORMAT parquet, COMPRESSION zstd)"
        connection = duckdb.connect()
        connection.execute("SET enable_progress_bar = false")
        return ratio(lambda: cg.grade_file(source, "abcde", out), lambda: connection.execute(copy))


CHECKS: tuple[tuple[Callable[[], float], float, float], ...] = (
    (in_memory, 0.85, 3.0),
    (percentiles, 9.5, 60.0),
    (one_customer, 0.8, 3.2),
    (whole_job, 0.75, 1.6),
)
"""Each with the ratio that was measured, and the most that is let pass."""


def main() -> int:
    """Run all, and return 1 if one is too slow."""
    slow = 0
    for check, measured, most in CHECKS:
        found = check()
        slow += found > most
        told = "too slow" if found > most else "fine"
        print(f"{check.__name__}: {found:.2f} times as long, was {measured}, at most {most}: {told}")
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())

"""Fitting and grading columns in memory, against the best that users would write by hand.

    python benchmarks/in_memory.py [--customers 10_000_000] [--repeats 5] [--without PEER] [--json FILE]

Two jobs, each on continuous scores and on hard ones (a third ties at 0, amounts rounded to 100, 5 % unknown):

- one axis: five classes by shares of heads, four boundaries
- nested: three classes by revenue, and within each three by profit

Everybody takes turns, so that a change of the machine's speed meets all, and in the first turn everybody's classes are
compared with a sort: a faster answer that is another one counts for nothing. A row of the table is a median, in
nanoseconds a customer; the last column is the median of the ratios to custgrade, turn by turn.

The peers place ties as `ties="better"` does, which they find easiest; custgrade does the same here. Their idioms:

- Polars: `quantile(…, "nearest")` at exact ranks, then the sum of comparisons; within classes by `filter` and
  `when` (three times as fast as `group_by` with a sort in each class, and a join)
- DuckDB: `quantile_disc`, then the sum of comparisons, on a table in memory; within classes by a join
- NumPy: `partition` at the ranks, then the sum of comparisons; within classes by masks
- pandas: `rank(method="min", ascending=False)`, then comparisons with ranks; within classes by `groupby`
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import statistics
import time
from collections.abc import Callable
from fractions import Fraction
from itertools import accumulate
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl

import custgrade as cg
from custgrade.selection.chunks import over_chunks

SHARES = ("0.05", "0.15", "0.3", "0.3", "0.2")
FIVE = tuple(accumulate(map(Fraction, SHARES)))[:-1]
THIRDS = (Fraction(1, 3), Fraction(2, 3))
Codes = Any


def data(customers: int, hard: bool) -> dict[str, Any]:
    """Revenue and profit, heavy-tailed, with losses."""
    random = np.random.default_rng(1)
    revenue = random.lognormal(6, 1.6, customers)
    profit = revenue - revenue * random.normal(0.7, 0.35, customers)
    if hard:
        for column in (revenue, profit):
            np.round(column, -2, out=column)
            column[random.random(customers) < 0.3] = 0.0
            column[random.random(customers) < 0.05] = math.nan
    return {"revenue": revenue, "profit": profit}


def positions(known: int, shares: tuple[Fraction, ...]) -> list[int]:
    """Where the ranks are among `known` values in rising order, counted from 0."""
    return [known - math.ceil(share * known) for share in shares]


def below(scores: Any, boundaries: list[float]) -> Codes:
    """How many boundaries each score is below, 255 where it is unknown."""
    codes = np.zeros(len(scores), dtype=np.uint8)
    for boundary in boundaries:
        codes += (scores < boundary).view(np.uint8)
    codes[np.isnan(scores)] = 255
    return codes


def by_sorting(scores: Any, shares: tuple[Fraction, ...]) -> Codes:
    """The classes as a sort gives them: what everybody's are compared with."""
    known = np.sort(scores[~np.isnan(scores)])
    if not len(known):
        return np.full(len(scores), 255, dtype=np.uint8)
    return below(scores, [known[at] for at in positions(len(known), shares)])


class OneAxis:
    """Five classes by shares of heads."""

    name = "one axis"

    def __init__(self, columns: dict[str, Any]) -> None:
        self.scores = columns["profit"]
        self.base = cg.CustomerBase(np.arange(len(self.scores)), {"profit": self.scores}, unique_ids=True)
        self.scorer = cg.scorer("abcde", shares=list(SHARES), ties="better")
        # a missing value is null to Polars and DuckDB, as it is in the files that people read
        self.frame = pl.DataFrame({"profit": self.scores}).fill_nan(None)
        self.pandas = pd.Series(self.scores)
        self.connection = duckdb.connect()
        self.connection.register("frame", self.frame)
        self.connection.execute("CREATE TABLE customers AS SELECT profit FROM frame")
        self.known = int(np.count_nonzero(~np.isnan(self.scores)))

    def expected(self) -> Codes:
        """By sorting."""
        return by_sorting(self.scores, FIVE)

    def custgrade(self) -> Codes:
        """By this library."""
        return self.scorer.fit_grade(self.base)[1].codes["grade"]

    def polars(self) -> Codes:
        """By quantiles and comparisons."""
        score, last = pl.col("profit"), self.known - 1
        at = [score.quantile(k / last, "nearest").alias(str(k)) for k in positions(self.known, FIVE)]
        boundaries = self.frame.select(at).row(0)
        return self.frame.select(sum((score < value).cast(pl.UInt8) for value in boundaries)).to_series()

    def duckdb(self) -> Codes:
        """By quantiles and comparisons."""
        at = [(k + 0.5) / self.known for k in positions(self.known, FIVE)]
        (boundaries,) = self.connection.execute(f"SELECT quantile_disc(profit, {at}) FROM customers").fetchone()
        compared = " + ".join(f"(profit < {value!r})::UTINYINT" for value in boundaries)
        return self.connection.execute(f"SELECT {compared} AS class FROM customers").fetchnumpy()["class"]

    def numpy(self) -> Codes:
        """By partition and comparisons."""
        known = self.scores[~np.isnan(self.scores)]
        at = positions(len(known), FIVE)
        return below(self.scores, np.partition(known, at)[at].tolist())

    def pandas_(self) -> Codes:
        """By ranks."""
        rank = self.pandas.rank(method="min", ascending=False).to_numpy()
        codes = sum((rank > math.ceil(share * self.known)).view(np.uint8) for share in FIVE)
        codes[np.isnan(rank)] = 255
        return codes


class Nested:
    """Three classes by revenue, and within each three by profit."""

    name = "nested"

    def __init__(self, columns: dict[str, Any]) -> None:
        self.revenue, self.profit = columns["revenue"], columns["profit"]
        self.base = cg.CustomerBase(np.arange(len(self.revenue)), columns, unique_ids=True)
        even = ["1/3", "1/3", "1/3"]
        self.scorer = cg.scorer("matrix3x3", profitability="profit", size_at=even, level_at=even, ties="better")
        self.frame = pl.DataFrame(columns).fill_nan(None)
        self.pandas = pd.DataFrame(columns)
        self.connection = duckdb.connect()
        self.connection.register("frame", self.frame)
        self.connection.execute("CREATE TABLE customers AS SELECT * FROM frame")
        self.known = int(np.count_nonzero(~np.isnan(self.revenue)))

    def expected(self) -> Codes:
        """By sorting."""
        size = by_sorting(self.revenue, THIRDS)
        codes = np.full(len(size), 255, dtype=np.uint8)
        for part in range(3):
            codes[size == part] = by_sorting(self.profit[size == part], THIRDS)
        return codes

    def custgrade(self) -> Codes:
        """By this library."""
        return self.scorer.fit_grade(self.base)[1].codes["profitability"]

    def polars(self) -> Codes:
        """By quantiles and comparisons."""
        revenue, profit = pl.col("revenue"), pl.col("profit")
        at = [revenue.quantile(k / (self.known - 1), "nearest").alias(str(k)) for k in positions(self.known, THIRDS)]
        size = sum((revenue < value).cast(pl.UInt8) for value in self.frame.select(at).row(0))
        sized = self.frame.select(profit, size=size)
        known = dict(sized.group_by("size").agg(profit.count()).iter_rows())
        codes: Any = pl.when(False).then(pl.lit(None, dtype=pl.UInt8))
        for part in (part for part in (0, 1, 2) if known.get(part)):
            at = [k / max(1, known[part] - 1) for k in positions(known[part], THIRDS)]
            within = sized.filter(pl.col("size") == part)
            found = within.select([profit.quantile(q, "nearest").alias(str(k)) for k, q in enumerate(at)]).row(0)
            codes = codes.when(pl.col("size") == part).then(sum((profit < value).cast(pl.UInt8) for value in found))
        return sized.select(codes).to_series()

    def duckdb(self) -> Codes:
        """By quantiles and comparisons."""
        at = [(k + 0.5) / self.known for k in positions(self.known, THIRDS)]
        (boundaries,) = self.connection.execute(f"SELECT quantile_disc(revenue, {at}) FROM customers").fetchone()
        size = " + ".join(f"(revenue < {value!r})::UTINYINT" for value in boundaries)
        # quantile_disc counts from below: the value at rank ceil(k·n/3) from above is at n − that + 1
        return self.connection.execute(f"""
            WITH sized AS (SELECT profit, {size} AS size, rowid AS row FROM customers),
            found AS (SELECT size, quantile_disc(profit, [1/3 + 1e-12, 2/3 + 1e-12]) AS edges FROM sized GROUP BY size)
            SELECT (profit < edges[2])::UTINYINT + (profit < edges[1])::UTINYINT AS class
            FROM sized LEFT JOIN found USING (size) ORDER BY row
        """).fetchnumpy()["class"]

    def numpy(self) -> Codes:
        """By partition and comparisons."""
        known = self.revenue[~np.isnan(self.revenue)]
        at = positions(len(known), THIRDS)
        size = below(self.revenue, np.partition(known, at)[at].tolist())
        codes = np.full(len(size), 255, dtype=np.uint8)
        for part in range(3):
            rows = size == part
            some = self.profit[rows]
            known = some[~np.isnan(some)]
            if not len(known):
                continue
            at = positions(len(known), THIRDS)
            codes[rows] = below(some, np.partition(known, at)[at].tolist())
        return codes

    def pandas_(self) -> Codes:
        """By ranks."""
        rank = self.pandas["revenue"].rank(method="min", ascending=False).to_numpy()
        size = np.where(np.isnan(rank), np.nan, sum((rank > math.ceil(share * self.known)) * 1.0 for share in THIRDS))
        groups = self.pandas["profit"].groupby(size)
        within = groups.rank(method="min", ascending=False).to_numpy()
        known = groups.transform("count").to_numpy()
        codes = sum((within > np.ceil(known * k / 3)).view(np.uint8) for k in (1, 2))
        codes[np.isnan(within)] = 255
        return codes


def as_codes(given: Any) -> Codes:
    """Classes of any library as uint8, 255 where unknown."""
    if isinstance(given, pl.Series):
        return given.fill_null(255).to_numpy()
    return given.filled(255) if isinstance(given, np.ma.MaskedArray) else given


def measure(job: Any, repeats: int, without: list[str]) -> dict[str, Any]:
    """Median seconds of each peer, and of the ratios to custgrade turn by turn, after comparing all answers."""
    runs: dict[str, Callable[[], Any]] = {
        "custgrade": job.custgrade,
        "Polars": job.polars,
        "DuckDB": job.duckdb,
        "NumPy": job.numpy,
        "pandas": job.pandas_,
    }
    runs = {name: run for name, run in runs.items() if name not in without}
    expected = job.expected()
    same = {name: bool(np.array_equal(as_codes(run()), expected)) for name, run in runs.items()}
    score = job.base.columns["profit"]
    runs["reading the scores once"] = lambda: over_chunks(lambda rows: score[rows].sum(), len(score))
    seconds: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(repeats):
        for name, run in runs.items():
            started = time.perf_counter()
            run()
            seconds[name].append(time.perf_counter() - started)
    ours = seconds["custgrade"]
    return {
        name: {
            "seconds": statistics.median(taken),
            "times custgrade": statistics.median(other / one for one, other in zip(ours, taken, strict=True)),
            "same classes as a sort": same.get(name),
        }
        for name, taken in seconds.items()
    }


def main() -> None:
    """Run both jobs on both kinds of scores, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--customers", type=lambda text: int(float(text)), default=10_000_000)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--without", action="append", default=[], choices=["Polars", "DuckDB", "NumPy", "pandas"])
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    versions = {module.__name__: module.__version__ for module in (cg, pl, duckdb, np, pd)}
    shown = ", ".join(f"{name} {version}" for name, version in versions.items())
    print(f"{options.customers:,} customers, {os.cpu_count()} cores, Python {platform.python_version()}, {shown}\n")
    results: dict[str, Any] = {"customers": options.customers, "cores": os.cpu_count(), "versions": versions}
    print("| job | scores | who | ns a customer | times custgrade | same classes |")
    print("|---|---|---|---:|---:|---|")
    for kind in ("continuous", "hard"):
        columns = data(options.customers, kind == "hard")
        for job in (OneAxis, Nested):
            found = measure(job(columns), options.repeats, options.without)
            results[f"{job.name}, {kind}"] = found
            for name, one in found.items():
                each, same = 1e9 * one["seconds"] / options.customers, one["same classes as a sort"]
                verdict = {True: "yes", False: "NO", None: ""}[same]
                print(f"| {job.name} | {kind} | {name} | {each:.2f} | {one['times custgrade']:.2f} | {verdict} |")
    if options.json:
        options.json.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

"""The whole job: a Parquet file of customers in, the same file with grades out, against the best by hand.

    python benchmarks/whole_job.py [--customers 10_000_000] [--repeats 5] [--scorer abcde|matrix3x3] [--json FILE]

The file is that of `custgrade synth` (33 columns, zstd, seed 1); it is made first if it isn't there. Five classes by
profit (or three by revenue, and three by profit in each) are added as the five (or seven) columns that custgrade
writes, with the same codec. In the first turn the grades of all are compared. Each run is a process of its own, which
times the job without its imports, and takes turns with the others. Rows of the table are medians; ratios are taken
turn by turn.

- custgrade: `grade_file`, which also checks every field's bounds, and that no id occurs twice
- Polars: `scan_parquet`, `quantile(…, "nearest")` at exact ranks, `when` and `then`, `sink_parquet`
- DuckDB: `quantile_disc`, `CASE`, `COPY … TO`
- copy: the file through DuckDB, `COPY (SELECT * FROM read_parquet(…)) TO …`, as a limit of the machine
- bytes: the file read once

Ties are placed as `ties="better"` does, which is easiest by hand.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from fractions import Fraction
from itertools import accumulate
from pathlib import Path
from typing import Any

SHARES = ("0.05", "0.15", "0.3", "0.3", "0.2")
FIVE = tuple(accumulate(map(Fraction, SHARES)))[:-1]
THIRDS = (Fraction(1, 3), Fraction(2, 3))
LEVELS = ("High", "Mid", "Low")
SIZES = ("Large", "Medium", "Small")
CONTESTANTS = ("custgrade", "Polars", "DuckDB", "copy", "bytes")


def places(known: int, shares: tuple[Fraction, ...]) -> list[int]:
    """Where the ranks are among `known` values in rising order, counted from 0."""
    return [known - math.ceil(share * known) for share in shares]


def by_custgrade(source: str, out: str, scorer: str) -> None:
    """By this library."""
    import custgrade as cg

    if scorer == "abcde":
        chosen = cg.scorer("abcde", shares=list(SHARES), ties="better")
    else:
        even = ["1/3", "1/3", "1/3"]
        chosen = cg.scorer("matrix3x3", profitability="profit", size_at=even, level_at=even, ties="better")
    cg.grade_file(source, chosen, out)


def by_polars(source: str, out: str, scorer: str) -> None:
    """By quantiles and comparisons."""
    import polars as pl

    frame = pl.scan_parquet(source)
    profit, revenue = pl.col("profit"), pl.col("revenue")

    def edges(data: Any, score: Any, shares: tuple[Fraction, ...], known: int) -> tuple[float, ...]:
        at = [score.quantile(k / max(1, known - 1), "nearest").alias(str(k)) for k in places(known, shares)]
        found: tuple[float, ...] = data.select(at).collect().row(0)
        return found

    def named(score: Any, best_first: tuple[float, ...], names: tuple[str, ...]) -> Any:
        chosen: Any = pl.when(score.is_null()).then(pl.lit(None, dtype=pl.String))
        for edge, name in zip(best_first, names, strict=False):
            chosen = chosen.when(score >= edge).then(pl.lit(name))
        return chosen.otherwise(pl.lit(names[-1]))

    if scorer == "abcde":
        known = frame.select(profit.count()).collect().item()
        grade = named(profit, edges(frame, profit, FIVE, known), tuple("ABCDE"))
        columns = {"grade": grade, "grade_grade": grade, "grade_score": profit}
    else:
        small = frame.select(revenue, profit).collect()
        cuts = edges(small.lazy(), revenue, THIRDS, small["revenue"].count())
        sized = small.select(profit, size=named(revenue, cuts, SIZES))
        level: Any = pl.when(False).then(pl.lit(None, dtype=pl.String))
        for size in SIZES:
            within = sized.filter(pl.col("size") == size)
            part = named(profit, edges(within.lazy(), profit, THIRDS, within["profit"].count()), LEVELS)
            level = level.when(named(revenue, cuts, SIZES) == size).then(part)
        size_name = named(revenue, cuts, SIZES)
        columns = {"grade": pl.concat_str([size_name, level], separator="/"), "revenue_grade": size_name}
        columns |= {"revenue_score": revenue, "profitability_grade": level, "profitability_score": profit}
    # the fifth class needs a score; everybody has one here
    added = {**columns, "status": pl.lit("graded"), "reason": pl.lit(None, dtype=pl.String)}
    frame.with_columns(**added).sink_parquet(out, compression="zstd", compression_level=3)


def by_duckdb(source: str, out: str, scorer: str) -> None:
    """By quantiles and CASE."""
    import duckdb

    connection = duckdb.connect()
    connection.execute("SET enable_progress_bar = false")
    file = f"read_parquet('{source}')"

    def edges(table: str, score: str, shares: tuple[Fraction, ...], where: str = "true") -> list[float]:
        (known,) = connection.execute(f"SELECT count({score}) FROM {table} WHERE {where}").fetchone()
        at = [(k + 0.5) / known for k in places(known, shares)]
        query = f"SELECT quantile_disc({score}, {at}) FROM {table} WHERE {where}"
        (found,) = connection.execute(query).fetchone()
        return list(found)

    def named(score: str, best_first: list[float], names: tuple[str, ...]) -> str:
        pairs = zip(best_first, names, strict=False)
        cases = " ".join(f"WHEN {score} >= {edge!r} THEN '{name}'" for edge, name in pairs)
        return f"CASE {cases} ELSE '{names[-1]}' END"

    if scorer == "abcde":
        grade = named("profit", edges(file, "profit", FIVE), tuple("ABCDE"))
        added = f"{grade} AS grade, {grade} AS grade_grade, profit AS grade_score"
    else:
        size = named("revenue", edges(file, "revenue", THIRDS), SIZES)
        connection.execute(f"CREATE TABLE sized AS SELECT profit, {size} AS size FROM {file}")
        within = {name: edges("sized", "profit", THIRDS, f"size = '{name}'") for name in SIZES}
        parts = [f"WHEN '{name}' THEN {named('profit', found, LEVELS)}" for name, found in within.items()]
        level = f"CASE {size} {' '.join(parts)} END"
        added = (
            f"{size} || '/' || {level} AS grade, {size} AS revenue_grade, revenue AS revenue_score, "
            f"{level} AS profitability_grade, profit AS profitability_score"
        )
    query = f"SELECT *, {added}, 'graded' AS status, NULL::VARCHAR AS reason FROM {file}"
    connection.execute(f"COPY ({query}) TO '{out}' (FORMAT parquet, COMPRESSION zstd)")


def by_copying(source: str, out: str, scorer: str) -> None:
    """The file as it is."""
    import duckdb

    connection = duckdb.connect()
    connection.execute("SET enable_progress_bar = false")
    connection.execute(f"COPY (SELECT * FROM read_parquet('{source}')) TO '{out}' (FORMAT parquet, COMPRESSION zstd)")


def by_reading(source: str, out: str, scorer: str) -> None:
    """The bytes of the file, once."""
    room = bytearray(1 << 20)
    with Path(source).open("rb", buffering=0) as file:
        while file.readinto(room):
            pass


RUNS = dict(zip(CONTESTANTS, (by_custgrade, by_polars, by_duckdb, by_copying, by_reading), strict=True))


def child(options: argparse.Namespace) -> None:
    """Run one contestant, and print the seconds and the peak memory."""
    for module in {"custgrade": ("custgrade.large_files", "duckdb"), "Polars": ("polars",)}.get(
        options.run, ("duckdb",)
    ):
        __import__(module)
    begun = time.perf_counter()
    RUNS[options.run](str(options.file), options.out, options.scorer)
    seconds = time.perf_counter() - begun
    print(json.dumps({"seconds": seconds, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}))


def measured(name: str, file: Path, out: str, scorer: str) -> dict[str, float]:
    """Seconds and bytes of a run in a process of its own."""
    arguments = ["--run", name, "--file", str(file), "--out", out, "--scorer", scorer]
    done = subprocess.run([sys.executable, __file__, *arguments], capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def digest(out: str) -> Any:
    """What the grades of a written file come to, the rows in their order or not."""
    import duckdb

    connection = duckdb.connect()
    connection.execute("SET enable_progress_bar = false")
    hashes = ("customer_id, grade, grade_score, status, reason", "customer_id, revenue, trade, true_value")
    if "revenue_grade" in connection.execute(f"DESCRIBE FROM '{out}'").fetchnumpy()["column_name"]:
        hashes = ("customer_id, grade, revenue_grade, profitability_grade, profitability_score", hashes[1])
    sums = ", ".join(f"sum(hash({columns})::HUGEINT)" for columns in hashes)
    return connection.execute(f"SELECT count(*), {sums} FROM '{out}'").fetchone()


def main() -> None:
    """Run everybody in turns, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--customers", type=lambda text: int(float(text)), default=10_000_000)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--scorer", choices=["abcde", "matrix3x3"], default="abcde")
    parser.add_argument("--without", action="append", default=[], choices=CONTESTANTS[1:])
    parser.add_argument("--file", type=Path, help="the customers; made if it isn't there")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--run", choices=CONTESTANTS, help=argparse.SUPPRESS)
    parser.add_argument("--out", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run:
        child(options)
        return
    import duckdb
    import polars as pl

    import custgrade as cg

    file = options.file or Path(tempfile.gettempdir()) / f"custgrade-synth-{options.customers}.parquet"
    if not file.exists():
        cg.synthetic(file, options.customers, seed=1)
    versions = {module.__name__: module.__version__ for module in (cg, pl, duckdb)}
    shown = ", ".join(f"{name} {version}" for name, version in versions.items())
    print(
        f"{options.customers:,} customers, {options.scorer}, {file.stat().st_size:,} bytes, {os.cpu_count()} cores, ",
        end="",
    )
    print(f"Python {platform.python_version()}, {shown}\n")
    names = [name for name in CONTESTANTS if name not in options.without]
    runs: dict[str, list[dict[str, float]]] = {name: [] for name in names}
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(dir=file.parent) as folder:
        out = str(Path(folder) / "out.parquet")
        for turn in range(options.repeats):
            for name in names:
                runs[name].append(measured(name, file, out, options.scorer))
                if turn == 0 and name in ("custgrade", "Polars", "DuckDB"):
                    found[name] = digest(out)
                Path(out).unlink(missing_ok=True)
    same = len(set(found.values())) == 1
    print("| who | seconds | peak MB | times custgrade | same grades |")
    print("|---|---:|---:|---:|---|")
    table: dict[str, Any] = {}
    for name in names:
        seconds, peak = (statistics.median(run[part] for run in runs[name]) for part in ("seconds", "peak"))
        ratio = statistics.median(
            other["seconds"] / one["seconds"] for one, other in zip(runs["custgrade"], runs[name], strict=True)
        )
        table[name] = {"seconds": seconds, "peak bytes": peak, "times custgrade": ratio, "digest": str(found.get(name))}
        verdict = "" if name not in found else "yes" if same else "NO"
        print(f"| {name} | {seconds:.2f} | {peak / 1e6:,.0f} | {ratio:.2f} | {verdict} |")
    if options.json:
        result = {"customers": options.customers, "scorer": options.scorer, "versions": versions, "runs": table}
        options.json.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

"""The ways from a Parquet file of customers to the same file with grades; `whole_job.py` runs and compares them.

    python benchmarks/whole_job_ways.py WAY FILE OUT abcde|matrix3x3

Prints the seconds that it took without the imports, and the peak memory.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Sequence
from fractions import Fraction
from importlib import import_module
from pathlib import Path
from typing import Any, Literal

from processes import give_way, peak_memory
from shares import FIVE, PARAMETERS, THIRDS, positions

CODEC: Literal["zstd"] = "zstd"
LETTERS = ("A", "B", "C", "D", "E")
SIZES = ("Large", "Medium", "Small")
LEVELS = ("High", "Mid", "Low")


def by_custgrade(source: str, out: str, scorer: str) -> None:
    """By this library."""
    import custgrade as cg

    cg.grade_file(source, cg.scorer(scorer, **PARAMETERS[scorer]), out)


def by_polars(source: str, out: str, scorer: str) -> None:
    """By quantiles and comparisons."""
    import polars as pl

    frame = pl.scan_parquet(source)
    profit, revenue = pl.col("profit"), pl.col("revenue")

    def edges(data: Any, score: str, cumulated: Sequence[Fraction]) -> tuple[float, ...]:
        known = data[score].count()
        at = [place / max(1, known - 1) for place in positions(known, cumulated)]
        quantiles = [pl.col(score).quantile(q, "nearest").alias(str(place)) for place, q in enumerate(at)]
        found: tuple[float, ...] = data.select(quantiles).row(0)
        return found

    def named(score: Any, best_first: tuple[float, ...], names: tuple[str, ...]) -> Any:
        chosen: Any = pl.when(score.is_null()).then(pl.lit(None, dtype=pl.String))
        for edge, name in zip(best_first, names, strict=False):
            chosen = chosen.when(score >= edge).then(pl.lit(name))
        return chosen.otherwise(pl.lit(names[-1]))

    if scorer == "abcde":
        grade = named(profit, edges(frame.select(profit).collect(), "profit", FIVE), LETTERS)
        columns = {"grade": grade, "score": profit}
    else:
        small = frame.select(revenue, profit).collect()
        size_name = named(revenue, edges(small, "revenue", THIRDS), SIZES)
        sized = small.select(profit, size=size_name)
        level: Any = pl.when(False).then(pl.lit(None, dtype=pl.String))
        for size in SIZES:
            within = sized.filter(pl.col("size") == size)
            level = level.when(size_name == size).then(named(profit, edges(within, "profit", THIRDS), LEVELS))
        columns = {"grade": pl.concat_str([size_name, level], separator="/"), "revenue_grade": size_name}
        columns |= {"revenue_score": revenue, "profitability_grade": level, "profitability_score": profit}
        columns["full_price_share"] = pl.when(revenue > 0).then(revenue / (revenue + pl.col("discount")))
    # the last class needs a score; everybody has one here
    added = {**columns, "status": pl.lit("graded"), "reason": pl.lit(None, dtype=pl.String)}
    frame.with_columns(**added).sink_parquet(out, compression=CODEC, compression_level=3)


def by_duckdb(source: str, out: str, scorer: str) -> None:
    """By quantiles and CASE."""
    import duckdb

    connection = duckdb.connect()
    connection.execute("SET enable_progress_bar = false")
    file = f"read_parquet('{source}')"

    def edges(table: str, score: str, cumulated: Sequence[Fraction], where: str = "true") -> list[float]:
        ((known,),) = connection.execute(f"SELECT count({score}) FROM {table} WHERE {where}").fetchall()
        at = [(place + 0.5) / known for place in positions(known, cumulated)]
        query = f"SELECT quantile_disc({score}, {at}) FROM {table} WHERE {where}"
        ((found,),) = connection.execute(query).fetchall()
        return list(found)

    def named(score: str, best_first: list[float], names: tuple[str, ...]) -> str:
        pairs = zip(best_first, names, strict=False)
        cases = " ".join(f"WHEN {score} >= {edge!r} THEN '{name}'" for edge, name in pairs)
        return f"CASE {cases} ELSE '{names[-1]}' END"

    if scorer == "abcde":
        grade = named("profit", edges(file, "profit", FIVE), LETTERS)
        added = f"{grade} AS grade, profit AS score"
    else:
        size = named("revenue", edges(file, "revenue", THIRDS), SIZES)
        connection.execute(f"CREATE TABLE sized AS SELECT profit, {size} AS size FROM {file}")
        within = {name: edges("sized", "profit", THIRDS, f"size = '{name}'") for name in SIZES}
        parts = [f"WHEN '{name}' THEN {named('profit', found, LEVELS)}" for name, found in within.items()]
        level = f"CASE {size} {' '.join(parts)} END"
        added = (
            f"{size} || '/' || {level} AS grade, {size} AS revenue_grade, revenue AS revenue_score, "
            f"{level} AS profitability_grade, profit AS profitability_score, "
            "CASE WHEN revenue > 0 THEN revenue / (revenue + discount) END AS full_price_share"
        )
    query = f"SELECT *, {added}, 'graded' AS status, NULL::VARCHAR AS reason FROM {file}"
    connection.execute(f"COPY ({query}) TO '{out}' (FORMAT parquet, COMPRESSION {CODEC})")


def by_copying(source: str, out: str, scorer: str) -> None:
    """The file as it is, through DuckDB."""
    import duckdb

    connection = duckdb.connect()
    connection.execute("SET enable_progress_bar = false")
    connection.execute(
        f"COPY (SELECT * FROM read_parquet('{source}')) TO '{out}' (FORMAT parquet, COMPRESSION {CODEC})"
    )


def by_reading(source: str, out: str, scorer: str) -> None:
    """The bytes of the file, once."""
    room = bytearray(1 << 20)
    with Path(source).open("rb", buffering=0) as file:
        while file.readinto(room):
            pass


Way = Callable[[str, str, str], None]

WAYS: dict[str, tuple[Way, tuple[str, ...]]] = {
    "custgrade": (by_custgrade, ("custgrade.grading.files", "duckdb")),
    "Polars": (by_polars, ("polars",)),
    "DuckDB": (by_duckdb, ("duckdb",)),
    "copy": (by_copying, ("duckdb",)),
    "bytes": (by_reading, ()),
}
"""Each with the modules that are imported before time is taken."""


def main(name: str, source: str, out: str, scorer: str) -> None:
    """Go one way, and print the seconds and the peak memory."""
    give_way()
    way, modules = WAYS[name]
    for module in modules:
        import_module(module)
    begun = time.perf_counter()
    way(source, out, scorer)
    print(json.dumps({"seconds": time.perf_counter() - begun, "peak bytes": peak_memory()}))


if __name__ == "__main__":
    main(*sys.argv[1:])

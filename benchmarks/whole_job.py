"""The whole job: a Parquet file of customers in, the same file with grades out, against the best by hand.

    python benchmarks/whole_job.py [--customers 1e7] [--repeats 5] [--scorer abcde|matrix3x3] [--json FILE]

The file is that of `custgrade synth` (33 columns, zstd, seed 1); it is made first if it isn't there. Five classes by
profit (or three by revenue, and three by profit in each) are added as the five (or eight) columns that custgrade
writes, with the same codec. In the first turn the grades, the names and types of all columns, and the codecs are
compared. Each run is a process of its own, which times the job without its imports, and takes turns with the others.
Rows of the table are medians; ratios are taken turn by turn.

- custgrade: `grade_file`, which also checks every field's bounds, and that no id occurs twice
- Polars: `scan_parquet`, `quantile(…, "nearest")` at exact ranks, `when` and `then`, `sink_parquet`
- DuckDB: `quantile_disc`, `CASE`, `COPY … TO`
- copy: the file through DuckDB, `COPY (SELECT * FROM read_parquet(…)) TO …`, as a limit of the machine
- bytes: the file read once

Ties are placed as `ties="better"` does, which is easiest by hand. Who takes more than `--limit` seconds, or more memory
than the machine has, is left out with a word about it.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from processes import FailedError, run_once
from reporting import amount, circumstances, machine, run_row, summed_up, table, versions, write_json
from whole_job_ways import CODEC, WAYS

HERE = Path(__file__).parent
SCORERS = ("abcde", "matrix3x3")
GRADING = ("custgrade", "Polars", "DuckDB")
LIBRARIES = ("custgrade", "polars", "duckdb")
RATIO = "times custgrade"
HEAD = ("who", "seconds", "peak MB", "times custgrade", "same file")


def digest(out: str) -> str:
    """Return what the grades, the schema and the codecs of a written file come to, its rows in any order."""
    import duckdb

    connection = duckdb.connect()
    connection.execute("SET enable_progress_bar = false")
    schema = connection.execute(f"SELECT column_name, column_type FROM (DESCRIBE FROM '{out}')").fetchall()
    graded = "customer_id, grade, score, status, reason"
    if "revenue_grade" in dict(schema):
        graded = "customer_id, grade, revenue_grade, profitability_grade, profitability_score, full_price_share"
    hashes = ", ".join(
        f"sum(hash({columns})::HUGEINT)" for columns in (graded, "customer_id, revenue, trade, true_value")
    )
    sums = connection.execute(f"SELECT count(*), {hashes} FROM '{out}'").fetchall()
    codecs = connection.execute(f"SELECT DISTINCT compression FROM parquet_metadata('{out}')").fetchall()
    return repr((sums, schema, codecs))


def measure(
    customers: int = 10_000_000,
    repeats: int = 5,
    scorer: str = "abcde",
    limit: float = 300.0,
    without: Sequence[str] = (),
    given: Path | None = None,
) -> dict[str, Any]:
    """Return what each took, all in turns; `given` is the file of customers, made if it isn't there."""
    import custgrade as cg

    file = given or Path(tempfile.gettempdir()) / f"custgrade-synth-{customers}.parquet"
    if not file.exists():
        cg.synthetic(file, customers, seed=1)
    found: dict[str, dict[str, Any]] = {name: {"runs": []} for name in WAYS if name not in without}
    digests = {}
    with tempfile.TemporaryDirectory(dir=file.parent) as folder:
        out = Path(folder) / "out.parquet"
        for turn in range(repeats):
            for name, one in found.items():
                if "failed" in one:
                    continue
                arguments = [str(HERE / "whole_job_ways.py"), name, str(file), str(out), scorer]
                try:
                    one["runs"].append(run_once(arguments, limit))
                    if turn == 0 and name in GRADING:
                        digests[name] = digest(str(out))
                except FailedError as error:
                    one["failed"] = str(error)
                out.unlink(missing_ok=True)
    summed_up(found, "custgrade", RATIO, repeats)
    for name, one in found.items():
        if "failed" not in one:
            one["same file"] = digests[name] == digests.get("custgrade") if name in digests else None
    bytes_read = file.stat().st_size
    return {"customers": customers, "scorer": scorer, "bytes": bytes_read, "codec": CODEC, "contestants": found}


def rows(result: dict[str, Any]) -> list[list[str]]:
    """Return the rows of a table."""
    return [run_row(name, one, RATIO, one.get("same file")) for name, one in result["contestants"].items()]


def main() -> None:
    """Run everybody in turns, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--customers", type=amount, default=10_000_000)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--scorer", choices=SCORERS, default=SCORERS[0])
    parser.add_argument("--limit", type=float, default=300.0, help="seconds that a single run may take")
    parser.add_argument(
        "--without", action="append", default=[], choices=[name for name in WAYS if name != "custgrade"]
    )
    parser.add_argument("--file", type=Path, help="the customers; made if it isn't there")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    result = measure(options.customers, options.repeats, options.scorer, options.limit, options.without, options.file)
    print(f"{options.customers:,} customers, {options.scorer}, {result['bytes']:,} bytes, {circumstances(LIBRARIES)}\n")
    print(table(HEAD, rows(result)))
    if options.json:
        write_json(options.json, {"machine": machine(), "versions": versions(LIBRARIES), **result})


if __name__ == "__main__":
    main()

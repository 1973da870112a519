"""Order lines become customers, against DuckDB running the same aggregates by hand.

    python benchmarks/orders.py [--lines 50_000_000] [--repeats 5] [--file FILE] [--json FILE]

The file is that of `custgrade synth --orders` (seed 1, 7.57 lines a customer); it is made first if it isn't there.
`read_orders` gives twelve fields as arrays. By hand the same twelve come from one query with a common table each for
sums, orders with their delay, and categories, which is the fastest way found (`count(DISTINCT …)` beside the sums takes
half as long again), joined, in the order of ids, fetched as arrays. By hand nothing is checked. In the first turn all
fields of all customers are compared. Each run is a process of its own; they take turns.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

FIELDS = (
    *("revenue", "profit", "cost_to_serve", "orders", "recency", "tenure"),
    *("days_late", "product_mix", "returns", "discount", "sales_hours", "service_hours"),
)
LINES_PER_CUSTOMER = 7.57


def by_custgrade(file: str) -> dict[str, Any]:
    """By this library."""
    import custgrade as cg

    return dict(cg.read_orders(file, as_of="2025-12-31").columns)


def by_hand(file: str) -> dict[str, Any]:
    """By DuckDB."""
    import duckdb

    end = "DATE '2025-12-31'"
    late = f"greatest(date_diff('day', due_date, coalesce(least(paid_date, {end}), {end})), 0)"
    items = ", ".join(f"coalesce({name}::DOUBLE, 'nan'::DOUBLE) AS {name}" for name in FIELDS)
    connection = duckdb.connect()
    connection.execute("SET enable_progress_bar = false")
    return connection.execute(f"""
        WITH lines AS (FROM read_parquet('{file}')),
        sums AS (
            SELECT customer_id, sum(revenue) AS revenue, sum(profit) AS profit, sum(cost_to_serve) AS cost_to_serve,
                sum(discount) AS discount, sum(sales_hours) AS sales_hours, sum(service_hours) AS service_hours,
                -coalesce(sum(revenue) FILTER (WHERE revenue < 0), 0) AS returns,
                date_diff('day', max(date), {end}) AS recency, date_diff('day', min(date), {end}) AS tenure
            FROM lines GROUP BY customer_id
        ),
        per_order AS (
            SELECT customer_id, max(CASE WHEN due_date IS NOT NULL THEN {late}::INTEGER END) AS late
            FROM lines GROUP BY customer_id, order_id
        ),
        counted AS (
            SELECT customer_id, count(*) AS orders, sum(late)::DOUBLE / count(late) AS days_late
            FROM per_order GROUP BY customer_id
        ),
        mixed AS (SELECT customer_id, count(DISTINCT category) AS product_mix FROM lines GROUP BY customer_id)
        SELECT {items} FROM sums JOIN counted USING (customer_id) JOIN mixed USING (customer_id) ORDER BY customer_id
    """).fetchnumpy()


RUNS = {"custgrade": by_custgrade, "DuckDB by hand": by_hand}


def child(options: argparse.Namespace) -> None:
    """Run one, and print seconds, peak memory, and what all fields come to."""
    for module in ("duckdb", "custgrade.ingest.orders"):
        __import__(module)
    import numpy as np

    begun = time.perf_counter()
    columns = RUNS[options.run](str(options.file))
    seconds = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    # customers come in one order, so a sum weighted with their places tells every difference
    place = np.arange(1, len(columns["revenue"]) + 1) % 9973
    told = {name: float(np.dot(np.nan_to_num(np.asarray(columns[name], dtype=np.float64)), place)) for name in FIELDS}
    print(json.dumps({"seconds": seconds, "peak": peak, "told": told}))


def measured(name: str, file: Path) -> dict[str, Any]:
    """What a run in a process of its own prints."""
    arguments = [sys.executable, __file__, "--run", name, "--file", str(file)]
    done = subprocess.run(arguments, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> None:
    """Run both in turns, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=lambda text: int(float(text)), default=50_000_000)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--file", type=Path, help="the order lines; made if it isn't there")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--run", choices=RUNS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run:
        child(options)
        return
    import duckdb

    import custgrade as cg

    file = options.file or Path(tempfile.gettempdir()) / f"custgrade-synth-orders-{options.lines}.parquet"
    if not file.exists():
        cg.synthetic(file, round(options.lines / LINES_PER_CUSTOMER), seed=1, kind="orders")
    ((lines,),) = duckdb.sql(f"SELECT sum(num_rows)::BIGINT FROM parquet_file_metadata('{file}')").fetchall()
    versions = {module.__name__: module.__version__ for module in (cg, duckdb)}
    shown = ", ".join(f"{name} {version}" for name, version in versions.items())
    print(f"{lines:,} order lines, {os.cpu_count()} cores, Python {platform.python_version()}, {shown}\n")
    runs: dict[str, list[dict[str, Any]]] = {name: [] for name in RUNS}
    for _ in range(options.repeats):
        for name in RUNS:
            runs[name].append(measured(name, file))
    same = all(run["told"] == runs["custgrade"][0]["told"] for some in runs.values() for run in some)
    print("| who | seconds | peak MB | times DuckDB by hand | same fields |")
    print("|---|---:|---:|---:|---|")
    table = {}
    for name, some in runs.items():
        seconds, peak = (statistics.median(run[part] for run in some) for part in ("seconds", "peak"))
        pairs = zip(some, runs["DuckDB by hand"], strict=True)
        ratio = statistics.median(one["seconds"] / hand["seconds"] for one, hand in pairs)
        table[name] = {"seconds": seconds, "peak bytes": peak, "times by hand": ratio}
        print(f"| {name} | {seconds:.2f} | {peak / 1e6:,.0f} | {ratio:.2f} | {'yes' if same else 'NO'} |")
    if options.json:
        result = {"lines": lines, "versions": versions, "runs": table, "same fields": same}
        options.json.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

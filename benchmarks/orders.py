"""Order lines become customers, against DuckDB running the same aggregates by hand.

    python benchmarks/orders.py [--lines 50_000_000] [--repeats 5] [--file FILE] [--json FILE]
    python benchmarks/orders.py --invoices [--lines 5.4e6] [--repeats 5] [--folder FOLDER] [--json FILE]

The file is that of `custgrade synth --orders` (seed 1, 7.57 lines a customer); it is made first if it isn't there.
`read_orders` gives twelve fields as arrays. By hand the same twelve come from one query with a common table each for
sums, orders with their delay, and categories, which is the fastest way found (`count(DISTINCT …)` beside the sums takes
half as long again), joined, in the order of ids, fetched as arrays. By hand nothing is checked. In the first turn all
fields of all customers are compared. Each run is a process of its own; they take turns.

`--invoices` reads an online shop's lines instead, as CSV and as Parquet; see `orders_invoices.py`.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path
from typing import Any

import orders_invoices
from processes import FailedError, give_way, peak_memory, run_once
from reporting import amount, circumstances, machine, run_row, summed_up, table, versions, write_json

FIELDS = (
    *("revenue", "profit", "cost_to_serve", "orders", "recency", "tenure"),
    *("days_late", "product_mix", "returns", "discount", "sales_hours", "service_hours"),
)
RATIO = "times by hand"
LINES = 50_000_000
LINES_PER_CUSTOMER = 7.57
LIBRARIES = ("custgrade", "duckdb")
HEAD = ("who", "seconds", "peak MB", "times DuckDB by hand", "same fields")


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


def child(name: str, file: Path) -> None:
    """Run one, and print seconds, peak memory, and what all fields come to."""
    give_way()
    for module in ("duckdb", "custgrade.ingest.lines.orders"):
        __import__(module)
    import numpy as np

    begun = time.perf_counter()
    columns = RUNS[name](str(file))
    found = {"seconds": time.perf_counter() - begun, "peak bytes": peak_memory()}
    # customers come in one order, so a sum weighted with their places tells every difference
    place = np.arange(1, len(columns["revenue"]) + 1) % 9973
    told = {name: float(np.dot(np.nan_to_num(np.asarray(columns[name], dtype=np.float64)), place)) for name in FIELDS}
    print(json.dumps({**found, "told": told}))


def measure(lines: int = LINES, repeats: int = 5, limit: float = 300.0, given: Path | None = None) -> dict[str, Any]:
    """Return what both took, in turns; `given` is the file of order lines, made if it isn't there."""
    import duckdb

    import custgrade as cg

    file = given or Path(tempfile.gettempdir()) / f"custgrade-synth-orders-{lines}.parquet"
    if not file.exists():
        cg.synthetic(file, round(lines / LINES_PER_CUSTOMER), seed=1, kind="orders")
    ((held,),) = duckdb.execute(f"SELECT sum(num_rows)::BIGINT FROM parquet_file_metadata('{file}')").fetchall()
    found: dict[str, dict[str, Any]] = {name: {"runs": []} for name in RUNS}
    for _ in range(repeats):
        for name, one in found.items():
            if "failed" not in one:
                try:
                    one["runs"].append(run_once([__file__, "--run", name, "--file", str(file)], limit))
                except FailedError as error:
                    one["failed"] = str(error)
    told = [run["told"] for one in found.values() for run in one["runs"]]
    summed_up(found, "DuckDB by hand", RATIO, repeats)
    return {"lines": held, "same fields": all(one == told[0] for one in told), "contestants": found}


def rows(result: dict[str, Any]) -> list[list[str]]:
    """Return the rows of a table."""
    return [run_row(name, one, RATIO, result["same fields"]) for name, one in result["contestants"].items()]


def main() -> None:
    """Run both in turns, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--invoices", action="store_true", help="an online shop's invoice lines, as CSV and Parquet")
    parser.add_argument("--lines", type=amount, help="by default 5e7, or 5.4e6 invoice lines")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--limit", type=float, default=300.0, help="seconds that a single run may take")
    parser.add_argument("--file", type=Path, help="the order lines; made if it isn't there")
    parser.add_argument("--folder", type=Path, help="where the files of invoice lines are, or are made")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--run", choices={**RUNS, **orders_invoices.RUNS}, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run:
        (orders_invoices.child if options.invoices else child)(options.run, options.file)
        return
    if options.invoices:
        lines = options.lines or orders_invoices.LINES
        result = orders_invoices.measure(lines, options.repeats, options.limit, options.folder)
        libraries, shown = orders_invoices.LIBRARIES, table(orders_invoices.HEAD, orders_invoices.rows(result), texts=2)
    else:
        result = measure(options.lines or LINES, options.repeats, options.limit, options.file)
        libraries, shown = LIBRARIES, table(HEAD, rows(result))
    print(f"{result['lines']:,} order lines, {circumstances(libraries)}\n")
    print(shown)
    if options.json:
        write_json(options.json, {"machine": machine(), "versions": versions(libraries), **result})


if __name__ == "__main__":
    main()

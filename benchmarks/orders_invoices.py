"""An online shop's invoice lines become customers, against a DuckDB script and a pandas script that check nothing.

    python benchmarks/orders.py --invoices [--lines 5.4e6] [--repeats 5] [--folder FOLDER] [--json FILE]

The lines are those of `invoice_lines.py`, as CSV and as Parquet; the files are made first if they aren't there. Every
program gives each customer's revenue (quantity × price), returns, orders that aren't only returns, recency and tenure,
in the order of ids, as arrays. Lines without a customer are left out. The scripts are the fastest that were found, and
trust the types that their readers recognise. All fields of all customers are compared in each turn. Each run is a
process of its own; they take turns. The clock starts after the imports.
"""

from __future__ import annotations

import json
import math
import tempfile
import time
from pathlib import Path
from typing import Any

import invoice_lines
from processes import FailedError, give_way, peak_memory, run_once
from reporting import median_ratio, summed_up, yes_or_no

FIELDS = ("revenue", "returns", "orders", "recency", "tenure")
COLUMNS = {
    "customer_id": "Customer ID",
    "date": "InvoiceDate",
    "order_id": "Invoice",
    "quantity": "Quantity",
    "unit_price": "Price",
}
LINES = 5_400_000
LINES_PER_COPY = 540_000
FORMS = ("csv", "parquet")
RATIO, CPU_RATIO = "times DuckDB", "CPU times DuckDB"
LIBRARIES = ("custgrade", "duckdb", "pandas", "pyarrow")
HEAD = ("file", "who", "seconds", "CPU seconds", "peak MB", "times DuckDB", "CPU times DuckDB", "same fields")


def by_custgrade(file: str) -> dict[str, Any]:
    """By this library."""
    import custgrade as cg

    return dict(cg.read_orders(file, COLUMNS).columns)


def by_duckdb(file: str) -> dict[str, Any]:
    """By DuckDB."""
    import duckdb

    connection = duckdb.connect()
    connection.execute("SET enable_progress_bar = false")
    return connection.execute(f"""
        WITH lines AS (
            SELECT "Customer ID" AS id, Invoice, Quantity * Price AS revenue, InvoiceDate::TIMESTAMP::DATE AS day
            FROM '{file}' WHERE "Customer ID" IS NOT NULL
        ),
        customers AS MATERIALIZED (
            SELECT id, sum(revenue)::DOUBLE AS revenue, count(DISTINCT Invoice) FILTER (WHERE revenue >= 0) AS orders,
                coalesce(-sum(revenue) FILTER (WHERE revenue < 0), 0)::DOUBLE AS returns, max(day) AS newest,
                min(day) FILTER (WHERE revenue >= 0) AS first, max(day) FILTER (WHERE revenue >= 0) AS last
            FROM lines GROUP BY id
        )
        SELECT revenue, returns, orders, date_diff('day', last, (SELECT max(newest) FROM customers)) AS recency,
            date_diff('day', first, (SELECT max(newest) FROM customers)) AS tenure
        FROM customers ORDER BY id
    """).fetchnumpy()


def by_pandas(file: str) -> dict[str, Any]:
    """By pandas."""
    import pandas as pd

    wanted = list(COLUMNS.values())
    if file.endswith(".csv"):
        lines = pd.read_csv(file, usecols=wanted, dtype={"Invoice": "str"}, parse_dates=["InvoiceDate"])
    else:
        # other columns of decimals and text would hold Python objects
        lines = pd.read_parquet(file, columns=wanted, dtype_backend="pyarrow")
    lines = lines[lines["Customer ID"].notna()]
    revenue = (lines["Quantity"] * lines["Price"].astype("double[pyarrow]")).astype("float64")
    day = lines["InvoiceDate"].astype("datetime64[s]").dt.normalize()
    lines = lines[["Customer ID", "Invoice"]].assign(revenue=revenue, day=day)
    sales = lines[revenue >= 0].groupby("Customer ID")
    found = pd.DataFrame({"revenue": lines.groupby("Customer ID")["revenue"].sum()})
    found["returns"] = -lines[revenue < 0].groupby("Customer ID")["revenue"].sum()
    found["orders"] = sales["Invoice"].nunique()
    found["recency"] = (lines["day"].max() - sales["day"].max()).dt.days
    found["tenure"] = (lines["day"].max() - sales["day"].min()).dt.days
    found = found.fillna({"returns": 0, "orders": 0}).sort_index()
    return {name: found[name].to_numpy() for name in FIELDS}


RUNS = {"custgrade": by_custgrade, "DuckDB": by_duckdb, "pandas": by_pandas}


def child(name: str, file: Path) -> None:
    """Run one, and print seconds, CPU seconds, peak memory, and what all fields come to."""
    give_way()
    modules = {"custgrade": ("duckdb", "custgrade.ingest.lines.orders"), "pandas": ("pandas",)}
    for module in modules.get(name, ("duckdb",)):
        __import__(module)
    import numpy as np

    begun, used = time.perf_counter(), time.process_time()
    columns = RUNS[name](str(file))
    found = {"seconds": time.perf_counter() - begun, "CPU seconds": time.process_time() - used}
    found["peak bytes"] = peak_memory()
    # customers come in one order, so a sum weighted with their places tells every difference
    place = np.arange(1, len(columns["revenue"]) + 1) % 9973
    filled = {
        name: np.nan_to_num(np.ma.filled(np.ma.asarray(columns[name], dtype=np.float64), np.nan)) for name in FIELDS
    }
    print(json.dumps({**found, "told": {name: float(np.dot(one, place)) for name, one in filled.items()}}))


def same(told: list[dict[str, float]]) -> bool:
    """Return whether all fields agree; the scripts add up doubles, so that the last digits of money may differ."""
    return all(math.isclose(one[name], told[0][name], rel_tol=1e-9) for one in told for name in FIELDS)


def measure(lines: int = LINES, repeats: int = 5, limit: float = 300.0, folder: Path | None = None) -> dict[str, Any]:
    """Return what each program took for each form of file, in turns.

    lines: about how many, a multiple of 540,000. folder: where the files are, or are made.
    """
    copies = max(1, round(lines / LINES_PER_COPY))
    result: dict[str, Any] = {"lines": copies * LINES_PER_COPY, "forms": {}}
    for form in FORMS:
        file = (folder or Path(tempfile.gettempdir())) / f"custgrade-invoice-lines-{copies * LINES_PER_COPY}.{form}"
        if not file.exists():
            invoice_lines.write(file, LINES_PER_COPY, copies)
        found: dict[str, dict[str, Any]] = {name: {"runs": []} for name in RUNS}
        for _ in range(repeats):
            for name, one in found.items():
                if "failed" not in one:
                    one.update(_run(name, file, limit, one["runs"]))
        result["forms"][form] = _summed_up(found, repeats)
    return result


def _run(name: str, file: Path, limit: float, runs: list[dict[str, Any]]) -> dict[str, str]:
    """Add one run of a program, or return why it failed."""
    script = str(Path(__file__).with_name("orders.py"))
    try:
        runs.append(run_once([script, "--invoices", "--run", name, "--file", str(file)], limit))
    except FailedError as error:
        return {"failed": str(error)}
    return {}


def _summed_up(found: dict[str, dict[str, Any]], repeats: int) -> dict[str, Any]:
    """Return medians and ratios of the runs of one form of file, and whether all fields were the same."""
    agree = same([run["told"] for one in found.values() for run in one["runs"]])
    used = {name: [run["CPU seconds"] for run in one["runs"]] for name, one in found.items()}
    summed_up(found, "DuckDB", RATIO, repeats)
    for name, one in found.items():
        if "failed" not in one:
            one["CPU seconds"] = used[name]
            if len(used["DuckDB"]) == repeats:
                one[CPU_RATIO] = median_ratio(used[name], used["DuckDB"])
    return {"same fields": agree, "contestants": found}


def rows(result: dict[str, Any]) -> list[list[str]]:
    """Return the rows of a table."""
    table = []
    for form, told in result["forms"].items():
        for name, one in told["contestants"].items():
            if "failed" in one:
                table.append([form, name, one["failed"], "", "", "", "", ""])
                continue
            spent = sorted(one["CPU seconds"])[len(one["CPU seconds"]) // 2]
            ratios = [f"{one[key]:.2f}" if key in one else "" for key in (RATIO, CPU_RATIO)]
            numbers = [f"{one['median']:.2f}", f"{spent:.2f}", f"{one['peak bytes'] / 1e6:,.0f}"]
            table.append([form, name, *numbers, *ratios, yes_or_no(told["same fields"])])
    return table

"""Order lines as an online shop's till writes them, in the form of the UCI data set Online Retail II.

    python benchmarks/invoice_lines.py FILE.csv|FILE.parquet [--lines 540_000] [--copies 10] [--form iso|us]
    python benchmarks/invoice_lines.py FOLDER [--lines 540_000]

Columns: Invoice, StockCode, Description, Quantity, InvoiceDate, Price, Customer ID, Country. An invoice has eighteen
lines on average. Two invoices in a hundred cancel another: their number begins with C, their quantities are negative.
A fifth of the lines has no customer. --copies repeats all lines with other customers and invoices. A folder gets a CSV
file for each day with sales, 305 with the defaults. The lines depend on nothing but the options.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np
from reporting import amount

DAYS, OPEN_DAYS = 374, 305
"""The days from the first to the last sale, and the days with sales among them."""
LINES_PER_INVOICE = 18
FIRST_DAY = "2009-12-01"
COUNTRIES = ("United Kingdom", "EIRE", "Germany", "France", "Netherlands", "Spain")


def columns(lines: int, copies: int = 1) -> dict[str, Any]:
    """Return the columns, each an array of `lines` × `copies`."""
    chance = np.random.Generator(np.random.PCG64(7))
    invoice = np.sort(chance.integers(0, max(1, lines // LINES_PER_INVOICE), lines))
    count = int(invoice[-1]) + 1 if lines else 0
    open_days = np.sort(chance.choice(DAYS, OPEN_DAYS, replace=False))
    day = np.sort(open_days[chance.integers(0, OPEN_DAYS, count)])
    minute = chance.integers(7 * 60, 20 * 60, count)
    who = np.minimum(chance.geometric(1 / 1500, count), 4383) + 12346
    known, cancelled = chance.random(count) > 0.2, chance.random(count) < 0.02
    article, price = chance.geometric(1 / 700, lines), np.round(np.exp(chance.normal(0.8, 0.9, lines)), 2)
    quantity = np.maximum(1, np.round(np.exp(chance.normal(1.4, 1.1, lines)))).astype(np.int64)
    quantity = np.where(cancelled[invoice], -quantity, quantity)
    copy = np.repeat(np.arange(copies), lines)
    where = np.tile(np.arange(lines), copies)
    number = 489434 + invoice[where] + copy * count
    return {
        "number": number,
        "cancelled": cancelled[invoice][where],
        "article": article[where],
        "quantity": quantity[where],
        "minutes": (day * 1440 + minute)[invoice][where],
        "price": price[where],
        "customer": np.where(known[invoice][where], who[invoice][where] + copy * 5000, 0),
        "country": (who[invoice][where] % len(COUNTRIES)) * (who[invoice][where] % 10 == 0),
    }


def query(form: str = "iso") -> str:
    """Return SQL that writes the columns of the table `lines` as the till does; form: of the dates."""
    day = "strftime(sold_at, '%Y-%m-%d %H:%M:%S')" if form == "iso" else "strftime(sold_at, '%-m/%-d/%Y %-H:%M')"
    country = " ".join(f"WHEN {k} THEN '{name}'" for k, name in enumerate(COUNTRIES))
    return f"""
        SELECT CASE WHEN cancelled THEN 'C' ELSE '' END || number AS Invoice,
            CAST(20000 + article AS VARCHAR) AS StockCode,
            'ARTICLE ' || (20000 + article) || ' SET OF ' || (2 + article % 9) AS Description, quantity AS Quantity,
            {day} AS InvoiceDate, CAST(price AS DECIMAL(9,2)) AS Price,
            CASE WHEN customer > 0 THEN CAST(customer AS VARCHAR) END AS "Customer ID",
            CASE country {country} END AS Country
        FROM (SELECT *, TIMESTAMP '{FIRST_DAY}' + to_minutes(minutes) AS sold_at FROM lines)
    """


def write(target: Path, lines: int, copies: int = 1, form: str = "iso") -> None:
    """Write the lines to a CSV or Parquet file, or to a CSV file for each day in a folder."""
    import duckdb

    connection = duckdb.connect()
    connection.execute("SET enable_progress_bar = false")
    connection.register("lines", columns(lines, copies))
    if target.suffix == ".parquet":
        connection.execute(f"COPY ({query(form)}) TO '{target}' (FORMAT parquet)")
        return
    if target.suffix == ".csv":
        connection.execute(f"COPY ({query(form)}) TO '{target}' (HEADER)")
        return
    target.mkdir(exist_ok=True)
    connection.execute(f"CREATE TABLE written AS {query('iso')}")
    days = connection.execute("SELECT DISTINCT InvoiceDate[:10] AS day FROM written ORDER BY day").fetchall()
    for (day,) in days:
        connection.execute(f"COPY (FROM written WHERE InvoiceDate[:10] = '{day}') TO '{target / day}.csv' (HEADER)")


def main() -> None:
    """Write a file or a folder of lines."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("target", type=Path)
    parser.add_argument("--lines", type=amount, default=540_000)
    parser.add_argument("--copies", type=amount, default=1)
    parser.add_argument("--form", choices=("iso", "us"), default="iso")
    options = parser.parse_args()
    write(options.target, options.lines, options.copies, options.form)


if __name__ == "__main__":
    main()

"""Scheme `matrix3x3`: three classes by revenue, and within each three by profit; two boundaries, then six.

Ties are placed as `ties="better"` does, which the peers find easiest; custgrade does the same here. Profitability is
the amount, and the codes of profitability are compared: they depend on all boundaries.

The peers find the two boundaries of revenue, then two of profit within each class. What else was tried with 10 million
customers, and how many times as long it took on continuous values:

- Polars: quantiles by `group_by`, and a join, 2
- DuckDB: a join with the boundaries of each class instead of CASE 1.5
- NumPy: a mask for each class instead of edges looked up by class 1.3
- pandas: writing the codes of each class into a selection 2 to 3, with 2 million; `rank` within `groupby` over 10
"""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from customers import UNKNOWN, Codes, Customers
from shares import PARAMETERS, THIRDS, positions

import custgrade as cg
from schemes.boundaries import (
    Find,
    duckdb_quantiles,
    numpy_below,
    numpy_partition,
    numpy_sort,
    pandas_below,
    pandas_quantiles,
    polars_below,
    polars_column,
    polars_quantiles,
    polars_sort,
)
from schemes.openretailscience import segmented
from schemes.scheme import Scheme, by_sorting, in_chunks, sql_below

SIZES = range(3)


def expected(customers: Customers) -> Codes:
    """By sorting."""
    revenue, profit = customers.arrays["revenue"], customers.arrays["profit"]
    size = by_sorting(revenue, THIRDS)
    codes = np.full(len(size), UNKNOWN, dtype=np.uint8)
    for part in SIZES:
        codes[size == part] = by_sorting(profit[size == part], THIRDS)
    return codes


def _polars(customers: Customers, find: Find) -> Any:
    sized = customers.polars.select(
        "profit", size=polars_below(pl.col("revenue"), find(customers.polars, "revenue", THIRDS))
    )
    size = pl.col("size")
    codes: Any = pl.when(False).then(pl.lit(None, dtype=pl.UInt8))
    for part in SIZES:
        boundaries = find(sized.select(pl.col("profit").filter(size == part)), "profit", THIRDS)
        codes = codes.when(size == part).then(polars_below(pl.col("profit"), boundaries))
    return polars_column(sized, codes)


def duckdb(customers: Customers) -> Any:
    """By quantiles, those within classes in one query, and comparisons in a CASE."""
    size = sql_below("revenue", duckdb_quantiles(customers.duckdb, "revenue", THIRDS))
    sized = f"(SELECT profit, {size} AS size FROM customers)"
    counts = dict(customers.duckdb.execute(f"SELECT size, count(profit) FROM {sized} GROUP BY size").fetchall())
    parts = {
        part: [(at + 0.5) / counts[part] for at in positions(counts[part], THIRDS)]
        for part in counts
        if part in SIZES and counts[part]
    }
    selected = ", ".join(f"quantile_disc(profit, {at}) FILTER (size = {part})" for part, at in parts.items())
    (found,) = customers.duckdb.execute(f"SELECT {selected} FROM {sized}").fetchall()
    cases = " ".join(
        f"WHEN {part} THEN {sql_below('profit', boundaries)}" for part, boundaries in zip(parts, found, strict=True)
    )
    return customers.duckdb.execute(f"SELECT CASE size {cases} END AS code FROM {sized}").fetchnumpy()["code"]


def _numpy(customers: Customers, find: Any) -> Codes:
    revenue, profit = customers.arrays["revenue"], customers.arrays["profit"]
    at = find(revenue, THIRDS)
    size = in_chunks(lambda rows: numpy_below(revenue[rows], at), len(revenue))
    # for those without a size, no profit is known
    edges = np.full((2, 256), np.nan)
    for part in SIZES:
        edges[:, part] = find(profit[size == part], THIRDS) or np.nan

    def codes(rows: slice) -> Codes:
        some, high, mid = profit[rows], *edges[:, size[rows]]
        found: Codes = (some < high).view(np.uint8) + (some < mid).view(np.uint8)
        found[np.isnan(some) | np.isnan(high)] = UNKNOWN
        return found

    return in_chunks(codes, len(profit))


def _pandas(customers: Customers, selected: bool) -> Any:
    revenue, profit = customers.pandas["revenue"], customers.pandas["profit"]
    size = pandas_below(revenue, pandas_quantiles(revenue, THIRDS))
    codes = (profit.isna() | (size == UNKNOWN)).astype("uint8") * np.uint8(UNKNOWN)
    for part in SIZES:
        rows = size == part
        for boundary in pandas_quantiles(profit[rows] if selected else profit.where(rows), THIRDS):
            codes += (rows & (profit < boundary)).astype("uint8")
    return codes


def openretailscience(customers: Customers) -> Any:
    """By `ThresholdSegmentation` twice: the same grades only where no values tie and none is unknown."""
    table, known = customers.openretailscience, len(customers)
    sized = segmented(table, "revenue", THIRDS, [known]).table.select("customer_id", size="segment_name")
    # one threshold does for classes that differ by a customer
    joined = table.select("customer_id", "profit").join(sized, "customer_id")
    sizes = {known // 3, -(-known // 3)}
    return segmented(joined, "profit", THIRDS, sizes, "size").df.reset_index("size")["segment_name"]


MATRIX = Scheme(
    name="matrix3x3",
    columns=("revenue", "profit"),
    scorer=lambda: cg.scorer("matrix3x3", **PARAMETERS["matrix3x3"]),
    axis="profitability",
    expected=expected,
    idioms={
        "Polars": {
            "quantiles within filters, then when": lambda customers: _polars(customers, polars_quantiles),
            "sorts within filters, then when": lambda customers: _polars(customers, polars_sort),
        },
        "DuckDB": {"quantile_disc with FILTER, then CASE": duckdb},
        "NumPy": {
            "sorts within masks, then edges by class in chunks": lambda customers: _numpy(customers, numpy_sort),
            "partitions within masks, then edges by class in chunks": lambda customers: _numpy(
                customers, numpy_partition
            ),
        },
        "pandas": {
            "quantiles of selections, then comparisons": lambda customers: _pandas(customers, True),
            "quantiles where of a class, then comparisons": lambda customers: _pandas(customers, False),
        },
        "openretailscience": {"ThresholdSegmentation, twice": openretailscience},
    },
)

"""Scheme `abcde`: five classes by shares of heads, four boundaries in one field.

Ties are placed as `ties="better"` does, which the peers find easiest; custgrade does the same here.

Each peer finds the four boundaries and compares all scores with them. What else was tried with 10 million customers,
and how many times as long it took on continuous values:

- Polars: one `quantile` of a list, which sorts, 3 to 4; `cut` 2 to 4; `rank` over 20
- DuckDB: CASE instead of a sum of comparisons, or fetching by Arrow, the same; an ordered subquery 2.5; `rank()` over a
  window 4.5
- NumPy: comparisons of whole columns, on one core, 1.4
- pandas: `cut` 1.8; `sort_values` 9; `rank` 15
"""

from __future__ import annotations

from typing import Any

import polars as pl
from customers import Codes, Customers
from shares import FIVE, PARAMETERS

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
from schemes.openretailscience import segments
from schemes.scheme import Scheme, by_sorting, in_chunks, sql_below


def expected(customers: Customers) -> Codes:
    """By sorting."""
    return by_sorting(customers.arrays["profit"], FIVE)


def _polars(customers: Customers, find: Find) -> Any:
    boundaries = find(customers.polars, "profit", FIVE)
    return polars_column(customers.polars, polars_below(pl.col("profit"), boundaries))


def duckdb(customers: Customers) -> Any:
    """By quantiles and comparisons."""
    compared = sql_below("profit", duckdb_quantiles(customers.duckdb, "profit", FIVE))
    return customers.duckdb.execute(f"SELECT {compared} AS code FROM customers").fetchnumpy()["code"]


def _numpy(customers: Customers, find: Any) -> Codes:
    profit = customers.arrays["profit"]
    boundaries = find(profit, FIVE)
    return in_chunks(lambda rows: numpy_below(profit[rows], boundaries), len(profit))


def pandas(customers: Customers) -> Any:
    """By quantiles and comparisons."""
    profit = customers.pandas["profit"]
    return pandas_below(profit, pandas_quantiles(profit, FIVE))


def openretailscience(customers: Customers) -> Any:
    """By `ThresholdSegmentation`: the same grades only where no values tie and none is unknown."""
    return segments(customers.openretailscience, "profit", FIVE, len(customers))


ABCDE = Scheme(
    name="abcde",
    columns=("profit",),
    scorer=lambda: cg.scorer("abcde", **PARAMETERS["abcde"]),
    axis="grade",
    expected=expected,
    idioms={
        "Polars": {
            "a quantile each, then comparisons": lambda customers: _polars(customers, polars_quantiles),
            "one sort, then comparisons": lambda customers: _polars(customers, polars_sort),
        },
        "DuckDB": {"quantile_disc, then comparisons": duckdb},
        "NumPy": {
            "one sort, then comparisons in chunks": lambda customers: _numpy(customers, numpy_sort),
            "partition, then comparisons in chunks": lambda customers: _numpy(customers, numpy_partition),
        },
        "pandas": {"quantile, then comparisons": pandas},
        "openretailscience": {"ThresholdSegmentation": openretailscience},
    },
)

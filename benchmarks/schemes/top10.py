"""Scheme `top10`: the best tenth by profit of those with two orders or more; others have no grade and don't count.

Ties are placed as `ties="better"` does, which the peers find easiest; custgrade does the same here.

The peers find one boundary among those with enough orders, and compare all scores with it, by the idioms that proved
best for `abcde`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from customers import UNKNOWN, Codes, Customers
from shares import PARAMETERS, TENTH

import custgrade as cg
from schemes.boundaries import (
    Find,
    duckdb_quantiles,
    numpy_below,
    numpy_partition,
    numpy_sort,
    pandas_quantiles,
    polars_below,
    polars_column,
    polars_quantiles,
    polars_sort,
)
from schemes.openretailscience import segments
from schemes.scheme import Scheme, by_sorting, in_chunks, sql_below

ORDERS: int = PARAMETERS["top10"]["minimum_orders"]


def expected(customers: Customers) -> Codes:
    """By sorting."""
    profit, orders = customers.arrays["profit"], customers.arrays["orders"]
    return by_sorting(np.where(orders >= ORDERS, profit, np.nan), TENTH)


def _polars(customers: Customers, find: Find) -> Any:
    enough = pl.col("orders") >= ORDERS
    boundaries = find(customers.polars.select(pl.col("profit").filter(enough)), "profit", TENTH)
    codes = pl.when(enough).then(polars_below(pl.col("profit"), boundaries))
    return polars_column(customers.polars, codes)


def duckdb(customers: Customers) -> Any:
    """By a quantile of a selection, then a comparison."""
    chosen = f"(SELECT profit FROM customers WHERE orders >= {ORDERS})"
    compared = sql_below("profit", duckdb_quantiles(customers.duckdb, "profit", TENTH, chosen))
    query = f"SELECT CASE WHEN orders >= {ORDERS} THEN {compared} END AS code FROM customers"
    return customers.duckdb.execute(query).fetchnumpy()["code"]


def _numpy(customers: Customers, find: Any) -> Codes:
    profit, orders = customers.arrays["profit"], customers.arrays["orders"]
    boundaries = find(profit[orders >= ORDERS], TENTH)

    def codes(rows: slice) -> Codes:
        found = numpy_below(profit[rows], boundaries)
        found[~(orders[rows] >= ORDERS)] = UNKNOWN
        return found

    return in_chunks(codes, len(profit))


def pandas(customers: Customers) -> Any:
    """By a quantile of a selection, then a comparison."""
    profit, enough = customers.pandas["profit"], customers.pandas["orders"] >= ORDERS
    (boundary,) = pandas_quantiles(profit[enough], TENTH)
    codes = (profit < boundary).astype("uint8")
    codes[~enough | profit.isna()] = UNKNOWN
    return codes


def openretailscience(customers: Customers) -> Any:
    """By `ThresholdSegmentation` of a selection: the same grades only where no values tie and none is unknown."""
    chosen = customers.openretailscience.filter(customers.openretailscience.orders >= ORDERS)
    return segments(chosen, "profit", TENTH, chosen.count().execute())


TOP10 = Scheme(
    name="top10",
    columns=("profit", "orders"),
    scorer=lambda: cg.scorer("top10", **PARAMETERS["top10"]),
    axis="grade",
    expected=expected,
    idioms={
        "Polars": {
            "filter, quantile, then a comparison": lambda customers: _polars(customers, polars_quantiles),
            "filter, one sort, then a comparison": lambda customers: _polars(customers, polars_sort),
        },
        "DuckDB": {"quantile_disc, then a comparison": duckdb},
        "NumPy": {
            "mask, one sort, then a comparison in chunks": lambda customers: _numpy(customers, numpy_sort),
            "mask, partition, then a comparison in chunks": lambda customers: _numpy(customers, numpy_partition),
        },
        "pandas": {"mask, quantile, then a comparison": pandas},
        "openretailscience": {"filter, ThresholdSegmentation": openretailscience},
    },
)

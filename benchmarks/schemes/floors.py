"""Scheme `floors`: how many of four floors a customer misses, each the value that three quarters of them reach.

Sale size and margin are quotients, rounded by custgrade so that decimals stay on a floor they are on; the peers round
the floor only, and compare with the lowest quotient that rounds to it. The grade is given only where what is unknown
can't change it.

What else was tried with 3 million customers, and how many times as long it took on continuous values: in DuckDB a query
for each field 1.1, and a temporary table of the quotients 1.15.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
from customers import UNKNOWN, Codes, Column, Customers
from shares import positions

import custgrade as cg
from schemes.boundaries import (
    Find,
    numpy_partition,
    numpy_sort,
    pandas_quantiles,
    polars_column,
    polars_quantiles,
    polars_sort,
)
from schemes.scheme import Scheme, in_chunks, one, sorted_known

REACHED_BY = (Fraction(3, 4),)
GRIDS = {"average_sale": 1e8, "margin": 1e10}
"""The grids that custgrade rounds quotients to."""
FIELDS = ("average_sale", "margin", "product_mix", "revenue")
QUOTIENTS = {"average_sale": ("revenue", "orders"), "margin": ("profit", "revenue")}


def rounded(quotient: Any, name: str) -> Any:
    """Return a quotient on its grid; large ones are left as they are."""
    grid = GRIDS[name]
    return np.where(np.abs(quotient) < 1e15 / grid, np.floor(quotient * grid + 0.5) / grid, quotient)


def edge(name: str, found: list[float]) -> float:
    """Return the lowest value that reaches a floor: for quotients, the lowest one that rounds to it."""
    (floor,) = found
    if name not in GRIDS or abs(floor) >= 1e15 / GRIDS[name]:
        return floor
    return float(rounded(floor, name)) - 0.5 / GRIDS[name]


def quotient(customers: Customers, name: str) -> Column:
    """Return a field as an array; a quotient is unknown where its divisor isn't above 0."""
    if name not in QUOTIENTS:
        return customers.arrays[name]
    upper, lower = (customers.arrays[part] for part in QUOTIENTS[name])

    def divided(rows: slice) -> Column:
        found: Column = np.full(len(upper[rows]), math.nan)
        return np.divide(upper[rows], lower[rows], out=found, where=lower[rows] > 0)

    return in_chunks(divided, len(customers), np.float64)


def grades(missed: npt.NDArray[np.uint8], unknown: npt.NDArray[np.uint8]) -> Codes:
    """Return the codes: none missed, one, or more; `UNKNOWN` where what isn't known could change it."""
    codes = np.minimum(missed, np.uint8(2))
    codes[(missed < 2) & (unknown > 0)] = UNKNOWN
    return codes


def expected(customers: Customers) -> Codes:
    """By sorting, and rounding everything."""
    missed, unknown = (np.zeros(len(customers), dtype=np.uint8) for _ in range(2))
    for name in FIELDS:
        values = quotient(customers, name)
        values = rounded(values, name) if name in GRIDS else values
        known = sorted_known(values)
        missed += values < known[positions(len(known), REACHED_BY)]
        unknown += np.isnan(values)
    return grades(missed, unknown)


def _polars(customers: Customers, find: Find) -> Any:
    divided = {
        name: pl.when(pl.col(lower) > 0).then(pl.col(upper) / pl.col(lower))
        for name, (upper, lower) in QUOTIENTS.items()
    }
    frame = customers.polars.select("product_mix", "revenue", **divided)
    edges = {name: edge(name, find(frame, name, REACHED_BY)) for name in FIELDS}
    missed = pl.sum_horizontal((pl.col(name) < edges[name]).cast(pl.UInt8) for name in FIELDS)
    unknown = pl.any_horizontal(pl.col(name).is_null() for name in FIELDS)
    codes = pl.when(missed >= 2).then(pl.lit(2, pl.UInt8)).when(~unknown).then(missed)
    return polars_column(frame, codes)


def duckdb(customers: Customers) -> Any:
    """By quantiles, and comparisons of quotients that are computed in each query."""
    connection = customers.duckdb
    divided = ", ".join(
        f"CASE WHEN {lower} > 0 THEN {upper} / {lower} END AS {name}" for name, (upper, lower) in QUOTIENTS.items()
    )
    table = f"(SELECT product_mix, revenue, {divided} FROM customers)"
    known = one(connection, f"SELECT {', '.join(f'count({name})' for name in FIELDS)} FROM {table}")
    at = [(positions(count, REACHED_BY)[0] + 0.5) / count for count in known]
    quantiles = ", ".join(f"quantile_disc({name}, {q})" for name, q in zip(FIELDS, at, strict=True))
    found = one(connection, f"SELECT {quantiles} FROM {table}")
    edges = [edge(name, [value]) for name, value in zip(FIELDS, found, strict=True)]
    compared = zip(FIELDS, edges, strict=True)
    missed = " + ".join(f"coalesce({name} < {value!r}, false)::UTINYINT" for name, value in compared)
    unknown = " OR ".join(f"{name} IS NULL" for name in FIELDS)
    counted = f"(SELECT {missed} AS missed, {unknown} AS unknown FROM {table})"
    code = "CASE WHEN missed >= 2 THEN 2::UTINYINT WHEN NOT unknown THEN missed END"
    return connection.execute(f"SELECT {code} AS code FROM {counted}").fetchnumpy()["code"]


def _numpy(customers: Customers, find: Any) -> Codes:
    values = {name: quotient(customers, name) for name in FIELDS}
    edges = {name: edge(name, find(values[name], REACHED_BY)) for name in FIELDS}

    def codes(rows: slice) -> Codes:
        chunk = {name: values[name][rows] for name in FIELDS}
        missed, unknown = (np.zeros(len(chunk["revenue"]), dtype=np.uint8) for _ in range(2))
        for name in FIELDS:
            missed += (chunk[name] < edges[name]).view(np.uint8)
            unknown |= np.isnan(chunk[name]).view(np.uint8)
        return grades(missed, unknown)

    return in_chunks(codes, len(customers))


def pandas(customers: Customers) -> Any:
    """By quantiles and comparisons."""
    frame = customers.pandas
    values: Mapping[str, Any] = {
        name: frame[QUOTIENTS[name][0]] / frame[QUOTIENTS[name][1]].where(frame[QUOTIENTS[name][1]] > 0)
        if name in QUOTIENTS
        else frame[name]
        for name in FIELDS
    }
    missed = sum(
        (values[name] < edge(name, pandas_quantiles(values[name], REACHED_BY))).astype("uint8") for name in FIELDS
    )
    unknown = sum(values[name].isna().astype("uint8") for name in FIELDS)
    codes = missed.clip(upper=2)
    codes[(missed < 2) & (unknown > 0)] = UNKNOWN
    return codes


FLOORS = Scheme(
    name="floors",
    columns=("revenue", "profit", "orders", "product_mix"),
    scorer=lambda: cg.scorer("floors"),
    axis="floors",
    expected=expected,
    idioms={
        "Polars": {
            "a quantile each, then comparisons": lambda customers: _polars(customers, polars_quantiles),
            "a sort each, then comparisons": lambda customers: _polars(customers, polars_sort),
        },
        "DuckDB": {"quantile_disc, then comparisons": duckdb},
        "NumPy": {
            "a sort each, then comparisons in chunks": lambda customers: _numpy(customers, numpy_sort),
            "a partition each, then comparisons in chunks": lambda customers: _numpy(customers, numpy_partition),
        },
        "pandas": {"a quantile each, then comparisons": pandas},
    },
)

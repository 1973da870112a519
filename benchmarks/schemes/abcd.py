"""Scheme `abcd`: a weighted mean of five criteria, over what is known of a customer, cut at 75, 50 and 25.

Profit earns 0 to 100 points by where it stands among all known profits: a cut into 101 equal shares, in which equal
profits are on the side where at least half of them are (`ties="mid"`). The other criteria are linear. As in custgrade,
points are multiplied with whole numbers, so that they stay exact; the peers save the division, and compare points with
the part of the known weight that a grade needs, less the half step of 1e-10 that custgrade rounds the score to.

What else was tried with 10 million customers, and how many times as long it took on continuous values:

- Polars: `cut` 1.1; `search_sorted` in the streaming engine 1.5; `rank` 8
- DuckDB: `rank()` and `count()` over windows 2; a sum of 100 comparisons instead of the search tree 1.8
- NumPy: whole columns, on one core, 1.6
- pandas: `sort_values` instead of quantiles 1.1; `rank` 1.5
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import reduce
from operator import add
from typing import Any

import numpy as np
import polars as pl
from customers import UNKNOWN, Codes, Column, Customers

import custgrade as cg
from schemes.percentiles import (
    CLASSES,
    counted_edges,
    edges_by_duckdb,
    edges_by_pandas,
    edges_of_sorted,
    sql_points,
)
from schemes.scheme import Scheme, in_chunks, sorted_known

LATEST = 60.0
POINT: Mapping[str, float] = {"enjoyable": 150.0, "challenges_us": 75.0, "cares_about_us": 150.0}
"""What a point of a rating counts, where one of profit counts 9 and a day less of delay 10."""
WEIGHT = {"profit": 900.0, "days_late": 600.0, "enjoyable": 600.0, "challenges_us": 300.0, "cares_about_us": 600.0}
LEAST = 1500.0
"""The weight that must be known: half of all."""
THRESHOLDS = (75.0, 50.0, 25.0)
PARTS = tuple((threshold - 0.5e-10) / 100.0 for threshold in THRESHOLDS)


def expected(customers: Customers) -> Codes:
    """By sorting, and the score as it is defined."""
    profit = customers.arrays["profit"]
    order = np.argsort(profit)
    known = int(np.count_nonzero(~np.isnan(profit)))
    order, ordered = order[:known], profit[order[:known]]
    starts = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
    equal = np.diff(np.append(starts, known))
    # the middle of each block of equal profits, as a rank from the best, rounded up
    middle = (2 * (known - starts) - equal + 1) // 2
    points = np.full(len(profit), math.nan)
    points[order] = np.repeat(CLASSES - 1 - (CLASSES * (middle - 1)) // known, equal)
    earned = {"profit": 9.0 * points, "days_late": 10.0 * (LATEST - np.minimum(customers.arrays["days_late"], LATEST))}
    earned |= {name: point * (customers.arrays[name] - 1.0) for name, point in POINT.items()}
    got = reduce(add, [np.nan_to_num(part) for part in earned.values()])
    weight = reduce(add, [WEIGHT[name] * ~np.isnan(part) for name, part in earned.items()])
    with np.errstate(invalid="ignore"):
        score = np.floor(got * 100.0 / weight * 1e10 + 0.5) / 1e10
    codes = np.zeros(len(score), dtype=np.uint8)
    for threshold in THRESHOLDS:
        codes += score < threshold
    codes[weight < LEAST] = UNKNOWN
    return codes


def _polars(customers: Customers, searched: bool) -> Any:
    frame, profit = customers.polars, pl.col("profit")
    edges = edges_of_sorted(frame["profit"].drop_nulls().sort().to_numpy())
    points: pl.Expr
    if searched:
        points = pl.when(profit.is_not_null()).then(pl.lit(pl.Series(edges)).search_sorted(profit, side="right"))
    else:
        compared = [(profit >= edge).cast(pl.UInt8) * pl.lit(count, pl.UInt8) for edge, count in counted_edges(edges)]
        points = reduce(add, compared)
    earned = {"profit": 9.0 * points, "days_late": 10.0 * (LATEST - pl.col("days_late").clip(upper_bound=LATEST))}
    earned |= {name: point * (pl.col(name) - 1.0) for name, point in POINT.items()}
    got = reduce(add, [part.fill_null(0.0) for part in earned.values()])
    weight = reduce(add, [pl.col(name).is_not_null().cast(pl.Float64) * WEIGHT[name] for name in earned])
    codes = reduce(add, [(pl.col("got") < pl.col("weight") * part).cast(pl.UInt8) for part in PARTS])
    query = frame.lazy().select(got=got, weight=weight).select(code=pl.when(pl.col("weight") >= LEAST).then(codes))
    # a search isn't faster in parts
    return query.collect(engine="in-memory" if searched else "streaming")["code"]


def duckdb(customers: Customers) -> Any:
    """By quantiles, a search tree of CASE, and sums with coalesce."""
    points = sql_points("profit", edges_by_duckdb(customers.duckdb, "profit"))
    earned = {
        "profit": f"9.0::DOUBLE * {points}",
        "days_late": f"10.0::DOUBLE * ({LATEST} - least(days_late, {LATEST}))",
    }
    earned |= {name: f"{point}::DOUBLE * ({name} - 1)" for name, point in POINT.items()}
    got = " + ".join(f"CASE WHEN {name} IS NULL THEN 0.0::DOUBLE ELSE {part} END" for name, part in earned.items())
    weight = " + ".join(f"CASE WHEN {name} IS NULL THEN 0.0::DOUBLE ELSE {WEIGHT[name]} END" for name in earned)
    codes = " + ".join(f"(got < weight * {part!r}::DOUBLE)::UTINYINT" for part in PARTS)
    return customers.duckdb.execute(f"""
        SELECT CASE WHEN weight >= {LEAST} THEN {codes} END AS code
        FROM (SELECT {got} AS got, {weight} AS weight FROM customers)
    """).fetchnumpy()["code"]


def _numpy(customers: Customers, searched: bool) -> Codes:
    arrays = customers.arrays
    edges = edges_of_sorted(sorted_known(arrays["profit"]))
    counted = counted_edges(edges)

    def points(profit: Column) -> Any:
        if searched:
            return np.searchsorted(edges, profit, side="right")
        found = np.zeros(len(profit), dtype=np.uint8)
        for edge, count in counted:
            reached = (profit >= edge).view(np.uint8)
            found += reached if count == 1 else reached * np.uint8(count)
        return found

    def codes(rows: slice) -> Codes:
        chunk = {name: values[rows] for name, values in arrays.items()}
        earned = {"profit": 9.0 * points(chunk["profit"])}
        earned["days_late"] = 10.0 * (LATEST - np.minimum(chunk["days_late"], LATEST))
        earned |= {name: point * (chunk[name] - 1.0) for name, point in POINT.items()}
        got, weight = np.zeros(len(chunk["profit"])), np.full(len(chunk["profit"]), sum(WEIGHT.values()))
        for name, part in earned.items():
            missing = np.isnan(chunk[name])
            if missing.any():
                part[missing] = 0.0
                weight[missing] -= WEIGHT[name]
            got += part
        found = np.zeros(len(got), dtype=np.uint8)
        for part in PARTS:
            found += (got < weight * part).view(np.uint8)
        found[weight < LEAST] = UNKNOWN
        return found

    return in_chunks(codes, len(customers))


def pandas(customers: Customers) -> Any:
    """By quantiles, searchsorted, and sums with fillna."""
    frame, profit = customers.pandas, customers.pandas["profit"]
    points = profit.copy()
    points[:] = np.searchsorted(edges_by_pandas(profit), profit, side="right")
    earned = {
        "profit": 9.0 * points.where(profit.notna()),
        "days_late": 10.0 * (LATEST - frame["days_late"].clip(upper=LATEST)),
    }
    earned |= {name: point * (frame[name] - 1.0) for name, point in POINT.items()}
    got = reduce(add, [part.fillna(0.0) for part in earned.values()])
    weight = reduce(add, [frame[name].notna() * WEIGHT[name] for name in earned])
    codes = reduce(add, [(got < weight * part).astype("uint8") for part in PARTS])
    codes[weight < LEAST] = UNKNOWN
    return codes


ABCD = Scheme(
    name="abcd",
    columns=tuple(WEIGHT),
    scorer=lambda: cg.scorer("abcd"),
    axis="grade",
    expected=expected,
    idioms={
        "Polars": {
            "one sort, search_sorted": lambda customers: _polars(customers, True),
            "one sort, comparisons": lambda customers: _polars(customers, False),
        },
        "DuckDB": {"quantile_disc, then a search tree of CASE": duckdb},
        "NumPy": {
            "one sort, searchsorted in chunks": lambda customers: _numpy(customers, True),
            "one sort, comparisons in chunks": lambda customers: _numpy(customers, False),
        },
        "pandas": {"quantile, searchsorted": pandas},
    },
)

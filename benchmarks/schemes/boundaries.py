"""Where shares of the customers end: the value at each rank, by the idioms of each library.

Ties are in the better class, as with `ties="better"`: it is what a rank's value gives by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from functools import reduce
from typing import Any

import numpy as np
import polars as pl
from customers import UNKNOWN, Codes, Column
from shares import positions

from schemes.scheme import one, sorted_known

Boundaries = list[float]
Cumulated = Sequence[Fraction]
Find = Callable[[Any, str, Cumulated], Boundaries]


def polars_quantiles(frame: Any, score: str, cumulated: Cumulated) -> Boundaries:
    """By an exact quantile each, which Polars selects without a sort, side by side."""
    known = frame[score].count()
    if not known:
        return []
    at = [place / max(1, known - 1) for place in positions(known, cumulated)]
    return list(frame.select(pl.col(score).quantile(q, "nearest").alias(str(k)) for k, q in enumerate(at)).row(0))


def polars_sort(frame: Any, score: str, cumulated: Cumulated) -> Boundaries:
    """By one sort."""
    ordered = frame[score].drop_nulls().sort()
    found: Boundaries = ordered.gather(positions(len(ordered), cumulated)).to_list() if len(ordered) else []
    return found


def polars_below(score: Any, boundaries: Iterable[float]) -> Any:
    """Return the expression of how many boundaries a score is below."""
    compared = [(score < boundary).cast(pl.UInt8) for boundary in boundaries]
    return reduce(lambda some, more: some + more, compared) if compared else pl.lit(None, dtype=pl.UInt8)


def polars_column(frame: Any, codes: Any) -> Any:
    """Return a column; the streaming engine works on it in parts, on all cores."""
    return frame.lazy().select(code=codes).collect(engine="streaming")["code"]


def numpy_sort(scores: Column, cumulated: Cumulated) -> Boundaries:
    """By one sort, which puts the unknown ones last, on the processor's vector unit where it has one."""
    known = sorted_known(scores)
    found: Boundaries = known[positions(len(known), cumulated)].tolist() if len(known) else []
    return found


def numpy_partition(scores: Column, cumulated: Cumulated) -> Boundaries:
    """By partition at the ranks."""
    known = scores[~np.isnan(scores)]
    at = positions(len(known), cumulated)
    found: Boundaries = np.partition(known, at)[at].tolist() if len(known) else []
    return found


def duckdb_quantiles(connection: Any, score: str, cumulated: Cumulated, table: str = "customers") -> Boundaries:
    """By exact quantiles, which DuckDB selects together."""
    (known,) = one(connection, f"SELECT count({score}) FROM {table}")
    if not known:
        return []
    at = [(place + 0.5) / known for place in positions(known, cumulated)]
    return list(one(connection, f"SELECT quantile_disc({score}, {at}) FROM {table}")[0])


def pandas_quantiles(scores: Any, cumulated: Cumulated) -> Boundaries:
    """By exact quantiles, which pandas selects together."""
    known = scores.count()
    if not known:
        return []
    at = [place / max(1, known - 1) for place in positions(known, cumulated)]
    found: Boundaries = scores.quantile(at, interpolation="nearest").tolist()
    return found


def pandas_below(scores: Any, boundaries: Iterable[float]) -> Any:
    """Return how many boundaries each score is below, `UNKNOWN` where it is unknown."""
    codes = reduce(lambda some, more: some + more, [(scores < boundary).astype("uint8") for boundary in boundaries])
    codes[scores.isna()] = UNKNOWN
    return codes


def numpy_below(scores: Column, boundaries: Iterable[float]) -> Codes:
    """Return how many boundaries each score of a chunk is below, `UNKNOWN` where it is unknown."""
    codes = np.isnan(scores).view(np.uint8) * np.uint8(UNKNOWN)
    for boundary in boundaries:
        codes += (scores < boundary).view(np.uint8)
    return codes

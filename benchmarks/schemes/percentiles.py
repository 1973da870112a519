"""Where a field's 100 percentile points begin: the edges that a value must reach for each, with ties in the middle.

With n known values, edge k is at rank R = ceil(k·n/101) from the best. Where equal values are at ranks a+1 to b, all of
them reach the edge if a + b ≤ 2R, and none of them otherwise: the edge is then the next number above.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from customers import Column

from schemes.scheme import one

CLASSES = 101


def ranks(known: int) -> list[int]:
    """Return the rank of each edge, counted from the best."""
    return [-(-place * known // CLASSES) for place in range(1, CLASSES)]


def edges_of_sorted(ordered: Column) -> Column:
    """Return the edges of values in rising order, rising."""
    known = len(ordered)
    at = np.array(ranks(known))
    values = ordered[known - at]
    above = known - np.searchsorted(ordered, values, side="right")
    through = known - np.searchsorted(ordered, values, side="left")
    edges: Column = np.where(above + through <= 2 * at, values, np.nextafter(values, math.inf))
    return edges[::-1]


def _settled(
    values: Sequence[float], known: int, equal: Mapping[float, int], above: Callable[[Any], Any]
) -> list[float]:
    """Return the rising edges from the values at the ranks, asking how many are above only where values tie."""
    tied = sorted(value for value in set(values) if equal[value] > 1)
    counts = dict(zip(tied, above(tied), strict=True))
    edges = []
    for value, rank in zip(values, ranks(known), strict=True):
        reached = value not in counts or 2 * counts[value] + equal[value] <= 2 * rank
        edges.append(value if reached else math.nextafter(value, math.inf))
    return edges[::-1]


def edges_by_duckdb(connection: Any, name: str) -> list[float]:
    """Return the edges from quantiles, which DuckDB selects together, and the counts of ties."""
    (known,) = one(connection, f"SELECT count({name}) FROM customers")
    at = [(known - rank + 0.5) / known for rank in ranks(known)]
    values = one(connection, f"SELECT quantile_disc({name}, {at}) FROM customers")[0]
    listed = ", ".join(map(repr, set(values)))
    counts = f"SELECT {name}, count(*) FROM customers WHERE {name} IN ({listed}) GROUP BY {name}"
    equal = dict(connection.execute(counts).fetchall())

    def above(tied: Iterable[float]) -> Any:
        filters = ", ".join(f"count(*) FILTER ({name} > {value!r})" for value in tied)
        return one(connection, f"SELECT {filters} FROM customers") if filters else ()

    return _settled(values, known, equal, above)


def edges_by_pandas(scores: Any) -> list[float]:
    """Return the edges from quantiles, which pandas selects together, and the counts of ties."""
    known = int(scores.count())
    at = [(known - rank) / max(1, known - 1) for rank in ranks(known)]
    values = scores.quantile(at, interpolation="nearest").tolist()
    equal = scores[scores.isin(set(values))].value_counts().to_dict()
    return _settled(values, known, equal, lambda tied: [int((scores > value).sum()) for value in tied])


def counted_edges(edges: Iterable[float]) -> list[tuple[float, int]]:
    """Return each different edge, and how many points it gives."""
    return sorted(Counter(map(float, edges)).items())


def sql_points(name: str, edges: Sequence[float]) -> str:
    """Return the points of a value as a search tree of CASE, which DuckDB takes through its rows best."""
    different = counted_edges(edges)
    points = [0, *np.cumsum([count for _, count in different]).tolist()]

    def tree(low: int, high: int) -> str:
        if low == high:
            return str(points[low])
        middle = (low + high) // 2
        reached, missed = tree(middle + 1, high), tree(low, middle)
        return f"CASE WHEN {name} >= {different[middle][0]!r} THEN {reached} ELSE {missed} END"

    return tree(0, len(different))

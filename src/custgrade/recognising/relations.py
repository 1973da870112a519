"""What holds between columns: orders that have one customer each, totals that are products, columns that agree."""

from __future__ import annotations

from custgrade.recognising.column_facts import NEARLY_ALL, ColumnFacts, Sample

_CENT = 0.011
"""Amounts that differ by at most a cent are equal."""
_FEW = 5


def each_has_one(sample: Sample, owner: ColumnFacts, value: ColumnFacts) -> bool:
    """Return whether nearly all values of one column have a single value of the other."""
    every, single = sample.query(
        f"SELECT count(*), count(*) FILTER (n <= 1) FROM (SELECT count(DISTINCT {value.sql}) AS n FROM {{table}} "
        f"WHERE trim({owner.sql}) <> '' GROUP BY {owner.sql})"
    )
    return bool(every and single >= NEARLY_ALL * every)


def equivalent(sample: Sample, one: ColumnFacts, other: ColumnFacts) -> bool:
    """Return whether two columns of ids divide the rows in the same way."""
    return (one.filled, one.distinct) == (other.filled, other.distinct) and all(
        sample.query(f"SELECT max(n) = 1 FROM (SELECT count(DISTINCT {b.sql}) AS n FROM {{table}} GROUP BY {a.sql})")
        == (True,)
        for a, b in ((one, other), (other, one))
    )


def equal(sample: Sample, one: ColumnFacts, other: ColumnFacts) -> bool:
    """Return whether two columns have the same cells, or the same amounts."""
    same = f"{one.sql} IS NOT DISTINCT FROM {other.sql}"
    if one.are_amounts and other.are_amounts:
        same = f"({same} OR abs({one.number} - {other.number}) <= {_CENT})"
    return sample.query(f"SELECT bool_and({same}) FROM {{table}}") == (True,)


def share_equal(sample: Sample, one: str, other: str, where: str = "true") -> float | None:
    """Return the share of rows on which two amounts are equal to a cent, None where fewer than three rows have both.

    one, other: SQL of numbers. where: an SQL condition on the rows.
    """
    every, same = sample.query(
        f"SELECT count(*), count(*) FILTER (abs(a - b) <= {_CENT} + 1e-9 * abs(a)) "
        f"FROM (SELECT {one} AS a, {other} AS b FROM {{table}} WHERE {where}) WHERE a IS NOT NULL AND b IS NOT NULL"
    )
    return same / every if every >= 3 else None


def repeats_per_order(sample: Sample, order: ColumnFacts, amount: ColumnFacts) -> bool:
    """Return whether all lines of an order have the same amount, in enough orders of several lines to say so."""
    orders, constant, amounts = sample.query(
        f"SELECT count(*), count(*) FILTER (n = 1), count(DISTINCT a) FROM (SELECT count(DISTINCT {amount.sql}) AS n, "
        f"min({amount.sql}) AS a FROM {{table}} WHERE trim({order.sql}) <> '' GROUP BY {order.sql} HAVING count(*) > 1)"
    )
    return bool(orders >= _FEW and constant >= NEARLY_ALL * orders and amounts >= 3)


def first_line_only(sample: Sample, order: ColumnFacts, amount: ColumnFacts) -> bool:
    """Return whether orders of several lines have the amount on one line only."""
    orders, single = sample.query(
        f"SELECT count(*), count(*) FILTER (n = 1) FROM (SELECT count(*) FILTER (trim({amount.sql}) <> '') AS n "
        f"FROM {{table}} WHERE trim({order.sql}) <> '' GROUP BY {order.sql} HAVING count(*) > 1)"
    )
    return bool(orders and single >= NEARLY_ALL * orders)

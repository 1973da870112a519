"""The largest rises and falls in money among the customers whose grade changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from attrs import field, frozen

from custgrade.comparing.alignment import Alignment
from custgrade.comparing.changes import Changes
from custgrade.data.base import CustomerBase
from custgrade.data.column_view import ColumnView
from custgrade.data.columns import FloatColumn
from custgrade.data.converters import tupled
from custgrade.data.field import Field
from custgrade.data.names import labelled
from custgrade.errors import ParameterError
from custgrade.model.grading_model import GradingModel

Rows = npt.NDArray[np.int64]

_USUAL = ("profit", "revenue")
"""The money that is compared if customers aren't graded by money."""


@frozen
class Mover:
    """A customer whose grade changed.

    label: name and id, or the id alone. before, after: a grade, `ungraded` or `absent`. change, cause: as in `Changes`.
    money_before, money_after: amounts in the bases' currency, NaN if the customer is absent or the value is unknown;
    with one base, both are the same.
    """

    customer_id: str
    label: str
    before: str
    after: str
    change: str
    cause: str
    money_before: float
    money_after: float


@frozen
class LargestMoves:
    """Customers whose grade changed, the largest amount of money first.

    measure: the money that is compared; None if the bases have none. Customers are then sorted by the number of grades
    that they moved.
    two_bases: whether two bases are compared. Rises and falls are then those in money, which is 0 for absent customers;
    with one base they are those of the grade.
    rises, falls, others: the customers; with one base, others are those whose grade is neither better nor worse.
    counts: the number of all rises, falls and others.
    """

    measure: Field | None
    two_bases: bool
    rises: tuple[Mover, ...] = field(converter=tupled)
    falls: tuple[Mover, ...] = field(converter=tupled)
    others: tuple[Mover, ...] = field(converter=tupled)
    counts: tuple[int, int, int] = (0, 0, 0)


def money_measure(model: GradingModel, bases: Sequence[CustomerBase]) -> Field | None:
    """Return the money field that customers are graded by, else profit, else revenue, the first that all bases have."""
    reads = [model.scorer.fields_read(model.scorer.scores[axis.name]) for axis in model.scorer.axes]
    names = [name for some in reads if len(some) == 1 for name in some]
    definitions = bases[0].fields
    for name in (*names, *_USUAL):
        if name in definitions and definitions[name].unit == "money" and all(name in base for base in bases):
            return definitions[name]
    return None


def largest_moves(
    customers: Alignment, changes: Changes, earlier: CustomerBase, later: CustomerBase, measure: Field | None, most: int
) -> LargestMoves:
    """Return the largest rises and falls among the customers whose grade changed, at most `most` of each.

    Raises ParameterError unless `most` is a whole number of at least 1.
    """
    if isinstance(most, bool) or not isinstance(most, int) or most < 1:
        raise ParameterError(f"most must be a whole number of at least 1; received {most!r}")
    moved = np.flatnonzero(changes.moved)
    then, now = customers.earlier_at(moved), customers.later_at(moved)
    two_bases = earlier is not later
    before, after = amounts(earlier, measure, then), amounts(later, measure, now)
    if measure is None:
        sizes = np.abs(changes.before[moved].astype(np.float64) - changes.after[moved])
    elif two_bases:
        sizes = np.where(now < 0, 0.0, after) - np.where(then < 0, 0.0, before)
    else:
        sizes = after
    kinds = changes.change_codes[moved]
    if measure is not None and two_bases:
        groups = [sizes > 0.0, sizes < 0.0, np.zeros(len(moved), dtype=bool)]
        sizes = np.abs(sizes)
    else:
        groups = [np.isin(kinds, _codes(changes, names)) for names in (("up", "graded"), ("down", "lost"), ("aside",))]
    sizes = np.where(np.isnan(sizes), -np.inf, sizes)
    chosen = [some[_largest(sizes[some], most)] for some in map(np.flatnonzero, groups)]

    def movers(places: Rows) -> list[Mover]:
        ids = customers.find_ids(moved[places])
        names = {**earlier.names_of(ids), **later.names_of(ids)}
        return [
            Mover(
                identity,
                labelled(identity, names.get(identity, "")),
                changes.names_before[changes.before[moved[k]]],
                changes.names_after[changes.after[moved[k]]],
                changes.change_names[changes.change_codes[moved[k]]],
                changes.cause_names[changes.cause_codes[moved[k]]],
                float(before[k]),
                float(after[k]),
            )
            for k, identity in zip(places.tolist(), ids, strict=True)
        ]

    rises, falls, others = (movers(places) for places in chosen)
    counts = [int(np.count_nonzero(group)) for group in groups]
    return LargestMoves(measure, two_bases, rises, falls, others, (counts[0], counts[1], counts[2]))


def _codes(changes: Changes, names: Sequence[str]) -> list[int]:
    return [changes.change_names.index(name) for name in names]


def amounts(base: CustomerBase, measure: Field | None, rows: Rows) -> FloatColumn:
    """Return the amounts of customers at some positions, NaN at position −1 and without a measure."""
    found = np.full(len(rows), np.nan)
    there = rows >= 0
    if measure is not None and there.any():
        parts = (measure.name,) if measure.name in base.columns else measure.parts
        some: Any = ColumnView({name: base.columns[name][:][rows[there]] for name in parts}, base.fields)
        found[there] = some[measure.name]
    return found


def _largest(sizes: FloatColumn, most: int) -> Rows:
    """Return the positions of the largest sizes, largest first, in order among equals."""
    if len(sizes) > most:
        last = np.partition(sizes, len(sizes) - most)[len(sizes) - most]
        above = np.flatnonzero(sizes > last)
        chosen = np.concatenate([above, np.flatnonzero(sizes == last)[: most - len(above)]])
    else:
        chosen = np.arange(len(sizes))
    order: Rows = chosen[np.lexsort((chosen, -sizes[chosen]))]
    return order

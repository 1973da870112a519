"""Ways up in two fields, for customers without a way up in one field."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, permutations

import numpy as np
import numpy.typing as npt
from attrs import evolve, field, frozen

from custgrade.data.scale import UNGRADED
from custgrade.graph.partial import Rows
from custgrade.ways_up.declared_way import least_steps
from custgrade.ways_up.grid import Grid
from custgrade.ways_up.moving import FloatColumn, Moving

NO_FIELD = UNGRADED
"""The position of a field that stands for no pair."""
Places = npt.NDArray[np.int32]


@frozen(eq=False)
class Pairs:
    """Ways up in two fields, one entry per customer who has one.

    rows: the positions of the customers, int64 of shape (k,), ascending. places: the positions of the fields in
    `AxisWays.fields`, uint8 of shape (k, 2). to: the values to reach, float64 of shape (k, 2).
    reached: the whole grades reached, int32 of shape (k,), positions in `GradeScale.grades`.
    """

    rows: Rows = field(factory=lambda: np.empty(0, dtype=np.int64))
    places: npt.NDArray[np.uint8] = field(factory=lambda: np.empty((0, 2), dtype=np.uint8))
    to: FloatColumn = field(factory=lambda: np.empty((0, 2)))
    reached: Places = field(factory=lambda: np.empty(0, dtype=np.int32))

    def __len__(self) -> int:
        return len(self.rows)

    @classmethod
    def joined(cls, parts: Sequence[Pairs]) -> Pairs:
        """Return all pairs of some parts, in the order of their rows."""
        if not parts:
            return cls()
        names = ("rows", "places", "to", "reached")
        columns = [np.concatenate([getattr(one, name) for one in parts]) for name in names]
        order = np.argsort(columns[0], kind="stable")
        return cls(*(column[order] for column in columns))

    def at(self, rows: Rows) -> Pairs:
        """Return some of these pairs."""
        return Pairs(self.rows[rows], self.places[rows], self.to[rows], self.reached[rows])

    def moved_by(self, rows: Rows) -> Pairs:
        """Return these pairs with `rows[self.rows]` as the positions of their customers."""
        return evolve(self, rows=rows[self.rows])


@frozen(eq=False)
class Movable:
    """A field that an axis is declared to rise or fall with, its position in `AxisWays.fields`, and its grid."""

    name: str
    place: int
    grid: Grid


def pairs_on(moving: Moving, fields: Sequence[Movable], sums_up: bool) -> Pairs:
    """Return the pairs with which customers reach the needed score; `reached` isn't filled in.

    Each pair has the two fields with which the customer can gain most, or, if these don't suffice, the first two that
    do.

    moving: customers whose goal is a `Score` that they reach with no single field. sums_up: whether the score is a sum
    with a part for each field, so that no two fields gain more than the best two.
    """
    gains = np.stack([_gains(moving, one) for one in fields])
    has_room = gains != -np.inf
    most = np.where(np.isnan(gains), -np.inf, gains)
    first = np.argmax(most, axis=0)
    most[first, np.arange(len(moving))] = -np.inf
    second = np.argmax(most, axis=0)
    both = np.isfinite(gains).sum(axis=0) > 1
    found, paired = [], np.zeros(len(moving), dtype=bool)

    def look(one: int, other: int, who: npt.NDArray[np.bool_]) -> None:
        found.append(_pair(moving, fields[one], fields[other], np.flatnonzero(who)))
        paired[found[-1].rows] = True

    for one, other in permutations(range(len(fields)), 2):
        look(one, other, both & (first == one) & (second == other))
    others = np.isnan(gains).any(axis=0) if sums_up else ~paired
    if others.any():
        for one, other in combinations(range(len(fields)), 2):
            look(one, other, others & ~paired & has_room[one] & has_room[other])
    return Pairs.joined(found)


def _gains(moving: Moving, one: Movable) -> FloatColumn:
    """Return the gain in score at the bound of a field: −inf without room to move, NaN if unknown there."""
    gains = np.full(len(moving), -np.inf)
    rows = np.flatnonzero(one.grid.has_room(one.grid.behind(moving.values[one.name])))
    here = moving.at(rows)
    with np.errstate(invalid="ignore"):
        gains[rows] = here.moved(one.name, one.grid.furthest).score - here.score
    return gains


def _least(moving: Moving, one: Movable) -> FloatColumn:
    """Return the nearest values that reach the score, for customers who reach it at the bound."""
    steps, _ = least_steps(moving, one.name, one.grid, one.grid.behind(moving.values[one.name]))
    return one.grid.value(steps)


def _pair(moving: Moving, one: Movable, other: Movable, rows: Rows) -> Pairs:
    """Return the ways up in two fields of the customers `rows` who have one."""
    if not len(rows):
        return Pairs()
    here = moving.at(rows)
    beside = here.moved(one.name, one.grid.furthest)
    enough = np.flatnonzero(beside.moved(other.name, other.grid.furthest).reaches)
    rows, here, beside = rows[enough], here.at(enough), beside.at(enough)
    # the second field gets the smallest change that is enough with the first at its bound; then the first does
    less = _least(beside, other)
    more = _least(here.moved(other.name, less), one)
    places = np.tile(np.array([one.place, other.place], dtype=np.uint8), (len(rows), 1))
    return Pairs(rows, places, np.stack([more, less], axis=1), np.empty(len(rows), dtype=np.int32))

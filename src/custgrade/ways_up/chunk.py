"""The ways up of some customers on one axis: in each field alone, and in two where one isn't enough."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, permutations

import numpy as np
import numpy.typing as npt
from attrs import field, frozen

from custgrade.data.scale import UNGRADED
from custgrade.ways_up.grid import Grid
from custgrade.ways_up.moving import FloatColumn, Moving
from custgrade.ways_up.partial import Rows, taken

Reached = tuple[Rows, FloatColumn]
NO_FIELD = UNGRADED
"""The place of a field in a pair where there is no pair."""


@frozen(eq=False)
class Movable:
    """A field that can be moved, and its grid."""

    name: str
    grid: Grid

    @property
    def best(self) -> float:
        """The value at the bound."""
        return float(self.grid.value(np.array([self.grid.last]))[0])

    def least(self, moving: Moving) -> FloatColumn:
        """The values nearest to those they have that reach the next class, for who reaches it at the bound."""
        return self.grid.value(moving.least(self.name, self.grid, self.grid.behind(moving.value(self.name))))


@frozen(eq=False)
class Pairs:
    """Ways up in two fields: whose, the places of the fields (uint8), and the values to reach, each of shape (k, 2)."""

    rows: Rows = field(factory=lambda: np.empty(0, dtype=np.int64))
    places: npt.NDArray[np.uint8] = field(factory=lambda: np.empty((0, 2), dtype=np.uint8))
    to: FloatColumn = field(factory=lambda: np.empty((0, 2)))

    @classmethod
    def joined(cls, parts: Sequence[Pairs]) -> Pairs:
        """All of these."""
        if not parts:
            return cls()
        return cls(*(np.concatenate([getattr(one, name) for one in parts]) for name in ("rows", "places", "to")))


def ways_on(moving: Moving, fields: Sequence[Movable]) -> tuple[dict[str, Reached], Rows, FloatColumn]:
    """Return for whom each field alone is enough, and the values to reach; for whom none is, and their gains.

    Gains have the shape (fields, k): how much the score gains at the bound of a field; −inf where there is no room, NaN
    where the score isn't known there.
    """
    size = len(moving)
    found: dict[str, Reached] = {}
    alone = np.zeros(size, dtype=bool)
    gains = np.full((len(fields), size), -np.inf)
    for k, one in enumerate(fields):
        behind = one.grid.behind(moving.value(one.name))
        rows = np.flatnonzero(one.grid.has_room(behind))
        if not len(rows):
            continue
        here = moving.at(rows)
        furthest = here.moved(one.name, one.best)
        if len(fields) > 1:
            with np.errstate(invalid="ignore"):
                gains[k, rows] = furthest.score - here.score
        enough = np.flatnonzero(furthest.reaches)
        rows, here = taken(rows, enough), here.at(enough)
        reached = one.grid.value(here.least(one.name, one.grid, taken(behind, rows)))
        better = np.flatnonzero(here.are_better({one.name: reached}))
        rows, reached = taken(rows, better), taken(reached, better)
        found[one.name] = rows, reached
        alone[rows] = True
    left = np.flatnonzero(~alone)
    return found, left, gains[:, left]


def pairs_on(moving: Moving, fields: Sequence[Movable], gains: FloatColumn) -> Pairs:
    """The pairs of customers who have no way with one field; `gains` as `ways_on` gives them.

    They are the two with which a customer can gain most, or, where those aren't enough, the first two that are.
    """
    has_room = gains != -np.inf
    most = np.where(np.isnan(gains), -np.inf, gains)
    first = np.argmax(most, axis=0)
    most[first, np.arange(len(moving))] = -np.inf
    second = np.argmax(most, axis=0)
    both = np.isfinite(gains).sum(axis=0) > 1
    found, paired = [], np.zeros(len(moving), dtype=bool)

    def look(one: int, other: int, who: npt.NDArray[np.bool_]) -> None:
        found.append(_pair(moving, fields, one, other, np.flatnonzero(who)))
        paired[found[-1].rows] = True

    for one, other in permutations(range(len(fields)), 2):
        look(one, other, both & (first == one) & (second == other))
    others = np.isnan(gains).any(axis=0) if moving.axis.sums_up else ~paired
    if others.any():
        for one, other in combinations(range(len(fields)), 2):
            look(one, other, others & ~paired & has_room[one] & has_room[other])
    return Pairs.joined(found)


def _pair(moving: Moving, fields: Sequence[Movable], place: int, further: int, rows: Rows) -> Pairs:
    """Ways up in two fields of those who have one."""
    if not len(rows):
        return Pairs()
    one, other = fields[place], fields[further]
    here = moving.at(rows)
    beside = here.moved(one.name, one.best)
    enough = np.flatnonzero(beside.moved(other.name, other.best).reaches)
    rows, here, beside = rows[enough], here.at(enough), beside.at(enough)
    # the second as little as possible beside all of the first, and then the first as little as possible
    less = other.least(beside)
    more = one.least(here.moved(other.name, less))
    better = here.are_better({other.name: less, one.name: more})
    rows, to = rows[better], np.stack([more, less], axis=1)[better]
    return Pairs(rows, np.tile(np.array([place, further], dtype=np.uint8), (len(rows), 1)), to)

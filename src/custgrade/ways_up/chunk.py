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
from custgrade.ways_up.partial import Rows

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


def ways_on(moving: Moving, fields: Sequence[Movable]) -> tuple[dict[str, FloatColumn], Pairs]:
    """Return the values to reach with each field alone, NaN where it isn't enough; and the pairs where none is."""
    size = len(moving)
    found: dict[str, FloatColumn] = {}
    alone = np.zeros(size, dtype=bool)
    # of who has no room, −inf; of whose score isn't known at the bound, NaN
    gains = np.full((len(fields), size), -np.inf) if len(fields) > 1 else None
    for k, one in enumerate(fields):
        found[one.name] = np.full(size, np.nan)
        rows = np.flatnonzero(one.grid.has_room(one.grid.behind(moving.value(one.name))))
        if not len(rows):
            continue
        here = moving.at(rows)
        furthest = here.moved(one.name, one.best)
        if gains is not None:
            with np.errstate(invalid="ignore"):
                gains[k, rows] = furthest.score - moving.score[rows]
        enough = np.flatnonzero(furthest.reaches)
        rows, here = rows[enough], here.at(enough)
        reached = one.grid.value(here.least(one.name, one.grid))
        better = here.are_better({one.name: reached})
        found[one.name][rows[better]] = reached[better]
        alone[rows[better]] = True
    left = np.flatnonzero(~alone)
    return found, Pairs() if gains is None else _in_pairs(moving, fields, gains[:, left], left)


def _in_pairs(moving: Moving, fields: Sequence[Movable], gains: FloatColumn, left: Rows) -> Pairs:
    """The pairs of those who have no way with one field.

    They are the two with which a customer can gain most, or, where those aren't enough, the first two that are.
    """
    if not len(left):
        return Pairs()
    has_room = gains != -np.inf
    most = np.where(np.isnan(gains), -np.inf, gains)
    first = np.argmax(most, axis=0)
    most[first, np.arange(len(left))] = -np.inf
    second = np.argmax(most, axis=0)
    both = np.isfinite(gains).sum(axis=0) > 1
    found, paired = [], np.zeros(len(left), dtype=bool)

    def look(one: int, other: int, who: npt.NDArray[np.bool_]) -> None:
        at = np.flatnonzero(who)
        found.append(_pair(moving, fields, one, other, left[at]))
        paired[at] = np.isin(left[at], found[-1].rows)

    for one, other in permutations(range(len(fields)), 2):
        look(one, other, both & (first == one) & (second == other))
    if not moving.axis.sums_up or np.isnan(gains).any():
        for one, other in combinations(range(len(fields)), 2):
            look(one, other, ~paired & has_room[one] & has_room[other])
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
    less = other.grid.value(beside.least(other.name, other.grid))
    beside = here.moved(other.name, less)
    more = one.grid.value(beside.least(one.name, one.grid))
    better = here.are_better({other.name: less, one.name: more})
    rows, to = rows[better], np.stack([more, less], axis=1)[better]
    return Pairs(rows, np.tile(np.array([place, further], dtype=np.uint8), (len(rows), 1)), to)

"""The customers of two bases, aligned by id."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property, partial
from typing import Any

import numpy as np
import numpy.typing as npt
from attrs import frozen

from custgrade.data.base import CustomerBase
from custgrade.data.ids import Ids, id_column, positions

Codes = npt.NDArray[np.unsignedinteger[Any]]
Rows = npt.NDArray[np.int64]


@frozen(slots=False, eq=False)
class Alignment:
    """The customers of two bases, one entry each: the later base's customers, then those only in the earlier base.

    size: the number of customers. load_ids: returns all ids, shape (size,). find_ids: returns the ids at positions.
    earlier: each customer's position in the earlier base, −1 if absent, int64 of shape (size,); None if both bases hold
    the same customers in the same order. gone: the number of customers who are only in the earlier base.
    """

    size: int
    load_ids: Callable[[], Any]
    find_ids: Callable[[Rows], Sequence[str]]
    earlier: Rows | None = None
    gone: int = 0

    @classmethod
    def of(cls, earlier: CustomerBase, later: CustomerBase) -> Alignment:
        """Return the alignment of two bases by id."""
        if earlier is later or np.array_equal(earlier.ids, later.ids):
            return cls.of_ids(later.ids)
        rows = positions(later.ids, earlier.ids)
        only = np.ones(len(earlier), dtype=bool)
        only[rows[rows >= 0]] = False
        gone = np.flatnonzero(only)
        ids = np.concatenate([later.ids, earlier.ids[gone]])
        return cls.of_ids(ids, np.concatenate([rows, gone]), len(gone))

    @classmethod
    def of_ids(cls, ids: Ids, earlier: Rows | None = None, gone: int = 0) -> Alignment:
        """Return an alignment of customers whose ids are in memory."""
        return cls(len(ids), partial(_all, ids), partial(_some, ids), earlier, gone)

    @cached_property
    def ids(self) -> Ids:
        """The ids, a read-only numpy array of variable-width text, shape (size,)."""
        return id_column(self.load_ids())

    def of_earlier(self, codes: Codes, absent: int) -> Codes:
        """Return codes of the earlier base in the common order, with `absent` for customers who aren't in it."""
        # position −1 picks the last code, which is `absent`
        return codes if self.earlier is None else np.append(codes, codes.dtype.type(absent))[self.earlier]

    def of_later(self, codes: Codes, absent: int) -> Codes:
        """Return codes of the later base in the common order, with `absent` for customers who aren't in it."""
        return np.append(codes, np.full(self.gone, absent, dtype=codes.dtype)) if self.gone else codes

    def earlier_at(self, rows: Rows) -> Rows:
        """Return the positions in the earlier base of customers at positions of `ids`, −1 if absent."""
        return rows if self.earlier is None else self.earlier[rows]

    def later_at(self, rows: Rows) -> Rows:
        """Return the positions in the later base of customers at positions of `ids`, −1 if absent."""
        return np.where(rows < self.size - self.gone, rows, -1)


def _all(ids: Ids) -> Ids:
    return ids


def _some(ids: Ids, rows: Rows) -> list[str]:
    return [str(ids[row]) for row in rows.tolist()]

"""The customers of two bases, aligned by id."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from attrs import frozen

from custgrade.data.base import CustomerBase
from custgrade.data.converters import locked
from custgrade.data.ids import Ids, positions

Codes = npt.NDArray[np.unsignedinteger[Any]]


@frozen(eq=False)
class Alignment:
    """The customers of two bases, one entry each: the later base's customers, then those only in the earlier base.

    ids: the ids of all customers, shape (n,), in the order of their bases. earlier: each customer's position in the
    earlier base, −1 if absent, int64 of shape (n,); None if both bases hold the same customers in the same order. gone:
    the number of customers who are only in the earlier base.
    """

    ids: Ids
    earlier: npt.NDArray[np.int64] | None = None
    gone: int = 0

    @classmethod
    def of(cls, earlier: CustomerBase, later: CustomerBase) -> Alignment:
        """Return the alignment of two bases by id."""
        if earlier is later or np.array_equal(earlier.ids, later.ids):
            return cls(later.ids)
        rows = positions(later.ids, earlier.ids)
        only = np.ones(len(earlier), dtype=bool)
        only[rows[rows >= 0]] = False
        gone = np.flatnonzero(only)
        return cls(locked(np.concatenate([later.ids, earlier.ids[gone]])), np.concatenate([rows, gone]), len(gone))

    def of_earlier(self, codes: Codes, absent: int) -> Codes:
        """Return codes of the earlier base in the common order, with `absent` for customers who aren't in it."""
        # position −1 picks the last code, which is `absent`
        return codes if self.earlier is None else np.append(codes, codes.dtype.type(absent))[self.earlier]

    def of_later(self, codes: Codes, absent: int) -> Codes:
        """Return codes of the later base in the common order, with `absent` for customers who aren't in it."""
        return np.append(codes, np.full(self.gone, absent, dtype=codes.dtype)) if self.gone else codes

    def earlier_at(self, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Return the positions in the earlier base of customers at positions of `ids`, −1 if absent."""
        return rows if self.earlier is None else self.earlier[rows]

    def later_at(self, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Return the positions in the later base of customers at positions of `ids`, −1 if absent."""
        return np.where(rows < len(self.ids) - self.gone, rows, -1)

"""The customers of two bases, one entry each."""

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
    """The customers of two bases: the later one's in its order, then who is only in the earlier one, in its order.

    ids: of shape (n,). earlier: where each stands in the earlier base, −1 where it doesn't, int64 of shape (n,); None
    where both bases hold the same customers in the same order. gone: how many are only in the earlier base.
    """

    ids: Ids
    earlier: npt.NDArray[np.int64] | None = None
    gone: int = 0

    @classmethod
    def of(cls, earlier: CustomerBase, later: CustomerBase) -> Alignment:
        """The customers of both bases, by id."""
        if earlier is later or np.array_equal(earlier.ids, later.ids):
            return cls(later.ids)
        rows = positions(later.ids, earlier.ids)
        only = np.ones(len(earlier), dtype=bool)
        only[rows[rows >= 0]] = False
        gone = np.flatnonzero(only)
        return cls(locked(np.concatenate([later.ids, earlier.ids[gone]])), np.concatenate([rows, gone]), len(gone))

    def of_earlier(self, codes: Codes, absent: int) -> Codes:
        """Codes of the earlier base's customers in the common order; `absent` for who isn't among them."""
        # the place of −1 is the last one
        return codes if self.earlier is None else np.append(codes, codes.dtype.type(absent))[self.earlier]

    def of_later(self, codes: Codes, absent: int) -> Codes:
        """Codes of the later base's customers in the common order; `absent` for who isn't among them."""
        return np.append(codes, np.full(self.gone, absent, dtype=codes.dtype)) if self.gone else codes

    def earlier_at(self, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Where the customers at these positions of `ids` stand in the earlier base, −1 for those not in it."""
        return rows if self.earlier is None else self.earlier[rows]

    def later_at(self, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Where the customers at these positions of `ids` stand in the later base, −1 for those not in it."""
        return np.where(rows < len(self.ids) - self.gone, rows, -1)

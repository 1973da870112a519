"""Placing scores: from boundaries to the code of each customer's class."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from custgrade.cuts.boundary import Boundaries
from custgrade.cuts.lookup import Lookup
from custgrade.selection.select import NOWHERE, Codes, leave_out

FloatColumn = npt.NDArray[np.float64]
_FEW, _SMALL = 16, 1 << 14
"""With no more boundaries, or no more scores, comparing takes less time than to make a table."""


class Placing:
    """Boundaries of one axis made ready to place scores among them.

    per_class: the boundaries within each class of the parent, or within the only one; None where a class has none.
    """

    def __init__(self, per_class: Sequence[Boundaries | None]) -> None:
        self._floors = [None if some is None else [boundary.floor for boundary in some] for some in per_class]
        self._lookups: dict[int, Lookup] = {}

    def __call__(self, scores: FloatColumn, group: Codes | None = None) -> Codes:
        """The codes of scores: uint8, 0 = best, 255 for those that aren't finite or are in no class with boundaries."""
        finite = np.isfinite(scores)
        if group is None and self._floors[0] is not None:
            codes = self.number_below(scores)
            if not finite.all():
                leave_out(codes, np.logical_not(finite))
            return codes
        codes = np.full(len(scores), NOWHERE, dtype=np.uint8)
        if group is not None:
            for code, floors in enumerate(self._floors):
                if floors is not None:
                    rows = (group == code) & finite
                    codes[rows] = self.number_below(scores[rows], code)
        return codes

    def number_below(self, scores: FloatColumn, group: int = 0) -> Codes:
        """How many boundaries of a class each score fails to reach; NaN gives a number without meaning."""
        floors = self._floors[group] or []
        if len(floors) > _FEW and (len(scores) > _SMALL or group in self._lookups):
            if group not in self._lookups:
                self._lookups[group] = Lookup(floors)
            return self._lookups[group](scores)
        codes = np.zeros(len(scores), dtype=np.uint8)
        below = np.empty(len(scores), dtype=bool)
        for floor in floors:
            np.less(scores, floor, out=below)
            np.add(codes, below.view(np.uint8), out=codes)
        return codes

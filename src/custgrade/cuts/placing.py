"""Placing: giving each score the code of its class."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from custgrade.cuts.boundary import Boundaries
from custgrade.cuts.lookup import Lookup
from custgrade.selection.select import NOWHERE, Codes, leave_out

FloatColumn = npt.NDArray[np.float64]
_FEW, _SMALL = 16, 1 << 14
"""With at most so many boundaries, or so many scores, comparing is faster than making a lookup table."""


class Placing:
    """A function that gives scores the codes of their classes.

    per_class: the boundaries within each parent class, or one item without a parent; None for a class without
    boundaries.
    """

    def __init__(self, per_class: Sequence[Boundaries | None]) -> None:
        self._floors = [None if some is None else [boundary.floor for boundary in some] for some in per_class]
        self._lookups: dict[int, Lookup] = {}

    def __call__(self, scores: FloatColumn, group: Codes | None = None) -> Codes:
        """Return codes, uint8 of shape (n,): 0 is the best class; 255 if a score isn't finite or has no boundaries.

        group: the code of each customer's parent class, uint8 of shape (n,); None without a parent.
        """
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
        """Return how many boundaries of a parent class each score is below; the number for NaN has no meaning."""
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

"""Stored values of customers: computed once for all of them, because many pairs of grades need them."""

from __future__ import annotations

from collections.abc import Callable, Hashable

import numpy as np
import numpy.typing as npt

from custgrade.planning.customer_columns import Rows
from custgrade.planning.plan import Plan

MOST_STORED = 5_000_000
"""The most values, grades × customers, that are stored; beyond it, they are computed for each pair of grades."""

Values = npt.NDArray[np.float64]


class Stored:
    """Values of customers by key."""

    def __init__(self, plan: Plan) -> None:
        self._size = len(plan)
        self._stores = len(plan.policy.by_place) * self._size <= MOST_STORED
        self._found: dict[Hashable, Values] = {}

    def of(self, key: Hashable, compute: Callable[[Rows], Values], rows: Rows) -> Values:
        """Return the values of some customers; compute: returns those of any customers."""
        if not self._stores:
            return compute(rows)
        if key not in self._found:
            self._found[key] = compute(np.arange(self._size))
        found: Values = self._found[key][rows]
        return found

"""Searching for the first step that is good enough, for many customers at once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

FloatColumn = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]
Reached = Callable[[Rows, FloatColumn], npt.NDArray[np.bool_]]
"""Whether these rows, moved to these steps, are where they should be."""


def first_reached(reached: Reached, rows: Rows, behind: FloatColumn, ahead: FloatColumn) -> FloatColumn:
    """Return the first steps that are good enough: back in strides that double, then by halving.

    The score must not fall on the way. rows: positions of customers. behind: whole steps that aren't good enough.
    ahead: later ones that are.
    """
    behind, ahead = behind.copy(), ahead.copy()
    stride, going = 1.0, np.flatnonzero(ahead - behind > 1.0)
    while len(going):
        tried = np.maximum(ahead[going] - stride, behind[going])
        good = (tried > behind[going]) & reached(rows[going], tried)
        ahead[going[good]] = tried[good]
        behind[going[~good]] = tried[~good]
        going, stride = going[good], 2.0 * stride
    while True:
        going = np.flatnonzero(ahead - behind > 1.0)
        if not len(going):
            return ahead
        # whole numbers below 2^53, so that there is one between
        middle = np.floor((behind[going] + ahead[going]) / 2.0)
        good = reached(rows[going], middle)
        ahead[going[good]] = middle[good]
        behind[going[~good]] = middle[~good]

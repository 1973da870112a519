"""Rows of whole numbers, such as keys of events, that occur more than once."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Whole = npt.NDArray[np.int64]


def groups_of(rows: Whole) -> Whole:
    """Return a number from 0 on for each row, the same for equal rows, in the order of the sorted rows."""
    order = np.lexsort(rows.T[::-1])
    ordered = rows[order]
    found = np.empty(len(rows), dtype=np.int64)
    changes = (ordered[1:] != ordered[:-1]).any(axis=1)
    found[order] = np.append(0, np.cumsum(changes))[: len(rows)]
    return found


def positions_of(old: Whole, new: Whole) -> Whole:
    """Return the position among the old keys of each new one, −1 if it isn't there; keys are rows of whole numbers."""
    both = np.concatenate([old, new])
    order = np.lexsort(both.T[::-1])
    rows = both[order]
    starts = np.flatnonzero(np.append(True, (rows[1:] != rows[:-1]).any(axis=1))) if len(rows) else order
    first = np.repeat(order[starts], np.diff(starts, append=len(rows)))
    found = np.empty(len(both), dtype=np.int64)
    found[order] = np.where(first < len(old), first, -1)
    return found[len(old) :]


def repeated(keys: Whole) -> npt.NDArray[np.bool_]:
    """Return whether the same key stands before each key."""
    order = np.lexsort(keys.T[::-1])
    rows = keys[order]
    found = np.zeros(len(keys), dtype=bool)
    found[order[1:]] = (rows[1:] == rows[:-1]).all(axis=1)
    return found

"""Searching for the first step that reaches a goal, for many customers at once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

FloatColumn = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]
Reached = Callable[[Rows, FloatColumn], npt.NDArray[np.bool_]]
"""Returns whether customers `rows`, moved to these steps, reach their goal."""
Possible = Callable[[Rows, FloatColumn, FloatColumn], npt.NDArray[np.bool_]]
"""Returns whether customers `rows` may reach their goal at any step from one to another, both included."""
_MOST_ROUNDS = 3000
_FASTER = 8.0


def first_reached(reached: Reached, rows: Rows, behind: FloatColumn, ahead: FloatColumn) -> FloatColumn:
    """Return the first steps that reach the goal, by doubling strides backwards and then bisection.

    Every step after one that reaches the goal must reach it too. rows: positions of customers. behind: whole steps that
    don't reach the goal. ahead: later steps that do.
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
        # whole numbers below 2^53, so there is one between them
        middle = np.floor((behind[going] + ahead[going]) / 2.0)
        good = reached(rows[going], middle)
        ahead[going[good]] = middle[good]
        behind[going[~good]] = middle[~good]


def first_possible(
    reached: Reached, possible: Possible, rows: Rows, behind: FloatColumn, ahead: FloatColumn
) -> tuple[Rows, FloatColumn]:
    """Return the customers who reach the goal at some step, and their first such step.

    Spans in which the goal is impossible are skipped. rows: positions of customers. behind: whole steps, the search
    starts one step later. ahead: the last steps to search. A customer's search ends without a result after 3,000 spans.
    """
    found_rows, found_steps = [rows[:0]], [behind[:0]]
    at = behind + 1.0
    width = ahead - behind
    for _ in range(_MOST_ROUNDS):
        if not len(rows):
            break
        end = np.minimum(at + width - 1.0, ahead)
        may = possible(rows, at, end)
        some = np.flatnonzero(may)
        good = np.zeros(len(rows), dtype=bool)
        good[some] = reached(rows[some], at[some])
        found_rows.append(rows[good])
        found_steps.append(at[good])
        width = np.where(may, np.maximum(np.floor((end - at) / _FASTER), 1.0), width * _FASTER)
        at = np.where(may, at, end) + 1.0
        left = ~good & (at <= ahead)
        rows, at, width, ahead = rows[left], at[left], width[left], ahead[left]
    return np.concatenate(found_rows), np.concatenate(found_steps)

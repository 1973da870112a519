"""The boundaries of each customer's class, and the customer's rank."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from threading import Lock

import numpy as np
import numpy.typing as npt
from attrs import frozen

from custgrade.cuts.boundary import table_above
from custgrade.data.scale import UNGRADED
from custgrade.model.grading_model import GradingModel
from custgrade.selection.chunks import over_chunks
from custgrade.selection.select import Codes

FloatColumn = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]
Piece = tuple[FloatColumn, Codes, Codes | None]


@frozen(eq=False)
class Limits:
    """The boundary between each customer's class and a neighbouring one, shape (n,).

    value: the score at the boundary, float64, NaN if there is no such class. inclusive: whether a score equal to the
    boundary is in the better class.
    """

    value: FloatColumn
    inclusive: npt.NDArray[np.bool_]


def limits(model: GradingModel, axis: str, codes: Mapping[str, Codes]) -> tuple[Limits, Limits]:
    """Return the boundaries above and below each customer's class."""
    per_class, within = model.boundaries[axis], model.scale.axis(axis).within
    value = table_above(per_class, lambda boundary: boundary.value)
    inclusive = table_above(per_class, lambda boundary: boundary.inclusive) == 1.0
    own = codes[axis].astype(np.intp)
    group = np.zeros(len(own), dtype=np.intp) if within is None else codes[within].astype(np.intp)
    above, below = (group, own), (group, own + 1)
    return Limits(value[above], inclusive[above]), Limits(value[below], inclusive[below])


class Ranking:
    """The different scores of all graded customers on an axis, at most sixteen bytes per customer.

    collect: a function that returns pieces of the scores, codes and parent's codes (None without a parent) of all
    customers; it is called when a rank is first requested.
    """

    def __init__(self, collect: Callable[[], Iterable[Piece]]) -> None:
        self._collect, self._making = collect, Lock()

    @cached_property
    def _rising(self) -> dict[int, tuple[FloatColumn, Counts]]:
        """The different scores by class of the parent, ascending, and how many customers are below each, then all."""
        found: dict[int, list[FloatColumn]] = {}
        for scores, codes, group in self._collect():
            within = np.zeros(len(codes), dtype=np.uint8) if group is None else group
            graded = codes != UNGRADED
            for one in np.flatnonzero(np.bincount(within[graded])).tolist():
                found.setdefault(one, []).append(scores[graded & (within == one)])
        return {one: _counted(np.sort(np.concatenate(parts))) for one, parts in found.items()}

    def ranks(self, scores: FloatColumn, codes: Codes, group: Codes | None = None) -> tuple[Counts, Counts, Counts]:
        """Return ranks, the number of customers with each rank, and the number of ranked customers.

        Each is int64 of shape (n,), 0 where ungraded. Rank 1 is the best; equal scores share the best of their ranks.
        group: the parent's codes; customers are ranked within its classes.
        """
        with self._making:
            rising = self._rising
        rank, equal, ranked = (np.zeros(len(scores), dtype=np.int64) for _ in range(3))

        def place(rows: slice) -> None:
            within = np.zeros(rows.stop - rows.start, dtype=np.uint8) if group is None else group[rows]
            graded = codes[rows] != UNGRADED
            for one, (values, below) in rising.items():
                some = np.flatnonzero(graded & (within == one))
                # sorted lookups touch neighbouring scores, which are still in the processor's cache
                some = some[np.argsort(scores[rows][some])]
                places = np.searchsorted(values, scores[rows][some])
                through = below[places + 1]
                some += rows.start
                rank[some], equal[some], ranked[some] = below[-1] - through + 1, through - below[places], below[-1]

        over_chunks(place, len(scores))
        return rank, equal, ranked


def _counted(rising: FloatColumn) -> tuple[FloatColumn, Counts]:
    starts = np.flatnonzero(np.append(True, rising[1:] != rising[:-1]))
    return rising[starts], np.append(starts, len(rising))

"""Where scores stand: among the boundaries of their class, and among the others."""

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

    value: the score, float64, NaN where there is no such class. inclusive: whether who is on it is in the better class.
    """

    value: FloatColumn
    inclusive: npt.NDArray[np.bool_]


def limits(model: GradingModel, axis: str, codes: Mapping[str, Codes]) -> tuple[Limits, Limits]:
    """Return the boundaries above and below the classes that customers are in."""
    per_class, within = model.boundaries[axis], model.scale.axis(axis).within
    value = table_above(per_class, lambda boundary: boundary.value)
    inclusive = table_above(per_class, lambda boundary: boundary.inclusive) == 1.0
    own = codes[axis].astype(np.intp)
    group = np.zeros(len(own), dtype=np.intp) if within is None else codes[within].astype(np.intp)
    above, below = (group, own), (group, own + 1)
    return Limits(value[above], inclusive[above]), Limits(value[below], inclusive[below])


class Ranking:
    """The scores of everybody who is graded on an axis, in order: what a rank is counted among.

    It holds eight bytes a customer, as a rank rests on all scores.
    collect: returns pieces of the scores, the codes, and the parent's codes (None without a parent) of all customers;
    called when a rank is first asked for.
    """

    def __init__(self, collect: Callable[[], Iterable[Piece]]) -> None:
        self._collect, self._making = collect, Lock()

    @cached_property
    def _rising(self) -> dict[int, FloatColumn]:
        """The scores by class of the parent, rising."""
        found: dict[int, list[FloatColumn]] = {}
        for scores, codes, group in self._collect():
            within = np.zeros(len(codes), dtype=np.uint8) if group is None else group
            graded = codes != UNGRADED
            for one in np.flatnonzero(np.bincount(within[graded])).tolist():
                found.setdefault(one, []).append(scores[graded & (within == one)])
        return {one: np.sort(np.concatenate(parts)) for one, parts in found.items()}

    def ranks(self, scores: FloatColumn, codes: Codes, group: Codes | None = None) -> tuple[Counts, Counts, Counts]:
        """Return rank, how many share it, and among how many, int64 of shape (n,); 0 where ungraded.

        The best has rank 1, equal scores have the same, the best of theirs. group: the parent's codes, within whose
        classes customers are ranked.
        """
        with self._making:
            rising = self._rising
        rank, equal, ranked = (np.zeros(len(scores), dtype=np.int64) for _ in range(3))

        def place(rows: slice) -> None:
            within = np.zeros(rows.stop - rows.start, dtype=np.uint8) if group is None else group[rows]
            graded = codes[rows] != UNGRADED
            for one, everybody in rising.items():
                some = np.flatnonzero(graded & (within == one))
                # neighbours are looked up one after the other, in what the cache still holds
                some = some[np.argsort(scores[rows][some])]
                below, through = (np.searchsorted(everybody, scores[rows][some], side) for side in ("left", "right"))
                some += rows.start
                rank[some], equal[some], ranked[some] = len(everybody) - through + 1, through - below, len(everybody)

        over_chunks(place, len(scores))
        return rank, equal, ranked

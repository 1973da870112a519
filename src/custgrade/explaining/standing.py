"""Where scores stand: among the boundaries of their class, and among the others."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from attrs import frozen

from custgrade.cuts.boundary import table_above
from custgrade.data.scale import UNGRADED
from custgrade.model.grading_model import GradingModel
from custgrade.selection.select import Codes

FloatColumn = npt.NDArray[np.float64]


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


def ranks(
    scores: FloatColumn, codes: Codes, group: Codes | None = None
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return rank, how many share it, and among how many, int64 of shape (n,); 0 where ungraded.

    The best has rank 1, equal scores have the same, the best of theirs. group: who is ranked with whom, everybody with
    everybody by default.
    """
    rank, equal, ranked = (np.zeros(len(scores), dtype=np.int64) for _ in range(3))
    within = np.zeros(len(codes), dtype=np.uint8) if group is None else group
    for one in np.flatnonzero(np.bincount(within)[:UNGRADED]).tolist():
        rows = np.flatnonzero((codes != UNGRADED) & (within == one))
        if not len(rows):
            continue
        order = rows[np.argsort(-scores[rows], kind="stable")]
        first = np.flatnonzero(np.diff(scores[order], prepend=np.nan) != 0.0)
        sizes = np.diff(first, append=len(order))
        rank[order], equal[order], ranked[order] = np.repeat(first + 1, sizes), np.repeat(sizes, sizes), len(order)
    return rank, equal, ranked

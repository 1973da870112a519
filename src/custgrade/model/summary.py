"""A summary of graded customers: per grade the customers, the money, and their shares."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from attrs import frozen

from custgrade.cuts.exact import as_float, exact_sum
from custgrade.data.base import FloatColumn
from custgrade.data.scale import NOT_GRADED

SUMMED = ("revenue", "profit")
"""The fields a summary sums, where the base has them."""


@frozen
class GradeSummary:
    """One line of a summary.

    grade: its name, `ungraded`, or `total`. customers: how many. customer_share: of all customers, 0 to 1.
    totals: the exact total of each field, rounded once; unknown values are left out. shares: of the field's total over
    all customers, NaN where that isn't positive.
    """

    grade: str
    customers: int
    customer_share: float
    totals: Mapping[str, float]
    shares: Mapping[str, float]


def summarise(
    grades: Sequence[str], codes: npt.NDArray[np.int64], columns: Mapping[str, FloatColumn]
) -> list[GradeSummary]:
    """Return a line per grade best first, one for ungraded customers if there are any, and the total.

    grades: the names of the grades. codes: positions in `grades`, one beyond the last where ungraded. columns: what is
    summed, by name.
    """
    everyone = {name: exact_sum(_known(column)) for name, column in columns.items()}
    lines = []
    for code, grade in enumerate([*grades, NOT_GRADED]):
        rows = codes == code
        count = int(np.count_nonzero(rows))
        if code == len(grades) and not count:
            continue
        totals = {name: exact_sum(_known(column[rows])) for name, column in columns.items()}
        lines.append(
            GradeSummary(
                grade,
                count,
                count / len(codes) if len(codes) else math.nan,
                {name: as_float(total) for name, total in totals.items()},
                {n: float(t / everyone[n]) if everyone[n] > 0 else math.nan for n, t in totals.items()},
            )
        )
    sums = {name: as_float(total) for name, total in everyone.items()}
    whole = {name: 1.0 if total > 0 else math.nan for name, total in sums.items()}
    return [*lines, GradeSummary("total", len(codes), 1.0, sums, whole)]


def _known(column: FloatColumn) -> FloatColumn:
    return column[np.isfinite(column)]

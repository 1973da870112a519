"""A summary of graded customers: per grade the customers, the money, and their shares."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from attrs import frozen

from custgrade.cuts.exact import exact_sum
from custgrade.data.base import FloatColumn
from custgrade.model.graded import NOT_GRADED, Graded

SUMMED = ("revenue", "profit")


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


def summary(graded: Graded) -> list[GradeSummary]:
    """Return a line per grade best first, one for ungraded customers if there are any, and the total."""
    fields = [name for name in SUMMED if name in graded.base.columns]
    everyone = {name: exact_sum(_known(graded.base.columns[name])) for name in fields}
    counts = graded.counts()
    lines = []
    for code, (grade, count) in enumerate(counts.items()):
        if grade == NOT_GRADED and not count:
            continue
        rows = graded.grade_codes == code
        totals = {name: exact_sum(_known(graded.base.columns[name][rows])) for name in fields}
        lines.append(
            GradeSummary(
                grade,
                count,
                count / len(graded) if len(graded) else math.nan,
                {name: float(total) for name, total in totals.items()},
                {n: float(t / everyone[n]) if everyone[n] > 0 else math.nan for n, t in totals.items()},
            )
        )
    sums = {name: float(total) for name, total in everyone.items()}
    whole = {name: 1.0 if total > 0 else math.nan for name, total in sums.items()}
    lines.append(GradeSummary("total", len(graded), 1.0, sums, whole))
    return lines


def _known(column: FloatColumn) -> FloatColumn:
    return column[np.isfinite(column)]

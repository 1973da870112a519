"""The summary of graded customers: customers, money and shares by grade."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction

import numpy as np
import numpy.typing as npt
from attrs import frozen

from custgrade.cuts.exact import as_float
from custgrade.data.columns import FloatColumn
from custgrade.data.scale import NOT_GRADED
from custgrade.selection.totals import exact_totals

SUMMED = ("revenue", "profit")
"""The fields whose totals a summary has, if the base has them."""


@frozen
class GradeSummary:
    """One line of a summary.

    grade: the grade's name, `ungraded` or `total`. customers: the number of customers. customer_share: their share of
    all customers, 0 to 1. totals: the total of each field, exact and rounded once, without unknown values.
    shares: their share of the field's total over all customers, 0 to 1; NaN if that total isn't positive.
    """

    grade: str
    customers: int
    customer_share: float
    totals: Mapping[str, float]
    shares: Mapping[str, float]


class Tally:
    """Customers and exact totals by grade, added up part by part.

    grades: the grades' names; the code `len(grades)` stands for ungraded. summed: the fields to add up.
    """

    def __init__(self, grades: Sequence[str], summed: Sequence[str]) -> None:
        self._grades = (*grades, NOT_GRADED)
        self.counts = [0] * len(self._grades)
        self._totals = {name: [Fraction(0)] * len(self._grades) for name in summed}

    def add(self, codes: npt.NDArray[np.int64], columns: Mapping[str, FloatColumn]) -> None:
        """Add some customers.

        codes: positions of their grades, int64 of shape (n,). columns: the fields to add up, float64 of shape (n,).
        """
        found = np.bincount(codes, minlength=len(self._grades)).tolist()
        self.counts = [count + more for count, more in zip(self.counts, found, strict=True)]
        for name, totals in self._totals.items():
            parts = exact_totals(columns[name], codes, len(self._grades))
            self._totals[name] = [total + part for total, part in zip(totals, parts, strict=True)]

    def merge(self, other: Tally) -> None:
        """Add another tally of the same grades and fields."""
        self.counts = [count + more for count, more in zip(self.counts, other.counts, strict=True)]
        for name, totals in self._totals.items():
            self._totals[name] = [total + part for total, part in zip(totals, other._totals[name], strict=True)]

    def lines(self) -> list[GradeSummary]:
        """Return a line per grade, best first, one for ungraded customers if there are any, and the total."""
        customers = sum(self.counts)
        everyone = {name: sum(totals, Fraction(0)) for name, totals in self._totals.items()}
        lines = [
            GradeSummary(
                grade,
                count,
                count / customers if customers else math.nan,
                {name: as_float(totals[code]) for name, totals in self._totals.items()},
                {name: _share(totals[code], everyone[name]) for name, totals in self._totals.items()},
            )
            for code, (grade, count) in enumerate(zip(self._grades, self.counts, strict=True))
            if count or grade != NOT_GRADED
        ]
        sums = {name: as_float(total) for name, total in everyone.items()}
        return [
            *lines,
            GradeSummary("total", customers, 1.0, sums, {name: _share(t, t) for name, t in everyone.items()}),
        ]


def _share(part: Fraction, total: Fraction) -> float:
    return as_float(part / total) if total > 0 else math.nan

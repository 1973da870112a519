"""The lists of the policy `golden-list`: the most responsive customers, and those worth lifting."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np

from custgrade import CustgradeError, Scorer
from custgrade.cuts import Share
from custgrade.errors import ParameterError
from custgrade.planning import Shortlist
from custgrade.plugins import Axis, Quantile, Shares

POINTS: Mapping[str, int] = MappingProxyType(
    {"product_mix": 10, "orders": 1, "referrals": 5, "testimonials": 5, "complaints": -10}
)
"""What shows that a customer is responsive: the points for each category, order, referral, testimonial, complaint."""


def golden(points: Mapping[str, int], share: Share) -> Shortlist:
    """Return the golden list: the most responsive customers of A and B.

    points: whole numbers by field. share: of A and B.
    """
    return Shortlist("golden", "AB", _best("golden", _responsive(points), share, "share"))


def lift(share: Share, potential: float) -> Shortlist:
    """Return the list of customers of C and D who are nearest to B and have potential, or whose potential is unknown.

    share: of those C and D. potential: the least potential, money.
    """
    return Shortlist(
        "lift",
        "CD",
        _best("lift", _nearest, share, "lift"),
        where=lambda c: np.isnan(c["potential"]) | (c["potential"] >= float(potential)),
    )


def _best(name: str, score: Callable[[Mapping[str, Any]], Any], share: Share, parameter: str) -> Scorer:
    try:
        top = Quantile("profit", share).share
    except CustgradeError as error:
        raise ParameterError(
            f"received {parameter} {share!r}; give a number above 0 and below 1, such as 0.05"
        ) from error
    return Scorer(axes=[Axis(name, ("in", "out"), score, Shares((top, 1 - top)))])


def _responsive(points: Mapping[str, int]) -> Callable[[Mapping[str, Any]], Any]:
    """Return the score: the sum of the points, and among equal customers the profit.

    Unknown fields earn no points, so that data without them doesn't empty the list.
    """

    def score(c: Mapping[str, Any]) -> Any:
        total: Any = 0.0
        for name, each in points.items():
            total = total + np.where(np.isnan(c[name]), 0.0, c[name]) * float(each)
        profit = np.where(np.isnan(c["profit"]), 0.0, c["profit"])
        # between −0.5 and 0.5, so that profit decides only among customers with equal points, which are whole
        return total + 0.5 * profit / (1000.0 + np.abs(profit))

    return score


def _nearest(c: Mapping[str, Any]) -> Any:
    """Return the score of the grading, or the profit where there is no single score."""
    return np.where(np.isnan(c["score"]), c["profit"], c["score"])

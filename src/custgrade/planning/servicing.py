"""Hours spent on customers against the hours that they are entitled to."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal

import numpy as np
import numpy.typing as npt
from attrs import field, frozen

from custgrade.data.converters import locked
from custgrade.selection.totals import exact_totals

UNKNOWN, OVER, UNDER, FITTING = range(4)
VERDICTS = ("unknown", "over", "under", "fitting")
Kind = Literal["sales", "service"]


def exact_sum(values: npt.NDArray[np.float64]) -> float:
    """Return the sum of the known values, rounded once, whatever their order."""
    known = np.ascontiguousarray(values[np.isfinite(values)], dtype=np.float64)
    total = sum(exact_totals(known))
    try:
        return float(total)
    except OverflowError:
        return math.inf if total > 0 else -math.inf


@frozen(eq=False)
class Servicing:
    """The verdict on the hours spent on each customer.

    kind: sales or service. verdict: uint8 of shape (n,), a position in `VERDICTS`. spent, entitled: hours over the
    period, float64 of shape (n,), NaN where unknown. scale: the factor by which entitled hours were multiplied, so that
    all together are the hours spent.
    """

    kind: Kind
    verdict: npt.NDArray[np.uint8] = field(converter=locked)
    spent: npt.NDArray[np.float64] = field(converter=locked)
    entitled: npt.NDArray[np.float64] = field(converter=locked)
    scale: float


def servicing(
    kind: Kind,
    spent: npt.NDArray[np.float64],
    entitled: Callable[[], npt.NDArray[np.float64]],
    *,
    tolerance: float,
    least: float,
) -> Servicing:
    """Return who is over-serviced, under-serviced and fitting.

    Entitled hours are scaled so that all together are the hours spent: the mix is judged, not the level. A customer
    fits within the tolerance or `least` hours, whichever is more, ends included. Unknown hours give the verdict
    `unknown`.

    spent: hours over the period. entitled: returns the hours over the period that customers are entitled to.
    tolerance: a share of the entitled hours. least: hours.
    """
    due = np.array(entitled(), dtype=np.float64)
    known = np.isfinite(spent) & np.isfinite(due)
    promised = exact_sum(due[known])
    scale = exact_sum(spent[known]) / promised if promised > 0.0 else math.nan
    due = due * scale
    slack = np.maximum(np.abs(due) * tolerance, least)
    verdict = np.full(len(spent), UNKNOWN, dtype=np.uint8)
    judged = np.isfinite(spent) & np.isfinite(due)
    verdict[judged] = FITTING
    verdict[judged & (spent > due + slack)] = OVER
    verdict[judged & (spent < due - slack)] = UNDER
    return Servicing(kind, verdict, np.array(spent, dtype=np.float64), due, scale)

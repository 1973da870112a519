"""Comparing amounts: which of two is worse for a customer, and what they are, in words."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from custgrade.planning.amount import Amount
from custgrade.planning.part import MOST
from custgrade.planning.service_level import DESKS, Entitlement
from custgrade.text import exactly

TOLERANCE = 1e-9
"""Computed amounts count as equal if they differ by less than this share, because functions round differently."""


def is_worse(one: Amount, other: Amount, better: str) -> bool | None:
    """Return whether `one` is worse for a customer than `other`; None if only the customers' values can tell.

    better: `more` or `less`, the amounts that are better for the customer.
    """
    if one == other:
        return False
    if one.constant is None or other.constant is None:
        return None
    return one.constant > other.constant if better == "less" else one.constant < other.constant


def worse_values(one: npt.NDArray[np.float64], other: npt.NDArray[np.float64], better: str) -> npt.NDArray[np.bool_]:
    """Return whether each of `one` is worse for the customer than `other`, bool; False where one is unknown."""
    with np.errstate(invalid="ignore"):
        slack = np.where(np.isfinite(other), np.abs(other), 0.0) * TOLERANCE
        found: npt.NDArray[np.bool_] = one > other + slack if better == "less" else one < other - slack
    return found


def furthest(
    one: npt.NDArray[np.float64], other: npt.NDArray[np.float64], among: npt.NDArray[np.bool_]
) -> tuple[float, float]:
    """Return the two values that are furthest apart among some customers; the same for any order of customers."""
    mine, theirs = one[among], other[among]
    gap = np.abs(mine - theirs)
    at = np.lexsort((mine, gap))[-1]
    return float(mine[at]), float(theirs[at])


def limit_to_0(what: str = "it") -> str:
    """Return what to do about computed amounts below 0; what: the amount."""
    return f"Limit {what} to 0 and more: least = 0 in a policy file, np.maximum(…, 0.0) in Python"


def amount_text(value: float | None, unit: str = "", name: str = "") -> str:
    """Return an amount with its unit: `24 working hours`, `a team`, `computed for each customer`, `none`."""
    if value is None:
        return "computed for each customer"
    if not abs(value) < MOST:
        return "none"
    if name == "desk":
        return f"a {DESKS[int(value)]}"
    number = exactly(round(value, 6))
    if unit and abs(value) == 1.0:
        unit = unit.replace("hours", "hour", 1)
    return f"{number} {unit}" if unit else number


def at_most(value: float | None, entitlement: Entitlement, name: str, *, least: bool) -> str:
    """Return what an entitlement may be: `at most 2 hours a quarter`; least: at least as good as the value."""
    if value is None:
        return "the same function" if not least else "the same function, or a better one"
    if name == "desk":
        return f"a {DESKS[int(value)]}" + (" or better" if least else " or worse")
    more = (entitlement.better == "more") == least
    return f"{'at least' if more else 'at most'} {amount_text(value, entitlement.unit)}"

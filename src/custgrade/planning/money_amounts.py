"""Amounts of money: cents, and the rise that restores floors."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from custgrade.argument_checks import float_of
from custgrade.data.standard import STANDARD_FIELDS
from custgrade.errors import PolicyError
from custgrade.text import shown

Floor = float | str | None


def money(value: Any) -> Any:
    """Return an amount rounded to cents, half up; for numbers, arrays and traced columns."""
    return np.floor(value * 100.0 + 0.5) / 100.0


def cents(values: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """Return amounts as whole cents, half up; 0 where unknown. Amounts beyond 10¹⁵ count as 10¹⁵."""
    return np.floor(np.clip(np.nan_to_num(values), -1e15, 1e15) * 100.0 + 0.5).astype(np.int64)


def cents_of(value: float) -> int:
    """Return one stated amount as whole cents, half up."""
    return math.floor(value * 100.0 + 0.5)


def restoring(
    margin: Floor = None, average_sale: Floor = None, revenue: Floor = None
) -> Callable[[Mapping[str, Any]], Any]:
    """Return a column function: the least rise, in cents, with which a customer reaches all of these floors.

    A rise is added to revenue and to profit, as costs stay the same: (m × revenue − profit) ÷ (1 − m) restores a margin
    of m. It serves all floors, so the result is the largest of the single rises, not their sum. It is NaN where a field
    is unknown. A customer reaches the floors with the rise, and with one cent less doesn't.

    margin: profit ÷ revenue, below 1. average_sale: money an order. revenue: money over the period. Each is a number,
    or the name of a number that the model learned, such as `margin_floor`.

    Raises PolicyError if no floor is given, or a floor is wrong.
    """
    floors = {"margin": margin, "average_sale": average_sale, "revenue": revenue}
    given = {name: floor for name, floor in floors.items() if floor is not None}
    if not given:
        raise PolicyError("restoring needs at least one floor: margin, average_sale or revenue")
    for name, floor in given.items():
        found = float_of(floor)
        if not isinstance(floor, str) and (
            found is None or not np.isfinite(found) or (name == "margin" and found >= 1.0)
        ):
            bound = "a number below 1" if name == "margin" else "a number"
            raise PolicyError(
                f"restoring: {name} must be {bound} or the name of a learned number; received {shown(floor)}"
            )

    def rise(c: Mapping[str, Any]) -> Any:
        total: Any = 0.0
        for name, floor in given.items():
            total = np.maximum(total, _least_rise(c, name, c[floor] if isinstance(floor, str) else float(floor)))
        return total

    return rise


def _least_rise(c: Mapping[str, Any], name: str, floor: Any) -> Any:
    """Return the least rise in cents that restores one floor.

    The candidate of the formula may be off by a cent in binary, so the field itself decides, a cent below and above.
    """
    if name == "margin":
        needed = (floor * c["revenue"] - c["profit"]) / (1.0 - floor)
    elif name == "average_sale":
        needed = floor * c["orders"] - c["revenue"]
    else:
        needed = floor - c["revenue"]
    candidate = np.maximum(np.ceil(needed * 100.0 - 1e-6), 0.0)
    definition = STANDARD_FIELDS[name]

    def reached(rise: Any) -> Any:
        paid = {part: c[part] if part == "orders" else c[part] + rise / 100.0 for part in definition.parts or (name,)}
        return (paid[name] if definition.derive is None else definition.derive(paid)) >= floor

    below = np.maximum(candidate - 1.0, 0.0)
    least = np.where(reached(below), below, np.where(reached(candidate), candidate, candidate + 1.0))
    return np.where(np.isnan(needed), needed, least) / 100.0

"""Profit after the costs of serving: goods, hours and discounts."""

from __future__ import annotations

import math

import numpy as np
from attrs import evolve

from custgrade.argument_checks import float_of
from custgrade.data.base import CustomerBase, base_or_hint
from custgrade.errors import FieldError
from custgrade.text import exactly, listed, shown


def profit_from(
    base: CustomerBase,
    *,
    goods: str | None = None,
    sales_rate: float | None = None,
    service_rate: float | None = None,
    discount: bool = False,
) -> CustomerBase:
    """Return the base with `profit` after these costs, and a note that says what was taken off.

    Without `goods`, the costs are taken off the base's own `profit`; with it, off `revenue`. Profit is unknown where a
    value that it is computed from is unknown.

    goods: the field with the cost of goods. sales_rate, service_rate: money an hour; sales_hours and service_hours cost
    as much. discount: whether the field `discount` isn't taken off revenue yet.

    Raises FieldError if no cost is given, a field is missing, or a rate isn't a number of 0 or more.
    """
    base_or_hint(base, "profit_from")
    costs = {name: 1.0 for name in (goods,) if name is not None}
    for field, rate, name in (
        ("sales_hours", sales_rate, "sales_rate"),
        ("service_hours", service_rate, "service_rate"),
    ):
        if rate is not None:
            number = float_of(rate)
            if number is None or not 0.0 <= number < math.inf:
                raise FieldError(f"{name} must be money an hour, 0 or more; received {shown(rate)}")
            costs[field] = number
    if discount:
        costs["discount"] = 1.0
    if not costs:
        raise FieldError("profit_from needs a cost: goods, sales_rate, service_rate, or discount=True")
    start = "profit" if goods is None else "revenue"
    missing = [name for name in (start, *costs) if name not in base]
    if missing:
        raise FieldError(
            f"profit can't be computed: the base has no field {listed(missing)}; it has {listed(base.columns)}"
        )
    profit = np.array(base[start], dtype=np.float64)
    for name, each in costs.items():
        profit -= base[name] * each
    taken = [f"{exactly(each)} × {name}" if name.endswith("_hours") else name for name, each in costs.items()]
    note = f"profit is {start} less {listed(taken)}"
    return evolve(base.with_columns(profit=np.round(profit, 10) + 0.0), notes=(*base.notes, note))

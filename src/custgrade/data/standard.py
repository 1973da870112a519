"""The standard fields."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from custgrade.data.converters import parts_of, read_only
from custgrade.data.field import Field
from custgrade.errors import FieldError


def _rounded(quotient: Any, places: int) -> Any:
    """Return a quotient rounded to decimal places, so that 0.57 ÷ 2.85 gives 0.2; large quotients are unchanged."""
    grid = 10.0**places
    small = np.abs(quotient) < 1e15 / grid
    return np.where(small, np.floor(quotient * grid + 0.5) / grid, quotient)


def _margin(c: Mapping[str, Any]) -> Any:
    return np.where(c["revenue"] > 0.0, _rounded(c["profit"] / c["revenue"], 10), math.nan)


def _average_sale(c: Mapping[str, Any]) -> Any:
    return np.where(c["orders"] > 0.0, _rounded(c["revenue"] / c["orders"], 8), math.nan)


def _money(name: str, description: str, low: float = -math.inf, **rest: Any) -> Field:
    return Field(name, "money", description, low, resolution=0.01, **{"better": "highest", **rest})


def _count(name: str, description: str, **rest: Any) -> Field:
    return Field(name, "count", description, 0.0, resolution=1.0, **{"better": "highest", **rest})


def _rating(name: str, description: str) -> Field:
    return Field(name, "rating", description, 1.0, 5.0, resolution=0.5, combine="mean", better="highest")


_FIELDS = (
    _money("revenue", "sales, net of returns", combine="sum"),
    _money("profit", "revenue less all costs", combine="sum"),
    _money("cost_to_serve", "what serving the customer costs beyond the goods", 0.0, combine="sum", better="lowest"),
    Field(
        "margin",
        "ratio",
        "profit ÷ revenue, to 1e-10; unknown where revenue is not above 0",
        derive=_margin,
        parts=("profit", "revenue"),
        rises=("profit",),
        better="highest",
    ),
    _count("orders", "distinct order ids where mapped, else order lines"),
    Field(
        "average_sale",
        "money",
        "revenue ÷ orders, to 1e-8; unknown where there are none",
        derive=_average_sale,
        parts=("revenue", "orders"),
        rises=("revenue",),
        better="highest",
    ),
    Field(
        "recency",
        "days",
        "from the newest order to the as-of date",
        0.0,
        resolution=1.0,
        actionable=False,
        better="lowest",
    ),
    Field(
        "tenure",
        "days",
        "from the first order to the as-of date",
        0.0,
        resolution=1.0,
        actionable=False,
        better="highest",
    ),
    Field(
        "days_late",
        "days",
        "mean over invoices of days past due; early = 0, unpaid to the as-of date",
        0.0,
        resolution=1.0,
        better="lowest",
    ),
    _count("product_mix", "distinct categories bought"),
    _money("returns", "money of negative lines, as a positive number", 0.0, better="lowest"),
    _money("discount", "money given as discount", 0.0, combine="sum", better="lowest"),
    Field("sales_hours", "hours", "time spent on selling", 0.0, resolution=0.5, combine="sum", better="lowest"),
    Field("service_hours", "hours", "time spent on service", 0.0, resolution=0.5, combine="sum", better="lowest"),
    _count("referrals", "customers referred to us", combine="sum"),
    _count("testimonials", "testimonials given", combine="sum"),
    _count("complaints", "complaints made", combine="sum", better="lowest"),
    _rating("enjoyable", "enjoyable to work with"),
    _rating("challenges_us", "challenges us to get better"),
    _rating("cares_about_us", "cares about us as a vendor"),
    _rating("ease_of_buying", "how easy it is to buy from us"),
    _rating("needs_met", "how well their needs are met"),
    _rating("price_level", "how well they pay compared with others"),
    _rating("effort", "how little effort they take"),
    _rating("promptness", "how promptly they pay"),
    _money("potential", "revenue they could bring beyond today's", 0.0),
    Field("share_of_wallet", "ratio", "our part of what they buy of our kind", 0.0, 1.0, better="highest"),
    Field("consent", "0/1", "agreed to be named in public", 0.0, 1.0, resolution=1.0, better="highest"),
    Field("no_gifts", "0/1", "must not be given gifts", 0.0, 1.0, resolution=1.0, actionable=False),
)

STANDARD_FIELDS: Mapping[str, Field] = read_only({field.name: field for field in _FIELDS})
"""The standard fields by name, read-only."""


COMPUTED_FROM_LINES = {
    "orders": "order_id, or nothing: lines are then counted",
    "recency": "date",
    "tenure": "date",
    "days_late": "due_date and paid_date",
    "product_mix": "category",
    "returns": "revenue",
}
"""The fields that are computed from order lines, and the columns to map for each."""


def adds_up(field: Field) -> bool:
    """Return whether a field grows with the length of the period: a sum over order lines, or a count of them.

    Derived fields give False, because they are quotients.
    """
    counted = field.name in COMPUTED_FROM_LINES and field.unit in ("money", "count")
    return not field.derived and (field.combine == "sum" or counted)


def own_fields(value: Field | Iterable[Field]) -> tuple[Field, ...]:
    """Return one field, or several, as a tuple.

    Raises FieldError for anything else.
    """
    return parts_of(Field, value, "fields", FieldError)


def known_fields(extra: Field | Iterable[Field] = ()) -> dict[str, Field]:
    """Return the standard fields and the `extra` ones, by name.

    Raises FieldError if two different fields have the same name.
    """
    fields = dict(STANDARD_FIELDS)
    for field in own_fields(extra):
        if fields.setdefault(field.name, field) != field:
            raise FieldError(f"field {field.name!r} has two different definitions; rename one of them")
    return fields

"""The scorer `matrix3x3`."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Annotated, Any, Literal

import numpy as np
from attrs import evolve

from custgrade import Scorer
from custgrade.cuts import Cut, Share
from custgrade.errors import ParameterError
from custgrade.plugins import (
    Axis,
    Criterion,
    Rating,
    Scorecard,
    Setting,
    Shares,
    Thresholds,
    ValueShares,
    minimum_evidence,
)

By = Literal["shares", "value shares", "thresholds"]
Ties = Literal["mid", "better", "worse"]

THIRDS = ("1/3", "1/3", "1/3")
RATINGS = ("price_level", "effort", "promptness")
"""The ratings of which the estimate of profitability is the mean."""


def full_price_share(c: Mapping[str, Any]) -> Any:
    """Return the paid share of the list price, revenue ÷ (revenue + discount); NaN where revenue isn't above 0."""
    return np.where(c["revenue"] > 0.0, c["revenue"] / (c["revenue"] + c["discount"]), math.nan)


def _cut(by: By, at: Sequence[Share], value: str, ties: Ties, parameter: str) -> Cut:
    if by == "thresholds":
        if tuple(at) == THIRDS:
            raise ParameterError(f"thresholds need {parameter}: give the least value of each class but the last")
        return Thresholds([_number(item, parameter) for item in at])
    return Shares(at, ties=ties) if by == "shares" else ValueShares(at, value, ties=ties)


def _number(item: Share, parameter: str) -> float:
    try:
        number = float(Fraction(item)) if isinstance(item, str) and "/" in item else float(item)
        if math.isfinite(number):
            return number
        raise ValueError
    except (ValueError, ZeroDivisionError, OverflowError):
        raise ParameterError(f"{parameter} has {item!r}; give numbers") from None


def matrix3x3(
    sizes: Annotated[Sequence[str], Setting("the classes of revenue, largest first", "labels")] = (
        "Large",
        "Medium",
        "Small",
    ),
    size_cut: Annotated[
        By, Setting("how revenue is cut: by shares of customers, by shares of the total revenue, or at amounts")
    ] = "shares",
    size_at: Annotated[
        Sequence[Share],
        Setting("shares that sum to 1, largest class first; or the least amount of each class but the last"),
    ] = THIRDS,
    profitability: Annotated[
        Literal["margin", "profit", "estimate"],
        Setting("profit ÷ revenue, the profit, or an estimate from 0 to 100 by price_level, effort and promptness"),
    ] = "margin",
    levels: Annotated[Sequence[str], Setting("the classes of profitability, highest first", "labels")] = (
        "High",
        "Mid",
        "Low",
    ),
    level_cut: Annotated[
        By,
        Setting(
            "how profitability is cut within each class of revenue: by shares of customers, by shares of revenue, or "
            "at values"
        ),
    ] = "shares",
    level_at: Annotated[
        Sequence[Share],
        Setting("shares that sum to 1, highest class first; or the least value of each class but the last"),
    ] = THIRDS,
    ties: Annotated[
        Ties,
        Setting(
            "with shares, the class of equal customers on a boundary: where at least half of them are, or always the "
            "better or worse one"
        ),
    ] = "mid",
    minimum_orders: Annotated[int, Setting("customers with fewer orders are ungraded", "orders")] = 0,
    minimum_tenure: Annotated[int, Setting("customers with a shorter tenure are ungraded", "days")] = 0,
) -> Scorer:
    """Grade customers Large, Medium, Small by revenue, and within each class High, Mid, Low by profitability."""
    size = Axis(
        "revenue",
        tuple(sizes),
        lambda c: c["revenue"],
        _cut(size_cut, size_at, "revenue", ties, "size_at"),
        rises=["revenue"],
    )
    cut = _cut(level_cut, level_at, "revenue", ties, "level_at")
    if profitability == "estimate":
        card = Scorecard([Criterion(name, Rating()) for name in RATINGS], tuple(levels), cut, axis="profitability")
        level = evolve(card.scorer().axes[0], within="revenue")
    else:
        level = Axis(
            "profitability",
            tuple(levels),
            lambda c: c[profitability],
            cut,
            rises=[profitability],
            within="revenue",
        )
    return Scorer(
        axes=[size, level],
        evidence=minimum_evidence(minimum_orders, minimum_tenure),
        details={"full_price_share": full_price_share},
    )

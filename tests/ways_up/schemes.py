"""Scorers of many shapes to look for ways up in, and bases of real and made-up customers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

import custgrade as cg
from custgrade.plugins import Axis, Criterion, Linear, Percentile, Scorecard, Shares, Steps, minimum_evidence

ROOT = Path(__file__).parents[2]
SUPERSTORE = ROOT.parent / "shared" / "data" / "superstore" / "superstore.csv"
FIFTHS = Shares(("1/5",) * 5)


def rfm(names: Mapping[tuple[str, ...], str] | None = None) -> cg.Scorer:
    """Recency, orders and revenue side by side, each in fifths; 5 is best."""
    axes = [
        Axis("r", "54321", lambda c: -c["recency"], FIFTHS, falls=["recency"]),
        Axis("f", "54321", lambda c: c["orders"], FIFTHS, rises=["orders"]),
        Axis("m", "54321", lambda c: c["revenue"], FIFTHS, rises=["revenue"]),
    ]
    return cg.Scorer(axes, names=names or {})


def segments() -> dict[tuple[str, ...], str]:
    """Names of segments, as they are drawn over recency and the mean of the other two."""
    found = {}
    for r, f, m in product("54321", repeat=3):
        recent, worth = int(r), (int(f) + int(m)) / 2
        if recent >= 4 and worth >= 4:
            name = "Champions"
        elif worth >= 3:
            name = "Loyal" if recent >= 3 else "At risk"
        elif recent >= 4:
            name = "New"
        else:
            name = "Sleeping" if recent >= 2 else "Lost"
        found[r, f, m] = name
    return found


def sale_and_frequency() -> cg.Scorer:
    """Two axes that share fields: more orders lower the average sale. One is within classes that neither names."""
    axes = [
        Axis("sale", "ABC", lambda c: c["average_sale"], Shares(("1/3",) * 3), rises=["average_sale"]),
        Axis("often", "ABC", lambda c: c["orders"], Shares(("1/3",) * 3), rises=["orders"]),
        Axis("earns", "HL", lambda c: c["margin"], Shares(("1/2",) * 2), rises=["margin"], within="often"),
    ]
    return cg.Scorer(axes, evidence=minimum_evidence(orders=2))


def shared_scorecard() -> cg.Scorer:
    """A scorecard in which revenue counts three times: itself, in the margin, and in the average sale."""
    return Scorecard(
        [
            Criterion("revenue", Linear(0, 5000), 2),
            Criterion("margin", Percentile("margin"), 3),
            Criterion("average_sale", Steps({0: 0, 100: 30, 250: 60, 500: 100})),
            Criterion("orders", Linear(0, 20)),
        ]
    ).scorer()


def profit_in_a_band() -> cg.Scorer:
    """A score with an optimum in the middle: neither too little revenue nor too much, nor too many orders."""

    def score(c: Any) -> Any:
        ideal = 100.0 - np.abs(c["revenue"] - 3000.0) / 50.0
        return np.maximum(ideal, 0.0) + c["profit"] / np.maximum(c["orders"], 1.0) / 10.0 - c["orders"] * c["orders"]

    return cg.Scorer([Axis("grade", "ABCD", score, Shares(("1/4",) * 4))])


SCORERS: dict[str, Callable[[], cg.Scorer]] = {
    **{name: (lambda name=name: cg.scorer(name)) for name in ("abcd", "abcde", "floors", "matrix3x3", "top10")},
    "abcde by margin": lambda: cg.scorer("abcde", by="margin", minimum_orders=2),
    "abcde by recency": lambda: cg.scorer("abcde", by="recency", best="lowest"),
    "matrix3x3 by profit": lambda: cg.scorer("matrix3x3", profitability="profit"),
    "rfm": rfm,
    "rfm with segments": lambda: rfm(segments()),
    "sale and frequency": sale_and_frequency,
    "shared scorecard": shared_scorecard,
    "a band": profit_in_a_band,
}


def superstore(**window: Any) -> cg.CustomerBase:
    """Superstore's customers."""
    columns = {
        "customer_id": "Customer ID",
        "date": "Order Date",
        "order_id": "Order ID",
        "revenue": "Sales",
        "profit": "Profit",
        "category": "Category",
    }
    return cg.read_orders(SUPERSTORE, columns=columns, **window)


def example() -> cg.CustomerBase:
    """The customers of the examples."""
    base = cg.read_orders(ROOT / "examples" / "orders.csv", as_of="2025-12-31", currency="EUR")
    return base.join(cg.read_customers(ROOT / "examples" / "survey.csv"))


def made_up(size: int, seed: int, *, few: bool = False) -> cg.CustomerBase:
    """Customers with every field that the scorers read; few: with few different values, so that most are tied."""
    draw = np.random.default_rng(seed)

    def rounded(values: Any, step: float) -> Any:
        values = np.round(values / step) * step
        return np.where(draw.random(size) < 0.04, np.nan, values)

    money = 500.0 if few else 0.01
    columns = {
        "revenue": rounded(draw.lognormal(7, 1.2, size) - 150, money),
        "profit": rounded(draw.normal(100, 400, size), money),
        "orders": rounded(draw.integers(0, 4 if few else 15, size), 1.0),
        "recency": rounded(draw.integers(0, 400, size), 100.0 if few else 1.0),
        "tenure": rounded(draw.integers(400, 900, size), 1.0),
        "product_mix": rounded(draw.integers(1, 5, size), 1.0),
        "days_late": rounded(draw.integers(0, 80, size), 20.0 if few else 1.0),
        **{name: rounded(draw.uniform(1, 5, size), 0.5) for name in ("enjoyable", "challenges_us", "cares_about_us")},
    }
    return cg.CustomerBase([f"c{k}" for k in range(size)], columns)

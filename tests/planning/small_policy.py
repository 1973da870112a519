"""A small policy and customers for the tests of plans."""

from typing import Any

import numpy as np

import custgrade as cg
from custgrade.planning import Action, Effort, Offer, Policy, Reward, ServiceLevel, Transition, Treatment, restoring

ON = "2026-01-01"
PERIOD = cg.Period("2025-12-31", "2025-01-01", "2025-12-31")


def policy(**changes: Any) -> Policy:
    """Return a decent policy with a treatment for A, B and C."""
    price = Offer(
        "price",
        "the price that restores the floor",
        explain="what serving you takes",
        alternatives="more volume at today's price",
        when=lambda c: c["margin"] < 0.05,
        rise=restoring(margin=0.05),
    )
    package = Offer(
        "package",
        "the package that fits",
        explain="what serving you takes",
        alternatives="more volume at today's price",
        when=lambda c: c["margin"] < 0.05,
        transition=Transition("partner", "Smith & Co.", 60, "open orders are finished"),
    )
    gift = Reward("gift", "gift", lambda c: 0.01 * np.clip(c["revenue"], 0.0, 10_000.0), 6)
    given: dict[str, Any] = {
        "name": "small",
        "purpose": "keep the best, and help the others to grow",
        "grades": "ABC",
        "treatments": {
            "A": Treatment("keep", level=ServiceLevel(4, 6, "named person"), effort=Effort(1, 30), rewards=gift),
            "B": Treatment("lift", level=ServiceLevel(8, 3, "team"), effort=Effort(3, 60), way_up="buy more broadly"),
            "C": Treatment(
                "restore",
                offers=[price, package],
                actions=Action("talk", "sit-down", "explain what serving them takes", after=14, hours=1),
                way_up="a larger share of what you buy",
            ),
        },
        "at_stake": lambda c: c["profit"],
        "at_stake_means": "the profit of the period",
    }
    return Policy(**{**given, **changes})


def graded(grades: str, **columns: list[float]) -> cg.Graded:
    """Return customers with these grades of A, B and C, `-` for ungraded, and these columns, for a year."""
    size = len(grades)
    filled: dict[str, Any] = {"revenue": [1000.0] * size, "profit": [100.0] * size, **columns}
    base = cg.CustomerBase([f"C{row}" for row in range(size)], filled, period=PERIOD)
    scale = cg.GradeScale([_axis("ABC")])
    codes = np.array([255 if grade == "-" else "ABC".index(grade) for grade in grades], dtype=np.uint8)
    scores = np.asarray(columns.get("profit", filled["profit"]), dtype=np.float64)
    return cg.Graded(base, scale, {"grade": codes}, {"grade": scores}, (np.zeros(size, dtype=np.uint32), ("",)))


def _axis(labels: str) -> Any:
    from custgrade.plugins import ScaleAxis

    return ScaleAxis("grade", labels)

"""The scorer `abcd`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Annotated, Any, Literal

from custgrade import Scorer
from custgrade.cuts import Share
from custgrade.errors import ParameterError
from custgrade.plugins import Scorecard, Setting, Shares, Thresholds, criteria_from, minimum_evidence

WEIGHTS: Mapping[str, float] = MappingProxyType(
    {"profit": 3, "days_late": 2, "enjoyable": 2, "challenges_us": 1, "cares_about_us": 2}
)
"""The weight of each criterion of the ideal customer, relative to the others."""


def _ideal(latest: float) -> dict[str, dict[str, Any]]:
    """Return how each criterion of the ideal customer earns points, by field; latest: in days."""
    rating = {"points": "rating"}
    return {
        "profit": {"points": "percentile"},
        "days_late": {"points": "linear", "worst": latest, "best": 0},
        "enjoyable": rating,
        "challenges_us": rating,
        "cares_about_us": rating,
    }


def abcd(
    weights: Annotated[
        Mapping[str, float],
        Setting("the weight of each criterion of the ideal customer; criteria that aren't named are left out"),
    ] = WEIGHTS,
    criteria: Annotated[
        Mapping[str, Mapping[str, Any]],
        Setting(
            "further criteria by field, or other points for a criterion of the ideal customer: "
            "{referrals = {weight = 1, worst = 0, best = 5}}"
        ),
    ] = MappingProxyType({}),
    latest: Annotated[float, Setting("customers who pay this late or later earn 0 points for days_late", "days")] = 60,
    letters: Annotated[str | Sequence[str], Setting("the grades, best first", "labels")] = "ABCD",
    thresholds: Annotated[Sequence[float], Setting("the least score of each letter but the last", "0 to 100")] = (
        75,
        50,
        25,
    ),
    shares: Annotated[
        Sequence[Share], Setting("the share of customers for each letter, used instead of thresholds; shares sum to 1")
    ] = (),
    ties: Annotated[
        Literal["mid", "better", "worse"],
        Setting(
            "with shares, the class of equal customers on a boundary: where at least half of them are, or always the "
            "better or worse one"
        ),
    ] = "mid",
    coverage: Annotated[
        Share, Setting("the share of the weight that must be known of a customer to be graded")
    ] = "0.5",
    minimum_orders: Annotated[int, Setting("customers with fewer orders are ungraded", "orders")] = 0,
    minimum_tenure: Annotated[int, Setting("customers with a shorter tenure are ungraded", "days")] = 0,
) -> Scorer:
    """Grade customers A, B, C, D by how near they are to an ideal customer: a weighted mean of points, 0 to 100."""
    ideal = _ideal(latest)
    labels = tuple(letters)
    wanted, cuts = ("shares", len(labels)) if shares else ("thresholds", len(labels) - 1)
    given = shares or thresholds
    if len(given) != cuts:
        raise ParameterError(
            f"{len(labels)} letters ({', '.join(labels)}) need {cuts} {wanted}; received {len(given)}: "
            f"{', '.join(map(str, given))}"
        )
    if not all(0 <= threshold <= 100 for threshold in thresholds):
        raise ParameterError(f"received thresholds {', '.join(map(str, thresholds))}; give values from 0 to 100")
    if not latest > 0:
        raise ParameterError(f"received latest {latest}; give a number of days above 0")
    strange = [field for field in weights if field not in ideal]
    if strange:
        raise ParameterError(
            f"weights has {strange[0]!r}; its keys are {', '.join(ideal)}. Add {strange[0]!r} to criteria instead"
        )
    tables: dict[str, Mapping[str, Any]] = {field: {**ideal[field], "weight": weights[field]} for field in weights}
    tables |= {field: {"weight": weights.get(field, 1), **table} for field, table in criteria.items()}
    if not tables:
        raise ParameterError("received no criteria: give weights or criteria")
    card = Scorecard(
        criteria=criteria_from(tables),
        labels=labels,
        cut=Shares(shares, ties=ties) if shares else Thresholds(thresholds),
        coverage=coverage,
    )
    return card.scorer(evidence=minimum_evidence(minimum_orders, minimum_tenure))

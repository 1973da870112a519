"""The scorer `floors`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Annotated, Literal

from custgrade import Scorer
from custgrade.cuts import Share
from custgrade.errors import ParameterError
from custgrade.plugins import Checklist, Floor, Quantile, Setting, minimum_evidence

PROPOSED = "proposed"
FLOORS: Mapping[str, float | str] = MappingProxyType(
    {"average_sale": PROPOSED, "margin": PROPOSED, "product_mix": PROPOSED, "revenue": PROPOSED}
)
"""The default floors by field; each is proposed from the data until the user sets it."""


def _floor(field: str, at: float | str, best: Literal["highest", "lowest"], reached_by: Share, table: str) -> Floor:
    if isinstance(at, str) and at != PROPOSED:
        raise ParameterError(f"received {at!r} for {table}.{field}; give a number or {PROPOSED!r}")
    return Floor(field, Quantile(field, reached_by, best) if isinstance(at, str) else at, best)


def floors(
    floors: Annotated[
        Mapping[str, float | str],
        Setting("the least value of each field, or 'proposed' to learn it; fields that aren't named have no floor"),
    ] = FLOORS,
    ceilings: Annotated[
        Mapping[str, float | str],
        Setting("the greatest value of fields of which less is better, or 'proposed': {days_late = 30}"),
    ] = MappingProxyType({}),
    reached_by: Annotated[Share, Setting("the share of customers that reach a proposed floor or ceiling")] = "0.75",
    near: Annotated[int, Setting("the most floors that a customer of the second grade misses", "floors")] = 1,
    labels: Annotated[
        Sequence[str], Setting("the grades: no floor missed, at most `near` floors missed, more missed")
    ] = (
        "meets",
        "near",
        "below",
    ),
    minimum_orders: Annotated[int, Setting("customers with fewer orders are ungraded", "orders")] = 0,
    minimum_tenure: Annotated[int, Setting("customers with a shorter tenure are ungraded", "days")] = 0,
) -> Scorer:
    """Grade customers meets, near or below by how many floors they miss; a value equal to a floor meets it."""
    both = sorted({*floors} & {*ceilings})
    if both:
        raise ParameterError(f"{both[0]!r} is in floors and in ceilings; remove it from one of them")
    if not floors and not ceilings:
        raise ParameterError("received no floors and no ceilings: give at least one")
    if len(labels) != 3:
        raise ParameterError(f"received {list(labels)!r} for labels; give three, for none, few and more floors missed")
    checklist = Checklist(
        floors=[
            *(_floor(field, at, "highest", reached_by, "floors") for field, at in floors.items()),
            *(_floor(field, at, "lowest", reached_by, "ceilings") for field, at in ceilings.items()),
        ],
        labels=tuple(labels),
        near=near,
    )
    return checklist.scorer(evidence=minimum_evidence(minimum_orders, minimum_tenure))

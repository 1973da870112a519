"""The scorer `floors`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Annotated, Literal

from custgrade import Scorer
from custgrade.cuts import Share
from custgrade.errors import ParameterError
from custgrade.plugins import Checklist, Floor, Quantile, Setting, hookimpl, minimum_evidence

PROPOSED = "proposed"
FLOORS: Mapping[str, float | str] = MappingProxyType(
    {"average_sale": PROPOSED, "margin": PROPOSED, "product_mix": PROPOSED, "revenue": PROPOSED}
)
"""Sale size, margin, product mix and revenue; each floor is proposed from the data until it is decided."""


def _floor(field: str, at: float | str, best: Literal["highest", "lowest"], reached_by: Share, table: str) -> Floor:
    if isinstance(at, str) and at != PROPOSED:
        raise ParameterError(f"{table}.{field} is a number or {PROPOSED!r}; received {at!r}")
    return Floor(field, Quantile(field, reached_by, best) if isinstance(at, str) else at, best)


def floors(
    floors: Annotated[
        Mapping[str, float | str],
        Setting("the least value of each field, or 'proposed'; fields that aren't named have no floor"),
    ] = FLOORS,
    ceilings: Annotated[
        Mapping[str, float | str],
        Setting("the greatest value of fields where less is better, or 'proposed': {days_late = 30}"),
    ] = MappingProxyType({}),
    reached_by: Annotated[
        Share, Setting("the share of customers that reaches a floor proposed from the data")
    ] = "0.75",
    near: Annotated[int, Setting("how many floors may be missed to be near", "floors")] = 1,
    labels: Annotated[Sequence[str], Setting("the grades: none missed, at most `near` missed, more missed")] = (
        "meets",
        "near",
        "below",
    ),
    minimum_orders: Annotated[int, Setting("customers with fewer stay ungraded; 0 asks for none", "orders")] = 0,
    minimum_tenure: Annotated[int, Setting("customers known for less stay ungraded; 0 asks for none", "days")] = 0,
) -> Scorer:
    """Grade customers meets, near, below by how many profitability floors they miss; a floor itself is met."""
    both = sorted({*floors} & {*ceilings})
    if both:
        raise ParameterError(f"{both[0]!r} is in floors and in ceilings; a field has one of them")
    if not floors and not ceilings:
        raise ParameterError("there is nothing to check: give floors or ceilings")
    if len(labels) != 3:
        raise ParameterError(f"labels are three, for none, few and more floors missed; received {', '.join(labels)}")
    checklist = Checklist(
        floors=[
            *(_floor(field, at, "highest", reached_by, "floors") for field, at in floors.items()),
            *(_floor(field, at, "lowest", reached_by, "ceilings") for field, at in ceilings.items()),
        ],
        labels=tuple(labels),
        near=near,
    )
    return checklist.scorer(evidence=minimum_evidence(minimum_orders, minimum_tenure))


@hookimpl
def custgrade_scorers() -> Mapping[str, Callable[..., Scorer]]:
    """Provide the scheme under its name."""
    return {"floors": floors}

"""The scorer `top10`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from custgrade import CustgradeError, Scorer
from custgrade.cuts import Share
from custgrade.errors import ParameterError
from custgrade.plugins import Axis, Quantile, Setting, Shares, minimum_evidence, rank_by


def top10(
    by: Annotated[str, Setting("the field customers are ranked by", "a field")] = "profit",
    share: Annotated[Share, Setting("the share of customers at the top, above 0 and below 1")] = "0.10",
    labels: Annotated[Sequence[str], Setting("the two grades, the top first", "labels")] = ("top", "rest"),
    best: Annotated[
        Literal["highest", "lowest"] | None,
        Setting("the best values of the field; by default the field decides, for example the lowest for days_late"),
    ] = None,
    ties: Annotated[
        Literal["mid", "better", "worse"],
        Setting(
            "the class of equal customers on the boundary: where at least half of them are, or always the better or "
            "worse one"
        ),
    ] = "mid",
    minimum_orders: Annotated[
        int,
        Setting("customers with fewer orders are ungraded", "orders"),
    ] = 2,
    minimum_tenure: Annotated[int, Setting("customers with a shorter tenure are ungraded", "days")] = 0,
) -> Scorer:
    """Grade customers top or rest by their rank in one field; by default the top 10 % by profit."""
    if len(labels) != 2:
        raise ParameterError(f"received {list(labels)!r} for labels; give two, the top first")
    score = rank_by(by, best)
    rises, falls = ([by], []) if score.best == "highest" else ([], [by])
    axis = Axis("grade", tuple(labels), score, _cut(share, ties), rises=rises, falls=falls)
    return Scorer(axes=[axis], evidence=minimum_evidence(minimum_orders, minimum_tenure, optional=True))


def _cut(share: Share, ties: Literal["mid", "better", "worse"]) -> Shares:
    try:
        top = Quantile("profit", share).share
    except CustgradeError as error:
        raise ParameterError(f"received share {share!r}; give a number above 0 and below 1, such as 0.1") from error
    return Shares((top, 1 - top), ties=ties)

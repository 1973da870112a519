"""The scorer `abcde`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from custgrade import Scorer
from custgrade.cuts import Share
from custgrade.errors import ParameterError
from custgrade.plugins import Axis, Setting, Shares, minimum_evidence, rank_by


def abcde(
    by: Annotated[str, Setting("the field customers are ranked by", "a field")] = "profit",
    letters: Annotated[str | Sequence[str], Setting("the grades, best first", "labels")] = "ABCDE",
    shares: Annotated[
        Sequence[Share], Setting("the share of customers for each letter, best first; shares sum to 1")
    ] = (
        "0.05",
        "0.15",
        "0.30",
        "0.30",
        "0.20",
    ),
    best: Annotated[
        Literal["highest", "lowest"] | None,
        Setting("the best values of the field; by default the field decides, for example the lowest for days_late"),
    ] = None,
    ties: Annotated[
        Literal["mid", "better", "worse"],
        Setting(
            "the class of equal customers on a boundary: where at least half of them are, or always the better or "
            "worse one"
        ),
    ] = "mid",
    minimum_orders: Annotated[int, Setting("customers with fewer orders are ungraded", "orders")] = 0,
    minimum_tenure: Annotated[int, Setting("customers with a shorter tenure are ungraded", "days")] = 0,
) -> Scorer:
    """Grade customers A, B, C, D, E … by their rank in one field; by default A and B are the top 20 %."""
    labels = tuple(letters)
    if len(labels) != len(shares):
        raise ParameterError(
            f"{len(labels)} letters ({', '.join(labels)}) need as many shares; received {len(shares)}: "
            f"{', '.join(map(str, shares))}"
        )
    score = rank_by(by, best)
    rises, falls = ([by], []) if score.best == "highest" else ([], [by])
    axis = Axis("grade", labels, score, Shares(shares, ties=ties), rises=rises, falls=falls)
    return Scorer(axes=[axis], evidence=minimum_evidence(minimum_orders, minimum_tenure))

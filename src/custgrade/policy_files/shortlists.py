"""The scorers of the shortlists of a policy file."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from custgrade.argument_checks import float_of, is_one_line
from custgrade.builders.criterion_tables import criteria_from
from custgrade.builders.scorecard import Scorecard
from custgrade.cuts.exact import exact_share
from custgrade.cuts.shares import Shares
from custgrade.errors import ConfigurationError, CustgradeError
from custgrade.model.scorer import Scorer
from custgrade.policy_files.table import Table
from custgrade.scoring.axis import Axis
from custgrade.scoring.learned import rank_by
from custgrade.text import shown

LABELS = ("in", "out")


def scorer_of(table: Table) -> Scorer:
    """Return the scorer of a shortlist: the best `share` of the customers by `rank_by` or by `criteria`.

    rank_by: a field, whose better values come first, or a table of weights by field, which are multiplied by the fields
    and added up. criteria: tables of a scorecard, as `criteria_from` reads them.

    Raises ConfigurationError with the place.
    """
    if ("rank_by" in table) == ("criteria" in table):
        raise table.error(
            'a shortlist has either rank_by = "orders", rank_by = {product_mix = 10, orders = 1}, or tables of '
            f"criteria such as [{'.'.join(table.path)}.criteria.orders]"
        )
    share = _placed(table, "share", lambda: exact_share(table.content["share"]))
    if share == 1:
        raise table.error("share must be below 1; received 1", "share")
    cut = Shares((share, 1 - share))
    if "rank_by" in table:
        score = _ranked(table)
        made: Scorer = _placed(table, "rank_by", lambda: Scorer(axes=[Axis("list", LABELS, score, cut)]))
        return made

    def where(*names: str, key: str | None = None) -> str:
        # the first name is that of all criteria together
        return table.where(*names, key=key)

    rows = criteria_from({name: one.content for name, one in table.named("criteria").items()}, where)
    card: Scorer = _placed(table, "criteria", lambda: Scorecard(rows, LABELS, cut, axis="list").scorer())
    return card


def _ranked(table: Table) -> Callable[[Mapping[str, Any]], Any]:
    given = table.content["rank_by"]
    if is_one_line(given) and given:
        return rank_by(given)
    if not isinstance(given, Mapping) or not given:
        raise table.error(
            f'rank_by must be a field, such as "orders", or a table of weights by field; received {shown(given)}',
            "rank_by",
        )
    odd = [name for name, weight in given.items() if not abs(float_of(weight) or math.nan) <= 1e12 and weight != 0]
    if odd:
        raise table.sub("rank_by").error(
            f"the weight of {odd[0]} must be a number of at most 1e12; received {shown(given[odd[0]])}", odd[0]
        )
    weights = {name: float(weight) for name, weight in given.items()}

    def score(c: Mapping[str, Any]) -> Any:
        total: Any = 0.0
        for name, weight in weights.items():
            total = total + weight * c[name]
        return total

    return score


def _placed(table: Table, key: str, function: Callable[[], Any]) -> Any:
    """Return the result of a function; its errors get the place of a key."""
    try:
        return function()
    except ConfigurationError:
        raise
    except CustgradeError as error:
        raise table.error(f"{key}: {error}", key) from error

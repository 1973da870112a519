"""Limits of gifts: R21."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from custgrade.events.kinds import GIFTS
from custgrade.planning.amount import Amount
from custgrade.planning.customer_columns import Rows
from custgrade.planning.guard.places import treatment_path
from custgrade.planning.guard.rewards import lists_of, stated_worth, worth_on_plan
from custgrade.planning.guard.rules import RULES, Breach
from custgrade.planning.money_amounts import cents, cents_of
from custgrade.planning.plan import Plan
from custgrade.planning.policy import Policy
from custgrade.planning.reward import Reward
from custgrade.planning.rewarding import values_given
from custgrade.planning.treatment import Treatment

CEILING, CEILING_YEAR = 1000.0, 5000.0
"""The most money for one gift, and for all gifts of one customer in a year, that a policy may set as its limits."""


def _gifts(treatment: Treatment) -> list[Reward]:
    """Return the rewards that count as gifts: all but discounts, because anything else that costs money can be one."""
    return [one for one in treatment.rewards if one.kind != "discount"]


def _limits(policy: Policy) -> tuple[float, float]:
    """Return the most for one gift and for all of a year: the policy's limits, within the guard's ceilings."""
    return min(policy.gift_limit, CEILING), min(policy.gift_limit_year, CEILING_YEAR)


def gift_breaches(policy: Policy) -> Iterator[Breach]:
    """Yield the breaches of R21 that stated numbers show."""
    single, yearly = _limits(policy)
    for grade, treatment in policy.by_place:
        gifts = _gifts(treatment)
        for one in treatment.rewards:
            most = single if one in gifts else CEILING
            if one.value.constant is not None and cents_of(one.value.constant) > cents_of(most):
                yield _too_much(grade, f"{one.kind} {one.name!r}", one.value.constant, most, "reward", one.name)
        for incentive in treatment.incentives:
            value = incentive.value.constant
            if value is not None and cents_of(value) > cents_of(CEILING):
                yield _too_much(grade, f"incentive {incentive.name!r}", value, CEILING, "incentive", incentive.name)
        for shortlist in ("", *lists_of(gifts)):
            total = stated_worth(gifts, shortlist)[0]
            if total > cents_of(yearly):
                where = f" on the shortlist {shortlist!r}" if shortlist else ""
                yield _of_a_year(grade, f"gifts{where} are worth {float(total) / 100.0:,.2f} a year", yearly)
                break


def _too_much(
    grade: str, what: str, value: float, most: float, part: str, name: str, rows: Rows | None = None
) -> Breach:
    """Return the breach of a gift or an incentive that is worth more than the most; rows: the customers on a plan."""
    up_to = "" if rows is None else "up to "
    mend = (
        f"Make its value at most {most:,.2f}"
        if rows is None
        else f"Limit it to {most:g}: most = {most:g} in a policy file, np.minimum(…, {float(most)}) in Python"
    )
    path = treatment_path(grade, part, name, "value")
    what = f"{what} is worth {up_to}{value:,.2f}, and {most:,.2f} is the most"
    return Breach("R21", grade, what, mend, 0 if rows is None else len(rows), path, rows=rows)


def _of_a_year(grade: str, found: str, most: float, rows: Rows | None = None) -> Breach:
    limit = f"{most:,.2f}"
    mend = f"Make them worth at most {limit} a year, by their value or by more months between two"
    path, what = treatment_path(grade, "reward"), f"{found}, and {limit} is the most"
    return Breach("R21", grade, what, mend, 0 if rows is None else len(rows), path, rows=rows)


def gifts_on_plan(plan: Plan, unchecked: list[str]) -> Iterator[Breach]:
    """Yield the breaches of R21 for single customers: computed gifts, and gifts for customers who refuse them.

    unchecked: gets a sentence if the data doesn't say who refuses gifts.
    """
    policy, columns = plan.policy, plan.customer_columns
    single, yearly = _limits(policy)
    known = "no_gifts" in columns
    if not known and any(one.kind in GIFTS for _, treatment in policy.by_place for one in treatment.rewards):
        unchecked.append(f"{RULES['R21']} checked in part: no column no_gifts, which says who refuses gifts")
    for place, (grade, treatment) in enumerate(policy.by_place):
        rows = plan.rows(place)
        if not len(rows):
            continue
        refuse = columns["no_gifts"][rows] == 1.0 if known else np.zeros(len(rows), dtype=bool)
        willing = rows[~refuse]
        gifts = _gifts(treatment)
        for one in treatment.rewards:
            meant = willing if one.kind in GIFTS else rows
            meant = meant[plan.shortlists[one.only][meant]] if one.only else meant
            most = single if one in gifts else CEILING
            yield from _computed(plan, grade, f"{one.kind} {one.name!r}", one.value, most, meant, "reward", one.name)
        for incentive in treatment.incentives:
            what, name = f"incentive {incentive.name!r}", incentive.name
            yield from _computed(plan, grade, what, incentive.value, CEILING, rows, "incentive", name)
        if len(lists_of(gifts)) > 1 or any(one.value.constant is None for one in gifts):
            # customers who refuse gifts get the rewards of other kinds
            sorts = [(gifts, willing), ([one for one in gifts if one.kind not in GIFTS], rows[refuse])]
            for some, members in sorts:
                total = worth_on_plan(plan, some, members)
                bad = total > cents_of(yearly) + 1e-3
                if bad.any():
                    found = f"gifts are worth up to {total.max() / 100.0:,.2f} a year"
                    yield _of_a_year(grade, found, yearly, members[bad])
    yield from _refused(plan)


def _computed(
    plan: Plan, grade: str, what: str, value: Amount, most: float, rows: Rows, part: str, name: str
) -> Iterator[Breach]:
    """Yield a breach if a computed value is more than the most for some customers."""
    if value.constant is None and len(rows):
        values = cents(values_given(plan.customer_columns.values(value, rows)))
        bad = values > cents_of(most)
        if bad.any():
            yield _too_much(grade, what, values.max() / 100.0, most, part, name, rows[bad])


def _refused(plan: Plan) -> Iterator[Breach]:
    for block in plan.rewards:
        if block.reward.kind in GIFTS and "no_gifts" in plan.customer_columns:
            rows = block.rows[plan.customer_columns["no_gifts"][block.rows] == 1.0]
            if len(rows):
                grade = plan.policy.by_place[block.place][0]
                what = f"gift {block.reward.name!r}: no_gifts is 1, and only customers without it get gifts"
                path = treatment_path(grade, "reward", block.reward.name)
                yield Breach("R21", grade, what, "Leave these customers out", len(rows), path, rows=rows)

"""Limits of gifts: R21."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from custgrade.planning.guard.places import treatment_path
from custgrade.planning.guard.rewards import lists_of, stated_worth, worth_on_plan
from custgrade.planning.guard.rules import RULES, Breach
from custgrade.planning.money_amounts import cents
from custgrade.planning.plan import Plan
from custgrade.planning.policy import Policy
from custgrade.planning.reward import GIFTS, Reward
from custgrade.planning.treatment import Treatment


def _gifts(treatment: Treatment) -> list[Reward]:
    return [one for one in treatment.rewards if one.kind in GIFTS]


def _limit(value: float) -> int:
    return round(value * 100.0)


def gift_breaches(policy: Policy) -> Iterator[Breach]:
    """Yield the breaches of R21 that stated numbers show."""
    for grade, treatment in policy.by_place:
        gifts = _gifts(treatment)
        for one in gifts:
            if one.value.constant is not None and cents(np.array([one.value.constant]))[0] > _limit(policy.gift_limit):
                what = f"gift {one.name!r} is worth {one.value.constant:,.2f}, and {policy.gift_limit:,.2f} is the most"
                mend = f"Make its value at most {policy.gift_limit:,.2f}"
                yield Breach("R21", grade, what, mend, path=treatment_path(grade, "reward", one.name, "value"))
        for shortlist in ("", *lists_of(gifts)):
            total = stated_worth(gifts, shortlist)[0]
            if total > _limit(policy.gift_limit_year):
                where = f" on the shortlist {shortlist!r}" if shortlist else ""
                yield _of_a_year(policy, grade, f"gifts{where} are worth {float(total) / 100.0:,.2f} a year")
                break


def _of_a_year(policy: Policy, grade: str, found: str) -> Breach:
    limit = f"{policy.gift_limit_year:,.2f}"
    mend = f"Make them worth at most {limit} a year, by their value or by more months between two"
    return Breach("R21", grade, f"{found}, and {limit} is the most", mend, path=treatment_path(grade, "reward"))


def gifts_on_plan(plan: Plan, unchecked: list[str]) -> Iterator[Breach]:
    """Yield the breaches of R21 for single customers: computed gifts, and gifts for customers who refuse them.

    unchecked: gets a sentence if the data doesn't say who refuses gifts.
    """
    policy, columns = plan.policy, plan.customer_columns
    known = "no_gifts" in columns
    any_gifts = False
    for place, (grade, treatment) in enumerate(policy.by_place):
        gifts, rows = _gifts(treatment), plan.rows(place)
        any_gifts |= bool(gifts)
        if not gifts or not len(rows):
            continue
        if known:
            rows = rows[columns["no_gifts"][rows] != 1.0]
        for one in gifts:
            meant = rows[plan.shortlists[one.only][rows]] if one.only else rows
            if one.value.constant is None and len(meant):
                values = cents(columns.values(one.value, meant))
                bad = values > _limit(policy.gift_limit)
                if bad.any():
                    what = (
                        f"gift {one.name!r} is worth up to {values.max() / 100.0:,.2f}, and "
                        f"{policy.gift_limit:,.2f} is the most"
                    )
                    most = float(policy.gift_limit)
                    mend = f"Limit it to {most:g}: most = {most:g} in a policy file, np.minimum(…, {most}) in Python"
                    path = treatment_path(grade, "reward", one.name, "value")
                    yield Breach("R21", grade, what, mend, int(bad.sum()), path, rows=meant[bad])
        if len(rows) and (len(lists_of(gifts)) > 1 or any(one.value.constant is None for one in gifts)):
            total = worth_on_plan(plan, gifts, rows)
            bad = total > _limit(policy.gift_limit_year) + 1e-3
            if bad.any():
                found = _of_a_year(policy, grade, f"gifts are worth up to {total.max() / 100.0:,.2f} a year")
                members = rows[bad]
                yield Breach("R21", grade, found.what, found.mend, len(members), found.path, rows=members)
    if any_gifts and not known:
        unchecked.append(f"{RULES['R21']} checked in part: no column no_gifts, which says who refuses gifts")
    yield from _refused(plan)


def _refused(plan: Plan) -> Iterator[Breach]:
    for block in plan.rewards:
        if block.reward.kind in GIFTS and "no_gifts" in plan.customer_columns:
            rows = block.rows[plan.customer_columns["no_gifts"][block.rows] == 1.0]
            if len(rows):
                grade = plan.policy.by_place[block.place][0]
                what = f"gift {block.reward.name!r}: no_gifts is 1, and only customers without it get gifts"
                path = treatment_path(grade, "reward", block.reward.name)
                yield Breach("R21", grade, what, "Leave these customers out", len(rows), path, rows=rows)

"""R26, a warning: what customers get in effect goes against the order of the grades."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from custgrade.planning.customer_columns import Rows
from custgrade.planning.guard.comparing import amount_text, worse_values
from custgrade.planning.guard.effects import FOUR_FIFTHS, LEAST_GROUP
from custgrade.planning.guard.lists import carries_rewards
from custgrade.planning.guard.pairs import Pair, PairRows, among, better_rows
from custgrade.planning.guard.places import treatment_path
from custgrade.planning.guard.rewards import worth_of_block
from custgrade.planning.guard.rules import Breach
from custgrade.planning.plan import Plan
from custgrade.text import listed

LargePairs = list[tuple[Pair, Rows, Rows]]
"""Pairs of grades with the positions of the customers of the worse and of the better grade."""


def in_effect(plan: Plan, pairs: PairRows) -> Iterator[Breach]:
    """Yield the breaches of R26: means, members of shortlists, and budgets that favour a worse grade.

    pairs: pairs of grades with the positions of the customers of the worse grade.
    """
    large = list(_large(plan, pairs))
    yield from _served_better(plan, large)
    yield from _members(plan, large)
    yield from _budgets(plan, pairs)


def _large(plan: Plan, pairs: PairRows) -> Iterator[tuple[Pair, Rows, Rows]]:
    """Yield each pair with the customers of its worse and better grade, if both have enough of them."""
    sizes = np.bincount(plan.treatment, minlength=len(plan.policy.by_place))
    for pair, rows in pairs:
        if len(rows) >= LEAST_GROUP and sizes[pair.better_place] >= LEAST_GROUP:
            above = better_rows(plan, pair)
            if len(above) >= LEAST_GROUP:
                yield pair, rows, above


def _served_better(plan: Plan, large: LargePairs) -> Iterator[Breach]:
    """Yield a breach for each entitlement whose mean is better in a worse grade; the first better grade is named."""
    levels = [plan.policy.level_of(treatment) for _, treatment in plan.policy.by_place]
    levels += [package.level for package in plan.policy.packages if package.level is not None]
    if not large:
        return
    for name, least in plan.policy.base.entitlements().items():
        if name == "desk" or (
            len({level.entitlements().get(name) for level in levels}) < 2
            and all(
                level.entitlements()[name].amount.constant is not None
                for level in levels
                if name in level.entitlements()
            )
        ):
            continue
        entitled = plan.entitled(name)
        seen = set[str]()
        for pair, rows, above in large:
            mine, theirs = (np.array([np.mean(entitled[some])]) for some in (rows, above))
            if pair.worse not in seen and worse_values(theirs, mine, least.better)[0]:
                seen.add(pair.worse)
                got, other = (amount_text(round(float(one[0]), 2), least.unit) for one in (mine, theirs))
                what = f"the mean of {name} is {got}, and {other} in {pair.better}"
                mend = "Make it rise with what makes a grade better, or state numbers"
                path = treatment_path(pair.treated_as, "level", name)
                yield Breach("R26", pair.worse, what, mend, len(rows), path, rows=rows)


def _members(plan: Plan, large: LargePairs) -> Iterator[Breach]:
    """Yield a breach for each shortlist with rewards whose `where` or scorer favours a worse grade by far."""
    few, many = FOUR_FIFTHS
    for shortlist in plan.policy.shortlists:
        if not carries_rewards(plan.policy, shortlist):
            continue
        members = plan.shortlists[shortlist.name]
        admitted = np.zeros(len(plan), dtype=bool)
        admitted[plan.customer_columns.hold(shortlist.where, np.arange(len(plan)))] = True
        seen = set[str]()
        for pair, rows, above in large:
            if {pair.better_as, pair.treated_as} - {*shortlist.among} or pair.worse in seen:
                continue
            mine, theirs = (int(admitted[some].sum()) for some in (rows, above))
            if members[rows].any() and not members[above].any():
                what = f"customers are on the shortlist {shortlist.name!r}, and nobody of {pair.better} is"
            elif many * theirs * len(rows) < few * mine * len(above):
                share, other = mine / len(rows), theirs / len(above)
                what = (
                    f"where of the shortlist {shortlist.name!r} holds for {share:.0%} of the customers, and for "
                    f"{other:.0%} of those of {pair.better}"
                )
            else:
                continue
            seen.add(pair.worse)
            mend = "Make sure that nobody is left out for being better"
            path = ("shortlist", shortlist.name, "where")
            yield Breach("R26", pair.worse, what, mend, len(rows), path, rows=rows)


def _budgets(plan: Plan, pairs: PairRows) -> Iterator[Breach]:
    """Yield a breach for each grade with rewards while some of the same kind wait for the budget of a better grade."""
    found = [worth_of_block(block) for block in plan.rewards]
    places = {block.place for block, waits, _ in found if len(waits)}
    seen = set[str]()
    for pair, rows in pairs:
        if pair.better_place not in places or pair.worse in seen or not len(rows):
            continue
        above = among(plan, better_rows(plan, pair))
        theirs = [one for one in found if one[0].place == pair.better_place]
        kinds = {block.reward.kind for block, waits, _ in theirs if above[waits].any()}
        mine = [one for one in found if one[0].place == pair.place and one[0].reward.kind in kinds and len(one[2])]
        if mine:
            members = rows[among(plan, np.concatenate([given for _, _, given in mine]))[rows]]
            if len(members):
                seen.add(pair.worse)
                names = listed(dict.fromkeys(block.reward.kind for block, _, _ in mine))
                what = f"rewards ({names}) are given, while some of {pair.better} wait for the budget"
                mend = f"Raise the budget of {pair.better}"
                path = treatment_path(pair.better_as, "budget")
                yield Breach("R26", pair.worse, what, mend, len(members), path, rows=members)

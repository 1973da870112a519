"""Ungraded customers, consent, shortlists and incentives: R13 to R16."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from custgrade.data.scale import NOT_GRADED
from custgrade.planning.guard.offers import asks_much
from custgrade.planning.guard.pairs import Pair, PairRows, better_rows
from custgrade.planning.guard.places import treatment_path
from custgrade.planning.guard.rules import Breach
from custgrade.planning.plan import Plan
from custgrade.planning.policy import Policy
from custgrade.planning.shortlist import Shortlist
from custgrade.text import listed

LEAST_SHUT_OUT = 20
"""The fewest customers of a grade of whom none is on a list by more than chance."""


def list_breaches(policy: Policy, pairs: list[Pair]) -> Iterator[Breach]:
    """Yield the breaches of the rules on ungraded customers, consent, shortlists and incentives."""
    yield from _unknown(policy)
    own = [(pair.better, pair.worse) for pair in pairs if pair.code is None]
    mapped = [pair for pair in pairs if pair.code is not None]
    for grade, treatment in policy.by_place:
        for reward in treatment.rewards:
            if reward.kind == "showcase" and not reward.consent:
                what = f"reward {reward.name!r} shows customers to others, and consent is false"
                path = treatment_path(grade, "reward", reward.name, "consent")
                yield Breach("R14", grade, what, "Make consent true", path=path)
        better = [one for one, other in own if other == grade] if grade != NOT_GRADED else policy.grades.grades
        for incentive in treatment.incentives:
            if incentive.reaching not in better:
                what = (
                    f"incentive {incentive.name!r} is for reaching {incentive.reaching!r}, which isn't a better grade"
                )
                path = treatment_path(grade, "incentive", incentive.name, "reaching")
                mend = f"Name a better grade: {listed(better)}" if better else "Make it a reward"
                yield Breach("R16", grade, what, mend, path=path)
    yield from _on_the_scale(mapped)
    for shortlist in policy.shortlists:
        if not carries_rewards(policy, shortlist):
            continue
        # the grade that is left out, and the policy's grade whose treatment it has
        out = {
            pair.better: pair.better_as
            for pair in pairs
            if pair.treated_as in shortlist.among and pair.better_as not in shortlist.among
        }
        for grade, treated_as in out.items():
            what = f"shortlist {shortlist.name!r} has rewards for {listed(shortlist.among)}, and leaves out {grade}"
            path = ("shortlist", shortlist.name, "among")
            yield Breach("R15", grade, what, f"Add {treated_as!r} to among", path=path)


def lists_on_plan(plan: Plan, pairs: PairRows) -> Iterator[Breach]:
    """Yield the breaches of R15 by `where`: it holds for nobody of a better grade, and for some of a worse one.

    pairs: pairs of grades with the positions of the customers of the worse grade.
    """
    for shortlist in plan.policy.shortlists:
        if shortlist.where is None or not carries_rewards(plan.policy, shortlist):
            continue
        holds = np.zeros(len(plan), dtype=bool)
        holds[plan.customer_columns.hold(shortlist.where, np.arange(len(plan)))] = True
        out = dict[str, None]()
        for pair, rows in pairs:
            if pair.better_as in shortlist.among and pair.treated_as in shortlist.among and holds[rows].any():
                above = better_rows(plan, pair)
                if len(above) >= LEAST_SHUT_OUT and not holds[above].any():
                    out[pair.better] = None
        for grade in out:
            what = f"where of shortlist {shortlist.name!r} holds for nobody, and for customers of a worse grade"
            path = ("shortlist", shortlist.name, "where")
            yield Breach("R15", grade, what, "Leave nobody out for being better", path=path)


def carries_rewards(policy: Policy, shortlist: Shortlist) -> bool:
    """Return whether a shortlist has rewards for its members."""
    return any(one.only == shortlist.name for _, treatment in policy.by_place for one in treatment.rewards)


def _on_the_scale(mapped: list[Pair]) -> Iterator[Breach]:
    """Yield the breaches of R16 on a mapped scale: an incentive for reaching what is a worse grade there."""
    for pair in mapped:
        for incentive in pair.treatments[0].incentives:
            if incentive.reaching == pair.treated_as:
                what = (
                    f"incentive {incentive.name!r} is for reaching {incentive.reaching!r}, the treatment of "
                    f"{pair.worse}, which is a worse grade"
                )
                path = treatment_path(pair.better_as, "incentive", incentive.name, "reaching")
                yield Breach("R16", pair.better, what, "Map the grades in their order", path=path)


def _unknown(policy: Policy) -> Iterator[Breach]:
    treatment = policy.ungraded
    for offer in treatment.offers:
        if asks_much(offer):
            kind = "charged more" if offer.transition is None else "released"
            path = treatment_path(NOT_GRADED, "offer", offer.name)
            what = f"offer {offer.name!r}: ungraded customers may be {kind}"
            yield Breach("R13", NOT_GRADED, what, "Leave the offer out, and ask them", path=path)
    if treatment.aim == "release":
        path = treatment_path(NOT_GRADED, "aim")
        yield Breach("R13", NOT_GRADED, "the aim is to release ungraded customers", "Make aim 'ask'", path=path)
    if not any(one.kind == "ask" and one.when is None and not one.only for one in treatment.actions):
        what = "not all ungraded customers are asked what they need"
        mend = "Add an action of kind 'ask' without when and only"
        yield Breach("R13", NOT_GRADED, what, mend, path=treatment_path(NOT_GRADED, "action"))

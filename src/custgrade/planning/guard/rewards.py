"""Rewards of worse and better grades: R04, and the consent of R14 on a plan."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from custgrade.planning.amount import Amount
from custgrade.planning.guard.comparing import amount_text, furthest, worse_values
from custgrade.planning.guard.pairs import Pair
from custgrade.planning.guard.places import treatment_path
from custgrade.planning.guard.rules import Breach
from custgrade.planning.money_amounts import cents
from custgrade.planning.plan import Plan
from custgrade.planning.reward import Reward
from custgrade.planning.treatment import Treatment

Functions = Counter[tuple[Amount, int]]


def lists_of(rewards: Iterable[Reward]) -> list[str]:
    """Return the shortlists that rewards are limited to, each once."""
    return list(dict.fromkeys(one.only for one in rewards if one.only))


def stated_worth(rewards: Iterable[Reward], shortlist: str) -> tuple[Fraction, Functions]:
    """Return what rewards are worth a year to customers on one shortlist, or on none if its name is empty.

    The first is the sum of the constant values in cents; the second counts the functions, each with its months.
    A value below 0 counts as 0, so that it hides nothing.
    """
    constant, functions = Fraction(0), Functions()
    for one in rewards:
        if one.only in ("", shortlist):
            if one.value.constant is None:
                functions[one.value, one.every] += 1
            else:
                constant += Fraction(max(math.floor(one.value.constant * 100.0 + 0.5), 0) * 12, one.every)
    return constant, functions


def worth_on_plan(plan: Plan, rewards: Iterable[Reward], rows: npt.NDArray[np.intp]) -> npt.NDArray[np.float64]:
    """Return what rewards are worth a year to some customers, in cents, float64; each gets those of its shortlists.

    An unknown value counts as 0, because such a reward isn't given, and so does one below 0.
    """
    total = np.zeros(len(rows))
    for one in rewards:
        worth = np.maximum(cents(plan.customer_columns.values(one.value, rows)), 0) * (12.0 / one.every)
        total += np.where(plan.shortlists[one.only][rows], worth, 0.0) if one.only else worth
    return total


def _money(value: Fraction | float) -> str:
    return f"{float(value) / 100.0:,.2f} a year"


def _where(shortlist: str) -> str:
    return f" on the shortlist {shortlist!r}" if shortlist else ""


def reward_breaches(pairs: list[Pair]) -> Iterator[Breach]:
    """Yield the breaches of R04 that stated numbers show, on each shortlist and off it."""
    for pair in pairs:
        better, worse = pair.treatments
        for shortlist in ("", *lists_of([*better.rewards, *worse.rewards])):
            theirs, their_functions = stated_worth(better.rewards, shortlist)
            mine, my_functions = stated_worth(worse.rewards, shortlist)
            if my_functions == their_functions and mine > theirs:
                what = (
                    f"rewards{_where(shortlist)} are worth {_money(mine)}, and those of {pair.better} {_money(theirs)}"
                )
                yield _breach(pair, what, f"Make them worth at most {_money(theirs)}")


def _breach(pair: Pair, what: str, mend: str, rows: npt.NDArray[np.intp] | None = None) -> Breach:
    path = treatment_path(pair.treated_as, "reward")
    mend = (
        f"{mend}, or give them for reaching {pair.better}: [treatment.GRADE.incentive.NAME] in a policy file, "
        "Incentive(…) in Python"
    )
    return Breach("R04", pair.worse, what, mend, 0 if rows is None else len(rows), path, rows=rows)


def _decided(better: Treatment, worse: Treatment) -> bool:
    """Return whether stated numbers decide R04: the functions are equal, and no customer is on two shortlists."""
    lists = lists_of([*better.rewards, *worse.rewards])
    equal = all(stated_worth(better.rewards, one)[1] == stated_worth(worse.rewards, one)[1] for one in ("", *lists))
    return equal and len(lists) < 2


def rewards_on_plan(plan: Plan, pairs: list[tuple[Pair, npt.NDArray[np.intp]]]) -> Iterator[Breach]:
    """Yield the breaches of R04 for single customers: what each gets, against the same customer in each better grade.

    Consent and `no_gifts` don't count, because customers decide them.

    pairs: pairs of grades with the positions of the customers of the worse grade.
    """
    for pair, rows in pairs:
        better, worse = pair.treatments
        if not len(rows) or not worse.rewards or _decided(better, worse):
            continue
        mine, theirs = (worth_on_plan(plan, one.rewards, rows) for one in (worse, better))
        bad = worse_values(theirs, mine, "more")
        if bad.any():
            got, least = furthest(mine, theirs, bad)
            what = f"rewards are worth up to {_money(got)} where those of {pair.better} are worth {_money(least)}"
            yield _breach(pair, what, f"Make none worth more than in {pair.better}", rows[bad])


def consent_on_plan(plan: Plan) -> Iterator[Breach]:
    """Yield the breaches of R14 for customers who are shown to others without their consent."""
    for block in plan.rewards:
        if block.reward.kind == "showcase" and block.reward.consent:
            rows = block.rows[plan.customer_columns["consent"][block.rows] != 1.0]
            if len(rows):
                grade = plan.policy.by_place[block.place][0]
                what = f"reward {block.reward.name!r}: consent is {amount_text(0.0)} or unknown, and 1 is needed"
                path = treatment_path(grade, "reward", block.reward.name)
                yield Breach("R14", grade, what, "Leave these customers out", len(rows), path, rows=rows)

"""Rewards of worse and better grades: R04, and the consent of R14 on a plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from custgrade.planning.amount import Amount
from custgrade.planning.customer_columns import Rows
from custgrade.planning.guard.comparing import amount_text, furthest, worse_values
from custgrade.planning.guard.pairs import Pair, PairRows, among, better_rows
from custgrade.planning.guard.places import treatment_path
from custgrade.planning.guard.rules import Breach
from custgrade.planning.guard.stored import Stored
from custgrade.planning.money_amounts import cents, cents_of
from custgrade.planning.plan import Plan
from custgrade.planning.reward import Reward
from custgrade.planning.rewarding import RewardBlock, values_given
from custgrade.planning.states import BUDGET, DUE
from custgrade.planning.treatment import Treatment

Functions = Counter[tuple[Amount, int]]


def lists_of(rewards: Iterable[Reward]) -> list[str]:
    """Return the shortlists that rewards are limited to, each once."""
    return list(dict.fromkeys(one.only for one in rewards if one.only))


def stated_worth(rewards: Iterable[Reward], shortlist: str) -> tuple[Fraction, Functions]:
    """Return what rewards are worth a year to customers on one shortlist, or on none if its name is empty.

    The first is the sum of the constant values in cents; the second counts the functions, each with its months.
    """
    constant, functions = Fraction(0), Functions()
    for one in rewards:
        if one.only in ("", shortlist):
            if one.value.constant is None:
                functions[one.value, one.every] += 1
            else:
                constant += Fraction(cents_of(one.value.constant) * 12, one.every)
    return constant, functions


def worth_on_plan(plan: Plan, rewards: Iterable[Reward], rows: Rows) -> npt.NDArray[np.float64]:
    """Return what rewards are worth a year to some customers, in cents, float64; each gets those of its shortlists.

    A value that is unknown, below 0 or impossible counts as 0, because such a reward isn't given.
    """
    total = np.zeros(len(rows))
    for one in rewards:
        worth = cents(values_given(plan.customer_columns.values(one.value, rows))) * (12.0 / one.every)
        total += np.where(plan.shortlists[one.only][rows], worth, 0.0) if one.only else worth
    return total


Compared = tuple[str, tuple[Reward, ...], tuple[Reward, ...]]
"""Words for a case, and the rewards of the better and of the worse grade that count in it."""


def _cases(better: Treatment, worse: Treatment) -> Iterator[Compared]:
    """Yield the rewards to compare: those that have begun by a day, with consent and without.

    Only days on which a reward of the worse grade begins matter, because those of the better one only add to it.
    """
    consents = (True, False) if any(one.consent for one in (*better.rewards, *worse.rewards)) else (True,)
    days = sorted({one.after for one in worse.rewards}, reverse=True)
    last = max((one.after for one in (*better.rewards, *worse.rewards)), default=0)
    for consent in consents:
        for day in days:
            one, other = (
                tuple(r for r in treatment.rewards if r.after <= day and (consent or not r.consent))
                for treatment in (better, worse)
            )
            said = [] if consent else ["without consent"]
            said += [f"by day {day}"] if day < last else []
            if other:
                yield "".join(f", {part}" for part in said), one, other


def _money(value: Fraction | float) -> str:
    return f"{float(value) / 100.0:,.2f} a year"


def _where(shortlist: str) -> str:
    return f" on the shortlist {shortlist!r}" if shortlist else ""


def reward_breaches(pairs: list[Pair]) -> Iterator[Breach]:
    """Yield the breaches of R04 that stated numbers show, on each shortlist and off it."""
    for pair in pairs:
        found = _stated(pair)
        if found is not None:
            yield found


def _stated(pair: Pair) -> Breach | None:
    """Return the first breach of a pair; None if stated numbers show none."""
    for case, better, worse in _cases(*pair.treatments):
        for shortlist in ("", *lists_of([*better, *worse])):
            theirs, their_functions = stated_worth(better, shortlist)
            mine, my_functions = stated_worth(worse, shortlist)
            if my_functions == their_functions and mine > theirs:
                where = f"{_where(shortlist)}{case}"
                what = f"rewards{where} are worth {_money(mine)}, and those of {pair.better} {_money(theirs)}"
                return _breach(pair, what, f"Make them worth at most {_money(theirs)}")
    return None


def _breach(pair: Pair, what: str, mend: str, rows: Rows | None = None) -> Breach:
    path = treatment_path(pair.treated_as, "reward")
    mend = (
        f"{mend}, or give them for reaching {pair.better}: [treatment.GRADE.incentive.NAME] in a policy file, "
        "Incentive(…) in Python"
    )
    return Breach("R04", pair.worse, what, mend, 0 if rows is None else len(rows), path, rows=rows)


def _decided(better: Iterable[Reward], worse: Iterable[Reward]) -> bool:
    """Return whether stated numbers decide R04: the functions are equal, and no customer is on two shortlists."""
    lists = lists_of([*better, *worse])
    if len(lists) > 1:
        return False
    return all(stated_worth(better, one)[1] == stated_worth(worse, one)[1] for one in ("", *lists))


def rewards_on_plan(plan: Plan, pairs: PairRows) -> Iterator[Breach]:
    """Yield the breaches of R04 for single customers: what each gets, against the same customer in each better grade.

    The comparison holds with consent and without. `no_gifts` doesn't count, because customers decide it.

    pairs: pairs of grades with the positions of the customers of the worse grade.
    """
    stored = Stored(plan)

    def worth(rewards: tuple[Reward, ...], rows: Rows) -> npt.NDArray[np.float64]:
        return stored.of(rewards, lambda some: worth_on_plan(plan, rewards, some), rows)

    for pair, rows in pairs:
        if not len(rows) or not pair.treatments[1].rewards:
            continue
        for case, better, worse in _cases(*pair.treatments):
            if _decided(better, worse):
                continue
            mine, theirs = worth(worse, rows), worth(better, rows)
            bad = worse_values(theirs, mine, "more")
            if bad.any():
                got, least = furthest(mine, theirs, bad)
                what = f"rewards{case} are worth up to {_money(got)} where those of {pair.better} are worth "
                yield _breach(pair, what + _money(least), f"Make none worth more than in {pair.better}", rows[bad])
                break
    yield from _waiting(plan, pairs)


def _waiting(plan: Plan, pairs: PairRows) -> Iterator[Breach]:
    """Yield the breaches of R04 by budgets: rewards are given while all of a better grade wait for money."""
    found = [worth_of_block(block) for block in plan.rewards]
    places = {block.place for block, waits, _ in found if len(waits)}
    for pair, rows in pairs:
        if pair.better_place not in places or not len(rows):
            continue
        above = among(plan, better_rows(plan, pair))
        theirs = [(waits, given) for block, waits, given in found if block.place == pair.better_place]
        late, served = (any(above[one[k]].any() for one in theirs) for k in (0, 1))
        mine = [given for block, _, given in found if block.place == pair.place]
        if late and not served and mine:
            members = rows[among(plan, np.concatenate(mine))[rows]]
            if len(members):
                what = f"rewards are given, while all rewards of {pair.better} wait for the budget"
                yield _breach(pair, what, f"Raise the budget of {pair.better}", members)


def worth_of_block(block: RewardBlock) -> tuple[RewardBlock, Rows, Rows]:
    """Return a block, the customers whose reward waits for the budget, and those whose reward is given, above 0."""
    waits, given = (block.rows[some & (block.cents > 0)] for some in (block.reasons == BUDGET, block.states == DUE))
    return block, waits, given


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

"""Checking the budgets and caps of a plan, in the transaction that writes its events."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from custgrade.errors import LogError
from custgrade.events.event_columns import EventColumns
from custgrade.events.history import History
from custgrade.events.kinds import MOVES, REWARDS
from custgrade.events.limits import Budget, Cap, Limits
from custgrade.events.occasion_rows import read_occasions
from custgrade.events.schema import EVENT


def check_limits(
    connection: sa.Connection, limits: Limits, history: History, fresh: EventColumns, who: npt.NDArray[np.int64]
) -> None:
    """Refuse events that exceed a budget or cap which they count for.

    history: of their customers, before them. fresh: the events, which are written already. who: the position of each
    event's customer in the history.

    Raises LogError.
    """
    # what costs nothing is allowed even if more than the budget was recorded by hand
    used = {fresh.occasions[code] for code in np.unique(fresh.code[fresh.cents > 0]).tolist()}
    _check_budgets(connection, [one for one in limits.budgets if any(_counts(one, each) for each in used)])
    for cap in limits.caps:
        _check_cap(history, fresh, who, cap)


def _counts(budget: Budget, one: Any) -> bool:
    mine = one.kind in REWARDS and (one.policy, one.treatment) == (budget.policy, budget.treatment)
    return mine and bool(budget.first <= one.day <= budget.last)


def _check_budgets(connection: sa.Connection, budgets: Sequence[Budget]) -> None:
    if not budgets:
        return
    # one pass over the events for all budgets
    query = sa.select(EVENT.c.occasion, sa.func.sum(EVENT.c.cents)).where(
        EVENT.c.voided == 0, EVENT.c.kind.in_(REWARDS), EVENT.c.cents != 0
    )
    occasions = read_occasions(connection, ("kind", "day", "policy", "treatment"))
    spent = dict.fromkeys(budgets, 0)
    for row, cents in connection.execute(query.group_by(EVENT.c.occasion)):
        for one in budgets:
            if _counts(one, occasions[row]):
                spent[one] += int(cents)
    for one, cents in spent.items():
        if cents > one.cents:
            raise LogError(
                f"rewards to {one.treatment} from {one.first} to {one.last} would come to {cents / 100:,.2f}; "
                f"the budget is {one.cents / 100:,.2f}. Nothing was recorded. Plan again: others may have used it."
            )


def _check_cap(history: History, fresh: EventColumns, who: npt.NDArray[np.int64], cap: Cap) -> None:
    """Refuse events by which a customer would get more than a cap allows."""

    def counts(one: Any) -> bool:
        return one.kind in cap.kinds and cap.first <= one.day <= cap.last

    new = fresh.each(counts, bool)
    old = history.known.where(counts)
    money, times = np.zeros(history.size, dtype=np.int64), np.zeros(history.size, dtype=np.int64)
    for at, cents in ((old.who, old.cents), (who[new], fresh.cents[new])):
        np.add.at(money, at, cents)
        np.add.at(times, at, 1)
    over = np.zeros(history.size, dtype=bool)
    if cap.cents is not None:
        over |= money > cap.cents
    if cap.times is not None:
        over |= times > cap.times
    # the moves of an offer come in any case, and take the place of other contacts
    rows = np.flatnonzero(over[who] & new & fresh.each(lambda one: one.kind not in MOVES, bool))
    if len(rows):
        row = int(rows[0])
        identity, place = fresh.customer_id[row], who[row]
        if cap.cents is not None and money[place] > cap.cents:
            got, most = f"{money[place] / 100:,.2f}", f"{cap.cents / 100:,.2f}"
        else:
            got, most = f"{times[place]:,}", f"{cap.times:,}"
        raise LogError(
            f"customer {str(identity)!r} would get {got} of {cap.what} from {cap.first} to {cap.last}; the most is "
            f"{most}. {len(np.unique(who[rows])):,} customers would get more. Nothing was recorded; plan again."
        )

"""Checking the limits of a plan against what was recorded, in the transaction that records it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from custgrade.errors import LogError
from custgrade.events.event_columns import EventColumns, Occasion
from custgrade.events.history import History
from custgrade.events.kinds import CONTACTS, GIFTS, MOVES, REWARDS
from custgrade.events.limits import Budget, Cap, Limits
from custgrade.events.occasion_rows import read_occasions
from custgrade.events.rounds import rounds_of
from custgrade.events.schema import EVENT

Whole = npt.NDArray[np.int64]
_AGAIN = "Nothing was recorded; plan again."


def check_limits(connection: sa.Connection, limits: Limits, history: History, fresh: EventColumns, who: Whole) -> None:
    """Refuse events by which a limit would be exceeded.

    history: of the customers of the events, without the events. fresh: the events, which are in the tables already.
    who: the position of each event's customer in the history.

    Raises LogError.
    """
    # what costs nothing is allowed even if more than the budget was recorded by hand
    used = {fresh.occasions[code] for code in np.unique(fresh.code[fresh.cents > 0]).tolist()}
    _check_budgets(connection, [one for one in limits.budgets if any(_counts(one, each) for each in used)])
    for cap in limits.caps:
        _check_cap(history, fresh, who, cap)
    if limits.contacts is not None:
        _check_contacts(history, fresh, who, limits.contacts, limits.contact_days)
    if limits.gifts_wait:
        _check_offers(history, fresh, who)


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


def _check_cap(history: History, fresh: EventColumns, who: Whole, cap: Cap) -> None:
    """Refuse events by which a customer would get more money than a cap allows."""

    def counts(one: Occasion) -> bool:
        return one.kind in cap.kinds and cap.first <= one.day <= cap.last

    new = fresh.each(counts, bool)
    if not fresh.cents[new].any():
        return
    old = history.known.where(counts)
    money = np.zeros(history.size, dtype=np.int64)
    for at, cents in ((old.who, old.cents), (who[new], fresh.cents[new])):
        np.add.at(money, at, cents)
    rows = np.flatnonzero((money > cap.cents)[who] & new)
    if len(rows):
        row = int(rows[0])
        raise LogError(
            f"customer {str(fresh.customer_id[row])!r} would get {money[who[row]] / 100:,.2f} of {cap.what} from "
            f"{cap.first} to {cap.last}; the most is {cap.cents / 100:,.2f}. {len(np.unique(who[rows])):,} customers "
            f"would get more. {_AGAIN}"
        )


def _check_contacts(history: History, fresh: EventColumns, who: Whole, most: int, days: int) -> None:
    """Refuse contacts by which a customer would be contacted more often than `most` within `days` days.

    All spans of so many days count that a contact lies in, also those that end later.
    """
    new = np.flatnonzero(fresh.each(lambda one: one.kind in CONTACTS, bool))
    # the moves of an offer come in any case, and take the place of other contacts
    limited = new[~fresh.each(lambda one: one.kind in MOVES, bool)[new]]
    if not len(limited):
        return
    old = history.known.where(lambda one: one.kind in CONTACTS)
    day = np.concatenate([old.days, fresh.days[new]]).astype(np.int64)
    first = int(day.min()) - days
    # customer and day as one number, in which spans of two customers don't meet
    width = int(day.max()) - first + 2 * days
    keys = np.concatenate([old.who, who[new]]) * width + day - first
    keys.sort()
    last = np.searchsorted(keys, keys, side="right")
    over = np.append(0, np.cumsum(last - np.searchsorted(keys, keys - days + 1) > most))
    mine = who[limited] * width + fresh.days[limited].astype(np.int64) - first
    begin, end = np.searchsorted(keys, mine), np.searchsorted(keys, mine + days - 1, side="right")
    rows = limited[over[end] > over[begin]]
    if len(rows):
        row = int(rows[0])
        raise LogError(
            f"customer {str(fresh.customer_id[row])!r} would be contacted more than {most:,} times within {days:,} "
            f"days about {fresh.days[row]}. {len(np.unique(who[rows])):,} customers would be. {_AGAIN}"
        )


def _check_offers(history: History, fresh: EventColumns, who: Whole) -> None:
    """Refuse gifts on days on which an offer of the customer is under way."""
    gifts = np.flatnonzero(fresh.each(lambda one: one.kind in GIFTS, bool))
    for day in np.unique(fresh.days[gifts]):
        rounds = rounds_of(history.take(history.days <= day), day)
        busy = np.zeros(history.size, dtype=bool)
        busy[rounds.rows[rounds.under_way]] = True
        mine = gifts[fresh.days[gifts] == day]
        rows = mine[busy[who[mine]]]
        if len(rows):
            row = int(rows[0])
            raise LogError(
                f"customer {str(fresh.customer_id[row])!r} would get a gift on {day}, while an offer is under way; "
                f"{len(rows):,} customers would. {_AGAIN}"
            )

"""What a plan comes to: hours and money by grade, and the customers with the most money at stake."""

from __future__ import annotations

import math
from heapq import nsmallest

import numpy as np
import numpy.typing as npt
from attrs import frozen

from custgrade.errors import PolicyError
from custgrade.planning.assigned import Assigned
from custgrade.planning.choosing import NO_OFFER
from custgrade.planning.customer_columns import Rows
from custgrade.planning.servicing import exact_sum
from custgrade.planning.states import DUE, STATES, UPCOMING, WAITS
from custgrade.text import shown

TOTAL = "total"


@frozen
class TreatmentSummary:
    """What a plan comes to for the customers of one grade of the policy, or for all customers.

    grade: the grade, `ungraded`, or `total`. goal: of the treatment; empty for the total. sales_hours, service_hours:
    hours a quarter for all of them together. rewards: money for rewards that are due. upcoming: money for rewards that
    are due later, until the end of the horizon. waiting: money for rewards that wait for the budget. offers: the number
    of customers with an offer, under way or about to begin. at_stake: money over the base's period, without unknown
    values; NaN if all are unknown.
    """

    grade: str
    goal: str
    customers: int
    sales_hours: float
    service_hours: float
    rewards: float
    upcoming: float
    waiting: float
    offers: int
    at_stake: float


@frozen
class AtStake:
    """A customer with money at stake.

    row: the position in the base. name: empty if there is none. money: over the base's period. treatment: the grade of
    the policy. offer: the offer's name, empty for none.
    """

    row: int
    customer_id: str
    name: str
    money: float
    treatment: str
    offer: str


def summary(plan: Assigned) -> list[TreatmentSummary]:
    """Return what a plan comes to by grade of the policy, then for ungraded customers, then for all."""
    sales, service, offered = plan.sales_hours(), plan.entitled("service_hours"), plan.offer != NO_OFFER
    offered[plan.under_way.rows] = True
    # money by place and state
    cents = np.zeros((len(plan.policy.by_place), len(STATES)), dtype=np.int64)
    for block in plan.rewards:
        for state in range(len(STATES)):
            cents[block.place, state] += int(block.cents[block.states == state].sum())

    def line(grade: str, goal: str, rows: Rows | slice, money: npt.NDArray[np.int64]) -> TreatmentSummary:
        stakes = plan.at_stake[rows]
        return TreatmentSummary(
            grade=grade,
            goal=goal,
            customers=len(plan.treatment[rows]),
            sales_hours=exact_sum(sales[rows]),
            service_hours=exact_sum(service[rows]),
            rewards=float(money[DUE]) / 100.0,
            upcoming=float(money[UPCOMING]) / 100.0,
            waiting=float(money[WAITS]) / 100.0,
            offers=int(offered[rows].sum()),
            at_stake=exact_sum(stakes) if np.isfinite(stakes).any() or not len(stakes) else math.nan,
        )

    lines = [
        line(grade, treatment.goal, plan.rows(place), cents[place])
        for place, (grade, treatment) in enumerate(plan.policy.by_place)
    ]
    return [*lines, line(TOTAL, "", slice(None), cents.sum(axis=0))]


def largest(plan: Assigned, count: int) -> list[AtStake]:
    """Return the customers with the most money at stake, largest first, without sums of 0 and below.

    Among equal sums, customers are in the order of their ids, so the order of the base doesn't matter.

    Raises PolicyError unless `count` is a whole number, at least 0.
    """
    if not isinstance(count, int) or isinstance(count, bool) or count < 0:
        raise PolicyError(f"largest takes a number of customers, 0 or more; received {shown(count)}")
    base, rows = plan.graded.base, np.flatnonzero(plan.at_stake > 0.0)
    if not count or not len(rows):
        return []
    money = plan.at_stake[rows]
    if len(rows) > count:
        least = np.partition(money, len(rows) - count)[len(rows) - count]
        rows = rows[money >= least]
    candidates = zip(plan.at_stake[rows].tolist(), base.ids[rows].tolist(), rows.tolist(), strict=True)
    found = nsmallest(count, ((-money, identity, row) for money, identity, row in candidates))
    names = base.names_of([identity for _, identity, _ in found])
    grades = [grade for grade, _ in plan.policy.by_place]

    offers = plan.offer_names()

    def offer(row: int) -> str:
        return offers.texts[int(offers.codes[row])]

    return [
        AtStake(row, identity, names.get(identity, ""), -money, grades[int(plan.treatment[row])], offer(row))
        for money, identity, row in found
    ]

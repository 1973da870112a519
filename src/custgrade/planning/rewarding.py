"""Rewards that are due, and the budgets that decide which of them are given."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from attrs import evolve, frozen

from custgrade.planning.customer_columns import CustomerColumns, Rows
from custgrade.planning.money_amounts import cents
from custgrade.planning.part import MOST
from custgrade.planning.policy import Policy
from custgrade.planning.reward import GIFTS, Reward
from custgrade.planning.schedule import Dates, period_end, slots_until
from custgrade.planning.treatment import Treatment
from custgrade.text import counted

DUE, UPCOMING, WAITS = range(3)
STATES = ("due", "upcoming", "waits")


@frozen(eq=False)
class RewardBlock:
    """One reward of a treatment, for all customers who get it within the horizon.

    place: the treatment's place. rows: the customers' positions. number: which time it is, from 1 on. due: the day.
    cents: the value for each customer, int64. states: uint8, positions in `STATES`; a reward waits for the budget.
    """

    place: int
    reward: Reward
    rows: Rows
    number: int
    due: np.datetime64
    cents: npt.NDArray[np.int64]
    states: npt.NDArray[np.uint8]


def values_given(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the values of a reward with NaN where it isn't given: if its value is unknown, below 0, or impossible."""
    return np.where((values >= 0.0) & (values <= MOST), values, np.nan)


def rewards_of(
    policy: Policy,
    treated: npt.NDArray[np.uint8],
    shortlists: Mapping[str, npt.NDArray[np.bool_]],
    scores: tuple[npt.NDArray[np.float64], ...],
    columns: CustomerColumns,
    dates: Dates,
    notes: list[str],
) -> tuple[RewardBlock, ...]:
    """Return the rewards that are due until the end of the horizon.

    A budget is spent by due day, then by score, then in the order of the treatment's rewards. Customers who are equal
    in all of these share one fate: if the money doesn't suffice for all of them, all of them wait.

    treated: the place of each customer's treatment. scores: of all axes. notes: gets sentences.
    """
    blocks: list[RewardBlock] = []
    for place, (grade, treatment) in enumerate(policy.by_place):
        rows = np.flatnonzero(treated == place)
        mine = [b for one in treatment.rewards for b in _blocks(place, one, rows, shortlists, columns, dates, notes)]
        mine = _within_budget(grade, treatment, mine, scores, notes)
        end = period_end(dates.since, policy.budget_months, dates.on)
        _note_rest_of_period(grade, treatment, mine, end, dates.until, notes)
        blocks += mine
    return tuple(blocks)


def _blocks(
    place: int,
    reward: Reward,
    rows: Rows,
    shortlists: Mapping[str, npt.NDArray[np.bool_]],
    columns: CustomerColumns,
    dates: Dates,
    notes: list[str],
) -> list[RewardBlock]:
    """Return a reward's blocks, one for each time until the end of the horizon."""
    slots = slots_until(dates.since + np.timedelta64(reward.after, "D"), reward.every, dates.on, dates.until)
    if not slots:
        return []
    if reward.only:
        rows = rows[shortlists[reward.only][rows]]
    if reward.consent:
        rows = rows[columns["consent"][rows] == 1.0]
    if reward.kind in GIFTS and "no_gifts" in columns:
        rows = rows[columns["no_gifts"][rows] != 1.0]
    values = values_given(columns.values(reward.value, rows))
    worthless = np.isnan(values)
    if worthless.any():
        count = counted(int(worthless.sum()), "customers")
        why = f"its value for them is unknown, below 0, or above {MOST:,.0f}"
        notes.append(f"no {reward.name!r} for {count}, because {why}")
        rows, values = rows[~worthless], values[~worthless]
    if not len(rows):
        return []
    worth = cents(values)

    def state(due: np.datetime64) -> npt.NDArray[np.uint8]:
        return np.full(len(rows), DUE if due <= dates.on else UPCOMING, dtype=np.uint8)

    return [RewardBlock(place, reward, rows, number, due, worth, state(due)) for due, number in slots]


def _within_budget(
    grade: str,
    treatment: Treatment,
    blocks: list[RewardBlock],
    scores: tuple[npt.NDArray[np.float64], ...],
    notes: list[str],
) -> list[RewardBlock]:
    """Return the blocks with the state `WAITS` for rewards that the budget doesn't cover."""
    due = [k for k, block in enumerate(blocks) if (block.states == DUE).all()]
    if treatment.budget is None or not due:
        return blocks
    rows = np.concatenate([blocks[k].rows for k in due])
    worth = np.concatenate([blocks[k].cents for k in due])
    which = np.repeat(due, [len(blocks[k].rows) for k in due])
    days = np.array([block.due for block in blocks])[which]
    ranks = [-np.where(np.isnan(score), -np.inf, score)[rows] for score in scores]
    keys = [days, *ranks, which]
    order = np.lexsort(keys[::-1])
    changes = np.zeros(len(order), dtype=bool)
    for key in keys:
        changes[1:] |= key[order][1:] != key[order][:-1]
    spent = np.cumsum(worth[order])
    ends = np.append(np.flatnonzero(changes), len(order)) - 1
    spent_with_equals = spent[ends][np.cumsum(changes)]
    waits = np.zeros(len(order), dtype=bool)
    waits[order] = spent_with_equals > round(treatment.budget * 100)
    if waits.any():
        notes.append(
            f"{grade}: the budget of {treatment.budget:,.2f} doesn't cover {counted(len(order), 'rewards')} worth "
            f"{worth.sum() / 100:,.2f}; {waits.sum():,} of them, worth {worth[waits].sum() / 100:,.2f}, must wait"
        )
    found = list(blocks)
    for k in due:
        found[k] = evolve(blocks[k], states=np.where(waits[which == k], WAITS, DUE).astype(np.uint8))
    return found


def _note_rest_of_period(
    grade: str,
    treatment: Treatment,
    blocks: list[RewardBlock],
    end: np.datetime64,
    until: np.datetime64,
    notes: list[str],
) -> None:
    """Add notes on rewards of the budget period that were due before, and that are due later.

    end: the last day of the budget period. until: the last day for which the blocks have rewards.
    """
    if treatment.budget is None:
        return
    if any(block.number > 1 and (block.states != UPCOMING).any() for block in blocks):
        notes.append(f"{grade}: earlier rewards aren't taken off the budget, because nothing says which were given")
    current = [block for block in blocks if block.due <= end]
    upcoming = sum(int(block.cents[block.states == UPCOMING].sum()) for block in current)
    total = upcoming + sum(int(block.cents[block.states == DUE].sum()) for block in current)
    if upcoming and total > round(treatment.budget * 100):
        notes.append(
            f"{grade}: with those that are upcoming until {min(end, until)}, rewards come to {total / 100:,.2f}; the "
            f"budget until {end} is {treatment.budget:,.2f}"
        )

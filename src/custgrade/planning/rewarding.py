"""Rewards that are due, and the budgets that decide which of them are given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import count
from typing import Any

import numpy as np
import numpy.typing as npt
from attrs import evolve, frozen

from custgrade.events.kinds import GIFTS
from custgrade.planning.customer_columns import CustomerColumns, Rows
from custgrade.planning.money_amounts import cents, cents_of
from custgrade.planning.occurrences import turns
from custgrade.planning.part import MOST
from custgrade.planning.policy import Policy
from custgrade.planning.reward import Reward
from custgrade.planning.room import Room
from custgrade.planning.schedule import Days
from custgrade.planning.standing import Standing
from custgrade.planning.states import BUDGET, CONTACT_LIMIT, DUE, NO_REASON, OFFER_OPEN, PUT_OFF, UPCOMING, WAITS, YEAR
from custgrade.planning.treatment import Treatment
from custgrade.text import counted

Truth = npt.NDArray[np.bool_]


@frozen(eq=False)
class RewardBlock:
    """One reward of a treatment, for all customers who get it within the horizon, once each.

    place: the treatment's place. rows: the customers' positions, of shape (k,). number: which time it is in the log,
    from 1 on, int64. due: the days, datetime64[D]. since: the days from which it could have been given. missed: how
    many times before it were missed, int64. cents: the value for each customer, int64. states: uint8, positions in
    `STATES`. reasons: why a reward waits, uint8, positions in `REASONS`.
    """

    place: int
    reward: Reward
    rows: Rows
    number: npt.NDArray[np.int64]
    due: Days
    since: Days
    missed: npt.NDArray[np.int64]
    cents: npt.NDArray[np.int64]
    states: npt.NDArray[np.uint8]
    reasons: npt.NDArray[np.uint8]

    def waiting(self, which: Truth, reason: int) -> RewardBlock:
        """Return the block with some more rewards that wait for a reason."""
        return evolve(
            self,
            states=np.where(which, WAITS, self.states).astype(np.uint8),
            reasons=np.where(which, reason, self.reasons).astype(np.uint8),
        )


def values_given(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the values of a reward with NaN where it isn't given: if its value is unknown, below 0, or impossible."""
    return np.where((values >= 0.0) & (values <= MOST), values, np.nan)


def rewards_of(
    policy: Policy,
    standing: Standing,
    shortlists: Mapping[str, Truth],
    scores: tuple[npt.NDArray[np.float64], ...],
    columns: CustomerColumns,
    room: Room,
    busy: Truth,
    notes: list[str],
) -> tuple[RewardBlock, ...]:
    """Return the rewards that are due until the end of the horizon.

    They follow the treatment whose entitlements count. A budget is what is left of it by the log. It is spent by the
    day from which a reward could have been given, then by score, then in the order of the treatment's rewards.
    Customers who are equal in all of these share one fate: if the money doesn't suffice for all of them, all of them
    wait. What waits for another reason takes no money.

    scores: of all axes. room: what still fits. busy: whether an offer is under way, or begins today, for each customer.
    notes: gets sentences.
    """
    blocks: list[RewardBlock] = []
    consent = standing.consent(columns)
    for place, (grade, treatment) in enumerate(policy.by_place):
        rows = np.flatnonzero((standing.served == place) & ~standing.ended)
        mine = [
            block
            for reward in treatment.rewards
            for block in _blocks(place, reward, rows, standing, shortlists, columns, consent, notes)
        ]
        mine = [_fitting(block, standing, room, busy) for block in mine]
        mine = _within_budget(grade, treatment, mine, standing, scores, notes)
        _note_rest_of_period(grade, treatment, mine, standing, notes)
        _note_missed(grade, mine, standing, notes)
        blocks += mine
    return tuple(blocks)


def _blocks(
    place: int,
    reward: Reward,
    rows: Rows,
    standing: Standing,
    shortlists: Mapping[str, Truth],
    columns: CustomerColumns,
    consent: npt.NDArray[np.float64],
    notes: list[str],
) -> list[RewardBlock]:
    """Return a reward's blocks, one for each time until the end of the horizon."""
    dates = standing.dates
    if reward.only:
        rows = rows[shortlists[reward.only][rows]]
    if reward.consent:
        rows = rows[consent[rows] == 1.0]
    if reward.kind in GIFTS and "no_gifts" in columns:
        rows = rows[columns["no_gifts"][rows] != 1.0]
    if not len(rows):
        return []
    first = standing.served_since[rows] + np.timedelta64(reward.after, "D")
    when = turns(first, standing.done("reward", reward.name, rows, reward.every), reward.every, dates.on)
    if not (when.due() <= dates.until).any():
        return []
    values = values_given(columns.values(reward.value, rows))
    worthless = np.isnan(values)
    if worthless.any():
        why = f"its value for them is unknown, below 0, or above {MOST:,.0f}"
        notes.append(f"no {reward.name!r} for {counted(int(worthless.sum()), 'customers')}, because {why}")
    worth, shape = cents(values), rows.shape
    found = []
    for later in count():
        days = when.due(later)
        some = (np.broadcast_to(days, shape) <= dates.until) & ~worthless
        if not some.any():
            break
        everybody = bool(some.all())

        def chosen(column: npt.NDArray[Any], some: Truth = some, everybody: bool = everybody) -> npt.NDArray[Any]:
            # a value that all customers have takes no memory
            found: npt.NDArray[Any] = np.broadcast_to(column, shape)
            return found if everybody else found[some]

        found.append(
            RewardBlock(
                place,
                reward,
                rows if everybody else rows[some],
                chosen(when.number + later),
                chosen(days),
                chosen(days if later else when.since),
                chosen(np.zeros_like(when.missed) if later else when.missed),
                worth if everybody else worth[some],
                chosen(np.where(days <= dates.on, DUE, UPCOMING).astype(np.uint8)),
                chosen(np.full(1, NO_REASON, dtype=np.uint8)),
            )
        )
    return found


def _fitting(block: RewardBlock, standing: Standing, room: Room, busy: Truth) -> RewardBlock:
    """Return a block in which rewards wait that are put off, come during an offer, or don't fit."""
    kind, rows = block.reward.kind, block.rows
    checks: list[tuple[int, Callable[[Truth], Truth]]] = [
        (PUT_OFF, lambda due: ~standing.put_off(block.reward.name, rows)),
        (OFFER_OPEN, lambda due: ~(busy[rows] & (kind in GIFTS))),
        (YEAR, lambda due: room.gift(kind, rows, block.cents, due)),
        (CONTACT_LIMIT, lambda due: room.contact(kind, rows, due)),
    ]
    for reason, fits in checks:
        due = block.states == DUE
        late = due & ~fits(due)
        if late.any():
            block = block.waiting(late, reason)
    return block


def _within_budget(
    grade: str,
    treatment: Treatment,
    blocks: list[RewardBlock],
    standing: Standing,
    scores: tuple[npt.NDArray[np.float64], ...],
    notes: list[str],
) -> list[RewardBlock]:
    """Return the blocks in which rewards wait that what is left of the budget doesn't cover."""
    due = [block.states == DUE for block in blocks]
    if treatment.budget is None:
        return blocks
    spent = standing.spent(grade)
    left = cents_of(treatment.budget) - spent
    if left < 0:
        notes.append(
            f"{grade}: {spent / 100:,.2f} are spent from {standing.budget_period[0]} to {standing.budget_period[1]}, "
            f"which is {-left / 100:,.2f} more than the budget of {treatment.budget:,.2f}"
        )
    if not any(one.any() for one in due):
        return blocks
    rows, worth, since = (
        np.concatenate([getattr(block, name)[one] for block, one in zip(blocks, due, strict=True)])
        for name in ("rows", "cents", "since")
    )
    which = np.repeat(np.arange(len(blocks)), [int(one.sum()) for one in due])
    ranks = [-np.where(np.isnan(score), -np.inf, score)[rows] for score in scores]
    rewards = list(dict.fromkeys(block.reward.name for block in blocks))
    kind = np.array([rewards.index(block.reward.name) for block in blocks])[which]
    waits = _beyond(left, worth, [since, *ranks, kind])
    if waits.any():
        already = f", of which {spent / 100:,.2f} are spent," if spent else ""
        notes.append(
            f"{grade}: the budget of {treatment.budget:,.2f}{already} doesn't cover {counted(len(rows), 'rewards')} "
            f"worth {worth.sum() / 100:,.2f}; {waits.sum():,} of them, worth {worth[waits].sum() / 100:,.2f}, must wait"
        )
    found = []
    for k, (block, one) in enumerate(zip(blocks, due, strict=True)):
        late = np.zeros(len(block.rows), dtype=bool)
        late[one] = waits[which == k]
        found.append(block.waiting(late, BUDGET) if late.any() else block)
    return found


def _beyond(left: int, worth: npt.NDArray[np.int64], keys: list[npt.NDArray[Any]]) -> Truth:
    """Return which amounts are beyond what is left, if all are spent in the order of some keys; equals share a fate.

    An amount of 0 is never beyond it.
    """
    order = np.lexsort(keys[::-1])
    changes = np.zeros(len(order), dtype=bool)
    for key in keys:
        changes[1:] |= key[order][1:] != key[order][:-1]
    spent = np.cumsum(worth[order])
    ends = np.append(np.flatnonzero(changes), len(order)) - 1
    found = np.zeros(len(order), dtype=bool)
    found[order] = spent[ends][np.cumsum(changes)] > left
    return found & (worth > 0)


def _note_rest_of_period(
    grade: str, treatment: Treatment, blocks: list[RewardBlock], standing: Standing, notes: list[str]
) -> None:
    """Add notes on rewards of the budget period that were due before, and that are due later."""
    if treatment.budget is None:
        return
    if not standing.known and any((block.missed > 0).any() for block in blocks):
        notes.append(f"{grade}: earlier rewards aren't taken off the budget, because nothing says which were given")
    _, end = standing.budget_period
    upcoming = total = 0
    for block in blocks:
        current = block.due <= end
        upcoming += int(block.cents[current & (block.states == UPCOMING)].sum())
        total += int(block.cents[current & (block.states <= UPCOMING)].sum())
    total += standing.spent(grade)
    if upcoming and total > cents_of(treatment.budget):
        notes.append(
            f"{grade}: with those that are upcoming until {min(end, standing.dates.until)}, rewards come to "
            f"{total / 100:,.2f}; the budget until {end} is {treatment.budget:,.2f}"
        )


def _note_missed(grade: str, blocks: list[RewardBlock], standing: Standing, notes: list[str]) -> None:
    """Add notes on rewards that a log doesn't have although their days have passed."""
    for block in blocks if standing.known else ():
        missed = int(block.missed.sum())
        if missed:
            who = counted(int((block.missed > 0).sum()), "customers")
            notes.append(
                f"{grade}: {block.reward.name!r} was missed {counted(missed, 'times')} for {who}; "
                "what was missed isn't made up"
            )

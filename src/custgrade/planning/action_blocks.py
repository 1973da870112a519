"""The actions of a plan, expanded from its treatments block by block."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from attrs import evolve, frozen

from custgrade.planning.action import Action
from custgrade.planning.assigned import NEXT, Assigned
from custgrade.planning.choosing import NO_OFFER
from custgrade.planning.customer_columns import Rows
from custgrade.planning.offer import Offer
from custgrade.planning.rewarding import DUE, UPCOMING
from custgrade.planning.schedule import day_months_later, slots_until

OUT_OF_SIGHT = "out of sight"
OWN_FAULTS = "our own faults"


@frozen(eq=False)
class ActionBlock:
    """One action for those customers of a treatment who get it.

    place: the treatment's place. rows: the customers' positions, ascending, of shape (k,). kind: of the action, or
    `offer`, or of the reward. item: its name in the policy. number: which time it is, from 1 on. due: datetime64[D] of
    shape (k,). states: uint8 of shape (k,), positions in `STATES`. money, hours: NaN where there are none. what: a
    sentence. until: the last day to answer; None if nobody is to answer.
    """

    place: int
    rows: Rows
    kind: str
    item: str
    what: str
    due: npt.NDArray[np.datetime64]
    states: npt.NDArray[np.uint8]
    number: int = 1
    money: npt.NDArray[np.float64] | None = None
    hours: npt.NDArray[np.float64] | None = None
    until: np.datetime64 | None = None


def action_blocks(plan: Assigned) -> Iterator[ActionBlock]:
    """Yield the actions that are due until the end of the plan's horizon, a block at a time.

    Offers come first, then rewards, then the actions of each treatment.
    """
    steps = plan.next_steps()
    for place, (_, treatment) in enumerate(plan.policy.by_place):
        if not treatment.offers:
            continue
        rows = plan.rows(place)
        offered = np.where(steps[rows] == NEXT.index("explain"), plan.offer[rows], NO_OFFER)
        for code, offer in enumerate(treatment.offers):
            yield from _offer(plan, place, offer, rows[offered == code])
        held = rows[plan.held[rows]]
        if len(held):
            what = "mend what we did wrong before asking for anything"
            yield _block(plan, place, held, "mend", OWN_FAULTS, what, plan.dates.on)
    for block in plan.rewards:
        due = np.broadcast_to(block.due, len(block.rows))
        name = block.reward.name
        money = block.cents / 100.0
        yield ActionBlock(
            block.place, block.rows, block.reward.kind, name, name, due, block.states, block.number, money
        )
    for place, (_, treatment) in enumerate(plan.policy.by_place):
        rows = plan.rows(place)
        for action in treatment.actions:
            yield from _action(plan, place, action, rows)
        if treatment.effort.silence_days is not None and len(rows):
            yield from _out_of_sight(plan, place, treatment.effort.silence_days, rows)


def _block(
    plan: Assigned,
    place: int,
    rows: Rows,
    kind: str,
    item: str,
    what: str,
    due: np.datetime64 | npt.NDArray[np.datetime64],
    number: int = 1,
    money: npt.NDArray[np.float64] | None = None,
    hours: npt.NDArray[np.float64] | None = None,
) -> ActionBlock:
    days = np.broadcast_to(np.asarray(due, dtype="datetime64[D]"), len(rows))
    states = np.where(days <= plan.dates.on, DUE, UPCOMING).astype(np.uint8)
    return ActionBlock(place, rows, kind, item, what, days, states, number, money, hours)


def _offer(plan: Assigned, place: int, offer: Offer, rows: Rows) -> Iterator[ActionBlock]:
    due = plan.dates.since + np.timedelta64(offer.after, "D")
    if len(rows) and due <= plan.dates.until:
        block = _block(plan, place, rows, "offer", offer.name, f"explain: {offer.what}", due, money=plan.rise[rows])
        yield evolve(block, until=max(due, plan.dates.on) + np.timedelta64(offer.open_days, "D"))


def _action(plan: Assigned, place: int, action: Action, rows: Rows) -> Iterator[ActionBlock]:
    first = plan.dates.since + np.timedelta64(action.after, "D")
    if action.every is not None:
        slots = slots_until(first, action.every, plan.dates.on, plan.dates.until)
    else:
        days = [day_months_later(first, number) for number in range(action.tries)]
        slots = [(day, number) for number, day in enumerate(days, 1) if day <= plan.dates.until]
    if not slots:
        return
    if action.only:
        rows = rows[plan.shortlists[action.only][rows]]
    rows = plan.customer_columns.hold(action.when, rows)
    if len(rows):
        hours = plan.customer_columns.values(action.hours, rows)
        for due, number in slots:
            yield _block(plan, place, rows, action.kind, action.name, action.what, due, number, hours=hours)


def _out_of_sight(plan: Assigned, place: int, days: int, rows: Rows) -> Iterator[ActionBlock]:
    """Yield the contacts with customers whose last order is too long ago."""
    period = plan.graded.base.period
    if period is None or "recency" not in plan.customer_columns:
        return
    recency = plan.customer_columns["recency"][rows]
    seen, recency = rows[np.isfinite(recency)], recency[np.isfinite(recency)]
    # values beyond the calendar are errors in the data
    due = np.datetime64(period.as_of) + (days - np.clip(recency, 0.0, 1e6)).astype("timedelta64[D]")
    soon = due <= plan.dates.until
    if soon.any():
        what = f"get in touch: no order for {days} days"
        yield _block(plan, place, seen[soon], "contact", OUT_OF_SIGHT, what, due[soon])

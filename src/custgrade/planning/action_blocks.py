"""The actions of a plan, expanded from its treatments block by block."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import numpy as np
import numpy.typing as npt

from custgrade.events.kinds import NOTICE, TAKE_DOWN
from custgrade.planning.action import Action
from custgrade.planning.action_block import CLOSE, ActionBlock, block, changes, put_off
from custgrade.planning.assigned import Assigned
from custgrade.planning.customer_columns import Rows
from custgrade.planning.occurrences import tries_left, turns
from custgrade.planning.offer_blocks import offer_blocks
from custgrade.planning.room import Room
from custgrade.planning.signed_offers import signed_offer_blocks
from custgrade.planning.states import CONTACT_LIMIT, DUE

OUT_OF_SIGHT = "out of sight"


def action_blocks(plan: Assigned) -> Iterator[ActionBlock]:
    """Yield the actions that are due until the end of the plan's horizon, a block at a time.

    Offers come first, then what is owed to customers whose grade or consent has changed, then rewards, then the actions
    of each treatment.
    """
    yield from offer_blocks(plan)
    yield from signed_offer_blocks(plan)
    yield from _notices(plan)
    yield from _take_downs(plan)
    for one in plan.rewards:
        yield ActionBlock(
            one.place,
            one.rows,
            one.reward.kind,
            one.reward.name,
            one.reward.name,
            one.due,
            one.states,
            one.number,
            one.reasons,
            changes(plan, one.since),
            one.cents / 100.0,
        )
    room = plan.room.copy()
    for place, (_, treatment) in enumerate(plan.policy.by_place):
        rows = plan.rows(place)
        rows = rows[~plan.standing.ended[rows]]
        if not len(rows):
            continue
        for action in treatment.actions:
            for found in _action(plan, place, action, rows):
                yield _fitting(plan, found, room)
        if treatment.effort.silence_days is not None:
            for found in _out_of_sight(plan, place, treatment.effort.silence_days, rows):
                yield _fitting(plan, found, room)


def _fitting(plan: Assigned, found: ActionBlock, room: Room) -> ActionBlock:
    """Return a block in which actions wait that are put off, or beyond the limit of contacts."""
    found = put_off(plan, found)
    due = found.states == DUE
    return found.waiting(due & ~room.contact(found.kind, found.rows, due), CONTACT_LIMIT)


def _notices(plan: Assigned) -> Iterator[ActionBlock]:
    """Yield the notices of less service for customers who have fallen and weren't told."""
    for place, (grade, _) in enumerate(plan.policy.by_place):
        rows = np.flatnonzero(plan.standing.stays.untold & (plan.treatment == place) & ~plan.standing.ended)
        if len(rows):
            what = f"tell them that they get what {grade} gets, from the day in the column until on"
            found = block(
                plan,
                place,
                rows,
                NOTICE,
                plan.policy.name,
                what,
                plan.standing.entered[rows],
                number=plan.standing.next_number("act", plan.policy.name, rows),
                until=plan.standing.stays.until[rows],
                changes=CLOSE,
            )
            found = found.waiting((found.states == DUE) & ~plan.notices[rows], CONTACT_LIMIT)
            yield put_off(plan, found)


def _take_downs(plan: Assigned) -> Iterator[ActionBlock]:
    """Yield the showcases to take down, because the customer no longer consents."""
    names = dict.fromkeys(
        one.name
        for _, treatment in plan.policy.by_place
        for one in treatment.rewards
        if one.kind == "showcase" and one.consent
    )
    for name in names if plan.standing.known else ():
        consent = plan.standing.consent(plan.customer_columns)
        rows = np.flatnonzero(plan.standing.shown(name) & (consent != 1.0))
        for place in np.unique(plan.treatment[rows]).tolist():
            mine = rows[plan.treatment[rows] == place]
            number = plan.standing.next_number("act", name, mine)
            what = "take it down: the customer doesn't consent any more"
            yield block(plan, place, mine, TAKE_DOWN, name, what, plan.dates.on, number=number, changes=CLOSE)


def _action(plan: Assigned, place: int, action: Action, rows: Rows) -> Iterator[ActionBlock]:
    if action.only:
        rows = rows[plan.shortlists[action.only][rows]]
    rows = plan.customer_columns.hold(action.when, rows)
    if not len(rows):
        return
    hours = plan.customer_columns.values(action.hours, rows)
    first = plan.standing.entered[rows] + np.timedelta64(action.after, "D")
    done = plan.standing.done("act", action.name, rows, action.every)

    def found(
        some: npt.NDArray[np.bool_], due: npt.NDArray[np.datetime64], number: npt.NDArray[np.int64]
    ) -> ActionBlock:
        return block(
            plan,
            place,
            rows[some],
            action.kind,
            action.name,
            action.what,
            due[some],
            number=number[some],
            hours=hours[some],
        )

    if action.every is None:
        for due, wanted, number in tries_left(first, done, action.tries, plan.dates.on):
            some = wanted & (due <= plan.dates.until)
            if some.any():
                yield found(some, due, number)
        return
    when = turns(first, done, action.every, plan.dates.on)
    for later in count():
        due = np.broadcast_to(when.due(later), rows.shape)
        some = due <= plan.dates.until
        if not some.any():
            return
        yield found(some, due, np.broadcast_to(when.number + later, rows.shape))


def _out_of_sight(plan: Assigned, place: int, days: int, rows: Rows) -> Iterator[ActionBlock]:
    """Yield the contacts with customers whose last order and last contact are too long ago."""
    due = plan.standing.seen_on(plan.customer_columns)[rows] + np.timedelta64(days, "D")
    soon = due <= plan.dates.until
    if soon.any():
        what = f"get in touch: no order and no contact for {days} days"
        number = plan.standing.next_number("act", OUT_OF_SIGHT, rows[soon])
        yield block(plan, place, rows[soon], "contact", OUT_OF_SIGHT, what, due[soon], number=number)

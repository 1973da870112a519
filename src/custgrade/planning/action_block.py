"""One action of a plan, for all customers who get it."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from attrs import evolve, frozen

from custgrade.planning.assigned import Assigned
from custgrade.planning.customer_columns import Rows
from custgrade.planning.schedule import NEVER
from custgrade.planning.states import DUE, NO_REASON, PUT_OFF, UPCOMING, WAITS

CHANGES = ("new", "open", "changed", "close")
NEW, OPEN, CHANGED, CLOSE = range(len(CHANGES))
"""What an action means against the last plan that was recorded: it is new; it was due then already, or belongs to an
offer under way; it does, and today's data would give other terms; something is to be taken back."""


@frozen(eq=False)
class ActionBlock:
    """One action for those customers of a treatment who get it.

    All arrays have shape (k,) or broadcast to it. place: the treatment's place. rows: the customers' positions,
    ascending. kind: of the action, or of the reward, or the step of an offer. item: its name in the policy. what: a
    sentence. due: datetime64[D]. number: which time it is in the log, from 1 on; of an offer, the round. states: uint8,
    positions in `STATES`. reasons: why it waits, positions in `REASONS`. changes: positions in `CHANGES`. money, hours:
    NaT where there are none. until: the last day to answer, or of a transition; NaT for none. terms: the terms of an
    offer that is made, as texts; one for each customer, or none.
    """

    place: int
    rows: Rows
    kind: str
    item: str
    what: str
    due: npt.NDArray[np.datetime64]
    states: npt.NDArray[np.uint8]
    number: Any = 1
    reasons: Any = NO_REASON
    changes: Any = NEW
    money: Any = np.nan
    hours: Any = np.nan
    until: Any = NEVER
    terms: tuple[tuple[str, ...], npt.NDArray[np.int64]] | None = None

    def waiting(self, which: npt.NDArray[np.bool_], reason: int) -> ActionBlock:
        """Return the block with some more actions that wait for a reason."""
        if not which.any():
            return self
        states = np.where(which, WAITS, self.states).astype(np.uint8)
        return evolve(self, states=states, reasons=np.where(which, reason, self.reasons).astype(np.uint8))


def block(
    plan: Assigned, place: int, rows: Rows, kind: str, item: str, what: str, due: Any, **rest: Any
) -> ActionBlock:
    """Return an action that is due on some days: open if it was due in the last plan already, else new."""
    days = np.broadcast_to(np.asarray(due, dtype="datetime64[D]"), len(rows))
    states = np.where(days <= plan.dates.on, DUE, UPCOMING).astype(np.uint8)
    return ActionBlock(place, rows, kind, item, what, days, states, **{"changes": changes(plan, days), **rest})


def put_off(plan: Assigned, found: ActionBlock) -> ActionBlock:
    """Return a block in which actions wait that are put off by the log."""
    return found.waiting((found.states == DUE) & plan.standing.put_off(found.item, found.rows), PUT_OFF)


def changes(plan: Assigned, due: npt.NDArray[np.datetime64]) -> npt.NDArray[np.uint8]:
    """Return what actions that were never begun mean against the last plan: open if they were due then, else new."""
    return np.where(due <= plan.standing.last_run, OPEN, NEW).astype(np.uint8)

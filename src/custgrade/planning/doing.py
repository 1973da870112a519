"""Recording the actions of a plan as done: the events for the log."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import numpy.typing as npt
from attrs import evolve

from custgrade.data.period import as_date
from custgrade.errors import LogError
from custgrade.events.batch import Batch
from custgrade.events.event_columns import EventColumns, Occasion
from custgrade.events.steps import MOVE_OF, PAID, SHIFTED
from custgrade.events.terms import terms_from
from custgrade.planning.action_table import ActionTable
from custgrade.planning.digest import SHOWN, policy_digest
from custgrade.planning.money_amounts import cents
from custgrade.planning.plan_limits import plan_limits
from custgrade.planning.states import DUE, WAITS
from custgrade.text import shown


def doing(actions: ActionTable, on: str | dt.date, which: npt.NDArray[Any] | None, author: str, note: str) -> Batch:
    """Return the events that record actions as done on a day; see `PlanActions.done`."""
    plan, day = actions.plan, np.datetime64(as_date(on, "on"))
    kinds = np.array([kind for kind, *_ in actions.blocks] or [""], dtype=object)
    answers = kinds[actions.block] == "answer" if len(actions) else np.zeros(0, dtype=bool)
    at = np.flatnonzero((actions.states == DUE) & ~answers) if which is None else _positions(which, len(actions))
    if day < plan.dates.on:
        raise LogError(f"actions of the plan of {plan.on} can't have been done on {day}, before it")
    for wrong, why in ((actions.states[at] == WAITS, "waits"), (answers[at], "is an answer")):
        if wrong.any():
            row = int(at[wrong][0])
            customer = plan.graded.base.ids[actions.rows[row]]
            raise LogError(
                f"an action that {why} can't be recorded as done: {kinds[actions.block[row]]} for customer "
                f"{shown(str(customer))}"
            )
    until, moved = _last_days(actions, at, kinds, day)
    keys, code = np.unique(
        np.column_stack(
            [
                actions.block[at].astype(np.int64),
                actions.due[at].astype(np.int64),
                until.astype(np.int64),
                actions.terms[at],
                moved,
            ]
        ),
        axis=0,
        return_inverse=True,
    )
    version = policy_digest(plan.policy)[:SHOWN]

    def occasion(block: int, due: int, last: int, terms: int, days: int) -> Occasion:
        kind, item, _, grade = actions.blocks[block]
        return Occasion(
            kind=MOVE_OF.get(kind, kind),
            name=item,
            day=str(day),
            due=str(np.datetime64(due, "D")),
            until="" if last == np.datetime64("NaT").astype(np.int64) else str(np.datetime64(last, "D")),
            treatment=grade,
            policy=plan.policy.name,
            version=version,
            terms=evolve(terms_from(actions.terms_texts[terms]), moved=days).text() if terms else "",
            author=author,
            note=note,
        )

    money = np.array([kind in PAID for kind in kinds])[actions.block[at]]
    events = EventColumns(
        plan.graded.base.ids[actions.rows[at]],
        [occasion(*key) for key in keys.tolist()],
        code.reshape(-1),
        actions.number[at].astype(np.int64),
        np.where(money, cents(actions.money[at]), 0),
    )
    days = [day] if len(at) else []
    return Batch(events, plan_limits(plan, days), plan.graded.base.currency or "", actions.revision)


def _positions(which: Any, size: int) -> npt.NDArray[np.int64]:
    """Return the positions of the actions that are meant.

    Raises LogError unless they are different positions, or a truth value for each action.
    """
    try:
        given = np.asarray(which)
    except ValueError:
        given = np.zeros((), dtype=object)
    given = given.astype(np.int64) if given.shape == (0,) else given
    if given.dtype == bool and given.shape == (size,):
        return np.flatnonzero(given)
    if given.dtype.kind not in "iu" or given.ndim != 1:
        raise LogError(
            f"which must be positions of actions, or a truth value for each of the {size:,} actions; received "
            f"{shown(which)}"
        )
    if len(given) and not 0 <= int(given.min()) <= int(given.max()) < size:
        raise LogError(f"positions of actions are from 0 to {size - 1:,}; received {given.min():,} to {given.max():,}")
    found: npt.NDArray[np.int64] = given.astype(np.int64)
    if len(np.unique(found)) < len(found):
        raise LogError("which has a position twice; an action is done once")
    return found


def _last_days(
    actions: ActionTable, at: npt.NDArray[np.int64], kinds: npt.NDArray[Any], day: np.datetime64
) -> tuple[npt.NDArray[np.datetime64], npt.NDArray[np.int64]]:
    """Return the last days of actions that are done on a day, and by how many days days off have moved them.

    Last days to answer and of transitions are counted from the day on which the offer or the transition begins.
    """
    until = actions.until[at]
    shifted = np.array([kind in SHIFTED for kind in kinds])[actions.block[at]]
    moved = np.array([terms_from(text).moved for text in actions.terms_texts])[actions.terms[at]]
    counted = until - moved.astype("timedelta64[D]") + (day - actions.plan.dates.on)
    until = np.where(shifted, actions.plan.policy.days_off.working(counted), until)
    return until, np.where(shifted, (until - counted).astype(np.int64), 0)

"""The actions towards the end of offers: how each begins, and the next step of those that are under way."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from custgrade.events.moves import STATES
from custgrade.planning.action_block import CHANGED, CLOSE, OPEN, ActionBlock, block, put_off
from custgrade.planning.assigned import Assigned
from custgrade.planning.choosing import NO_OFFER
from custgrade.planning.offer_steps import OWN_FAULTS, STEPS, WHY_WITHDRAWN, OffersUnderWay

_WHAT = {
    "offer": "make the offer in writing, with its last day to answer",
    "remind": "remind the customer of the last day to answer",
    "answer": "write down the answer: signed or declined",
    "call": "call: nobody has answered, and silence is no yes",
    "refer": "refer the customer to who takes over",
    "transition": "begin the transition, and say when it ends",
    "end": "confirm that everything is finished and handed over",
}
_LAST_DAY = "today is the last day to answer; write down the answer: signed or declined"
_LATE_ANSWER = "write down a late answer: signed or declined"
_LATE_YES = "write down a late yes: signed"
_NEVER_PUT_OFF = ("answer", "end", "withdraw")
"""The steps that only the customer decides about, or that take nothing from them."""
_LATE_ANSWERS = tuple(STEPS.index(step) for step in ("call", "refer"))


def offer_blocks(plan: Assigned) -> Iterator[ActionBlock]:
    """Yield the steps of offers that are due until the end of the plan's horizon, a block at a time."""
    for found in _all(plan):
        yield put_off(plan, found) if found.kind not in _NEVER_PUT_OFF else found


def _all(plan: Assigned) -> Iterator[ActionBlock]:
    yield from _beginning(plan)
    for code, name in enumerate(plan.under_way.names):
        yield from _steps(plan, code, name)


def _beginning(plan: Assigned) -> Iterator[ActionBlock]:
    if not any(treatment.offers for _, treatment in plan.policy.by_place):
        return
    steps, explained_on, answer_by = plan.first_steps(), plan.explained_on(), plan.answer_by()
    for place, (_, treatment) in enumerate(plan.policy.by_place):
        rows = plan.rows(place)
        offered = np.where(steps[rows] == STEPS.index("explain"), plan.offer[rows], NO_OFFER)
        for code, offer in enumerate(treatment.offers):
            mine = rows[offered == code]
            due = explained_on[mine]
            mine, due = mine[due <= plan.dates.until], due[due <= plan.dates.until]
            if len(mine):
                yield block(
                    plan,
                    place,
                    mine,
                    "explain",
                    offer.name,
                    f"explain: {offer.what}",
                    due,
                    number=plan.standing.next_round(mine),
                    money=plan.rise[mine],
                    until=plan.policy.days_off.working(answer_by[mine]),
                )
        held = rows[plan.held[rows]]
        if len(held):
            what = "mend what we did wrong before asking for anything"
            number = plan.standing.next_number("act", OWN_FAULTS, held)
            yield block(plan, place, held, "mend", OWN_FAULTS, what, plan.dates.on, number=number)


def _steps(plan: Assigned, code: int, name: str) -> Iterator[ActionBlock]:
    """Yield the next steps of the offers with one name that are under way."""
    under_way = plan.under_way
    mine = under_way.name == code
    for step in np.unique(under_way.step[mine]).tolist():
        at = np.flatnonzero(mine & (under_way.step == step))
        if STEPS[step] == "withdraw":
            for why in np.unique(under_way.why[at]).tolist():
                yield from _at(plan, at[under_way.why[at] == why], name, "withdraw", f"withdraw: {WHY_WITHDRAWN[why]}")
        elif STEPS[step] == "answer":
            last = under_way.until[at] == plan.dates.on
            yield from _at(plan, at[~last], name, "answer", _WHAT["answer"])
            yield from _at(plan, at[last], name, "answer", _LAST_DAY)
        else:
            yield from _at(plan, at, name, STEPS[step], _WHAT[STEPS[step]])
        if step in _LATE_ANSWERS:
            declined = under_way.state[at] == STATES.index("declined")
            yield from _at(plan, at[~declined], name, "answer", _LATE_ANSWER)
            yield from _at(plan, at[declined], name, "answer", _LATE_YES)
    at = np.flatnonzero(mine & ~np.isnat(under_way.remind_on))
    if len(at):
        yield from _at(plan, at, name, "remind", _WHAT["remind"])


def _at(plan: Assigned, at: np.ndarray, name: str, kind: str, what: str) -> Iterator[ActionBlock]:
    """Yield a step of the offers at some positions, by the treatment that customers have today."""
    under_way: OffersUnderWay = plan.under_way
    due = under_way.remind_on if kind == "remind" else under_way.due
    at = at[due[at] <= plan.dates.until]
    places = plan.treatment[under_way.rows[at]]
    for place in np.unique(places).tolist():
        some = at[places == place]
        rows = under_way.rows[some]
        change = CLOSE if kind == "withdraw" else np.where(under_way.changed[some], CHANGED, OPEN).astype(np.uint8)
        yield block(
            plan,
            place,
            rows,
            kind,
            name,
            what,
            due[some],
            number=under_way.number[some],
            money=under_way.cents[some] / 100.0,
            until=under_way.until[some],
            changes=change,
            terms=(under_way.texts, under_way.terms[some]) if kind in ("offer", "transition") else None,
        )

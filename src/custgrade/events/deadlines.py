"""What a log says must be done by when: answers to offers, steps after them, and what was put off."""

from __future__ import annotations

import datetime as dt

import numpy as np
import sqlalchemy as sa
from attrs import frozen

from custgrade.events.aliases import places_of, read_aliases
from custgrade.events.forgotten import is_forgotten
from custgrade.events.history import History
from custgrade.events.history_query import read_history
from custgrade.events.kinds import MOVES, SNOOZE
from custgrade.events.moves import LEAST_OPEN, STATES
from custgrade.events.rounds import rounds_of
from custgrade.events.schema import EVENT
from custgrade.events.steps import AFTER_CALL

_SAID = {
    "explained": "make the offer, or withdraw it",
    "open": "last day to answer",
    "lapsed": "call: nobody has answered",
    "called": "refer, or close",
    "declined": "refer, or close",
    "referred": "begin the transition",
    "in transition": "last day of the transition",
}
"""What is due in each state of an offer that is under way."""
PUT_OFF = "put off"


@frozen(order=True)
class Deadline:
    """Something that is due by a day.

    day: the day. customer_id: the customer. name: of the offer, or of what is put off, empty for everything. state: of
    the offer, one of `STATES`, or `put off`. what: a sentence. policy: the policy's name. number: the round.
    """

    day: dt.date
    customer_id: str
    name: str
    state: str
    what: str
    policy: str = ""
    number: int = 1


def deadlines(connection: sa.Connection, on: dt.date, days: int) -> list[Deadline]:
    """Return what is overdue on a day, or due until some days later, in the order of days.

    Only what is put off until a day in that time is listed; an offer under way is listed with its next step.
    """
    kinds = (*MOVES, SNOOZE)
    query = sa.select(EVENT.c.customer_id).where(EVENT.c.kind.in_(kinds), EVENT.c.voided == 0).distinct()
    aliases = read_aliases(connection)
    ids = [one for one in connection.scalars(query) if not is_forgotten(one)]
    names = list(dict.fromkeys(aliases.get(one, one) for one in ids))
    places = places_of(names, aliases)
    history = read_history(connection, len(names), places, on.isoformat(), query)
    last = last_day(on, days)
    offers = _of_offers(history, names, np.datetime64(on), np.datetime64(last))
    return sorted([*offers, *_put_off(history, names, on, last)])


def last_day(on: dt.date, days: int) -> dt.date:
    """Return the day some days after another one, at most the last day that there is."""
    return on + dt.timedelta(days=min(days, (dt.date.max - on).days))


def _of_offers(history: History, names: list[str], on: np.datetime64, last: np.datetime64) -> list[Deadline]:
    rounds = rounds_of(history, on)
    next_day = rounds.day + np.timedelta64(1, "D")
    due = {
        "explained": next_day,
        "open": rounds.until,
        "lapsed": rounds.until + np.timedelta64(1, "D"),
        "called": rounds.day + np.timedelta64(AFTER_CALL, "D"),
        "declined": rounds.day,
        "referred": np.fmax(next_day, rounds.offered_on + np.timedelta64(LEAST_OPEN, "D")),
        "in transition": rounds.ends_on,
    }
    which = rounds.explained(lambda one: one.name, object)
    policies = rounds.explained(lambda one: one.policy, object)
    return [
        Deadline(days[at].item(), names[rounds.rows[at]], which[at], state, _SAID[state], policies[at], number)
        for state, days in due.items()
        for at in np.flatnonzero((rounds.state == STATES.index(state)) & (days <= last)).tolist()
        for number in (int(rounds.number[at]),)
    ]


def _put_off(history: History, names: list[str], on: dt.date, last: dt.date) -> list[Deadline]:
    """Return what is put off until a day in the time; of several for the same item the newest counts."""
    some = history.known.where(lambda one: one.kind == SNOOZE)
    order = np.lexsort((some.number, some.days))
    found: dict[tuple[int, str], dt.date] = {}
    for who, code in zip(some.who[order].tolist(), some.code[order].tolist(), strict=True):
        one = some.occasions[code]
        found[who, one.name] = dt.date.fromisoformat(one.until)
    return [
        Deadline(until, names[who], name, PUT_OFF, "it was put off until this day")
        for (who, name), until in found.items()
        if on <= until <= last
    ]

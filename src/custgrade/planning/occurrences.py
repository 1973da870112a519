"""When something is due again: what a log says was done, and the calendar slots that follow."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from attrs import frozen

from custgrade.events.event_columns import days_of
from custgrade.events.history import History
from custgrade.events.kinds import GROUPS
from custgrade.planning.customer_columns import Rows
from custgrade.planning.schedule import NEVER, Days, first_slots_from, months_later, newest_slots, slot_days

Whole = npt.NDArray[np.int64]
Truth = npt.NDArray[np.bool_]
HALF_A_MONTH = 15
"""Days. After something was done late, the next time is at least half the time between two slots away."""


@frozen(eq=False)
class Done:
    """What was done for some customers, arrays of shape (k,).

    most: the highest number recorded. times: how often since the last pause. start: the slot of the first of these
    times, due: that of the last, day: the day of the last; NaT if there are none. who, days: of all these times, the
    position among the k customers, int64, and the day; of shape (m,).
    """

    most: Whole
    times: Whole
    start: Days
    due: Days
    day: Days
    who: Whole
    days: Days


def done(
    history: History, group: str, name: str, rows: Rows, *, every: int | None, pause: int, back: Days
) -> Done | None:
    """Return what was done for some customers; None if nothing was done for anybody.

    group, name: what was done. rows: the customers' positions, ascending. every: months between two times; None for
    what isn't done again and again. pause: the count begins anew for customers who come back so many months after the
    last time, and not before `every` has passed. back: the day from which each customer has been there, of shape (k,).
    """
    some = history.known.where(lambda one: GROUPS[one.kind] == group and one.name == name)
    place = np.full(history.size, -1, dtype=np.int64)
    place[rows] = np.arange(len(rows))
    some = some.take(place[some.who] >= 0)
    if not len(some):
        return None
    who = place[some.who]
    slots = days_of([one.due or one.day for one in some.occasions])[some.code]
    order = np.lexsort((some.days, some.number, slots, who))
    who, slots, days = who[order], slots[order], some.days[order]
    newcomer = np.append(True, who[1:] != who[:-1])
    months = max(pause, every or 0)
    begun = _begun(newcomer, slots, np.append(False, months_later(days[:-1], months) <= slots[1:]), every)
    last = np.flatnonzero(np.append(newcomer[1:], True))
    mine, first = who[last], begun[last]
    holds = back[mine] < months_later(days[last], months)
    size = len(rows)
    counts = np.repeat(np.where(holds, first, len(who)), np.diff(last, prepend=-1)) <= np.arange(len(who))
    found = Done(
        most=np.zeros(size, dtype=np.int64),
        times=np.zeros(size, dtype=np.int64),
        start=np.full(size, NEVER),
        due=np.full(size, NEVER),
        day=np.full(size, NEVER),
        who=who[counts],
        days=days[counts],
    )
    found.most[mine] = np.maximum.reduceat(some.number[order], np.flatnonzero(newcomer))
    found.times[mine] = np.where(holds, last - first + 1, 0)
    for column, values in ((found.start, slots[first]), (found.due, slots[last]), (found.day, days[last])):
        column[mine] = np.where(holds, values, NEVER)
    return found


def _begun(newcomer: Truth, slots: Days, paused: Truth, every: int | None) -> Whole:
    """Return the position at which the series of each event begins.

    After a pause, a slot that continues the series belongs to it: the customer was there all the time. Any other slot
    begins a new one.

    newcomer: whether an event is a customer's first one. paused: whether it follows a pause.
    """
    at, begins = np.arange(len(slots)), newcomer.copy()
    while True:
        begun: Whole = np.maximum.accumulate(np.where(begins, at, 0))
        if every is None:
            off = paused & ~begins
        else:
            off = paused & ~begins & (newest_slots(slots[begun], every, slots)[0] != slots)
        # a new series decides about the slots after it, so only its first one is certain
        first = np.flatnonzero(off)
        first = first[np.append(True, begun[first][1:] != begun[first][:-1])[: len(first)]]
        if not len(first):
            return begun
        begins[first] = True


@frozen(eq=False)
class Turns:
    """When something is due next, and after that; arrays of shape (k,) or (1,) if all customers are alike.

    start: the day of slot 1. slot: the number of the slot that is due next. every: months between two slots. number:
    the number of the next time in the log. since: the day from which it could have been done. missed: how many slots
    before it passed without it.
    """

    start: Days
    slot: Whole
    every: int
    number: Whole
    since: Days
    missed: Whole

    def due(self, later: int = 0) -> Days:
        """Return the days of the slots that are due next, or so many slots later."""
        return slot_days(self.start, self.every, self.slot + later)


def turns(first: Days, before: Done | None, every: int, on: np.datetime64) -> Turns:
    """Return when something that is done again and again is due.

    The newest slot on or before the day is due; older ones are missed, and aren't made up. Slots are counted from the
    first one that was done. After something was done late, the next slot is at least half the time between two away.

    first: the first day for each customer who doesn't have it yet, of shape (k,). before: what was done. every: months.
    on: the day of the plan.
    """
    if before is None:
        alike = len(first) > 0 and bool((first == first[0]).all())
        start = first[:1] if alike else first
        earliest = np.ones(len(start), dtype=np.int64)
        most = np.zeros(len(start), dtype=np.int64)
    else:
        begun, most = before.times > 0, before.most
        start = np.where(begun, before.start, first)
        least = np.maximum(before.due + 1, before.day + np.timedelta64(every * HALF_A_MONTH, "D"))
        if begun.all() and all(bool((one == one[0]).all()) for one in (start, least)):
            begun, start, least = begun[:1], start[:1], least[:1]
        earliest = np.where(begun, first_slots_from(start, every, np.where(begun, least, start)), 1)
    slot = np.maximum(newest_slots(start, every, on)[1], earliest)
    return Turns(start, slot, every, most + 1, slot_days(start, every, earliest), slot - earliest)


def tries_left(
    first: Days, before: Done | None, tries: int, on: np.datetime64
) -> list[tuple[Days, npt.NDArray[np.bool_], Whole]]:
    """Return the days of each further try, whether a customer gets it, and its number in the log.

    A try is due a month after the one before, and half a month after the day of the one before at the earliest.

    first: the first day, of shape (k,). before: what was done. tries: how many there are. on: the day of the plan.
    """
    size = len(first)
    times = np.zeros(size, dtype=np.int64) if before is None else before.times
    most = np.zeros(size, dtype=np.int64) if before is None else before.most
    start = first if before is None else np.where(times > 0, before.start, first)
    found = []
    half_a_month = np.timedelta64(HALF_A_MONTH, "D")
    least: Days = np.full(size, NEVER) if before is None else before.day + half_a_month
    for k in range(tries):
        due: Days = np.fmax(months_later(start, times + k), least)
        found.append((due, times + k < tries, most + 1 + k))
        # what is late is done on the day of the plan at the earliest
        late: Days = np.maximum(due, on)
        least = late + half_a_month
    return found

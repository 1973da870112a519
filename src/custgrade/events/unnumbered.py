"""Events without a number: one of the same customer, kind, name and day as another event is that event."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from custgrade.events.event_columns import NEXT, EventColumns
from custgrade.events.history import History
from custgrade.events.kinds import RUN
from custgrade.events.refusals import Refusals
from custgrade.events.repeats import positions_of
from custgrade.text import counted

Whole = npt.NDArray[np.int64]
TWICE = "give numbers if it happened twice"


class Unnumbered:
    """The events of a batch that have no number, apart from those of plans that were made.

    rows: their positions in the batch, ascending.
    """

    def __init__(self, known: History, events: EventColumns, who: Whole) -> None:
        """Compare the events of a batch with those in the log; who: the position of each event's customer."""
        self._known, self._events = known, events
        self.rows: Whole = np.flatnonzero((events.number == NEXT) & events.each(lambda one: one.kind != RUN, bool))
        if not len(self.rows):
            return
        codes: dict[tuple[str, str, str], int] = {}
        new, old = (
            np.array(
                [codes.setdefault((one.kind, one.name, one.day), len(codes)) for one in each.occasions], dtype=np.int64
            )[each.code]
            for each in (events, known)
        )
        self._new = np.column_stack([who, new, events.cents])
        self._old = np.column_stack([known.who, old, known.cents])

    def recorded(self, refusals: Refusals) -> Whole:
        """Return the position in the log of each of `rows`, −1 if it isn't recorded.

        Events that are recorded with other money, or until another day, are refused.
        """
        if not len(self.rows):
            return self.rows
        there = _nearest(self._old, self._new[self.rows])
        at = np.flatnonzero(there >= 0)
        rows, old = self.rows[at], there[at]
        said, received = (
            each.each(lambda one: one.until, object)[some] for each, some in ((self._known, old), (self._events, rows))
        )
        money = self._known.cents[old] != self._events.cents[rows]
        other = np.flatnonzero(money | ((received != "") & (received != said)))
        for row, k in zip(refusals.shown(rows[other]), other.tolist(), strict=False):
            cents = (int(self._known.cents[old[k]]), int(self._events.cents[row]))
            one, two = (f"{each / 100:,.2f}" for each in cents) if money[k] else (f"until {said[k]}", received[k])
            refusals.add(row, f"it is recorded already, with {one}; received {two}; {TWICE}")
        return there

    def given_before(self, there: Whole) -> tuple[Whole, Whole]:
        """Return the rows that are another event of the batch, and the position of that event.

        there: the position in the log of each event of the batch, −1 for those to write.
        """
        rows = self.rows[there[self.rows] < 0]
        if not len(rows):
            return rows, rows
        numbered = np.flatnonzero((there < 0) & (self._events.number != NEXT))
        at = _nearest(self._new[numbered], self._new[rows])
        first = rows[positions_of(self._new[rows][:, :2], self._new[rows][:, :2])]
        if len(numbered):
            first = np.where(at >= 0, numbered[at], first)
        again = first != rows
        return rows[again], first[again]

    def said_twice(self, rows: Whole) -> tuple[str, ...]:
        """Return a sentence about events that are given twice without a number, by their positions in the batch."""
        if not len(rows):
            return ()
        events, row = self._events, int(rows[0])
        one = events.occasions[events.code[row]]
        line = "" if events.line is None else f" (line {events.line[row]})"
        what = f"{one.kind} {one.name!r}" if one.name else one.kind
        return (
            f"{counted(len(rows), 'events')} given twice and counted once, such as {what} of customer "
            f"{str(events.customer_id[row])!r} on {one.day}{line}; {TWICE}",
        )


def _nearest(old: Whole, new: Whole) -> Whole:
    """Return the position of the same event among the old ones, −1 if there is none; of several, of the same money."""
    same = positions_of(old, new)
    return np.where(same >= 0, same, positions_of(old[:, :2], new[:, :2]))

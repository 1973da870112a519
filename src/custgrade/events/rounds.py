"""The newest round of each customer's offers, on a day."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
from attrs import frozen

from custgrade.events.event_columns import NONE, Occasion
from custgrade.events.history import History
from custgrade.events.kinds import MOVES
from custgrade.events.moves import STATES, UNDER_WAY
from custgrade.events.offer_sequence import NOTHING, OfferSequence, Whole, offer_sequence

_IS_UNDER_WAY = np.array([state in UNDER_WAY for state in STATES])


@frozen(eq=False)
class Rounds:
    """The newest round of offers of each customer who ever had one.

    rows: the customers' positions, ascending, of shape (k,). state: int8, positions in `STATES`. number: the round.
    day: of its last move. explained_on, offered_on: days, NaT before. until: the last day to answer; NaT before the
    offer. ends_on: the last day of the transition; NaT before it. cents: the rise that was offered, or explained.
    reminded: whether a reminder was sent. answered_late: whether it was signed after the last day or after a no.
    """

    sequence: OfferSequence
    at: Whole
    rows: Whole
    state: npt.NDArray[np.int8]
    number: Whole
    day: npt.NDArray[np.datetime64]
    explained_on: npt.NDArray[np.datetime64]
    offered_on: npt.NDArray[np.datetime64]
    until: npt.NDArray[np.datetime64]
    ends_on: npt.NDArray[np.datetime64]
    cents: Whole
    reminded: npt.NDArray[np.bool_]
    answered_late: npt.NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def under_way(self) -> npt.NDArray[np.bool_]:
        """Whether something is still to be done about each round."""
        found: npt.NDArray[np.bool_] = _IS_UNDER_WAY[self.state]
        return found

    def is_in(self, *states: str) -> npt.NDArray[np.bool_]:
        """Return whether each round is in one of some states."""
        return np.isin(self.state, [STATES.index(state) for state in states])

    def explained(self, value_of: Callable[[Occasion], Any], dtype: Any) -> npt.NDArray[Any]:
        """Return a value of the occasion on which each round was explained."""
        return self.sequence.of(self.sequence.explained[self.at], value_of, dtype, value_of(Occasion("")))

    def offered(self, value_of: Callable[[Occasion], Any], dtype: Any) -> npt.NDArray[Any]:
        """Return a value of the occasion on which each round was offered; of an empty one before."""
        return self.sequence.of(self.sequence.offered[self.at], value_of, dtype, value_of(Occasion("")))

    def last(self, value_of: Callable[[Occasion], Any], dtype: Any) -> npt.NDArray[Any]:
        """Return a value of the occasion of each round's last move."""
        return self.sequence.of(self.at, value_of, dtype, value_of(Occasion("")))


def rounds_of(history: History, on: np.datetime64 | None) -> Rounds:
    """Return the newest round of each customer's offers.

    history: of customers, with no event after the day. on: the day of the states; None for each round's own last day.
    """
    moves = history.known.where(lambda one: one.kind in MOVES)
    sequence = offer_sequence(moves.who, moves.occasions, moves.code, moves.number)
    at = np.flatnonzero(np.append(sequence.first[1:], True)[: len(sequence.who)])
    cents, number = moves.cents[sequence.order], moves.number[sequence.order]
    day = sequence.day[at]
    states = sequence.states(at, day if on is None else np.broadcast_to(on, day.shape))
    offered, explained = sequence.offered[at], sequence.explained[at]
    made = np.where(offered == NOTHING, explained, offered)
    signed = sequence.move[at] == MOVES.index("signed")
    until = sequence.until(offered)
    return Rounds(
        sequence=sequence,
        at=at,
        rows=sequence.who[at],
        state=states,
        number=number[at],
        day=day,
        explained_on=_day(sequence, explained),
        offered_on=_day(sequence, offered),
        until=until,
        ends_on=sequence.until(sequence.transition[at]),
        cents=np.where(made == NOTHING, 0, cents[np.where(made == NOTHING, 0, made)] if len(cents) else 0),
        reminded=_reminded(sequence, at),
        answered_late=signed & ((day > until) | (sequence.declined[at] != NOTHING)),
    )


def _day(sequence: OfferSequence, at: Whole) -> npt.NDArray[np.datetime64]:
    days: npt.NDArray[np.datetime64] = np.append(sequence.day, NONE)[at]
    return days


def _reminded(sequence: OfferSequence, at: Whole) -> npt.NDArray[np.bool_]:
    """Return whether each round, known by its last move, has a reminder."""
    count = np.cumsum(sequence.move == MOVES.index("reminded"))
    begun = sequence.explained[at]
    before = np.append(count, 0)[np.where(begun > 0, begun - 1, len(count))]
    found: npt.NDArray[np.bool_] = (count[at] if len(count) else at) > before
    return found

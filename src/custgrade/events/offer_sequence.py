"""The moves of offers in the order in which they happened, each with what was known of its round before it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
from attrs import frozen

from custgrade.events.event_columns import NONE, Occasion, days_of
from custgrade.events.kinds import MOVES
from custgrade.events.moves import states_on
from custgrade.events.terms import terms_from

Days = npt.NDArray[np.datetime64]
Whole = npt.NDArray[np.int64]
_EXPLAINED, _OFFERED, _DECLINED, _TRANSITION = (
    MOVES.index(move) for move in ("explained", "offered", "declined", "transition")
)
NOTHING = -1


@frozen(eq=False)
class OfferSequence:
    """The moves of offers, sorted by customer and by the order in which they happened.

    order: the position of each move in the arrays that were sorted. who: the customers' positions, ascending. move: a
    position in `MOVES`. day: datetime64[D]. first: whether a move is the customer's first one. explained, offered,
    declined, transition: the position in this sequence of the round's last move of that kind, up to and including the
    move itself; −1 if there is none. occasions, code: what the moves have in common.
    """

    order: Whole
    who: Whole
    move: Whole
    day: Days
    first: npt.NDArray[np.bool_]
    explained: Whole
    offered: Whole
    declined: Whole
    transition: Whole
    occasions: tuple[Occasion, ...]
    code: Whole

    def of(self, at: Whole, value_of: Callable[[Occasion], Any], dtype: Any, missing: Any) -> npt.NDArray[Any]:
        """Return a value of the occasions of the moves at some positions; `missing` where a position is −1."""
        values = np.array([*(value_of(one) for one in self.occasions), missing], dtype=dtype)
        return values[np.where(at == NOTHING, len(self.occasions), self.code[at] if len(self.code) else 0)]

    def until(self, at: Whole) -> Days:
        """Return the last days of the occasions of the moves at some positions; NaT where a position is −1."""
        days = np.append(days_of([one.until for one in self.occasions]), NONE)
        found: Days = days[np.where(at == NOTHING, len(self.occasions), self.code[at] if len(self.code) else 0)]
        return found

    def states(self, at: Whole, day: Days) -> npt.NDArray[np.int8]:
        """Return the states after the moves at some positions on some days; `none` where a position is −1."""
        known = at != NOTHING
        safe = np.where(known, at, 0)

        def before(column: Whole) -> Whole:
            found: Whole = np.where(known, column[safe] if len(column) else NOTHING, NOTHING)
            return found

        offered = before(self.offered)
        return states_on(
            day,
            before(self.move),
            np.where(known, self.day[safe] if len(self.day) else NONE, NONE),
            before(self.declined) != NOTHING,
            self.until(offered),
            self.of(offered, lambda one: terms_from(one.terms).releases, bool, False),
            self.of(offered, lambda one: _silence_releases(one), bool, False),
        )


def _silence_releases(occasion: Occasion) -> bool:
    terms = terms_from(occasion.terms)
    return terms.releases and terms.silence == "transition"


def offer_sequence(who: Whole, occasions: tuple[Occasion, ...], code: Whole, number: Whole) -> OfferSequence:
    """Return moves of offers, in the order in which they happened: by round, then by day, then as in `MOVES`.

    All arrays have shape (m,). number: the round. Rounds of customers who were merged may overlap in time; the one
    under way has the highest number.
    """
    moves = np.array([MOVES.index(one.kind) for one in occasions], dtype=np.int64)[code]
    days = days_of([one.day for one in occasions])[code]
    order = np.lexsort((moves, days, number, who))
    who, move, day, code = who[order], moves[order], days[order], code[order]
    first = np.append(True, who[1:] != who[:-1])[: len(who)]
    begins = first | (move == _EXPLAINED)
    at = np.arange(len(who), dtype=np.int64)
    start = np.maximum.accumulate(np.where(begins, at, 0)) if len(at) else at

    def last(kind: int) -> Whole:
        found = np.maximum.accumulate(np.where(move == kind, at, NOTHING)) if len(at) else at
        return np.where(found >= start, found, NOTHING)

    return OfferSequence(
        order,
        who,
        move,
        day,
        first,
        last(_EXPLAINED),
        last(_OFFERED),
        last(_DECLINED),
        last(_TRANSITION),
        occasions,
        code,
    )

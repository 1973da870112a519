"""Checking moves of offers: each may follow what was before it, in time and in the closed table of moves."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from custgrade.events.event_columns import NEXT, EventColumns
from custgrade.events.history import History
from custgrade.events.kinds import MOVES
from custgrade.events.moves import (
    AFTER,
    ALLOWED,
    LEAST_OPEN,
    LEAST_TRANSITION,
    MOST_OPEN,
    MOST_TRANSITION,
    STATES,
)
from custgrade.events.offer_sequence import NOTHING, OfferSequence, offer_sequence
from custgrade.events.refusals import Refusals
from custgrade.events.terms import terms_from
from custgrade.text import listed

Whole = npt.NDArray[np.int64]
States = npt.NDArray[np.int8]
Truth = npt.NDArray[np.bool_]
_LATE = [STATES.index(state) for state in ("lapsed", "called", "declined", "referred", "in transition", "kept")]


def check_moves(
    refusals: Refusals, known: History, events: EventColumns, fresh: Whole, who: Whole, *, late: bool
) -> Whole:
    """Refuse moves that can't follow what was before them, and return the round of each move.

    known: the events in the log. fresh: the positions of the moves in `events`. who: the position of each event's
    customer. late: whether an offer may be signed after its last day, or after it was declined.
    """
    if not len(fresh):
        return fresh
    old = known.where(lambda one: one.kind in MOVES)
    used, code = np.unique(np.concatenate([old.code, events.code[fresh] + len(old.occasions)]), return_inverse=True)
    both = (*old.occasions, *events.occasions)
    occasions = tuple(both[k] for k in used.tolist())
    everybody = np.concatenate([old.who, who[fresh]])
    # moves without a number belong to the newest round
    given = np.concatenate([old.number, events.number[fresh]])
    sequence = offer_sequence(everybody, occasions, code, np.where(given == NEXT, np.iinfo(np.int64).max, given))
    is_new = sequence.order >= len(old)
    at = np.flatnonzero(is_new)
    rows = fresh[sequence.order[at] - len(old)]
    before = np.where(sequence.first[at], NOTHING, at - 1)
    _refuse_earlier(refusals, sequence, is_new, rows, at)
    rounds = _rounds(sequence, given, is_new)
    states = sequence.states(before, sequence.day[at])
    allowed = ALLOWED[states, sequence.move[at]]
    _refuse_order(refusals, sequence, rows[~allowed], at[~allowed], states[~allowed])
    if not late:
        signed = (sequence.move[at] == MOVES.index("signed")) & allowed & np.isin(states, _LATE)
        for row in refusals.shown(rows[signed]):
            refusals.add(row, "it comes after the last day to answer, and late answers are refused")
    _refuse_rounds(refusals, sequence, events, rows[allowed], at[allowed], rounds[at[allowed]])
    _refuse_days(refusals, sequence, rows[allowed], at[allowed])
    found = np.empty(len(fresh), dtype=np.int64)
    found[sequence.order[at] - len(old)] = rounds[at]
    return found


def _rounds(sequence: OfferSequence, given: Whole, is_new: Truth) -> Whole:
    """Return the round of each move of the sequence: recorded, or for new moves the newest or a new one."""
    number = np.where(is_new, 0, given[sequence.order])
    begins = is_new & (sequence.move == MOVES.index("explained"))
    start = np.flatnonzero(sequence.first)
    sizes = np.diff(start, append=len(number))
    most = np.repeat(np.maximum.reduceat(number, start), sizes)
    count = np.cumsum(begins)
    count -= np.repeat(count[start] - begins[start], sizes)
    found: Whole = np.where(is_new, most + count, number)
    return found


def _refuse_earlier(refusals: Refusals, sequence: OfferSequence, is_new: Truth, rows: Whole, at: Whole) -> None:
    """Refuse moves before a move that is recorded."""
    size = len(is_new)
    recorded = np.where(is_new, NOTHING, np.arange(size))
    last = np.flatnonzero(np.append(sequence.first[1:], True))
    start = np.flatnonzero(sequence.first)
    newest = np.repeat(np.maximum.reduceat(recorded, start), last - start + 1)[at]
    early = newest > at
    for row, other in zip(refusals.shown(rows[early]), newest[early].tolist(), strict=False):
        refusals.add(
            row, f"it comes before {MOVES[sequence.move[other]]!r} of {sequence.day[other]}, which is recorded"
        )


def _refuse_order(refusals: Refusals, sequence: OfferSequence, rows: Whole, at: Whole, states: States) -> None:
    for row, place, state in zip(refusals.shown(rows), at.tolist(), states.tolist(), strict=False):
        name = STATES[state]
        until = sequence.until(sequence.offered[[place]])[0]
        since = f" since {until}" if name in ("lapsed", "called", "kept") and until == until else ""
        said = "there is no offer" if name == "none" else f"the offer is {name}{since}"
        refusals.add(row, f"{said}; what may follow is: {listed(AFTER[name])}")


def _refuse_rounds(
    refusals: Refusals, sequence: OfferSequence, events: EventColumns, rows: Whole, at: Whole, rounds: Whole
) -> None:
    """Refuse moves of another round, or of another offer, than the one that is under way."""
    given = events.number[rows]
    other = (given != NEXT) & (given != rounds)
    for row, number in zip(refusals.shown(rows[other]), rounds[other].tolist(), strict=False):
        refusals.add(row, f"its round is {number}")
    begun = sequence.explained[at]
    names = sequence.of(at, lambda one: one.name, object, "")
    theirs = sequence.of(begun, lambda one: one.name, object, "")
    wrong = (names != theirs) & ~other
    for row, name in zip(refusals.shown(rows[wrong]), theirs[wrong].tolist(), strict=False):
        refusals.add(row, f"the offer that was explained is {name!r}")


def _refuse_days(refusals: Refusals, sequence: OfferSequence, rows: Whole, at: Whole) -> None:
    """Refuse windows of another length than the table allows, and moves that come too early."""
    move, day = sequence.move[at], sequence.day[at]
    until = sequence.until(at)
    length = (until - day).astype(np.int64)
    moved = sequence.of(at, lambda one: terms_from(one.terms).moved, np.int64, 0)

    def refuse(wrong: Truth, why: str) -> None:
        for row in refusals.shown(rows[wrong]):
            refusals.add(row, why)

    offered, transition = move == MOVES.index("offered"), move == MOVES.index("transition")
    short = np.isnat(until) | (length < LEAST_OPEN) | (length - moved > MOST_OPEN)
    refuse(offered & short, f"an offer is open {LEAST_OPEN} to {MOST_OPEN} days; until is its last day to answer")
    wrong = np.isnat(until) | (length < LEAST_TRANSITION) | (length - moved > MOST_TRANSITION)
    refuse(
        transition & wrong,
        f"a transition takes {LEAST_TRANSITION} to {MOST_TRANSITION} days; until is its last day",
    )
    made = sequence.offered[at]
    made_on = np.where(made == NOTHING, np.datetime64("NaT", "D"), sequence.day[np.where(made == NOTHING, 0, made)])
    refuse(
        transition & ((day - made_on).astype(np.int64) < LEAST_OPEN) & ~np.isnat(made_on),
        f"a transition begins {LEAST_OPEN} days after the offer at the earliest",
    )
    begun = sequence.transition[at]
    refuse(
        (move == MOVES.index("ended")) & (day < sequence.until(begun)),
        "the transition isn't over yet; its last day is the `until` of the transition",
    )

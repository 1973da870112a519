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
from custgrade.events.repeats import repeated
from custgrade.events.terms import terms_from
from custgrade.text import listed

Whole = npt.NDArray[np.int64]
States = npt.NDArray[np.int8]
Truth = npt.NDArray[np.bool_]
_MOST_DAYS = 4_000_000
"""More days than there are dates."""
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
    rounds = _rounds(sequence, given, is_new)
    # recorded moves of the same day may come after a new one; they must be able to follow it
    cause = _last_new(sequence, is_new)
    at = np.flatnonzero(cause != NOTHING)
    mine = is_new[at]
    rows = fresh[sequence.order[cause[at]] - len(old)]
    _refuse_earlier(refusals, sequence, rows, at, mine)
    _refuse_again(refusals, sequence, rounds, rows[mine], at[mine])
    states = sequence.states(np.where(sequence.first[at], NOTHING, at - 1), sequence.day[at])
    allowed = ALLOWED[states, sequence.move[at]]
    _refuse_order(refusals, sequence, rows[~allowed & mine], at[~allowed & mine], states[~allowed & mine])
    _refuse_between(refusals, sequence, rows[~allowed & ~mine], at[~allowed & ~mine])
    if not late:
        signed = (sequence.move[at] == MOVES.index("signed")) & allowed & np.isin(states, _LATE)
        for row in refusals.shown(rows[signed]):
            refusals.add(row, "it comes after the last day to answer, and late answers are refused")
    checked = allowed & mine
    _refuse_rounds(refusals, sequence, events, rows[checked], at[checked], rounds[at[checked]])
    _refuse_days(refusals, sequence, rows[checked], at[checked])
    found = np.empty(len(fresh), dtype=np.int64)
    found[sequence.order[is_new] - len(old)] = rounds[is_new]
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


def _last_new(sequence: OfferSequence, is_new: Truth) -> Whole:
    """Return the position of each customer's last new move up to each move, −1 if there is none."""
    at = np.arange(len(is_new), dtype=np.int64)
    start = np.maximum.accumulate(np.where(sequence.first, at, 0))
    found = np.maximum.accumulate(np.where(is_new, at, NOTHING))
    return np.where(found >= start, found, NOTHING)


def _refuse_earlier(refusals: Refusals, sequence: OfferSequence, rows: Whole, at: Whole, mine: Truth) -> None:
    """Refuse moves on a day before that of a move that comes before them, or of an earlier round."""
    day = (sequence.day - np.datetime64("0001-01-01")).astype(np.int64)
    # customers are ascending, so that the latest day so far is never that of another customer
    latest = np.maximum.accumulate(sequence.who * _MOST_DAYS + day) - sequence.who * _MOST_DAYS
    early = mine & (day[at] < latest[at])
    for row, place in zip(refusals.shown(rows[early]), at[early].tolist(), strict=False):
        before = np.flatnonzero((sequence.who[:place] == sequence.who[place]) & (day[:place] == latest[place]))[-1]
        refusals.add(row, f"it comes before {MOVES[sequence.move[before]]!r} of {sequence.day[before]}")
    # rows of recorded moves name the new move that stands before them
    new_day = sequence.day[_last_new_of(at, mine)]
    passed = ~mine & (new_day < sequence.day[at])
    for row, place in zip(refusals.shown(rows[passed]), at[passed].tolist(), strict=False):
        refusals.add(
            row, f"it comes before {MOVES[sequence.move[place]]!r} of {sequence.day[place]}, which is recorded"
        )


def _last_new_of(at: Whole, mine: Truth) -> Whole:
    return np.maximum.accumulate(np.where(mine, at, 0)) if len(at) else at


def _refuse_again(refusals: Refusals, sequence: OfferSequence, rounds: Whole, rows: Whole, at: Whole) -> None:
    """Refuse moves that their round has already."""
    again = repeated(np.column_stack([sequence.who, rounds, sequence.move]))[at]
    for row, place in zip(refusals.shown(rows[again]), at[again].tolist(), strict=False):
        refusals.add(row, f"a round has {MOVES[sequence.move[place]]!r} once, and round {rounds[place]} has it already")


def _refuse_between(refusals: Refusals, sequence: OfferSequence, rows: Whole, at: Whole) -> None:
    """Refuse new moves that a recorded move of the same day can't follow."""
    for row, place in zip(refusals.shown(rows), at.tolist(), strict=False):
        refusals.add(row, f"{MOVES[sequence.move[place]]!r} is recorded for that day, and can't follow it")


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

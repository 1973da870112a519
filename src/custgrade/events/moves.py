"""The closed table of what may happen to an offer, and the states that follow from the day."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from custgrade.events.kinds import MOVES, OVER

LEAST_OPEN, MOST_OPEN = 14, 28
"""Days that an offer is open, from the day after it was made to the last day to answer, included."""
LEAST_TRANSITION, MOST_TRANSITION = 14, 180
"""Days from the beginning of a transition to its last day, included."""

STATES = (
    "none",
    "explained",
    "open",
    "lapsed",
    "called",
    "declined",
    "referred",
    "in transition",
    "kept",
    "signed",
    "withdrawn",
    "closed",
    "ended",
)
"""The states of an offer on a day. open: until the last day to answer, included. lapsed: nobody answered, and the offer
says that silence leads to a transition. called: a person has called after it lapsed. kept: all stays as it is, because
an offer that ends nothing was declined or wasn't answered."""

AFTER = MappingProxyType(
    {
        "none": ("explained",),
        "explained": ("offered", "withdrawn"),
        "open": ("reminded", "signed", "declined", "withdrawn"),
        "lapsed": ("contacted", "signed", "declined", "withdrawn", "closed"),
        "called": ("signed", "declined", "referred", "withdrawn", "closed"),
        "declined": ("contacted", "referred", "signed", "withdrawn", "closed"),
        "referred": ("transition", "signed", "withdrawn", "closed"),
        "in transition": ("ended", "signed", "withdrawn"),
        "kept": ("explained", "contacted", "signed", "declined"),
        **dict.fromkeys(OVER, ("explained",)),
    }
)
"""The moves that may follow in each state. A round has each move once, so a call counts only after the last day."""

UNDER_WAY = ("explained", "open", "lapsed", "called", "declined", "referred", "in transition")
"""The states of an offer that something is still to be done about."""

ALLOWED: npt.NDArray[np.bool_] = np.array([[move in AFTER[state] for move in MOVES] for state in STATES])
"""Whether a move, a column in the order of `MOVES`, may follow in a state, a row in the order of `STATES`."""

_STATE = {name: code for code, name in enumerate(STATES)}
_BY_MOVE = np.array(
    [
        _STATE[
            {
                "offered": "open",
                "reminded": "open",
                "contacted": "open",
                "transition": "in transition",
            }.get(move, move)
        ]
        for move in MOVES
    ],
    dtype=np.int8,
)


def states_on(
    day: npt.NDArray[np.datetime64],
    move: npt.NDArray[np.int64],
    moved_on: npt.NDArray[np.datetime64],
    declined: npt.NDArray[np.bool_],
    until: npt.NDArray[np.datetime64],
    releases: npt.NDArray[np.bool_],
    silence_releases: npt.NDArray[np.bool_],
) -> npt.NDArray[np.int8]:
    """Return the state of offers on a day, int8, positions in `STATES`.

    All arrays have shape (k,). day: the day of the state. move: the last move on or before it, a position in `MOVES`;
    −1 for none. moved_on: the day of that move. declined: whether the round was declined. until: the last day to
    answer; NaT before the offer. releases: whether the offer says what follows when it is declined. silence_releases:
    whether it says that silence leads to a transition.
    """
    found = np.where(move < 0, _STATE["none"], _BY_MOVE[move]).astype(np.int8)
    waiting = found == _STATE["open"]
    late = waiting & (day > until)
    called = late & (move == MOVES.index("contacted")) & (moved_on > until)
    found[late] = np.where(silence_releases[late], _STATE["lapsed"], _STATE["kept"])
    found[called & silence_releases] = _STATE["called"]
    # a call after a no doesn't change the answer
    found[waiting & declined] = _STATE["declined"]
    found[(found == _STATE["declined"]) & ~releases] = _STATE["kept"]
    return found

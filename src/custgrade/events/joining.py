"""Joining the histories of customers who were renamed or merged, and taking that back."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from custgrade.errors import LogError
from custgrade.events.aliases import followed, ids_of, present, read_aliases
from custgrade.events.event import event_id
from custgrade.events.forgotten import is_forgotten
from custgrade.events.history import History
from custgrade.events.history_query import read_history
from custgrade.events.kinds import MOVES
from custgrade.events.moves import ALLOWED, STATES
from custgrade.events.offer_sequence import NOTHING, offer_sequence
from custgrade.events.rounds import rounds_of
from custgrade.events.schema import ALIAS, EVENT, PAST_ALIAS


def alias(connection: sa.Connection, old_id: str, new_id: str, author: str, note: str) -> int:
    """Record that a customer's id has changed, and return how many events the customer has under the former ids."""
    old, new = event_id(old_id), event_id(new_id)
    aliases = read_aliases(connection)
    if old in aliases:
        raise LogError(f"{old!r} is a former id of {aliases[old]!r} already")
    if not old or not new:
        raise LogError(f"an alias takes the ids of customers; received {old!r} and {new!r}")
    if present(new, aliases) == old:
        raise LogError(f"{old!r} can't be a former id of {new!r}, because they are the same customer")
    odd = [one for one in (old, new) if is_forgotten(one)]
    if odd:
        raise LogError(f"{odd[0]!r} stands for a customer who was forgotten")
    groups = [ids_of(old, aliases), ids_of(new, aliases)]
    _join_rounds(connection, groups)
    connection.execute(sa.insert(ALIAS).values(old_id=old, new_id=new, author=author, note=note))
    return _count(connection, groups[0])


def _join_rounds(connection: sa.Connection, groups: list[list[str]]) -> None:
    """Give an offer that is under way a number above those of all rounds of both customers.

    Raises LogError if both have one.
    """
    history = _history(connection, groups)
    rounds = rounds_of(history, history.days.max() if len(history) else None)
    open_rounds = np.flatnonzero(rounds.under_way)
    names, policies = rounds.explained(lambda one: one.name, object), rounds.explained(lambda one: one.policy, object)
    if len(open_rounds) == 2:
        said = " and ".join(
            f"{groups[int(rounds.rows[k])][0]!r} has {names[k]!r} ({policies[k]}) since {rounds.explained_on[k]}"
            for k in open_rounds.tolist()
        )
        raise LogError(f"both customers have an offer under way: {said}. Close, decline or withdraw one of them first.")
    moves = history.where(lambda one: one.kind in MOVES)
    for k in open_rounds.tolist():
        mine, number = groups[int(rounds.rows[k])], int(rounds.number[k])
        most = int(moves.number.max())
        if (moves.number[moves.who != rounds.rows[k]] >= number).any():
            which = (EVENT.c.customer_id.in_(mine), EVENT.c.kind.in_(MOVES), EVENT.c.number == number)
            connection.execute(sa.update(EVENT).where(*which).values(number=most + 1))


def undo_alias(connection: sa.Connection, old_id: str, reason: str, author: str, revision: int) -> int:
    """Take back that an id is a former one, and return how many events the customer has under it.

    Events stay with the ids under which they were recorded. revision: of the log, after this.

    Raises LogError if an offer of one of the two customers couldn't have come about without the other's events.
    """
    old = event_id(old_id)
    rows = connection.execute(sa.select(ALIAS.c.old_id, ALIAS.c.new_id, ALIAS.c.author, ALIAS.c.note)).all()
    given = {row.old_id: row.new_id for row in rows}
    if old not in given:
        theirs = [one for one, new in followed(given).items() if new == old]
        hint = f"; it is the present id of {theirs[0]!r}: undo that alias" if theirs else ""
        raise LogError(f"{old!r} is no former id of a customer in this log{hint}")
    apart = followed({one: new for one, new in given.items() if one != old})
    groups = [ids_of(old, apart), ids_of(given[old], apart)]
    _check_apart(_history(connection, groups), groups)
    row = next(row for row in rows if row.old_id == old)
    PAST_ALIAS.create(connection, checkfirst=True)
    connection.execute(
        sa.insert(PAST_ALIAS).values(
            revision=revision,
            old_id=old,
            new_id=row.new_id,
            author=row.author,
            note=row.note,
            void_reason=reason,
            void_author=author,
        )
    )
    connection.execute(sa.delete(ALIAS).where(ALIAS.c.old_id == old))
    return _count(connection, groups[0])


def _check_apart(history: History, groups: list[list[str]]) -> None:
    """Raise LogError if a move of an offer follows the one before it only while two customers are joined."""
    moves = history.where(lambda one: one.kind in MOVES)
    joined, _ = _follows(moves, np.zeros_like(moves.who))
    apart, states = _follows(moves, moves.who)
    wrong = np.flatnonzero(joined & ~apart)
    if not len(wrong):
        return
    k = int(wrong[np.argmin(moves.days[wrong])])
    one, row, state = moves.occasions[moves.code[k]], int(moves.who[k]), STATES[int(states[k])]
    mine, other = groups[row][0], groups[1 - row][0]
    said = "there is no offer" if state == "none" else f"the offer is {state}"
    raise LogError(
        f"{mine!r} and {other!r} can't be parted: {one.kind} {one.name!r} of {one.day} is recorded for {mine!r}, and "
        f"without the events of {other!r} {said}. Void it first, and add it again for the right customer afterwards."
    )


def _follows(moves: History, who: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.int8]]:
    """Return whether each move can follow the one before it, and the state before it, a position in `STATES`."""
    sequence = offer_sequence(who, moves.occasions, moves.code, moves.number)
    at = np.arange(len(who))
    states = np.empty(len(who), dtype=np.int8)
    states[sequence.order] = sequence.states(np.where(sequence.first, NOTHING, at - 1), sequence.day)
    same = np.empty(len(who), dtype=bool)
    names, theirs = (sequence.of(each, lambda one: one.name, object, "") for each in (at, sequence.explained))
    same[sequence.order] = names == theirs
    kinds = moves.each(lambda one: MOVES.index(one.kind), np.int64)
    return ALLOWED[states, kinds] & same, states


def _history(connection: sa.Connection, groups: list[list[str]]) -> History:
    """Return the events of customers by their ids."""
    places = {identity: row for row, group in enumerate(groups) for identity in group}
    return read_history(connection, len(groups), places, ids=list(places))


def _count(connection: sa.Connection, ids: list[str]) -> int:
    """Return how many events that hold are recorded under some ids."""
    query = sa.select(sa.func.count()).where(EVENT.c.customer_id.in_(ids), EVENT.c.voided == 0)
    return int(connection.scalar(query) or 0)

"""Changes to what a log says: voiding events, and forgetting a customer."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count
from typing import Any

import sqlalchemy as sa
from attrs import evolve

from custgrade.errors import LogError
from custgrade.events.aliases import ids_of, read_aliases
from custgrade.events.event import event_id
from custgrade.events.event_columns import EventColumns
from custgrade.events.forgotten import forgotten_id
from custgrade.events.kinds import MOVES
from custgrade.events.occasion_rows import occasion_ids, read_occasions
from custgrade.events.schema import ALIAS, EVENT, OCCASION, PAST_ALIAS
from custgrade.text import listed


def void(connection: sa.Connection, events: EventColumns, reason: str, author: str) -> int:
    """Mark events as voided, and return how many."""
    aliases = read_aliases(connection)
    for event in events.events():
        ids = ids_of(event.customer_id, aliases)
        where = [EVENT.c.customer_id.in_(ids), EVENT.c.kind == event.kind, EVENT.c.name == event.name]
        where.append(EVENT.c.voided == 0)
        if event.number is not None:
            where.append(EVENT.c.number == event.number)
        rows = connection.execute(_with_days(EVENT.c.seq, EVENT.c.number).where(*where)).all()
        rows = [row for row in rows if event.number is not None or row.day == str(event.day)]
        what = f"{event.kind} {event.name!r} of customer {event.customer_id!r}"
        if not rows:
            raise LogError(f"there is no event to void: {what}, {event.number or event.day}")
        if len(rows) > 1:
            numbers = listed(row.number for row in rows)
            if event.number is not None:
                days = listed(row.day for row in rows)
                raise LogError(
                    f"there are several events {what}, number {event.number}, of customers who were joined: of {days}; "
                    "give the day in place of the number"
                )
            raise LogError(f"there are several events {what} on {event.day}, numbers {numbers}; give the number")
        ((seq, number, day),) = rows
        if event.kind in MOVES:
            _check_last_move(connection, ids, seq, day, number, what)
        change = sa.update(EVENT).where(EVENT.c.seq == seq)
        connection.execute(change.values(voided=seq, void_reason=reason, void_author=author))
    return len(events)


def _check_last_move(connection: sa.Connection, ids: Iterable[str], seq: int, day: str, number: int, what: str) -> None:
    """Raise LogError if another move of an offer builds on a move."""
    query = _with_days(EVENT.c.seq, EVENT.c.kind, EVENT.c.number).where(
        EVENT.c.customer_id.in_(list(ids)), EVENT.c.kind.in_(MOVES), EVENT.c.voided == 0, EVENT.c.seq != seq
    )
    mine = next(MOVES.index(row) for (row,) in connection.execute(sa.select(EVENT.c.kind).where(EVENT.c.seq == seq)))
    later = [
        row for row in connection.execute(query) if (row.number, row.day, MOVES.index(row.kind)) > (number, day, mine)
    ]
    if later:
        said = listed(f"{row.kind} of {row.day}" for row in later)
        raise LogError(f"{what} can't be voided before what builds on it: {said}")


def forget(connection: sa.Connection, customer_id: str) -> int:
    """Replace a customer's ids by one that names nobody, and return the number of events."""
    if not (identity := event_id(customer_id)):
        # events without a customer are those of plans that were made
        raise LogError("forget takes the id of a customer; received an empty one")
    ids = ids_of(identity, read_aliases(connection))
    taken = set(
        connection.scalars(sa.select(EVENT.c.customer_id).where(EVENT.c.customer_id.like("(forgotten %")).distinct())
    )
    token = next(one for k in count(1) if (one := forgotten_id(k)) not in taken)
    rows = connection.execute(
        sa.select(EVENT.c.seq, EVENT.c.occasion).where(EVENT.c.customer_id.in_(ids)).order_by(EVENT.c.seq)
    ).all()
    used = read_occasions(connection, ids=sa.select(EVENT.c.occasion).where(EVENT.c.customer_id.in_(ids)))
    blank = [evolve(one, author="", note="", terms="") for one in used.values()]
    nameless = dict(zip(used, occasion_ids(connection, blank), strict=True))
    for number, (seq, occasion) in enumerate(rows, 1):
        values = {"customer_id": token, "occasion": nameless[occasion], "void_reason": "", "void_author": ""}
        # what was recorded under several ids is numbered anew, as the key names one customer
        values |= {"number": number} if len(ids) > 1 else {}
        connection.execute(sa.update(EVENT).where(EVENT.c.seq == seq).values(values))
    needed = sa.select(EVENT.c.occasion).distinct()
    connection.execute(sa.delete(OCCASION).where(OCCASION.c.id.in_(list(used)), OCCASION.c.id.not_in(needed)))
    PAST_ALIAS.create(connection, checkfirst=True)
    for table in (ALIAS, PAST_ALIAS):
        connection.execute(sa.delete(table).where(sa.or_(table.c.old_id.in_(ids), table.c.new_id.in_(ids))))
    return len(rows)


def _with_days(*columns: sa.ColumnElement[Any]) -> sa.Select[Any]:
    """Return a query of columns of events, with their days."""
    return sa.select(*columns, OCCASION.c.day).join(OCCASION, OCCASION.c.id == EVENT.c.occasion)

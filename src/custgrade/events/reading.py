"""Reading a log: its state, its events one by one, and the history of customers as of one revision."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa
from attrs import evolve

from custgrade.data.ids import Ids
from custgrade.errors import LogError
from custgrade.events.aliases import places_of, read_aliases
from custgrade.events.database import Database, LogState
from custgrade.events.event import Event
from custgrade.events.event_columns import PARTS
from custgrade.events.history import History, no_history
from custgrade.events.history_query import read_history
from custgrade.events.schema import EVENT, OCCASION

_ATTEMPTS = 20


def state(database: Database) -> LogState:
    """Return the state of a log; revision 0 if there is none yet."""
    with database.reading() as connection:
        return LogState() if connection is None else database.state(connection)


def events(database: Database, *, voided: bool = False) -> Iterator[Event]:
    """Yield the events that hold, or those that were voided, in the order in which they were written."""
    with database.reading() as connection:
        if connection is None:
            return
        columns = [EVENT.c.customer_id, EVENT.c.number, EVENT.c.cents, *(OCCASION.c[name] for name in PARTS)]
        query = sa.select(*columns).join(OCCASION, OCCASION.c.id == EVENT.c.occasion).order_by(EVENT.c.seq)
        for customer, number, cents, *parts in connection.execute(
            query.where(EVENT.c.voided != 0 if voided else EVENT.c.voided == 0)
        ):
            shared = dict(zip(PARTS, parts, strict=True))
            yield Event(customer, number=number, money=cents / 100.0, **shared)


def aliases(database: Database) -> dict[str, str]:
    """Return the present id of each former one."""
    with database.reading() as connection:
        return {} if connection is None else read_aliases(connection)


def history(database: Database, ids: Ids, until: str | None) -> History:
    """Return the events of customers, all as of one revision."""
    for _ in range(_ATTEMPTS):
        with database.reading() as connection:
            if connection is None:
                return no_history(len(ids))
            before = database.state(connection)
            places = places_of(ids.tolist(), read_aliases(connection))
            found = read_history(connection, len(ids), places, until)
            # several statements need not see the same state in every database
            if database.state(connection).revision == before.revision:
                return evolve(found, revision=before.revision, currency=before.currency)
    raise LogError(f"{database.url} was changed {_ATTEMPTS} times while it was read; try again")
